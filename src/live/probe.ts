import { evidentFlaw, sessionTokenShape } from "../aws/accessKey";
import { homeRegion, regionInfo } from "../aws/regions";
import type { Probe, Reply } from "../model/credentials";
import type { IdentityRequest, World } from "./world";

/** All that a verification takes, the first question included. */
const patienceMs = 10_000;

/**
 * A key that a region does not know, asked about once in its partition's home region: a region that was not enabled, or
 * a token of the global endpoint, makes the same answer as a key that is dead. Undefined where that would tell nothing.
 */
export async function probeAtHome(
  request: IdentityRequest,
  { answer }: Reply,
  startedAt: Date,
  world: World,
): Promise<Probe | undefined> {
  const { keys, region, endpoint, signal } = request;
  const info = regionInfo(region);
  const isUnknownKey = answer.status === "rejected" && answer.code === "InvalidClientTokenId";
  if (!isUnknownKey || !info || endpoint !== undefined || evidentFlaw(keys)) return undefined;
  const home = homeRegion(info.partition);
  const left = startedAt.getTime() + patienceMs - world.now().getTime();
  if (home === region || left <= 0) return undefined;
  const limit = AbortSignal.timeout(left);
  const reply = await world.callerIdentity({
    keys,
    region: home,
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  });
  const token = keys.sessionToken && sessionTokenShape(keys.sessionToken.reveal());
  const isTokenRegional = token?.kind === "session-token" && token.isRegional;
  return { ...reply, region: home, ...(isTokenRegional ? { isTokenRegional } : {}) };
}
