import type { Span } from "../model/text";
import type { ParsedFile } from "./document";
import type { ShellAssignment, ShellCommand } from "./shell";

/** How an image is built, stage by stage. */
export interface DockerfileDocument extends ParsedFile {
  readonly kind: "dockerfile";
  /** What stands before the first `FROM` is a stage without an image. */
  readonly stages: readonly DockerStage[];
}

export interface DockerStage {
  readonly name?: string;
  /** As written: a reference, or the name of an earlier stage. */
  readonly image?: string;
  /** The `FROM` keyword. */
  readonly at: Span;
  readonly instructions: readonly DockerInstruction[];
}

export interface DockerInstruction {
  readonly keyword: string;
  readonly keywordSpan: Span;
  readonly span: Span;
  /** The arguments as words, quotes removed; of `COPY` and `ADD` the sources and, last, the destination. */
  readonly words: readonly DockerWord[];
  /** `--mount=type=secret,…` and the like. */
  readonly flags: readonly DockerWord[];
  /** What `ENV` and `ARG` set. */
  readonly assignments: readonly ShellAssignment[];
  /** `ARG NAME` without a value. */
  readonly names: readonly DockerWord[];
  /** What `RUN` runs in a shell. */
  readonly commands: readonly ShellCommand[];
}

export interface DockerWord {
  readonly text: string;
  readonly span: Span;
}
