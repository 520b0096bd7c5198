import type { Case, Suspicion } from "./suspicion";
import { identitySuspicions } from "./suspicionsOfIdentity";
import { keySuspicions } from "./suspicionsOfKeys";
import { placeSuspicions } from "./suspicionsOfPlaces";
import { sourceSuspicions } from "./suspicionsOfSources";

/** What can be behind an error by what it says and where it says it, the first suspicion first. */
export function suspicionsOf(one: Case): readonly Suspicion[] {
  for (const judge of [keySuspicions, sourceSuspicions, identitySuspicions, placeSuspicions]) {
    const found = judge(one);
    if (found) return found;
  }
  return [];
}
