import type { Location, TextEdit } from "./text";

/** E: Terraform will fail or a secret is exposed. W: very likely wrong. I: information. H: a hint. */
export type Severity = "error" | "warning" | "info" | "hint";

export const severities: readonly Severity[] = ["error", "warning", "info", "hint"];

/** A second place that explains the first. Never on a line that holds a secret of the user's own AWS files. */
export interface Related {
  readonly message: string;
  readonly at: Location;
}

/** A cure as text edits. `safe` ones may be applied in bulk; `review` ones need a person's eye. */
export interface Fix {
  readonly title: string;
  readonly safety: "safe" | "review";
  readonly edits: readonly TextEdit[];
  /** A file whose group and others lose their rights to it (`chmod go-rwx`). */
  readonly makePrivate?: string;
  /** A file to be written as UTF-8, after the edits. */
  readonly reencode?: string;
}

/** One mistake, on one token of one line. The message is built from facts, never from source text. */
export interface Problem {
  readonly message: string;
  readonly at: Location;
  /** Where it differs from the rule's own. */
  readonly severity?: Severity;
  readonly related?: readonly Related[];
  readonly fixes?: readonly Fix[];
}

export interface Finding extends Problem {
  readonly rule: string;
  readonly severity: Severity;
}
