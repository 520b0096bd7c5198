import type { ShellAssignment, ShellCommand, ShellWord } from "../documents/shell";
import type { SettingName } from "../model/credentials";
import type { SourceFile, TextEdit } from "../model/text";
import { type Change, contentOf, expanded, isKey, looksIssued, singleQuoted } from "./changedValue";

/** What a shell makes of a value that it does not deliver. */
export function shellChange(
  source: SourceFile,
  command: ShellCommand,
  assignment: ShellAssignment,
  name: SettingName,
): Change | undefined {
  return (
    loneBacktick(source, assignment, name) ??
    expanded(source, assignment, name, "the shell") ??
    cutOff(source, assignment, name) ??
    apart(source, command, assignment, name) ??
    commented(source, assignment, name) ??
    unescaped(source, assignment, name)
  );
}

/** A backtick without a second one takes all that follows along; the value ends where its line says so. */
function loneBacktick({ path, text }: SourceFile, assignment: ShellAssignment, name: SettingName): Change | undefined {
  const { start, end } = assignment.value.span;
  if (!text.slice(start, end).includes("`")) return undefined;
  const [whole = "", quote = "", written = ""] =
    /^("?)([^\s"']*)\1(?![^\s;])/.exec(text.slice(start, start + 2_000)) ?? [];
  if (written.split("`").length % 2 !== 0 || !looksIssued(written, name)) return undefined;
  const span = { start, end: start + whole.length };
  return {
    assignment,
    variable: assignment.name,
    at: { path, span: { start: start + quote.length, end: span.end - quote.length } },
    change: "has a backtick in its value, with which a command begins to the shell",
    repair: singleQuoted(path, written, span),
    repairTitle: "Put it in single quotes",
  };
}

const endsWord = /^[&;|<>()]/;

/** Text goes on behind a sign that ends the command. */
function cutOff({ path, text }: SourceFile, assignment: ShellAssignment, name: SettingName): Change | undefined {
  const { value } = assignment;
  const sign = text[value.span.end] ?? "";
  if (value.quotes !== "none" || !endsWord.test(sign) || value.text === undefined || isKey(value.text))
    return undefined;
  const [rest = ""] = /^[^\s'"]*/.exec(text.slice(value.span.end, value.span.end + 200)) ?? [];
  const written = value.text + rest;
  const isBracketed = /^<[^<>]*>$/.test(written) && isKey(written.slice(1, -1));
  if (!isBracketed && !(looksIssued(written, name) && /^.[A-Za-z0-9+/=]/.test(rest))) return undefined;
  const span = { start: value.span.start, end: value.span.end + rest.length };
  return {
    assignment,
    variable: assignment.name,
    at: { path, span },
    change: `ends at the ${sign}, which means something else to the shell`,
    repair: isBracketed
      ? [{ path, span, pieces: [{ start: span.start + 1, end: span.end - 1 }] }]
      : singleQuoted(path, written, span),
    repairTitle: isBracketed ? "Remove the brackets" : "Put it in single quotes",
  };
}

/** `NAME= value`, `NAME=my value`: what follows a blank is another word. */
function apart(
  { path, text }: SourceFile,
  command: ShellCommand,
  assignment: ShellAssignment,
  name: SettingName,
): Change | undefined {
  const { value, span } = assignment;
  if (value.quotes !== "none" || value.text === undefined || command.span.end < value.span.end) return undefined;
  const next = command.words.find((word) => word.span.start > span.end) ?? wordOf(command, span.end);
  if (!next || next.span.start > span.end + 3 || /[\r\n]/.test(text.slice(span.end, next.span.start))) return undefined;
  const written = text.slice(next.span.start, next.span.end);
  const whole = { start: value.span.start, end: next.span.end };
  if (value.text === "") {
    if (!isKey(next.text ?? "")) return undefined;
    const gap: TextEdit = { path, span: { start: span.end, end: next.span.start }, pieces: [] };
    return {
      assignment,
      variable: assignment.name,
      at: { path, span: next.span },
      change: "is empty: a blank stands between the = and the value",
      repair: [gap],
      repairTitle: "Remove the blank",
    };
  }
  const isName = name === "profile" && command.exports && /^[a-z][\w.-]*$/.test(written) && next.quotes === "none";
  const isKeyPart = looksIssued(text.slice(whole.start, whole.end), name) && !isKey(value.text) && !/^-/.test(written);
  if (!isName && !isKeyPart) return undefined;
  return {
    assignment,
    variable: assignment.name,
    at: { path, span: whole },
    change: "ends at the blank: what follows is another word to the shell",
    repair: singleQuoted(path, text.slice(whole.start, whole.end), whole),
    repairTitle: "Put it in single quotes",
  };
}

/** `NAME=abc #def`: the rest is a comment to the shell. */
function commented({ path, text }: SourceFile, { name: variable, value, ...rest }: ShellAssignment, name: SettingName) {
  const behind = /^[ \t]+#[^\s'"]+(?=[ \t]*(?:[\r\n]|$))/.exec(text.slice(value.span.end, value.span.end + 200))?.[0];
  if (behind === undefined || value.quotes !== "none" || !value.text || isKey(value.text)) return undefined;
  const span = { start: value.span.start, end: value.span.end + behind.length };
  if (!looksIssued(value.text + behind, name)) return undefined;
  return {
    assignment: { name: variable, value, ...rest },
    variable,
    at: { path, span },
    change: "ends at the blank: what follows the # is a comment to the shell",
    repair: singleQuoted(path, text.slice(span.start, span.end), span),
    repairTitle: "Put it in single quotes",
  };
}

/** The name of a command that stands behind its variables. */
function wordOf({ name, at, assignments }: ShellCommand, end: number): ShellWord | undefined {
  if (name === "" || at.start < end || assignments.length === 0) return undefined;
  return { span: at, pieces: [], quotes: "none", text: name };
}

/** A backslash that the shell takes away. What is a good key without it was escaped on purpose, or by a tool. */
function unescaped({ path, text }: SourceFile, assignment: ShellAssignment, name: SettingName): Change | undefined {
  const { value } = assignment;
  const content = contentOf(value);
  const written = text.slice(content.start, content.end);
  if (!written.includes("\\") || value.quotes !== "none" || value.text === undefined || isKey(value.text))
    return undefined;
  if (/[\r\n]/.test(written) || value.text === written || !looksIssued(written, name)) return undefined;
  return {
    assignment,
    variable: assignment.name,
    at: { path, span: content },
    change: "has a \\ in its value, which the shell takes away",
    repair: singleQuoted(path, written, value.span),
    repairTitle: "Put it in single quotes",
  };
}
