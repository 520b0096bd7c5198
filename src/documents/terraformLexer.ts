import { lineStarts, positionAt, type Span } from "../model/text";
import type { Suppression, SyntaxProblem } from "./document";

export const END = -1;
export const LINE_FEED = 10;
export const BANG = 33;
export const QUOTE = 34;
export const HASH = 35;
export const DOLLAR = 36;
export const PERCENT = 37;
export const AMPERSAND = 38;
export const LEFT_PAREN = 40;
export const RIGHT_PAREN = 41;
export const STAR = 42;
export const PLUS = 43;
export const COMMA = 44;
export const MINUS = 45;
export const DOT = 46;
export const SLASH = 47;
export const COLON = 58;
export const LESS = 60;
export const EQUALS = 61;
export const GREATER = 62;
export const QUESTION = 63;
export const LEFT_SQUARE = 91;
export const BACKSLASH = 92;
export const RIGHT_SQUARE = 93;
export const LEFT_BRACE = 123;
export const PIPE = 124;
export const RIGHT_BRACE = 125;
export const TILDE = 126;

const TAB = 9;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const BYTE_ORDER_MARK = 0xfeff;

/** How deep brackets, blocks and operators may nest before the inside is given up as unknown. */
export const MAX_NESTING = 100;

export const TOO_DEEP = `This nests deeper than ${MAX_NESTING} levels and was not read.`;

/** A file with more problems than this is not Terraform, or nobody will read them all. */
const MAX_PROBLEMS = 1000;

/** Root blocks Terraform knows, with the number of labels each takes. */
export const ROOT_BLOCK_LABELS: ReadonlyMap<string, number> = new Map([
  ["provider", 1],
  ["variable", 1],
  ["output", 1],
  ["module", 1],
  ["resource", 2],
  ["data", 2],
  ["ephemeral", 2],
  ["check", 1],
  ["locals", 0],
  ["terraform", 0],
  ["import", 0],
  ["moved", 0],
  ["removed", 0],
]);

const IGNORE_MARK = "callerid-ignore";

const IDENTIFIER_START = 1;
const IDENTIFIER_PART = 2;
const ASCII = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  if (/[A-Za-z_]/.test(String.fromCharCode(code))) ASCII[code] = IDENTIFIER_START | IDENTIFIER_PART;
  else if (/[0-9-]/.test(String.fromCharCode(code))) ASCII[code] = IDENTIFIER_PART;
}
const UNICODE_START = /^\p{ID_Start}$/u;
const UNICODE_PART = /^\p{ID_Continue}$/u;

export function isLineBreak(code: number): boolean {
  return code === LINE_FEED || code === CARRIAGE_RETURN;
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** Characters nobody sees in an editor; pasted by accident, and not blanks to Terraform. */
function isInvisible(code: number): boolean {
  if (code < 0xa0) return code < SPACE || code === 0x7f;
  return (
    code === 0xa0 ||
    code === 0xad ||
    (code >= 0x2000 && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202f) ||
    (code >= 0x205f && code <= 0x206f) ||
    code === 0x3000 ||
    code === BYTE_ORDER_MARK
  );
}

/** A comment's place, and what it says. */
export interface Comment {
  readonly text: string;
  readonly span: Span;
}

/** What can be given back: where reading stood before an attempt that failed. */
export interface Mark {
  readonly position: number;
  readonly lineStart: number;
  readonly problems: number;
  readonly failures: number;
  readonly comments: number;
}

/** The place of a heredoc's closing marker; the content ends where its line starts. */
export interface HeredocEnd {
  readonly lineStart: number;
  readonly marker: Span;
}

/** Reads characters of one Terraform file in order, and holds what every part of the parser needs to know about where it is. */
export class Lexer {
  readonly text: string;
  readonly problems: SyntaxProblem[] = [];
  /** Comments that hold the ignore mark. */
  readonly comments: Comment[] = [];
  /** Problems met, also those that are no longer kept. */
  failures = 0;
  /** The closers of all brackets and blocks now open, innermost last. */
  readonly closers: number[] = [];
  position: number;
  /** Where the text to read ends: the file's end, or that of the heredoc being read. */
  limit: number;
  /** Where the line of `position` starts. */
  lineStart: number;
  /** Inside `(`, `[` and `${`, line breaks mean nothing. */
  multiline = false;
  /** Set while reading a block again that is known to be damaged: indentation then tells what belongs where. */
  recovering = false;
  /** Nesting of the expression read last, so that chains of operators are limited as well. */
  height = 0;

  readonly #seeksComments: boolean;
  /** The blanks skipped last, from where nothing but them was read. */
  #gapStart = -1;
  #gapLineStart = 0;
  #gapEnd = -1;
  #indentationOf = -1;
  #indentation = 0;
  #rootHeader = -1;
  #heredocEnds: Map<string, number[]> | undefined;
  #blockCommentsEnd = true;
  /** The first root block behind a place that was asked about. */
  #nextRootBlock = 0;

  constructor(text: string) {
    this.text = text;
    this.limit = text.length;
    this.position = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
    this.lineStart = this.position;
    this.#seeksComments = text.includes(IGNORE_MARK);
  }

  /** A second problem at the same place is only an echo of the first. */
  problem(message: string, start: number, end: number): void {
    if (this.problems.at(-1)?.span.start === start) return;
    this.failures++;
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ message, span: { start, end } });
  }

  mark(): Mark {
    return {
      position: this.position,
      lineStart: this.lineStart,
      problems: this.problems.length,
      failures: this.failures,
      comments: this.comments.length,
    };
  }

  reset(mark: Mark): void {
    this.position = mark.position;
    this.lineStart = mark.lineStart;
    this.problems.length = mark.problems;
    this.failures = mark.failures;
    this.comments.length = mark.comments;
  }

  /** Is there room for one more bracket or block? */
  hasRoom(): boolean {
    return this.closers.length < MAX_NESTING;
  }

  /** The character at `position + ahead`, or `END`; every kind of line break reads as a line feed. */
  peek(ahead = 0): number {
    const at = this.position + ahead;
    if (at >= this.limit) return END;
    const code = this.text.charCodeAt(at);
    return code === CARRIAGE_RETURN ? LINE_FEED : code;
  }

  /** Moves past blanks and comments, and past line breaks where they mean nothing; answers what follows, as `peek` does. */
  skip(): number {
    if (this.position !== this.#gapEnd) {
      this.#gapStart = this.position;
      this.#gapLineStart = this.lineStart;
    }
    const code = this.#skip();
    this.#gapEnd = this.position;
    return code;
  }

  #skip(): number {
    const { text, limit } = this;
    while (this.position < limit) {
      const code = text.charCodeAt(this.position);
      if (code === SPACE || code === TAB) {
        this.position++;
      } else if (code === LINE_FEED || code === CARRIAGE_RETURN) {
        if (!this.multiline) return LINE_FEED;
        const next = this.#afterBreak(this.position);
        if (this.recovering && this.#startsStatement(next)) return LINE_FEED;
        this.position = next;
        this.lineStart = next;
      } else if (code === HASH || (code === SLASH && text.charCodeAt(this.position + 1) === SLASH)) {
        const end = this.lineEnd(this.position);
        this.#keepComment(end);
        this.position = end;
      } else if (code === SLASH && text.charCodeAt(this.position + 1) === STAR) {
        this.#skipBlockComment();
      } else if (isInvisible(code)) {
        this.problem(
          "An invisible character stands here that Terraform does not accept.",
          this.position,
          ++this.position,
        );
      } else {
        return code;
      }
    }
    return END;
  }

  /** Like `skip`, but past every line break: to the next thing in a body. */
  skipLines(): number {
    const { multiline, recovering } = this;
    this.multiline = true;
    this.recovering = false;
    const code = this.skip();
    this.multiline = multiline;
    this.recovering = recovering;
    return code;
  }

  /** Have line breaks been skipped since the last thing read? */
  isOnNewLine(): boolean {
    return this.position === this.#gapEnd && this.lineStart > this.#gapStart;
  }

  /** Back to the end of the last thing read, so that the line breaks behind it are seen by whoever comes next. */
  giveBackLines(): void {
    if (!this.isOnNewLine()) return;
    this.position = this.#gapStart;
    this.lineStart = this.#gapLineStart;
  }

  /** Moves past the line break at `position`. */
  nextLine(): void {
    this.position = Math.min(this.#afterBreak(this.position), this.limit);
    this.lineStart = this.position;
  }

  lineEnd(from: number): number {
    let at = from;
    while (at < this.limit && !isLineBreak(this.text.charCodeAt(at))) at++;
    return at;
  }

  /** Width of the white space that starts the line of `position`. */
  indentation(): number {
    if (this.#indentationOf !== this.lineStart) {
      this.#indentationOf = this.lineStart;
      this.#indentation = this.#afterBlanks(this.lineStart) - this.lineStart;
    }
    return this.#indentation;
  }

  isFirstOnLine(): boolean {
    return this.position === this.lineStart + this.indentation();
  }

  startsIdentifier(code: number, at = this.position): boolean {
    if (code < 128) return code >= 0 && ((ASCII[code] ?? 0) & IDENTIFIER_START) !== 0;
    return UNICODE_START.test(String.fromCodePoint(this.text.codePointAt(at) ?? 0));
  }

  /** The end of the identifier at `at`, which is `at` itself when there is none. */
  identifierEnd(at = this.position): number {
    const { text, limit } = this;
    if (at >= limit || !this.startsIdentifier(text.charCodeAt(at), at)) return at;
    let end = at;
    while (end < limit) {
      const code = text.charCodeAt(end);
      if (code < 128) {
        if (((ASCII[code] ?? 0) & IDENTIFIER_PART) === 0) break;
        end++;
      } else {
        const character = String.fromCodePoint(text.codePointAt(end) ?? 0);
        if (!UNICODE_PART.test(character)) break;
        end += character.length;
      }
    }
    return Math.min(end, limit);
  }

  /** `name =` at `at`: what can never stand inside an expression outside braces. */
  startsAttribute(at = this.position): boolean {
    const end = this.identifierEnd(at);
    if (end === at) return false;
    const equals = this.#afterBlanks(end);
    if (equals >= this.limit || this.text.charCodeAt(equals) !== EQUALS) return false;
    const next = this.text.charCodeAt(equals + 1);
    return next !== EQUALS && next !== GREATER;
  }

  /** `word "label" {` at `at`, all on one line; the end of the word and the number of labels if so. */
  blockHeader(at = this.position): { readonly typeEnd: number; readonly labels: number } | undefined {
    const typeEnd = this.identifierEnd(at);
    if (typeEnd === at) return undefined;
    for (let labels = 0, next = typeEnd; ; labels++) {
      next = this.#afterBlanks(next);
      if (next >= this.limit) return undefined;
      const code = this.text.charCodeAt(next);
      if (code === LEFT_BRACE) return { typeEnd, labels };
      const end = code === QUOTE ? this.labelEnd(next + 1) : this.identifierEnd(next);
      if (end === next || (code === QUOTE && this.text.charCodeAt(end) !== QUOTE)) return undefined;
      next = code === QUOTE ? end + 1 : end;
    }
  }

  /** The closing quote of the label whose text starts at `at`, or the end of the line. */
  labelEnd(at: number): number {
    let end = at;
    while (end < this.limit) {
      const code = this.text.charCodeAt(end);
      if (code === QUOTE || isLineBreak(code)) break;
      end += code === BACKSLASH && !isLineBreak(this.text.charCodeAt(end + 1)) ? 2 : 1;
    }
    return Math.min(end, this.limit);
  }

  /** At the start of a line, a block that only ever stands at the root of a file. */
  startsRootBlock(at = this.position): boolean {
    if (at === this.#rootHeader) return true;
    const code = this.text.charCodeAt(at);
    if (code < 97 || code > 122) return false;
    const header = this.blockHeader(at);
    if (header === undefined || ROOT_BLOCK_LABELS.get(this.text.slice(at, header.typeEnd)) !== header.labels)
      return false;
    this.#rootHeader = at;
    return true;
  }

  /** Only blanks between `at` and the end of its line? */
  endsLine(at: number): boolean {
    const end = this.#afterBlanks(at);
    return end >= this.limit || isLineBreak(this.text.charCodeAt(end));
  }

  /** Moves past a bracket that nests too deep, without reading what is inside. */
  skipBracket(): void {
    const { text, limit } = this;
    let open = 0;
    while (this.position < limit) {
      const code = text.charCodeAt(this.position);
      if (isLineBreak(code)) {
        if (this.startsRootBlock(this.#afterBreak(this.position))) return;
        this.nextLine();
        continue;
      }
      if (code === QUOTE) this.position = this.labelEnd(this.position + 1);
      if (this.position >= limit || isLineBreak(text.charCodeAt(this.position))) continue;
      this.position++;
      if (code === LEFT_BRACE || code === LEFT_PAREN || code === LEFT_SQUARE) open++;
      if (code === RIGHT_BRACE || code === RIGHT_PAREN || code === RIGHT_SQUARE) open--;
      if (open <= 0) return;
    }
  }

  /** The line that closes the heredoc whose content starts at `from`. */
  heredocEnd(from: number, marker: string): HeredocEnd | undefined {
    const end =
      this.#heredocEnds === undefined ? this.#searchHeredocEnd(from, marker) : this.#lookUpHeredocEnd(from, marker);
    if (end !== undefined && !this.#holdsHeredoc(from, end.lineStart, marker)) return end;
    // Without the index, many heredocs without an end would each read the whole rest of the file.
    this.#heredocEnds ??= this.#indexHeredocEnds();
    return undefined;
  }

  /** Where a heredoc without an end had better stop, so that it hides no other block. Always the start of a line. */
  abandonedHeredocEnd(from: number): number {
    const open = this.closers.filter((closer) => closer === RIGHT_BRACE).length;
    let braces: number[] = [];
    let isFirst = true;
    for (let line = from; line < this.limit; line = this.#afterBreak(this.lineEnd(line))) {
      if (this.startsRootBlock(line)) return braces.slice(-open)[0] ?? line;
      const start = this.#afterBlanks(line);
      if (start >= this.limit || isLineBreak(this.text.charCodeAt(start))) continue;
      const isBrace = this.text.charCodeAt(start) === RIGHT_BRACE && this.endsLine(start + 1);
      if (isFirst && (isBrace || this.#startsSpacedAttribute(start) || this.blockHeader(start))) return from;
      isFirst = false;
      if (isBrace) braces.push(line);
      else if (this.text.charCodeAt(start) !== HASH) braces = [];
    }
    return braces.slice(-open)[0] ?? this.limit;
  }

  #afterBreak(at: number): number {
    return at + (this.text.charCodeAt(at) === CARRIAGE_RETURN && this.text.charCodeAt(at + 1) === LINE_FEED ? 2 : 1);
  }

  #afterBlanks(from: number): number {
    let at = from;
    while (at < this.limit && isBlank(this.text.charCodeAt(at))) at++;
    return at;
  }

  /** `name = `: with the blank, since shell scripts in heredocs write `name=`. */
  #startsSpacedAttribute(at: number): boolean {
    return this.startsAttribute(at) && isBlank(this.text.charCodeAt(this.identifierEnd(at)));
  }

  /** Does a line start with something that no bracket can hold, so that the bracket must have been left open? */
  #startsStatement(lineStart: number): boolean {
    if (this.startsRootBlock(lineStart)) return true;
    const at = this.#afterBlanks(lineStart);
    if (this.startsAttribute(at)) return true;
    const header = this.blockHeader(at);
    return header !== undefined && !/^(?:in|if|for)$/.test(this.text.slice(at, Math.min(header.typeEnd, at + 4)));
  }

  #skipBlockComment(): void {
    const start = this.position;
    const close = this.#blockCommentsEnd ? this.text.indexOf("*/", start + 2) : -1;
    if (close < 0 || close + 2 > this.limit || this.#opensByMistake(start, close)) {
      if (close < 0) this.#blockCommentsEnd = false;
      this.position = this.lineEnd(start);
      this.problem("This comment is not closed: `*/` is missing.", start, start + 2);
      return;
    }
    this.#keepComment(close + 2);
    this.position = start;
    while (this.position < close) {
      if (isLineBreak(this.text.charCodeAt(this.position))) this.nextLine();
      else this.position++;
    }
    this.position = close + 2;
  }

  /** In a damaged item, a comment behind something that would take in another block: text of a string left open. */
  #opensByMistake(start: number, close: number): boolean {
    if (!this.recovering || this.isFirstOnLine()) return false;
    if (start >= this.#nextRootBlock) {
      this.#nextRootBlock = start;
      do {
        this.#nextRootBlock = this.#afterBreak(this.lineEnd(this.#nextRootBlock));
      } while (this.#nextRootBlock < this.limit && !this.startsRootBlock(this.#nextRootBlock));
    }
    return this.#nextRootBlock < close;
  }

  #keepComment(end: number): void {
    if (!this.#seeksComments || this.position <= (this.comments.at(-1)?.span.start ?? -1)) return;
    const text = this.text.slice(this.position, end);
    if (text.includes(IGNORE_MARK)) this.comments.push({ text, span: { start: this.position, end } });
  }

  #searchHeredocEnd(from: number, marker: string): HeredocEnd | undefined {
    for (let at = from; ; ) {
      const found = this.text.indexOf(marker, at);
      if (found < 0 || found + marker.length > this.limit) return undefined;
      let lineStart = found;
      while (lineStart > at && isBlank(this.text.charCodeAt(lineStart - 1))) lineStart--;
      at = found + marker.length;
      const startsLine = lineStart === from || isLineBreak(this.text.charCodeAt(lineStart - 1));
      if (startsLine && this.endsLine(at)) return { lineStart, marker: { start: found, end: at } };
    }
  }

  #lookUpHeredocEnd(from: number, marker: string): HeredocEnd | undefined {
    const starts = this.#heredocEnds?.get(marker) ?? [];
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) < from) low = middle + 1;
      else high = middle;
    }
    const lineStart = starts[low];
    if (lineStart === undefined) return undefined;
    const start = this.#afterBlanks(lineStart);
    const end = start + marker.length;
    return end <= this.limit ? { lineStart, marker: { start, end } } : undefined;
  }

  /** The starts of all lines that hold one word only. */
  #indexHeredocEnds(): Map<string, number[]> {
    const ends = new Map<string, number[]>();
    const { limit } = this;
    this.limit = this.text.length;
    for (let line = 0; line < this.limit; line = this.#afterBreak(this.lineEnd(line))) {
      const start = this.#afterBlanks(line);
      const end = this.identifierEnd(start);
      if (end === start || !this.endsLine(end)) continue;
      const word = this.text.slice(start, end);
      const starts = ends.get(word);
      if (starts === undefined) ends.set(word, [line]);
      else starts.push(line);
    }
    this.limit = limit;
    return ends;
  }

  /** Content with a root block and after it a heredoc of the same marker: this marker is that one's, and ours is missing. */
  #holdsHeredoc(from: number, to: number, marker: string): boolean {
    let sought = from;
    let sawRootBlock = false;
    for (;;) {
      const found = this.text.indexOf("<<", sought);
      if (found < 0 || found >= to) return false;
      for (let line = sought; !sawRootBlock && line < found; line = this.#afterBreak(this.lineEnd(line))) {
        sawRootBlock = (line === from || isLineBreak(this.text.charCodeAt(line - 1))) && this.startsRootBlock(line);
      }
      sought = found + 2;
      const word = this.text.charCodeAt(sought) === MINUS ? sought + 1 : sought;
      if (sawRootBlock && this.text.startsWith(marker, word) && this.endsLine(word + marker.length)) return true;
    }
  }
}

/** The entries of comments that hold the ignore mark; `comments` in the order of the text. */
export function suppressionsIn(text: string, comments: readonly Comment[]): Suppression[] {
  if (comments.length === 0) return [];
  const starts = lineStarts(text);
  const suppressions: Suppression[] = [];
  let below: { readonly first: number; readonly covers: number } | undefined;
  for (const { text: comment, span } of comments.toReversed()) {
    const first = positionAt(starts, span.start);
    const last = positionAt(starts, span.end).line;
    const before = text.slice(starts[first.line], span.start);
    const after = text.slice(span.end, starts[last + 1] ?? text.length);
    const standsAlone = /^[\s\ufeff]*$/.test(before) && /^[\s,]*$/.test(after);
    let covers = first.line;
    // Comments stacked above one line all speak of that line.
    if (standsAlone) covers = below !== undefined && below.first === last + 1 ? below.covers : last + 1;
    below = standsAlone ? { first: first.line, covers } : undefined;
    // JSON's comment is the value of a property, which starts before it.
    const offset = text.indexOf(IGNORE_MARK, span.start) - comment.indexOf(IGNORE_MARK);
    for (const { rules, reason } of ignoresIn(comment, offset).toReversed()) {
      suppressions.push({ rules, reason, span, line: covers });
    }
  }
  return suppressions.reverse();
}

/** What stands behind each mark of a comment that starts at `offset`. */
function ignoresIn(comment: string, offset: number): readonly Pick<Suppression, "rules" | "reason">[] {
  const ignores: Pick<Suppression, "rules" | "reason">[] = [];
  const pieces = comment.split(IGNORE_MARK);
  let start = offset + (pieces[0]?.length ?? 0);
  for (const piece of pieces.slice(1)) {
    start += IGNORE_MARK.length;
    const line = piece.split(/[\r\n]/, 1)[0]?.replace("*/", "") ?? "";
    const colon = line.indexOf(":");
    const rules = /^[ \t]/.test(piece) ? rulesNamed(colon < 0 ? line : line.slice(0, colon), start) : [];
    if (rules.length > 0) ignores.push({ rules, reason: colon < 0 ? "" : line.slice(colon + 1).trim() });
    start += piece.length;
  }
  return ignores;
}

/** The first word between commas, each with its place in a text where `names` starts at `offset`. */
export function rulesNamed(names: string, offset: number): Suppression["rules"] {
  return [...names.matchAll(/[^,]+/g)].flatMap(({ 0: entry, index }) => {
    const [, blank = "", name = ""] = /^(\s*)(\S+)/.exec(entry) ?? [];
    const start = offset + index + blank.length;
    return /^[a-z0-9][a-z0-9-]*$/i.test(name) ? [{ name, span: { start, end: start + name.length } }] : [];
  });
}
