import assert from "node:assert/strict";
import { test } from "node:test";
import type { Command } from "commander";
import { commandsOf } from "../src/cli/main";
import { golden } from "./support/golden";
import { cwd, plainWorld } from "./support/world";

const quiet = () => {};
const program = commandsOf({ stdout: quiet, stderr: quiet, color: false, cwd, world: plainWorld() }, quiet);

/** What `--help` prints, at one width wherever it runs, with the examples below. */
function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => 100,
  });
  command.outputHelp();
  return text.trim();
}

const exits = `| exit code | means |
| --- | --- |
| 0 | nothing at or above the threshold; help or version was asked for |
| 1 | findings at or above it, a chain that Terraform would stop at, an identity that AWS rejected, or an error that was explained |
| 2 | wrong usage |
| 3 | the job could not be done: a path that is not there, a file that cannot be written, no answer from AWS |`;

test("docs/cli.md is what the commands say of themselves", () => {
  const sections = program.commands.map(
    (command) => `## callerid ${command.name()}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\``,
  );
  const places = `Lines and columns count from one, an end column is the first one after, and a column is a UTF-16 unit, in every format. Files below the working directory are named from it, files below your home as \`~/…\`, others in full. No format ever holds a secret.`;
  golden("docs/cli.md", `# The command line\n\n${exits}\n\n${places}\n\n${sections.join("\n\n")}\n`);
});

test("every command shows examples of itself", () => {
  for (const command of program.commands) {
    assert.match(helpOf(command), new RegExp(`\nExamples:\n {2}callerid ${command.name()}`), command.name());
  }
});

test("every option has an example", () => {
  for (const command of program.commands) {
    const examples = helpOf(command).split("\nExamples:\n")[1] ?? "";
    for (const { long } of command.options) {
      assert.match(examples, new RegExp(`${long}(?![\\w-])`), `${command.name()} ${long}`);
    }
  }
});
