import type { Chain, ChainProblem } from "../model/chain";
import { isNoneFound } from "../model/describe";
import type { Location } from "../model/text";
import { notesOf, type OwnerOf } from "./chainNotes";
import { chainInShort, isStopped, targetWords } from "./chainWords";

/** What stops a chain before AWS is asked, or at AWS for sure. */
export type Stage = ChainProblem["stage"];

export const stopOf = (chain: Chain): Stage | undefined => (isStopped(chain) ? chain.problem?.stage : undefined);

/** The line above a block. */
export function lensTitle(chain: Chain, ownerOf: OwnerOf): string {
  if (stopOf(chain) === "before-signing") return chainInShort(chain);
  const what = isNoneFound(chain) ? "no credentials found here" : `resolves to ${chainInShort(chain)}`;
  return [what, ...notesOf(chain, ownerOf).map(({ short }) => short)].join(" · ");
}

/** What is told of a file in the language status. */
export interface FileCredentials {
  readonly text: string;
  readonly detail: string;
  readonly severity: "information" | "warning" | "error";
}

/**
 * The credentials of a file's blocks: of the only one, or of all of them where they agree; a problem comes before all.
 * `shortPlace` is a place in the fewest words, `config:12`.
 */
export function fileCredentials(
  chains: readonly Chain[],
  shortPlace: (at: Location) => string,
  ownerOf: OwnerOf,
): FileCredentials | undefined {
  const stopped =
    chains.find((one) => stopOf(one) === "before-signing") ?? chains.find((one) => stopOf(one) === "at-aws");
  if (stopped) {
    const severity = stopOf(stopped) === "at-aws" ? "warning" : "error";
    return { text: chainInShort(stopped), detail: targetWords(stopped.target), severity };
  }
  const [chain] = chains;
  if (!chain) return undefined;
  const different = new Set(chains.map((one) => chainInShort(one))).size;
  const more = different > 1 ? ` and ${different - 1} more` : "";
  const notes = [...new Set(chains.flatMap((one) => notesOf(one, ownerOf).map(({ short }) => short)))];
  return {
    text: `Credentials: ${chainInShort(chain, placeWords(chain, shortPlace))}${more}`,
    detail: [chains.map(({ target }) => targetWords(target)).join(", "), ...notes].join(" · "),
    severity: "information",
  };
}

function placeWords({ winner }: Chain, shortPlace: (at: Location) => string): string {
  if (winner?.variable !== undefined) return ` (${winner.variable})`;
  return winner?.at ? ` (${shortPlace(winner.at)})` : "";
}
