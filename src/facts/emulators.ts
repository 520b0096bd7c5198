import { hostOf } from "../aws/hosts";
import type { CredentialSet } from "../model/credentials";
import { type Environment, environmentAddress } from "./environment";

/** The set as one of an emulator, where its calls go to a host that the project knows as such: `host` or `host:port`. */
export function withEmulators(
  set: CredentialSet,
  emulators: readonly string[],
  environment: Environment,
): CredentialSet {
  if (set.endpoint !== "other" || emulators.length === 0) return set;
  const own = [...(set.endpoints ?? []), ...(set.redirections ?? [])].map(({ url }) =>
    url.kind === "literal" ? url.text : "",
  );
  const addresses = own.length > 0 ? own : [environmentAddress(environment) ?? ""];
  const isEmulator = (url: string) => [hostOf(url), authorityOf(url)].some((one) => emulators.includes(one));
  return addresses.some(isEmulator) ? { ...set, endpoint: "emulator" } : set;
}

const authorityOf = (url: string) =>
  /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/@]*@)?([^/?#]*)/i.exec(url)?.[1]?.toLowerCase() ?? "";
