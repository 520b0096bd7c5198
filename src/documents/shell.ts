import type { Span } from "../model/text";
import type { ParsedFile } from "./document";

/** A script by the program that runs it. */
export interface ScriptDocument extends ParsedFile {
  readonly kind: "script";
  readonly shell: ShellName;
  /** Every command in the order it is written, those inside functions, branches and substitutions included. */
  readonly commands: readonly ShellCommand[];
}

export type ShellName = "sh" | "powershell" | "cmd";

export interface ShellCommand {
  /** Empty where the command consists of assignments alone, or its name is not a plain word. */
  readonly name: string;
  /** The name, or the first assignment where there is none. */
  readonly at: Span;
  readonly words: readonly ShellWord[];
  readonly assignments: readonly ShellAssignment[];
  /** Whether the assignments go into the environment of the programs that follow: `export`, `declare -x`, `set` in cmd. */
  readonly exports: boolean;
  /**
   * 0 is the script itself, from top to bottom; each branch, loop, function, subshell and substitution is a scope of its
   * own, of which nobody knows whether it runs.
   */
  readonly scope: number;
  readonly span: Span;
}

export interface ShellAssignment {
  readonly name: string;
  readonly nameSpan: Span;
  readonly value: ShellWord;
  /** The name, the sign and the value. */
  readonly span: Span;
}

/** A word of a command; `span` includes its quotes. */
export interface ShellWord {
  readonly span: Span;
  readonly pieces: readonly ShellPiece[];
  /** The quotes around the whole of it. */
  readonly quotes: "none" | "single" | "double" | "mixed";
  /** What the shell makes of it; undefined where it expands something. */
  readonly text: string | undefined;
}

export type ShellPiece =
  | { readonly kind: "text"; readonly text: string; readonly quoted: boolean; readonly span: Span }
  /** `$NAME`, `${NAME:-…}`; `fallback` is the word behind `-`. */
  | {
      readonly kind: "variable";
      readonly name: string;
      readonly fallback?: ShellWord;
      readonly quoted: boolean;
      readonly span: Span;
    }
  /** `$(…)` and the like: what a program prints. */
  | { readonly kind: "output"; readonly quoted: boolean; readonly span: Span }
  | { readonly kind: "other"; readonly quoted: boolean; readonly span: Span };

/** The text of a word whose every piece is known. */
export function textOf(pieces: readonly ShellPiece[]): string | undefined {
  let text = "";
  for (const piece of pieces) {
    if (piece.kind !== "text") return undefined;
    text += piece.text;
  }
  return text;
}
