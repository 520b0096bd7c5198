import type { Chain, ChainRole, ChainSource } from "../model/chain";
import type { CredentialSet, Identity, Observation } from "../model/credentials";
import { setId } from "../model/describe";
import type { Facts } from "./facts";

/** An answer of AWS's that is about what stands there now. */
export interface Observed {
  readonly set: CredentialSet;
  readonly observation: Observation;
  /** Whose keys set out, before any role. */
  readonly base?: Identity;
}

/** The answers that still hold: a set that came to other keys, another region or other roles since is not judged by them. */
export function standingObservations({ observations, sets, chainOf }: Facts): readonly Observed[] {
  return observations.flatMap((observation): Observed[] => {
    const set = sets.find((one) => setId(one) === observation.of);
    if (!set || !isSame(chainOf(set), observation.chain)) return [];
    const { answer, walk } = observation;
    const base = walk?.base ?? (answer.status === "valid" ? answer.identity : undefined);
    return [{ set, observation, ...(base ? { base } : {}) }];
  });
}

type Asked = Pick<Chain, "winner" | "roles" | "region">;

function isSame(now: Asked, before: Asked): boolean {
  return (
    isSameSource(now.winner, before.winner) &&
    now.region?.name === before.region?.name &&
    now.roles.map(nameOf).join("\n") === before.roles.map(nameOf).join("\n")
  );
}

const nameOf = ({ roleArn, externalId, sessionName, duration }: ChainRole) =>
  JSON.stringify([roleArn, externalId, sessionName, duration]);

function isSameSource(now: ChainSource | undefined, before: ChainSource | undefined): boolean {
  if (!now || !before || now.kind !== before.kind) return false;
  if (!now.keys || !before.keys) return !now.keys && !before.keys && sourceOf(now) === sourceOf(before);
  const { accessKeyId, secretAccessKey, sessionToken } = now.keys;
  const isSameToken =
    sessionToken && before.keys.sessionToken
      ? sessionToken.equals(before.keys.sessionToken)
      : sessionToken === before.keys.sessionToken;
  return accessKeyId === before.keys.accessKeyId && secretAccessKey.equals(before.keys.secretAccessKey) && isSameToken;
}

const sourceOf = ({ fetch, profile }: ChainSource) => JSON.stringify([fetch, profile]);
