import { lineStarts, type SourceFile, type Span } from "../model/text";
import type { ParsedFile, Suppression, SyntaxProblem } from "./document";
import { rulesNamed } from "./terraformLexer";

/** Which of the two shared files this is; their section headers differ. */
export type AwsFileRole = "credentials" | "config";

/** The shared credentials or config file: every character of the file belongs to exactly one line. */
export interface AwsIniDocument extends ParsedFile {
  readonly kind: "awsIni";
  readonly role: AwsFileRole;
  readonly lines: readonly IniLine[];
}

/** `[name]`. `nameSpan` lies between the brackets (to the end of the line when unclosed). */
export interface HeaderLine {
  readonly kind: "header";
  readonly nameSpan: Span;
  readonly closed: boolean;
  /** What follows the closing bracket and is no comment. */
  readonly trailingSpan?: Span;
  readonly span: Span;
}

/** `key = value`. `valueSpan` is everything after the separator, trimmed, comment included if there is one. */
export interface SettingLine {
  readonly kind: "setting";
  readonly indent: number;
  readonly keySpan: Span;
  readonly separator: "=" | ":";
  readonly valueSpan: Span;
  readonly span: Span;
}

/** `span` covers the line without its line end. Spans inside it point at the tokens as written, blanks trimmed. */
export type IniLine =
  | { readonly kind: "blank"; readonly span: Span }
  | { readonly kind: "comment"; readonly span: Span }
  | HeaderLine
  | SettingLine
  /** An indented or stray line that is neither; what it means depends on the reader. */
  | { readonly kind: "text"; readonly indent: number; readonly span: Span };

/** What every consumer of these files takes for a blank; each has a few more of its own. */
export function isBlank(code: number): boolean {
  if (code < 0x80) return code === 32 || (code >= 9 && code <= 13);
  return (
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** The span without the characters at either end for which `drop` holds. */
export function trimSpan(text: string, span: Span, drop: (code: number) => boolean): Span {
  let { start, end } = span;
  while (start < end && drop(text.charCodeAt(start))) start++;
  while (end > start && drop(text.charCodeAt(end - 1))) end--;
  return { start, end };
}

/** Offset of the first separator of a setting, or -1. */
export function separatorIn(text: string, span: Span): number {
  for (let i = span.start; i < span.end; i++) {
    const character = text[i];
    if (character === "=" || character === ":") return i;
  }
  return -1;
}

/** Reads the file into lines without judging it for any consumer; never throws, and runs in linear time. */
export function parseAwsIni(source: SourceFile, role: AwsFileRole): AwsIniDocument {
  const { text } = source;
  const lines: IniLine[] = [];
  const problems: SyntaxProblem[] = [];
  const suppressions: Suppression[] = [];
  let inSection = false;
  let continuable = false;

  const starts = lineStarts(text);
  for (const [index, start] of starts.entries()) {
    const span = { start, end: lineEnd(text, starts, index) };
    const line = parseLine(text, span);
    lines.push(line);
    if (line.kind === "comment") {
      const suppression = parseSuppression(text, line.span, index + 1);
      if (suppression) suppressions.push(suppression);
    } else if (line.kind === "header") {
      const problem = headerProblem(line);
      if (problem) problems.push(problem);
      if (line.closed) inSection = true;
      continuable = false;
    } else if (line.kind === "setting") {
      if (!inSection) problems.push({ message: "This setting stands before any section.", span: line.keySpan });
      continuable = true;
    } else if (line.kind === "text" && !(continuable && line.indent > 0)) {
      problems.push({
        message: "This line is neither a section header, nor a setting, nor a comment.",
        span: trimSpan(text, line.span, isAnyBlank),
      });
    }
  }
  return { kind: "awsIni", role, source, lines, problems, suppressions };
}

/** The header that starts at each offset of a `[`, so that a reading can point at the same span as the tree. */
export function headersByBracket(document: AwsIniDocument): ReadonlyMap<number, HeaderLine> {
  const headers = new Map<number, HeaderLine>();
  for (const line of document.lines) {
    if (line.kind === "header") headers.set(document.source.text.indexOf("[", line.span.start), line);
  }
  return headers;
}

/** What any consumer of these files takes for a blank, byte order mark aside. */
export function isAnyBlank(code: number): boolean {
  return isBlank(code) || code === 0x85 || (code >= 0x1c && code <= 0x1f);
}

function isBlankOrBom(code: number): boolean {
  return isAnyBlank(code) || code === 0xfeff;
}

function lineEnd(text: string, starts: readonly number[], index: number): number {
  const next = starts[index + 1];
  if (next === undefined) return text.length;
  return text.charCodeAt(next - 1) === 10 && next - 2 >= (starts[index] ?? 0) && text.charCodeAt(next - 2) === 13
    ? next - 2
    : next - 1;
}

function parseLine(text: string, span: Span): IniLine {
  let first = span.start;
  while (first < span.end && isBlankOrBom(text.charCodeAt(first))) first++;
  if (first === span.end) return { kind: "blank", span };
  const character = text[first];
  if (character === "#" || character === ";") return { kind: "comment", span };
  if (character === "[") return parseHeader(text, span, first);

  const indent = first - span.start;
  const at = separatorIn(text, span);
  const keySpan = trimSpan(text, { start: first, end: at }, isAnyBlank);
  if (at < 0 || keySpan.start === keySpan.end) return { kind: "text", indent, span };
  return {
    kind: "setting",
    indent,
    keySpan,
    separator: text[at] === "=" ? "=" : ":",
    valueSpan: trimSpan(text, { start: at + 1, end: span.end }, isAnyBlank),
    span,
  };
}

/** The name ends at the first bracket that nothing but a comment follows, or else at the last one. */
function parseHeader(text: string, span: Span, bracket: number): HeaderLine {
  let close = -1;
  let trailing: Span = { start: span.end, end: span.end };
  for (let i = bracket + 1; i < span.end; i++) {
    if (text[i] !== "]") continue;
    close = i;
    trailing = trimSpan(text, { start: i + 1, end: span.end }, isAnyBlank);
    const next = text[trailing.start];
    if (trailing.start === trailing.end || next === "#" || next === ";") {
      trailing = { start: span.end, end: span.end };
      break;
    }
  }
  const closed = close >= 0;
  const nameSpan = trimSpan(text, { start: bracket + 1, end: closed ? close : span.end }, isAnyBlank);
  if (trailing.start === trailing.end) return { kind: "header", nameSpan, closed, span };
  return { kind: "header", nameSpan, closed, trailingSpan: trailing, span };
}

function headerProblem(line: HeaderLine): SyntaxProblem | undefined {
  if (!line.closed) return { message: "This section header has no closing bracket.", span: line.nameSpan };
  if (line.trailingSpan) {
    return { message: "Text follows the closing bracket of this section header.", span: line.trailingSpan };
  }
  return undefined;
}

function parseSuppression(text: string, span: Span, line: number): Suppression | undefined {
  const marked = trimSpan(text, span, isBlankOrBom);
  const body = text.slice(marked.start + 1, marked.end).trimStart();
  const keyword = "callerid-ignore";
  if (!body.startsWith(keyword) || !isAnyBlank(body.charCodeAt(keyword.length))) return undefined;
  const colon = body.indexOf(":");
  if (colon < 0) return undefined;
  const nameStart = text.indexOf(keyword, marked.start) + keyword.length;
  const rules = rulesNamed(body.slice(keyword.length, colon), nameStart);
  const reason = body.slice(colon + 1).trim();
  if (rules.length === 0 || reason === "") return undefined;
  return { rules, reason, span: marked, line };
}
