import { partitionOf, regionInfo } from "../aws/regions";
import type { OutputError } from "../documents/terraformOutput";
import { environmentPath } from "../facts/environment";
import type { Chain } from "../model/chain";
import type { CauseId } from "./causes";
import { blocksBehind, type Here } from "./here";

/** Causes that the blocks here speak against; they are not excluded, for the output may be another machine's. */
export function unlikelyCauses(error: OutputError, here: Here): ReadonlySet<CauseId> {
  const written = blocksBehind(error, here).filter(({ at }) => at.path !== environmentPath);
  const chains = written.map(here.chainOf);
  if (chains.length === 0) return new Set();
  return new Set<CauseId>([
    ...(chains.every(hasLongTermKey) ? (["session-token-missing", "session-token-wrong-arg"] as const) : []),
    ...(chains.every(({ winner }) => winner?.kind === "static") ? (["stale-env-override"] as const) : []),
    ...(chains.every(isOrdinaryRegion) ? (["region-opt-in", "partition-mismatch"] as const) : []),
  ]);
}

const hasLongTermKey = ({ winner }: Chain) => winner?.keys?.accessKeyId.startsWith("AKIA") === true;

/** One that every account has, in AWS's commercial partition. */
function isOrdinaryRegion({ region }: Chain): boolean {
  return region !== undefined && partitionOf(region.name) === "aws" && regionInfo(region.name)?.optIn === false;
}
