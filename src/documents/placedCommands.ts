import type { Span } from "../model/text";
import type { ShellAssignment, ShellCommand, ShellPiece, ShellWord } from "./shell";

/** The same commands with the spans of another text. */
export function placed(commands: readonly ShellCommand[], span: (one: Span) => Span): readonly ShellCommand[] {
  const piece = (one: ShellPiece): ShellPiece =>
    one.kind === "variable" && one.fallback
      ? { ...one, fallback: word(one.fallback), span: span(one.span) }
      : { ...one, span: span(one.span) };
  const word = (one: ShellWord): ShellWord => ({ ...one, pieces: one.pieces.map(piece), span: span(one.span) });
  const assignment = (one: ShellAssignment): ShellAssignment => ({
    ...one,
    nameSpan: span(one.nameSpan),
    value: word(one.value),
    span: span(one.span),
  });
  return commands.map((one) => ({
    ...one,
    at: span(one.at),
    words: one.words.map(word),
    assignments: one.assignments.map(assignment),
    span: span(one.span),
  }));
}
