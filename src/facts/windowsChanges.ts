import type { ShellAssignment, ShellCommand } from "../documents/shell";
import type { SettingName } from "../model/credentials";
import type { SourceFile } from "../model/text";
import { type Change, expanded, isKey, singleQuoted } from "./changedValue";

export function powershellChange(
  source: SourceFile,
  command: ShellCommand,
  assignment: ShellAssignment,
  name: SettingName,
): Change | undefined {
  const { value } = assignment;
  const { path } = source;
  if (command.name === "$env" && value.quotes === "none" && value.text !== undefined && isKey(value.text)) {
    return {
      assignment,
      variable: assignment.name,
      at: { path, span: value.span },
      change: "gets no value: PowerShell looks for a command of that name",
      repair: singleQuoted(path, value.text, value.span),
      repairTitle: "Put it in single quotes",
    };
  }
  return value.quotes === "double" ? expanded(source, assignment, name, "PowerShell") : undefined;
}

export function cmdChange(
  { path, text }: SourceFile,
  _command: ShellCommand,
  assignment: ShellAssignment,
): Change | undefined {
  const { value, nameSpan } = assignment;
  if (value.text === undefined || isKey(value.text) || value.quotes !== "none") return undefined;
  const inner = value.text.trim().replace(/^(["'])(.*)\1$/, "$2");
  if (inner === value.text || !isKey(inner)) return undefined;
  const start = text.indexOf(inner, nameSpan.end);
  const span = { start: nameSpan.end, end: value.span.end };
  const isBlank = /^[ \t]/.test(text.slice(nameSpan.end));
  return {
    assignment,
    variable: assignment.name,
    at: { path, span: value.span },
    change: isBlank
      ? "is another variable to cmd, whose name ends in a blank"
      : `${/["']/.test(value.text) ? "keeps the quotes" : "keeps the blank"} as part of its value`,
    repair: start < 0 ? [] : [{ path, span, pieces: ["=", { start, end: start + inner.length }] }],
    repairTitle: isBlank || !/["']/.test(value.text) ? "Remove the blanks" : "Remove the quotes",
  };
}
