import type { Span } from "../model/text";
import type { Expression, TemplatePart } from "./terraform";
import { atHeight, parseExpression, readForHead } from "./terraformExpressions";
import {
  BACKSLASH,
  DOLLAR,
  END,
  isLineBreak,
  LEFT_BRACE,
  type Lexer,
  LINE_FEED,
  MINUS,
  PERCENT,
  QUOTE,
  RIGHT_BRACE,
  TILDE,
  TOO_DEEP,
} from "./terraformLexer";
import { lineStartBefore, readWord } from "./terraformParser";

export function parseQuoted(lexer: Lexer): Expression {
  const start = lexer.position;
  const plainEnd = plainStringEnd(lexer, start + 1);
  if (plainEnd !== undefined) {
    lexer.position = plainEnd + 1;
    const contentSpan = { start: start + 1, end: plainEnd };
    const text = lexer.text.slice(start + 1, plainEnd);
    return { kind: "string", text, contentSpan, heredoc: false, span: { start, end: plainEnd + 1 } };
  }
  lexer.position++;
  const template = readTemplate(lexer, "quoted");
  const contentSpan = { start: start + 1, end: lexer.position };
  if (lexer.peek() === QUOTE) lexer.position++;
  else lexer.problem('This string is not closed: `"` is missing.', start, lexer.position);
  return templateExpression(lexer, template, contentSpan, { start, end: lexer.position }, false);
}

/** The closing quote of a string that holds no escape and no interpolation. */
function plainStringEnd(lexer: Lexer, from: number): number | undefined {
  const { text, limit } = lexer;
  for (let at = from; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH || code === DOLLAR || code === PERCENT || isLineBreak(code)) return undefined;
  }
  return undefined;
}

export function parseHeredoc(lexer: Lexer): Expression {
  const { text } = lexer;
  const start = lexer.position;
  const removesIndentation = text.charCodeAt(start + 2) === MINUS;
  lexer.position += removesIndentation ? 3 : 2;
  const marker = readWord(lexer);
  if (marker === undefined) {
    lexer.problem("A heredoc's marker is missing after `<<`.", start, start + 2);
    return { kind: "unknown", span: { start, end: lexer.position } };
  }
  const lineEnd = lexer.lineEnd(lexer.position);
  if (lineEnd > lexer.position) lexer.problem("Nothing may follow a heredoc's marker.", lexer.position, lineEnd);
  lexer.position = lineEnd;
  if (lineEnd < lexer.limit) lexer.nextLine();
  const from = lexer.position;
  const end = lexer.heredocEnd(from, marker.text);
  if (end === undefined) {
    lexer.problem("This heredoc is not closed: no line holds its marker alone.", start, marker.span.end);
    const stop = lexer.abandonedHeredocEnd(from);
    const last = stop <= from ? lineEnd : Math.max(lineEnd, beforeBreak(text, stop));
    lexer.position = last;
    lexer.lineStart = lineStartBefore(text, last);
    return { kind: "unknown", span: { start, end: last } };
  }
  const { limit } = lexer;
  lexer.limit = end.lineStart;
  const template = readTemplate(lexer, "bare");
  lexer.limit = limit;
  lexer.position = end.marker.end;
  lexer.lineStart = end.lineStart;
  const unindented = removesIndentation ? { ...template, parts: removeIndentation(template.parts) } : template;
  return templateExpression(
    lexer,
    unindented,
    { start: from, end: end.lineStart },
    { start, end: end.marker.end },
    true,
  );
}

/** The offset before the line break that ends at `lineStart`. */
function beforeBreak(text: string, lineStart: number): number {
  if (!isLineBreak(text.charCodeAt(lineStart - 1))) return lineStart;
  return text.charCodeAt(lineStart - 1) === LINE_FEED && text.charCodeAt(lineStart - 2) === 13
    ? lineStart - 2
    : lineStart - 1;
}

interface Template {
  readonly parts: readonly TemplatePart[];
  /** Holds directives or something unreadable. */
  readonly isUnknown: boolean;
  readonly height: number;
}

export function templateExpression(
  lexer: Lexer,
  template: Template,
  contentSpan: Span,
  span: Span,
  heredoc: boolean,
): Expression {
  const { parts, height, isUnknown } = template;
  lexer.height = 0;
  if (isUnknown) return { kind: "unknown", span };
  const [first] = parts;
  if (first === undefined) return { kind: "string", text: "", contentSpan, heredoc, span };
  if (parts.length === 1 && first.kind === "text")
    return { kind: "string", text: first.text, contentSpan, heredoc, span };
  return atHeight(lexer, height, { kind: "template", parts, contentSpan, heredoc, span });
}

/** Reads text and interpolations: up to a quote or the end of the line, or, when bare, up to the limit. */
export function readTemplate(lexer: Lexer, style: "quoted" | "bare"): Template {
  const { text } = lexer;
  const isQuoted = style === "quoted";
  const parts: TemplatePart[] = [];
  let isUnknown = false;
  let height = 0;
  let start = lexer.position;
  let pieceStart = start;
  let decoded = "";
  let stripsStart = false;
  let at = start;
  while (at < lexer.limit) {
    const code = text.charCodeAt(at);
    if (isQuoted && (code === QUOTE || isLineBreak(code))) break;
    if (isQuoted && code === BACKSLASH) {
      decoded += text.slice(pieceStart, at);
      const decodedEscape = readEscape(lexer, at);
      decoded += decodedEscape.text;
      at = decodedEscape.end;
      pieceStart = at;
      continue;
    }
    if (isLineBreak(code)) lexer.lineStart = at + 1;
    if (code !== DOLLAR && code !== PERCENT) {
      at++;
      continue;
    }
    const next = text.charCodeAt(at + 1);
    if (next === code && text.charCodeAt(at + 2) === LEFT_BRACE && at + 2 < lexer.limit) {
      decoded += `${text.slice(pieceStart, at + 1)}{`;
      at += 3;
      pieceStart = at;
      continue;
    }
    if (next !== LEFT_BRACE || at + 1 >= lexer.limit) {
      at++;
      continue;
    }
    if (!lexer.hasRoom()) {
      lexer.problem(TOO_DEEP, at, at + 2);
      isUnknown = true;
      at += 2;
      continue;
    }
    lexer.position = at;
    const sequence = readSequence(lexer, isQuoted);
    if (at > start) {
      let literal = decoded + text.slice(pieceStart, at);
      if (stripsStart) literal = stripStart(literal, isQuoted);
      if (sequence.stripsBefore) literal = stripEnd(literal, isQuoted);
      parts.push({ kind: "text", text: literal, span: { start, end: at } });
    }
    parts.push({ kind: "value", value: sequence.value, span: { start: at, end: lexer.position } });
    isUnknown ||= sequence.isUnknown;
    height = Math.max(height, lexer.height);
    stripsStart = sequence.stripsAfter;
    at = lexer.position;
    start = at;
    pieceStart = at;
    decoded = "";
  }
  at = Math.min(at, lexer.limit);
  if (at > start) {
    const literal = decoded + text.slice(pieceStart, at);
    parts.push({ kind: "text", text: stripsStart ? stripStart(literal, isQuoted) : literal, span: { start, end: at } });
  }
  lexer.position = at;
  return { parts, isUnknown, height };
}

/** In a heredoc, `~` reaches no further than the line it stands on. */
function stripStart(text: string, isQuoted: boolean): string {
  const lineEnd = isQuoted ? -1 : text.indexOf("\n");
  return lineEnd < 0 ? text.trimStart() : text.slice(0, lineEnd + 1).trimStart() + text.slice(lineEnd + 1);
}

function stripEnd(text: string, isQuoted: boolean): string {
  // The break that ends the text belongs to the line before the `~`, which is then the one to go.
  const lineEnd = isQuoted ? -1 : text.lastIndexOf("\n", text.length - 2);
  return text.slice(0, lineEnd + 1) + text.slice(lineEnd + 1).trimEnd();
}

interface Sequence {
  readonly value: Expression;
  readonly stripsBefore: boolean;
  readonly stripsAfter: boolean;
  readonly isUnknown: boolean;
}

/** `${…}` or `%{…}`. One that is not closed ends with its line, and so does not take in what follows. */
function readSequence(lexer: Lexer, isQuoted: boolean): Sequence {
  const start = lexer.position;
  const isDirective = lexer.peek() === PERCENT;
  const { multiline } = lexer;
  lexer.position += 2;
  const stripsBefore = lexer.peek() === TILDE;
  if (stripsBefore) lexer.position++;
  lexer.closers.push(RIGHT_BRACE);
  lexer.multiline = true;
  const value = isDirective ? readDirective(lexer, start) : parseExpression(lexer);
  const { height } = lexer;
  let isUnknown = isDirective;
  let code = lexer.skip();
  const stripsAfter = code === TILDE && lexer.peek(1) === RIGHT_BRACE;
  if (stripsAfter) {
    lexer.position++;
    code = RIGHT_BRACE;
  }
  if (code === RIGHT_BRACE && !closesOuterBlock(lexer, isQuoted)) {
    lexer.position++;
  } else {
    lexer.problem("This `{` inside a string is not closed.", start, start + 2);
    isUnknown = true;
    lexer.giveBackLines();
    skipToSequenceEnd(lexer, isQuoted);
  }
  lexer.closers.pop();
  lexer.multiline = multiline;
  lexer.height = height;
  return { value, stripsBefore, stripsAfter, isUnknown };
}

/** A `}` alone on its line cannot end a sequence of a quoted string, which has its own closing quote still to come. */
function closesOuterBlock(lexer: Lexer, isQuoted: boolean): boolean {
  return isQuoted && lexer.recovering && lexer.isOnNewLine() && lexer.endsLine(lexer.position + 1);
}

function skipToSequenceEnd(lexer: Lexer, isQuoted: boolean): void {
  for (; ; lexer.position++) {
    const code = lexer.peek();
    if (code === END || code === LINE_FEED || (isQuoted && code === QUOTE)) return;
    if (code === RIGHT_BRACE) {
      lexer.position++;
      return;
    }
  }
}

/** A directive is read only to find its end. */
function readDirective(lexer: Lexer, start: number): Expression {
  lexer.skip();
  const keyword = readWord(lexer);
  let end = lexer.position;
  if (keyword?.text === "if") {
    end = Math.max(end, parseExpression(lexer).span.end);
  } else if (keyword?.text === "for") {
    readForHead(lexer);
    end = lexer.position;
  }
  lexer.height = 0;
  return { kind: "unknown", span: { start, end } };
}

const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ['"', '"'],
  ["\\", "\\"],
]);

/** The escape at `at`; one that Terraform does not know stands for itself. */
function readEscape(lexer: Lexer, at: number): { readonly text: string; readonly end: number } {
  const letter = at + 1 < lexer.limit ? lexer.text.charAt(at + 1) : "";
  const simple = SIMPLE_ESCAPES.get(letter);
  if (simple !== undefined) return { text: simple, end: at + 2 };
  const digits = letter === "u" ? 4 : letter === "U" ? 8 : 0;
  const hex = lexer.text.slice(at + 2, Math.min(at + 2 + digits, lexer.limit));
  if (digits > 0 && hex.length === digits && /^[0-9A-Fa-f]+$/.test(hex)) {
    const code = Number.parseInt(hex, 16);
    if (code <= 0x10ffff) return { text: String.fromCodePoint(code), end: at + 2 + digits };
  }
  lexer.problem("Terraform knows no such escape; write `\\\\` for a backslash.", at, at + 1);
  return { text: "\\", end: at + 1 };
}

/** Takes from each line the white space that all lines of a `<<-` heredoc start with. */
function removeIndentation(parts: readonly TemplatePart[]): TemplatePart[] {
  const common = commonIndentation(parts);
  let startsLine = true;
  return parts.map((part) => {
    if (part.kind === "value") {
      startsLine = false;
      return part;
    }
    const lines = part.text.split("\n");
    const unindented = lines.map((line, index) => {
      const isWhole = index < lines.length - 1;
      if ((index === 0 && !startsLine) || (isWhole && line.trim() === "")) return line;
      return line.slice(Math.min(common, line.length - line.trimStart().length));
    });
    startsLine = part.text.endsWith("\n");
    return { ...part, text: unindented.join("\n") };
  });
}

function commonIndentation(parts: readonly TemplatePart[]): number {
  let common = Number.POSITIVE_INFINITY;
  let startsLine = true;
  for (const part of parts) {
    if (part.kind === "value") {
      if (startsLine) return 0;
      continue;
    }
    const lines = part.text.split("\n");
    for (const [index, line] of lines.entries()) {
      const isLast = index === lines.length - 1;
      if ((index === 0 && !startsLine) || (isLast && line === "") || (!isLast && line.trim() === "")) continue;
      common = Math.min(common, line.length - line.trimStart().length);
    }
    startsLine = part.text.endsWith("\n");
  }
  return common === Number.POSITIVE_INFINITY ? 0 : common;
}
