import type { OutputError } from "../../documents/terraformOutput";
import { shellWord } from "../../model/shellWord";
import type { Belief } from "../beliefs";

/** What can be behind an error, in the user's words; true as it stands, wherever it is shown. */
export interface CauseWords {
  /** One sentence about what is wrong. */
  readonly title: string;
  /** What to do, the surest first. */
  readonly next: readonly string[];
  /** Advice that many come with here, and that does not help. */
  readonly belief?: Belief;
}

/** The words, or how to find them from what the error names. */
export type Cause = CauseWords | ((error: OutputError) => CauseWords);

export function causeWords(cause: Cause, error: OutputError): CauseWords {
  return typeof cause === "function" ? cause(error) : cause;
}

/** ` --profile dev`, where the error names one. */
export const profileOption = ({ profile }: OutputError) =>
  profile === undefined ? "" : ` --profile ${shellWord(profile)}`;
