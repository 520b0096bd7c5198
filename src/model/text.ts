/** A half-open range of UTF-16 offsets into one file's text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A file as it stands: on disk, or unsaved in the editor. Identity matters: an unchanged file keeps its object. */
export interface SourceFile {
  /** Absolute, or relative to whatever the caller calls the workspace; always with `/`. */
  readonly path: string;
  readonly text: string;
  /** What the bytes are; UTF-8 where it is left out. A byte order mark is the text's first character. */
  readonly encoding?: Encoding;
  /** The POSIX permission bits, where the disk has them. */
  readonly mode?: number;
}

export type Encoding = "utf-8" | "utf-8-bom" | "utf-16le" | "utf-16be" | "latin-1";

export interface Location {
  readonly path: string;
  readonly span: Span;
}

/** A piece of another file than the one that is edited. */
export interface ForeignSpan extends Span {
  readonly path: string;
}

/** Fixed text, or a piece of a file as it was, the edited one if it names none: so an edit moves a secret without holding it. */
export type Piece = string | Span | ForeignSpan;

/** Replaces `span` by `pieces`; an empty list deletes. */
export interface TextEdit extends Location {
  readonly pieces: readonly Piece[];
}

/** Zero-based line and UTF-16 column. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Offsets of the first character of every line; `\n`, `\r\n` and a lone `\r` each end a line, as in VS Code. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 13 && text.charCodeAt(i + 1) === 10) continue;
    if (code === 10 || code === 13) starts.push(i + 1);
  }
  return starts;
}

/** The line and column of an offset; an offset before the text counts as its start. */
export function positionAt(starts: readonly number[], offset: number): Position {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low, column: Math.max(0, offset - (starts[low] ?? 0)) };
}

/** The text of a file by its path. */
export type TextOf = (path: string) => string;

const noOther: TextOf = (path) => {
  throw new RangeError(`a piece of ${path} is wanted, which is not here`);
};

/** The text an edit would write, read from the file it edits and, for pieces of others, from `textOf`. */
export function renderPieces(text: string, pieces: readonly Piece[], textOf: TextOf = noOther): string {
  return pieces
    .map((piece) => {
      if (typeof piece === "string") return piece;
      return ("path" in piece ? textOf(piece.path) : text).slice(piece.start, piece.end);
    })
    .join("");
}

/** The file's text after all its edits; edits of other files are ignored and overlapping ones throw. */
export function applyEdits(file: SourceFile, edits: readonly TextEdit[], textOf?: TextOf): string {
  const ordered = edits
    .filter((edit) => edit.path === file.path)
    .sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  let text = "";
  let at = 0;
  for (const edit of ordered) {
    if (edit.span.start < at) throw new RangeError(`overlapping edits in ${file.path} at offset ${edit.span.start}`);
    text += file.text.slice(at, edit.span.start) + renderPieces(file.text, edit.pieces, textOf);
    at = edit.span.end;
  }
  return text + file.text.slice(at);
}

/** Edits of `before` as edits of `after`; undefined if a line that they touch or copy from is no longer the same. */
export function rebaseEdits(
  before: string,
  after: string,
  edits: readonly TextEdit[],
): readonly TextEdit[] | undefined {
  // A line break at either end makes the first and the last line like any other.
  const [old, now] = [`\n${before}\n`, `\n${after}\n`];
  const shortest = Math.min(old.length, now.length);
  let head = 0;
  while (head < shortest && old[head] === now[head]) head++;
  let tail = 0;
  // They may share a line break: it ends a line above a new one and stands before the line below it.
  while (tail <= shortest - head && tail < shortest && old.at(-1 - tail) === now.at(-1 - tail)) tail++;

  const shiftOf = ({ start, end }: Span): number | undefined => {
    let from = start;
    while (from > 0 && !isLineBreak(old[from])) from--;
    let to = end + 1;
    while (to < old.length && !isLineBreak(old[to])) to++;
    if (to < head) return 0;
    return from >= old.length - tail ? now.length - old.length : undefined;
  };
  const rebased: TextEdit[] = [];
  for (const edit of edits) {
    const shift = shiftOf(edit.span);
    if (shift === undefined) return undefined;
    const pieces: Piece[] = [];
    for (const piece of edit.pieces) {
      // Nobody has looked whether the other file is still the same.
      if (typeof piece !== "string" && "path" in piece) return undefined;
      const distance = typeof piece === "string" ? 0 : shiftOf(piece);
      if (distance === undefined) return undefined;
      pieces.push(typeof piece === "string" ? piece : moved(piece, distance));
    }
    rebased.push({ ...edit, span: moved(edit.span, shift), pieces });
  }
  return rebased;
}

const isLineBreak = (character: string | undefined) => character === "\n" || character === "\r";

const moved = ({ start, end }: Span, by: number): Span => ({ start: start + by, end: end + by });
