import type { Facts } from "../facts/facts";
import type { CredentialSet } from "../model/credentials";
import { subjectOf } from "../model/describe";
import type { Finding, Related } from "../model/finding";
import type { Location } from "../model/text";

/** As many as people read. */
const maxUsers = 5;

/** The blocks whose chains come to the profile or the variables that a finding is about. */
export function findingUsers(
  { at, related = [] }: Finding,
  facts: Facts,
  blocks: readonly CredentialSet[],
): readonly Related[] {
  const set = facts.sets.find((one) => isOutside(one) && holds(one, at));
  if (!set) return [];
  const { origin } = set;
  const users = blocks.filter((block) => {
    const { winner, profile } = facts.chainOf(block);
    if (origin.kind === "environment") return winner?.kind === "env";
    return origin.kind === "profile" && profile === origin.name && winner?.at?.path === set.at.path;
  });
  const what = origin.kind === "environment" ? "these variables" : "this profile";
  return users
    .filter((block) => !related.some((one) => isSame(one.at, block.at)))
    .slice(0, maxUsers)
    .map((block) => ({ at: block.at, message: `${subjectOf(block)} comes to ${what}.` }));
}

const isOutside = ({ origin }: CredentialSet) => origin.kind === "profile" || origin.kind === "environment";

function holds({ at, settings }: CredentialSet, place: Location): boolean {
  return [at, ...Object.values(settings).flatMap((one) => [one.at, one.nameAt, one.valueAt])].some((one) =>
    isSame(one, place),
  );
}

const isSame = (one: Location, other: Location) => one.path === other.path && one.span.start === other.span.start;
