import type { ScriptDocument, ShellCommand } from "../documents/shell";
import { assignmentIn } from "../documents/shellWords";
import { scalarCommands } from "../documents/yamlScripts";
import type { SourceFile } from "../model/text";
import { type Step, shellOf } from "./githubWorkflows";
import { endOfLine } from "./lineForms";

/** What a step runs, as the script that it is. */
export function scriptOf(step: Step): ScriptDocument | undefined {
  const shell = step.run && shellOf(step);
  if (!step.run || !shell) return undefined;
  const { source } = step.job.workflow;
  const commands = scalarCommands(source, step.run, shell).map((one) => handedOn(one, source));
  return { kind: "script", shell, source, commands, problems: [], suppressions: [] };
}

/** `echo "NAME=value" >> $GITHUB_ENV` sets a variable for the steps that follow. */
function handedOn(command: ShellCommand, { text }: SourceFile): ShellCommand {
  const { name, words, span } = command;
  const [word, ...others] = words;
  if (name !== "echo" || !word || others.length > 0) return command;
  if (!/^[^\r\n]*>>[^\r\n]*GITHUB_ENV/.test(text.slice(word.span.end, Math.max(span.end, endOfLine(text, span.end)))))
    return command;
  const assignment = assignmentIn(word);
  return assignment ? { ...command, name: "export", words: [], assignments: [assignment], exports: true } : command;
}
