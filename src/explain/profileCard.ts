import type { Facts } from "../facts/facts";
import type { CredentialSet } from "../model/credentials";
import { describeSet } from "../model/describe";
import type { Location } from "../model/text";
import { sourceOfSet } from "./sourceWords";

/** What a hover says. Everything but `title` may hold text of a file. */
export interface Card {
  readonly title: string;
  readonly name: string;
  readonly lines: readonly string[];
}

/** A place in words: `main.tf:3`. */
export type PlaceOf = (at: Location) => string;

/** Where a profile stands, how it gets its credentials and which of `blocks` come to it; undefined when no file has it. */
export function profileCard(
  facts: Facts,
  blocks: readonly CredentialSet[],
  name: string,
  placeOf: PlaceOf,
): Card | undefined {
  const profile = facts.profiles.get(name);
  if (!profile) return undefined;
  const { set, headers } = profile;
  const { region, expiration } = set.settings;
  const users = [
    ...blocks.filter((block) => facts.chainOf(block).profile === name),
    ...[...facts.profiles.values()].map((one) => one.set).filter((other) => other !== set && isBuiltOn(other, name)),
  ];
  return {
    title: "Profile",
    name,
    lines: [
      `Stands in ${headers.map(placeOf).join(" and ")}.`,
      `Credentials: ${sourceOfSet(set)}.`,
      ...(region?.value.kind === "literal" ? [`Region: ${region.value.text}.`] : []),
      ...(expiration?.value.kind === "literal" ? [`Expires ${expiration.value.text}, as its tool recorded.`] : []),
      usersLine(users, placeOf),
    ],
  };
}

const isBuiltOn = ({ settings: { sourceProfile } }: CredentialSet, name: string) =>
  sourceProfile?.value.kind === "literal" && sourceProfile.value.text === name;

/** Who uses something, in one sentence. */
export function usersLine(users: readonly CredentialSet[], placeOf: PlaceOf): string {
  if (users.length === 0) return "Nothing in this workspace uses it.";
  const shown = users.slice(0, 8).map((set) => `${describeSet(set)} (${placeOf(set.at)})`);
  const rest = users.length - shown.length;
  return `Used by ${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}.`;
}
