import { lineStarts, type SourceFile, type Span } from "../model/text";
import type { ParsedFile } from "./document";
import { hashSuppressions } from "./hashComments";

/** A file of `NAME=value` lines: every character belongs to exactly one line, whatever a reader makes of it. */
export interface EnvFileDocument extends ParsedFile {
  readonly kind: "envFile";
  readonly lines: readonly EnvLine[];
}

/** `span` covers the line without its line end. */
export type EnvLine =
  | { readonly kind: "blank"; readonly span: Span }
  | { readonly kind: "comment"; readonly span: Span }
  | EnvAssignment
  | { readonly kind: "text"; readonly span: Span };

/** `export NAME=value`; `restSpan` is all that stands behind the sign, blanks and comments included. */
export interface EnvAssignment {
  readonly kind: "assignment";
  readonly isExported: boolean;
  readonly name: string;
  readonly nameSpan: Span;
  readonly sign: "=" | ":";
  /** Where the sign stands, which blanks may keep from the name. */
  readonly signAt: number;
  readonly restSpan: Span;
  readonly span: Span;
}

const assignment = /^([ \t\ufeff]*)(export[ \t]+)?([A-Za-z_][\w.-]*)([ \t]*)(=|:(?=[ \t]))/;

/** Never throws, and runs in linear time. */
export function parseEnvFile(source: SourceFile): EnvFileDocument {
  const { text } = source;
  const starts = lineStarts(text);
  const lines = starts.map((start, index): EnvLine => {
    const line = text.slice(start, starts[index + 1]).replace(/[\r\n]+$/, "");
    const span = { start, end: start + line.length };
    if (/^[\s\ufeff]*$/.test(line)) return { kind: "blank", span };
    if (/^[\s\ufeff]*#/.test(line)) return { kind: "comment", span };
    const match = assignment.exec(line);
    if (!match) return { kind: "text", span };
    const [whole, indent = "", exported = "", name = "", blanks = "", sign] = match;
    const nameStart = start + indent.length + exported.length;
    return {
      kind: "assignment",
      isExported: exported !== "",
      name,
      nameSpan: { start: nameStart, end: nameStart + name.length },
      sign: sign === ":" ? ":" : "=",
      signAt: nameStart + name.length + blanks.length,
      restSpan: { start: start + whole.length, end: span.end },
      span,
    };
  });
  return { kind: "envFile", source, lines, problems: [], suppressions: hashSuppressions(text) };
}
