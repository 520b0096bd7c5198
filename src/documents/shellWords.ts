import type { DoubleQuotedChild, ParameterExpansionPart, Word, WordPart } from "unbash";
import type { Span } from "../model/text";
import { type ShellAssignment, type ShellPiece, type ShellWord, textOf } from "./shell";

/** The text that was parsed, and where it begins in its file. */
export interface Frame {
  readonly base: number;
  readonly text: string;
}

/** A word of the shell's grammar in pieces. */
export function shellWord(word: Word, frame: Frame): ShellWord {
  const parts = word.parts ?? [];
  const span = spanOf(word, frame);
  const pieces: readonly ShellPiece[] =
    parts.length > 0
      ? parts.flatMap((part) => piecesOf(part, frame))
      : word.text === ""
        ? []
        : [{ kind: "text", text: word.value, quoted: false, span }];
  const isHome = word.text.startsWith("~");
  return { span, pieces, quotes: quotesOf(parts), text: isHome ? undefined : textOf(pieces) };
}

function quotesOf(parts: readonly WordPart[]): ShellWord["quotes"] {
  const isQuote = ({ type }: WordPart) => /^(?:SingleQuoted|DoubleQuoted|AnsiCQuoted|LocaleString)$/.test(type);
  if (!parts.some(isQuote)) return "none";
  const [only, second] = parts;
  if (second || only?.type === "AnsiCQuoted" || only?.type === "LocaleString") return "mixed";
  return only?.type === "SingleQuoted" ? "single" : "double";
}

function piecesOf(part: WordPart, frame: Frame): readonly ShellPiece[] {
  switch (part.type) {
    case "SingleQuoted":
      return [{ kind: "text", text: part.value, quoted: true, span: spanOf(part, frame, 1) }];
    case "DoubleQuoted":
      return part.parts.map((child) => pieceOf(child, true, frame));
    // Nothing is looked up on the disk for the value of an assignment.
    case "Glob":
      return [{ kind: "text", text: part.text, quoted: false, span: spanOf(part, frame) }];
    // bash and dash disagree about `$'…'`.
    case "AnsiCQuoted":
    case "LocaleString":
    case "ProcessSubstitution":
    case "ExtendedGlob":
    case "BraceExpansion":
      return [{ kind: "other", quoted: false, span: spanOf(part, frame) }];
    default:
      return [pieceOf(part, false, frame)];
  }
}

function pieceOf(part: DoubleQuotedChild, quoted: boolean, frame: Frame): ShellPiece {
  const span = spanOf(part, frame);
  switch (part.type) {
    case "Literal":
      return { kind: "text", text: part.value, quoted, span };
    case "SimpleExpansion":
      return { kind: "variable", name: part.text.slice(1), quoted, span };
    case "ParameterExpansion":
      return variable(part, quoted, frame);
    case "CommandExpansion":
      return { kind: "output", quoted, span };
    default:
      return { kind: "other", quoted, span };
  }
}

function variable(part: ParameterExpansionPart, quoted: boolean, frame: Frame): ShellPiece {
  const { operation } = part;
  const fallback =
    operation?.type === "Default" && /[-=]$/.test(operation.operator) ? shellWord(operation.operand, frame) : undefined;
  return {
    kind: "variable",
    name: part.parameter,
    ...(fallback ? { fallback } : {}),
    quoted,
    span: spanOf(part, frame),
  };
}

/** `NAME=value` written as one word, whatever its quotes, from the given offset of its first piece on. */
export function assignmentIn(word: ShellWord, from = 0): ShellAssignment | undefined {
  const [first, ...rest] = word.pieces;
  if (first?.kind !== "text") return undefined;
  const [, name = ""] = /^([A-Za-z_][A-Za-z0-9_]*)=/.exec(first.text.slice(from)) ?? [];
  // Escapes before the value would move it.
  if (name === "") return undefined;
  const nameStart = first.span.start + from;
  const valueStart = nameStart + name.length + 1;
  const text = first.text.slice(from + name.length + 1);
  const head: ShellPiece = {
    ...first,
    text,
    span: { start: Math.min(valueStart, first.span.end), end: first.span.end },
  };
  const pieces = text === "" ? rest : [head, ...rest];
  const isWrapped = isInQuotes(pieces, valueStart);
  const end = (pieces.at(-1)?.span.end ?? valueStart) + (isWrapped ? 1 : 0);
  return {
    name,
    nameSpan: { start: nameStart, end: nameStart + name.length },
    value: {
      span: { start: valueStart, end },
      pieces,
      quotes: isWrapped ? "double" : pieces.some(({ quoted }) => quoted) ? "mixed" : "none",
      text: textOf(pieces),
    },
    span: { start: nameStart, end },
  };
}

/** One pair of quotes around all of it, with the name outside. */
function isInQuotes(pieces: readonly ShellPiece[], start: number): boolean {
  let at = start + 1;
  return (
    pieces.length > 0 &&
    pieces.every(({ quoted, span }) => {
      const follows = quoted && span.start === at;
      at = span.end;
      return follows;
    })
  );
}

interface Placed {
  readonly pos: number;
  readonly end: number;
}

/** The parser places the end of what is not closed one behind the text, after a last backslash. */
function spanOf({ pos, end }: Placed, { base, text }: Frame, quote = 0): Span {
  const start = Math.min(pos + quote, text.length);
  return { start: base + start, end: base + Math.max(start, Math.min(end, text.length) - quote) };
}

export { spanOf as shellSpan };
