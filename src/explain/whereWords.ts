import type { Spot } from "../model/chain";
import type { ChainNames } from "./chainTree";

/** Where something stands, or whose variable it is; empty where it stands nowhere. */
export function whereWords(
  { at, variable, argument }: Spot,
  { placeOf, ownerOf }: Pick<ChainNames, "placeOf" | "ownerOf">,
  before: string,
): string {
  if (variable !== undefined) {
    const owner = ownerOf(variable);
    return `${before}${variable}${owner === undefined ? "" : ` of ${owner}`}`;
  }
  if (argument) return `${before}${argument}`;
  return at ? `${before}${placeOf(at)}` : "";
}
