import { accessKeyIdShape, secretKeyShape } from "../aws/accessKey";
import type { ShellAssignment, ShellWord } from "../documents/shell";
import type { SettingName } from "../model/credentials";
import type { Location, Piece, SourceFile, Span, TextEdit } from "../model/text";

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

const issued = /^(?:long-term-key-id|temporary-key-id|secret-key|documented)$/;

/** Whether this is a key AWS could have issued, or shows in its documentation. */
export function isKey(text: string): boolean {
  return issued.test(accessKeyIdShape(text).kind) || issued.test(secretKeyShape(text).kind);
}

/** Characters as an issued value has them, whatever else stands among them: no word, no reference. */
export function looksIssued(text: string, name: SettingName): boolean {
  const inner = text.replace(/[^A-Za-z0-9+/=]/g, "");
  if (name !== "secretAccessKey" && name !== "sessionToken") return false;
  const isLong = name === "secretAccessKey" ? inner.length >= 30 && inner.length <= 44 : inner.length >= 100;
  return isLong && [/[a-z]/, /[A-Z]/, /[0-9]/].every((kind) => kind.test(inner));
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
  const isDeliberate = !/[$`]/.test(written) || /\$[{(]|^\$/.test(written) || plain < 12;
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

export function contentOf({ span, quotes }: ShellWord): Span {
  return quotes === "none" || quotes === "mixed" ? span : { start: span.start + 1, end: span.end - 1 };
}

/** The characters as they are, between single quotes; nothing where one is among them. */
export function singleQuoted(path: string, written: string, span: Span): readonly TextEdit[] {
  if (written.includes("'")) return [];
  const inner = { start: span.start, end: span.end };
  const isQuoted = written.length < span.end - span.start;
  const kept: Piece = isQuoted ? { start: inner.start + 1, end: inner.end - 1 } : inner;
  return [{ path, span, pieces: ["'", kept, "'"] }];
}
