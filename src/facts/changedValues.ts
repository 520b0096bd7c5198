import { accessKeyIdShape, secretKeyShape } from "../aws/accessKey";
import type { ScriptDocument, ShellAssignment, ShellCommand, ShellWord } from "../documents/shell";
import type { SettingName } from "../model/credentials";
import type { Location, Piece, SourceFile, Span, TextEdit } from "../model/text";
import { settingNamed } from "./names";

/** A value that its reader does not deliver as it is written. */
export interface ChangedValue {
  readonly at: Location;
  readonly variable: string;
  /** What becomes of it, as the end of a sentence that begins with the variable. */
  readonly change: string;
  readonly repair: readonly TextEdit[];
  readonly repairTitle: string;
}

/** The same with the assignment, whose text nobody should judge any more. */
export interface Change extends ChangedValue {
  readonly assignment: ShellAssignment;
}

/** Values of credential variables in a script that the shell changes. */
export function changesIn(document: ScriptDocument): readonly Change[] {
  const { commands, shell } = document;
  const judge = { sh: shellChange, powershell: powershellChange, cmd: cmdChange }[shell];
  return commands.flatMap((command) =>
    command.assignments.flatMap((assignment) => {
      const name = settingNamed(assignment.name, "environment");
      return (name && judge(document.source, command, assignment, name)) ?? [];
    }),
  );
}

const issued = /^(?:long-term-key-id|temporary-key-id|secret-key|documented)$/;

/** Whether this is a key AWS could have issued, or shows in its documentation. */
function isKey(text: string): boolean {
  return issued.test(accessKeyIdShape(text).kind) || issued.test(secretKeyShape(text).kind);
}

/** Characters as an issued value has them, whatever else stands among them: no word, no reference. */
function looksIssued(text: string, name: SettingName): boolean {
  const inner = text.replace(/[^A-Za-z0-9+/=]/g, "");
  if (name !== "secretAccessKey" && name !== "sessionToken") return false;
  const isLong = name === "secretAccessKey" ? inner.length >= 30 && inner.length <= 44 : inner.length >= 100;
  return isLong && [/[a-z]/, /[A-Z]/, /[0-9]/].every((kind) => kind.test(inner));
}

function shellChange(
  source: SourceFile,
  command: ShellCommand,
  assignment: ShellAssignment,
  name: SettingName,
): Change | undefined {
  return (
    expanded(source, assignment, name, "the shell") ??
    cutOff(source, assignment, name) ??
    apart(source, command, assignment, name) ??
    unescaped(source, assignment, name)
  );
}

/** A `$` or backtick amid the characters of a key: nobody means a variable by it. */
export function expanded(
  { path, text }: SourceFile,
  assignment: ShellAssignment,
  name: SettingName,
  reader: string,
): Change | undefined {
  const { value } = assignment;
  if (
    value.text !== undefined ||
    value.pieces.some((piece) => piece.kind === "text" && piece.quoted && value.quotes === "mixed")
  )
    return undefined;
  const content = contentOf(value);
  const written = text.slice(content.start, content.end);
  const plain = value.pieces.reduce((sum, piece) => sum + (piece.kind === "text" ? piece.text.length : 0), 0);
  const isDeliberate = /\$[{(]|^\$/.test(written) || plain < 12;
  if (isDeliberate || !looksIssued(written, name) || /[\s:@?&]/.test(written)) return undefined;
  return {
    assignment,
    variable: assignment.name,
    at: { path, span: content },
    change: `has a ${written.includes("`") ? "backtick" : "$"} in its value, which ${reader} expands`,
    repair: singleQuoted(path, written, value.span),
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

function powershellChange(
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

function cmdChange(
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

function contentOf({ span, quotes }: ShellWord): Span {
  return quotes === "none" || quotes === "mixed" ? span : { start: span.start + 1, end: span.end - 1 };
}

/** The characters as they are, between single quotes; nothing where one is among them. */
function singleQuoted(path: string, written: string, span: Span): readonly TextEdit[] {
  if (written.includes("'")) return [];
  const inner = { start: span.start, end: span.end };
  const isQuoted = written.length < span.end - span.start;
  const kept: Piece = isQuoted ? { start: inner.start + 1, end: inner.end - 1 } : inner;
  return [{ path, span, pieces: ["'", kept, "'"] }];
}
