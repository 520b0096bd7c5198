import type { Facts } from "../facts/facts";
import type { Problem, Severity } from "../model/finding";

/** Secret keys of the right shape that nobody issued, for examples; put together here so that no scanner takes them for a leak. */
export const fakeSecrets: readonly [string, string] = [
  ["CANARYPtYgjmUhBel31i", "El2hpChYgCfrL1spNxny"].join(""),
  ["CANARYVmihA/2O76UMFx", "FkM/R5Kjp1vRt+1fjORS"].join(""),
];

/** The same for an access key id. */
export const fakeKeyId = ["AKIA", "CANARYCALLERID22"].join("");

/** A key id that account 444455556666 would have. */
export const fakeKeyIdOf4444 = ["AKIA", "WO645SY5KVCANARY"].join("");

/** A key id that an issuer of honeytokens would have. */
export const fakeCanaryKeyId = ["AKIA", "QYLPMN5HKVCANARY"].join("");

/** Where a rule's page is found by anyone. */
export function pageOf(rule: string): string {
  return `https://github.com/callerid/callerid/blob/main/docs/rules/${rule}.md`;
}

/** A check and its manual page; the examples are both its documentation and its tests. */
export interface Rule {
  /** Kebab-case, the file's name; names the mistake. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** Why it matters, one or two sentences of Markdown. */
  readonly why: string;
  /** What to do about it. */
  readonly remedy: string;
  /** When it stays silent, so that people know what a silence means. */
  readonly silence?: string;
  readonly links: readonly string[];
  /** What goes into a file that is not this one, to be copied. */
  readonly snippet?: { readonly title: string; readonly language: string; readonly text: string };
  /** Name of the case → path → text; `home/` is the home directory, `environment` the process environment. */
  readonly examples: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Runs after the others, on what came of them. */
  readonly looksBack?: true;
  check(facts: Facts): Iterable<Problem>;
}
