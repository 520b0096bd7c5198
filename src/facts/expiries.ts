import { expiryOf } from "../aws/expiry";
import type { CredentialSet, Setting } from "../model/credentials";
import type { Facts } from "./facts";
import { keyKind } from "./shapes";

/** When keys that Terraform takes here stop working, as their login tool wrote it down. */
export interface RecordedExpiry {
  readonly set: CredentialSet;
  readonly setting: Setting;
  readonly at: Date;
}

export function expiriesInUse({ sets, profiles, uses }: Facts): readonly RecordedExpiry[] {
  const used = [
    ...[...uses.profiles.keys()].flatMap((name) => profiles.get(name)?.set ?? []),
    ...sets.filter(({ origin }) => origin.kind === "environment" && uses.environment),
  ];
  return used.flatMap((set) => {
    const { accessKeyId, sessionToken, expiration } = set.settings;
    const isTemporary = accessKeyId && (sessionToken || keyKind(accessKeyId) === "temporary-key-id");
    if (!isTemporary || expiration?.value.kind !== "literal") return [];
    const at = expiryOf(expiration.value.text);
    return at ? [{ set, setting: expiration, at }] : [];
  });
}

/** Day, hours and minutes in UTC, which mean the same everywhere. */
export function momentOf(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
