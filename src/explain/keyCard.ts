import { accessKeyIdShape, accountOfKeyId, canaryAccounts, maskKeyId } from "../aws/accessKey";
import type { Facts } from "../facts/facts";
import type { CredentialSet } from "../model/credentials";
import type { Location } from "../model/text";
import { type Card, type PlaceOf, usersLine } from "./profileCard";

const titles = { "long-term-key-id": "Long-term access key", "temporary-key-id": "Temporary access key" } as const;

/** What a key id tells, and which of the blocks, profiles and the environment come to it; undefined for what is no key id. */
export function keyCard(
  facts: Facts,
  blocks: readonly CredentialSet[],
  id: string,
  at: Location,
  placeOf: PlaceOf,
): Card | undefined {
  const shape = accessKeyIdShape(id);
  const kind = shape.kind === "documented" ? shape.of : shape.kind;
  if (kind !== "long-term-key-id" && kind !== "temporary-key-id") return undefined;
  const users = [...blocks, ...facts.sets.filter((set) => !blocks.includes(set))].filter(
    (set) => keyIdOf(facts, set) === id && !standsAt(set, at),
  );
  return {
    title: titles[kind],
    name: maskKeyId(id),
    lines: [
      shape.kind === "documented" ? "An example of AWS's documentation; it belongs to nobody." : accountLine(id),
      ...(kind === "temporary-key-id" ? ["Good only with the session token that came with it, and for hours."] : []),
      usersLine(users, placeOf),
    ],
  };
}

function accountLine(id: string): string {
  const account = accountOfKeyId(id);
  if (account === undefined) return "Account unknown: this key does not tell it.";
  const canary = canaryAccounts.has(account)
    ? " It is a known issuer of honeytokens: using the key raises an alarm."
    : "";
  return `Account ${account}, decoded from the key.${canary}`;
}

/** The key a set comes to; its id is known even where its secret stands behind a variable. */
function keyIdOf(facts: Facts, set: CredentialSet): string | undefined {
  const own = set.settings.accessKeyId;
  // Terraform takes a key of the block before anything else.
  if (own?.value.kind === "literal" && set.origin.kind !== "profile") return own.value.text;
  return set.origin.kind === "variables" ? undefined : facts.chainOf(set).winner?.keys?.accessKeyId;
}

/** A profile needs no mention beside its own key; a block does, for its name is not on that line. */
function standsAt({ origin, settings: { accessKeyId } }: CredentialSet, at: Location): boolean {
  return (
    origin.kind === "profile" &&
    accessKeyId?.valueAt.path === at.path &&
    accessKeyId.valueAt.span.start === at.span.start
  );
}
