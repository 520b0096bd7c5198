import process from "node:process";
import { isUnderstood } from "../analyzer";
import { forwardSlashes, nodeWorld } from "../live/node";
import { exitCodes } from "./console";
import { main } from "./main";

/** Runs the command line in this process; a reader that goes away ends it quietly. */
export function runCli(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0);
      throw error;
    });
  }
  const { stdout } = process;
  main(process.argv.slice(2), {
    stdout: (text) => stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    color: wantsColor(process.env, stdout.isTTY === true),
    cwd: forwardSlashes(process.cwd()),
    isTyped: process.stdin.isTTY === true,
    world: nodeWorld(isUnderstood, { takesProxies: true }),
  }).then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      process.stderr.write(`callerid: a bug: ${traceOf(error)}\n`);
      process.exitCode = exitCodes.failure;
    },
  );
}

/** An error without its message, which may quote a file. */
function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames].join("\n");
}

/** https://no-color.org and https://force-color.org; asked to do both, it stays plain. */
export function wantsColor({ NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  return isTerminal && TERM !== "dumb";
}
