import { partitions } from "./regions";

/** The host of a URL, in lower case; empty where there is none. */
export function hostOf(url: string): string {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]*)/i.exec(url)?.[1]?.toLowerCase() ?? "";
}

/** https://docs.aws.amazon.com/general/latest/gr/rande.html */
const domains: readonly string[] = [...new Set([...partitions.map(({ domain }) => domain), "api.aws"])];

export function isAwsHost(host: string): boolean {
  return domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
}
