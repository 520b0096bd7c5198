import type { Location } from "../model/text";
import type { AwsText } from "./facts";

/** Tells the sections that lose a setting to a mistake of grammar: what they lack is no mistake of its own. */
export function losesSetting(awsTexts: readonly AwsText[]): (header: Location) => boolean {
  const broken = new Set(
    awsTexts.flatMap(({ irregularities }) => irregularities.flatMap(({ header }) => (header ? placeOf(header) : []))),
  );
  return (header) => broken.has(placeOf(header));
}

const placeOf = ({ path, span }: Location) => `${path}:${span.start}`;
