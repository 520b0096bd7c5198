import type { Facts } from "../facts/facts";
import type { Chain, ChainRole, ChainSource } from "../model/chain";
import type { CredentialSet, Keys, Observation, Verification } from "../model/credentials";
import { describeSource, setId } from "../model/describe";
import type { FetchReply } from "../model/fetching";
import { type Consent, obstacleOf } from "./obstacles";
import { probeAtHome } from "./probe";
import { walkRoles } from "./roles";
import type { SourceQuestion, World } from "./world";

export interface VerifyOptions extends Consent {
  /** Instead of the region the set comes to. */
  readonly region?: string;
  readonly signal?: AbortSignal;
  /** Only the chain's own keys are asked about; its roles are left alone. */
  readonly withoutRoles?: boolean;
  /** The user agreed that an SSO login that is over is renewed and kept. */
  readonly mayRenewLogin?: boolean;
  /** Told before anything is sent what comes before the question itself: `assumes arn:…`. */
  readonly announce?: (steps: readonly string[]) => void;
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
  const notAsked = obstacleOf(facts, set, chain, options);
  const { winner } = chain;
  if (notAsked || !winner) return { set, chain, region, ...(notAsked ? { notAsked } : {}) };
  const place = {
    region,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(options.signal ? { signal: options.signal } : {}),
  };
  const roles = rolesToAssume(chain, options);
  const steps = [...(winner.keys ? [] : [`takes its keys from ${describeSource(winner)}`]), ...roles.map(inWords)];
  if (steps.length > 0) options.announce?.(steps);
  const observed = (reply: Omit<Observation, "of" | "region" | "at" | "chain">): Verification => {
    return { set, chain, region, observation: { ...reply, of: setId(set), region, at: world.now(), chain } };
  };
  const { answer, ...rest } = await keysOf(winner, chain, world, place, options);
  if (answer.status === "unavailable") {
    return { set, chain, region, notAsked: { ...answer, kind: "keys-out-of-reach" } };
  }
  if (answer.status === "rejected") {
    const { refusal: _, ...rejected } = answer;
    return observed({ ...rest, answer: rejected, noKeys: true });
  }
  if (answer.status === "unknown") return observed({ ...rest, answer, noKeys: true });
  const { keys, expires } = answer;
  const request = { ...place, keys };
  const startedAt = world.now();
  const first = await world.callerIdentity(request);
  const atHome = await probeAtHome(request, first, startedAt, world);
  const reply = await walkRoles(request, first, roles, chain.roles.length - roles.length, world);
  return observed({ ...reply, ...(atHome ? { atHome } : {}), ...(expires ? { expires } : {}), ...isTemporary(keys) });
}

const isTemporary = ({ accessKeyId }: Keys) => (accessKeyId.startsWith("ASIA") ? { isTemporary: true as const } : {});

type Place = Omit<SourceQuestion, "source" | "role" | "mayRenew">;

/** The keys that the chain holds, or those that its source gives. */
async function keysOf(
  { keys, fetch }: ChainSource,
  { roles: [role] }: Chain,
  world: World,
  place: Place,
  options: VerifyOptions,
): Promise<FetchReply> {
  if (keys || !fetch) return { host: "", answer: keys ? { status: "fetched", keys } : nothing };
  return world.fetchKeys({
    ...place,
    source: fetch,
    ...(role && fetch.kind === "web-identity" ? { role } : {}),
    ...(options.mayRenewLogin ? { mayRenew: true } : {}),
    ...(options.workspace ? { workspace: options.workspace } : {}),
  });
}

const nothing = { status: "unavailable", because: "There are no keys to ask with.", next: [] } as const;

/** The roles to assume with the keys at hand; none where the user asked for that, or where a value is not known here. */
function rolesToAssume({ roles }: Chain, { withoutRoles }: VerifyOptions): readonly ChainRole[] {
  // A web identity's token is spent on the first one already.
  const left = roles[0]?.operation === "AssumeRoleWithWebIdentity" ? roles.slice(1) : roles;
  return withoutRoles || left.some((role) => role.unknown) ? [] : left;
}

const inWords = ({ roleArn }: ChainRole) => `assumes ${roleArn}`;
