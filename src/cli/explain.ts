import type { Command } from "commander";
import { analyze, blocksIn } from "../analyzer";
import { loadWorkspace } from "../live/load";
import { absolute, type Console, existing, exitCodes, FailureError, type Finish, formatOption } from "./console";
import { explanationsJson, explanationsText } from "./formats/explanation";

interface ExplainFlags {
  readonly dir: string;
  readonly format: "text" | "json";
}

export function addExplain(program: Command, console: Console, finish: Finish): void {
  program
    .command("explain")
    .description("what an error of Terraform's about AWS credentials means here, and what to do; nothing is sent")
    .argument("[FILE]", "an output of any shape that holds the error; - is standard input", "-")
    .option("--dir <dir>", "the directory where Terraform ran", ".")
    .addOption(formatOption("text", "json"))
    .addHelpText(
      "after",
      `
Examples:
  callerid explain job.log --dir infrastructure
  terraform plan 2>&1 | callerid explain
  callerid explain --format json < job.log
`,
    )
    .action(async (file: string, flags: ExplainFlags) => finish(await explain(file, flags, console)));
}

async function explain(file: string, flags: ExplainFlags, console: Console): Promise<number> {
  const { world } = console;
  const root = existing(flags.dir, console);
  const text = await outputOf(file, console);
  const { explainOutput } = await import("../explain/explainOutput");
  const { workspace, textOf } = loadWorkspace(world, [root], { environmentOwner: "this process" });
  const report = analyze(workspace);
  const explanations = explainOutput(text, { ...report, blocks: blocksIn(report, root) });
  const places = {
    text: textOf,
    cwd: console.cwd,
    home: world.home,
    output: text,
    /** Terraform names files from where it ran. */
    fileOf: (name: string) => (world.exists(`${root}/${name}`) ? `${root}/${name}` : name),
  };
  console.stdout(
    flags.format === "json"
      ? explanationsJson(explanations, places)
      : explanationsText(explanations, places, console.color),
  );
  return explanations.length > 0 ? exitCodes.findings : exitCodes.clean;
}

async function outputOf(file: string, console: Console): Promise<string> {
  const { world } = console;
  if (file === "-" && console.isTyped)
    console.stderr("Paste the output, then press Ctrl-D (on Windows Ctrl-Z and Enter).\n");
  const read = file === "-" ? await world.readOutput() : await world.readOutput(absolute(file, console));
  if (read === undefined) throw new FailureError(`${file} does not exist`);
  if (typeof read === "string") return read;
  throw new FailureError(`${file} is not read: ${read.reason}`);
}
