import { accountOfKeyId, canaryAccounts } from "../aws/accessKey";
import type { Facts } from "../facts/facts";
import { resolve } from "../facts/resolve";
import type { CredentialSet, NotAsked, Resolution, Verification } from "../model/credentials";
import { describeSet, setId, subjectOf } from "../model/describe";
import type { World } from "./world";

export interface VerifyOptions {
  readonly endpoint?: string;
  /** Instead of the region the set comes to. */
  readonly region?: string;
  readonly signal?: AbortSignal;
  /** The user agreed to send a key that was found in a workspace file. */
  readonly mayUseFoundKeys: boolean;
}

/** Where to ask when nothing names a region: the partition's first. */
const fallbackRegion = "us-east-1";

/** Looks a set up in the chain and, if that gives keys that may be used, asks AWS whose they are. Never throws. */
export async function verify(
  facts: Facts,
  set: CredentialSet,
  world: World,
  options: VerifyOptions,
): Promise<Verification> {
  const resolution = resolve(facts, set);
  const region = options.region ?? resolution.region?.name ?? fallbackRegion;
  const notAsked = obstacle(facts, resolution, options);
  if (notAsked || !resolution.keys) {
    return {
      resolution,
      region,
      notAsked: notAsked ?? { kind: "keys-out-of-reach", because: "its keys are not here" },
    };
  }
  const reply = await world.callerIdentity({
    keys: resolution.keys,
    region,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  return { resolution, region, observation: { ...reply, of: setId(set), region, at: world.now() } };
}

/** What stands between a resolution and a request. */
function obstacle(facts: Facts, resolution: Resolution, options: VerifyOptions): NotAsked | undefined {
  const { of, keys, failure, winner, profile } = resolution;
  if (failure) return { kind: "broken-chain", because: `Terraform stops before it asks AWS: ${failure.message}.` };
  if (!keys) {
    const id = holderOf(facts, resolution)?.settings.accessKeyId;
    if (id?.value.kind === "secret") {
      const because = `The ${id.spelling} that ${describeSet(of)} comes to is no key id of AWS's, so it was not sent.`;
      return { kind: "broken-chain", because };
    }
    const how = winner ? `${winner.title}: ${winner.because}` : "no source has credentials";
    const named = profile === undefined ? "" : ` (profile ${profile})`;
    return { kind: "keys-out-of-reach", because: `The keys of ${describeSet(of)} are not in a file${named}: ${how}.` };
  }
  if (of.endpoint !== "aws" && options.endpoint === undefined) {
    const who = of.endpoint === "emulator" ? "an emulator" : "a service that is not AWS";
    return { kind: "not-aws", because: `${subjectOf(of)} talks to ${who}; AWS does not know its keys.` };
  }
  const account = accountOfKeyId(keys.accessKeyId);
  if (account && canaryAccounts.has(account)) {
    return {
      kind: "canary-key",
      because: `This key belongs to account ${account}, a known issuer of honeytokens: using it raises an alarm.`,
    };
  }
  if (winner?.source === "static" && !options.mayUseFoundKeys) {
    return {
      kind: "consent-needed",
      because: `The key of ${describeSet(of)} stands in the workspace; it is only sent when you say so.`,
    };
  }
  return undefined;
}

/** The set whose own settings the winner took, where it is one. */
function holderOf(facts: Facts, { of, winner, profile }: Resolution): CredentialSet | undefined {
  switch (winner?.source) {
    case "static":
      return of;
    case "environment":
      return facts.sets.find(({ origin }) => origin.kind === "environment");
    case "profile":
      return facts.profiles.get(profile ?? "")?.set;
    default:
      return undefined;
  }
}
