import { mostSimilar } from "../facts/similar";

/** The end of a sentence about an unknown name: which known one was meant, if any comes close. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const meant = mostSimilar(word, known);
  return meant === undefined ? "" : `; did you mean ${meant}?`;
}
