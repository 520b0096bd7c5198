import { Command, CommanderError } from "commander";
import { BaselineError } from "./baseline";
import { addChain } from "./chain";
import { addCheckKey } from "./checkKey";
import { type Console, exitCodes, FailureError, type Finish, UsageError } from "./console";
import { addDiagnose } from "./diagnose";
import { addExplain } from "./explain";
import { printable } from "./output";
import { addRules } from "./rules";
import { addScan } from "./scan";
import { addVerify } from "./verify";
import { version } from "./version";

/** The command line as a function: prints through `console` and returns the exit code. */
export async function main(argv: readonly string[], console: Console): Promise<number> {
  let code: number = exitCodes.clean;
  const program = commandsOf(console, (one) => {
    code = one;
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.usage;
    if (error instanceof UsageError) {
      console.stderr(`callerid: ${printable(error.message)}\n`);
      return exitCodes.usage;
    }
    if (error instanceof FailureError || error instanceof BaselineError) {
      const lines = error instanceof FailureError ? error.lines : [error.message];
      for (const line of lines) console.stderr(`callerid: ${printable(line)}\n`);
      return exitCodes.failure;
    }
    throw error;
  }
  return code;
}

/** All commands, each with its arguments, options and help. */
export function commandsOf(console: Console, finish: Finish): Command {
  const program = new Command("callerid")
    .description("Which AWS credentials will Terraform use, what is wrong with them, and who are they?")
    .version(version)
    .exitOverride()
    .showHelpAfterError("(callerid --help lists the commands)")
    .configureOutput({
      writeOut: console.stdout,
      writeErr: (text) => console.stderr(text.split("\n").map(printable).join("\n")),
    });
  addScan(program, console, finish);
  addChain(program, console, finish);
  addVerify(program, console, finish);
  addCheckKey(program, console, finish);
  addExplain(program, console, finish);
  addDiagnose(program, console, finish);
  addRules(program, console);
  return program;
}
