import { accountOfKeyId, canaryAccounts } from "../aws/accessKey";
import type { Facts } from "../facts/facts";
import type { Chain, ChainRole } from "../model/chain";
import type { CredentialSet, Keys, NotAsked, Verification } from "../model/credentials";
import { describeSet, describeSource, isNoneFound, setId, subjectOf } from "../model/describe";
import { probeAtHome } from "./probe";
import { walkRoles } from "./roles";
import type { World } from "./world";

export interface VerifyOptions {
  readonly endpoint?: string;
  /** Instead of the region the set comes to. */
  readonly region?: string;
  readonly signal?: AbortSignal;
  /** The user agreed to send a key that was found in a workspace file. */
  readonly mayUseFoundKeys: boolean;
  /** Variables that the workspace sets, not the user. */
  readonly foundVariables?: ReadonlySet<string>;
  /** Only the chain's own keys are asked about; its roles are left alone. */
  readonly withoutRoles?: boolean;
  /** Told before anything is sent, where roles are going to be assumed. */
  readonly onRoles?: (roles: readonly ChainRole[]) => void;
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
  const chain = facts.chainOf(set);
  const region = options.region ?? chain.region?.name ?? fallbackRegion;
  const keys = chain.winner?.keys;
  const notAsked = keys ? obstacle(facts, set, chain, keys, options) : outOfReach(set, chain);
  if (notAsked || !keys) return { set, chain, region, ...(notAsked ? { notAsked } : {}) };
  const request = {
    keys,
    region,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(options.signal ? { signal: options.signal } : {}),
  };
  const roles = rolesToAssume(chain, options);
  if (roles.length > 0) options.onRoles?.(roles);
  const startedAt = world.now();
  const first = await world.callerIdentity(request);
  const atHome = await probeAtHome(request, first, startedAt, world);
  const reply = await walkRoles(request, first, roles, world);
  const observation = { ...reply, of: setId(set), region, at: world.now(), ...(atHome ? { atHome } : {}) };
  return { set, chain, region, observation };
}

/** The roles that a verification assumes; none where the user asked for that, or where a value is not known here. */
function rolesToAssume({ roles }: Chain, { withoutRoles }: VerifyOptions): readonly ChainRole[] {
  return withoutRoles || roles.some((role) => role.unknown) ? [] : roles;
}

/** What Terraform says before it asks AWS; what AWS will say is asked. */
function stopOf({ problem }: Chain): NotAsked | undefined {
  if (problem?.stage !== "before-signing" || problem.isPossible) return undefined;
  return { kind: "broken-chain", because: `Terraform stops before it asks AWS: ${problem.message}` };
}

/** Why there are no keys to ask with. */
function outOfReach(set: CredentialSet, chain: Chain): NotAsked {
  const { winner } = chain;
  if (winner?.ending !== undefined) {
    const because = `What stands in the key id's place for ${describeSet(set)} is no key id of AWS's, so it was not sent.`;
    return { kind: "broken-chain", because };
  }
  const how = winner && !isNoneFound(chain) ? `they come from ${describeSource(winner)}` : "no source has credentials";
  return (
    stopOf(chain) ?? {
      kind: "keys-out-of-reach",
      because: `The keys of ${describeSet(set)} are not in a file: ${how}.`,
    }
  );
}

/** What stands between keys and a request. */
function obstacle(
  facts: Facts,
  set: CredentialSet,
  chain: Chain,
  keys: Keys,
  options: VerifyOptions,
): NotAsked | undefined {
  const stop = stopOf(chain);
  if (stop) return stop;
  if (set.endpoint !== "aws" && options.endpoint === undefined) {
    const who = set.endpoint === "emulator" ? "an emulator" : "a service that is not AWS";
    return { kind: "not-aws", because: `${subjectOf(set)} talks to ${who}; AWS does not know its keys.` };
  }
  const account = accountOfKeyId(keys.accessKeyId);
  if (account && canaryAccounts.has(account)) {
    return {
      kind: "canary-key",
      because: `This key belongs to account ${account}, a known issuer of honeytokens: using it raises an alarm.`,
    };
  }
  if (!options.mayUseFoundKeys && isFound(chain, facts, options)) {
    return {
      kind: "consent-needed",
      because: `The key of ${describeSet(set)} stands in the workspace; it is only sent when you say so.`,
    };
  }
  return undefined;
}

/** Whether keys come from the workspace: from anything but the user's own AWS files and environment. */
function isFound({ winner }: Chain, { awsFiles, environment }: Facts, { foundVariables }: VerifyOptions): boolean {
  if (!winner || winner.kind === "static") return true;
  if (winner.variable !== undefined) return foundVariables?.has(winner.variable) === true;
  const path = winner.at?.path;
  if (path === undefined || path === environment.source.path) return false;
  const isOwn = path === awsFiles.credentialsPath || path === awsFiles.configPath;
  return !isOwn || ["AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"].some((name) => foundVariables?.has(name));
}
