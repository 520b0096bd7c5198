import process from "node:process";
import { isUnderstood } from "../analyzer";
import { nodeWorld } from "../live/node";
import { main } from "./main";

/** Runs the command line in this process; a reader that goes away ends it quietly. */
export function runCli(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  const { stdout } = process;
  main(process.argv.slice(2), {
    stdout: (text) => stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    color: stdout.isTTY === true && !process.env.NO_COLOR,
    cwd: process.cwd(),
    world: nodeWorld(isUnderstood),
  }).then((code) => {
    process.exitCode = code;
  });
}
