import { type PartitionName, partitionOf, partitions } from "./regions";

/** The host of a URL, in lower case; empty where there is none. */
export function hostOf(url: string): string {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]*)/i.exec(url)?.[1]?.toLowerCase() ?? "";
}

/** https://docs.aws.amazon.com/general/latest/gr/rande.html */
const domains: readonly string[] = [...new Set([...partitions.map(({ domain }) => domain), "api.aws"])];

export function isAwsHost(host: string): boolean {
  return domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
}

/** Whether a host is one of STS's own, a VPC endpoint of it included; below AWS's domains customers have names too. */
export function isStsHost(host: string): boolean {
  return isAwsHost(host) && host.split(".").some((label) => label === "sts" || label === "sts-fips");
}

/** The partition that a host of AWS answers for; undefined for other hosts. */
export function partitionOfHost(host: string): PartitionName | undefined {
  if (!isAwsHost(host)) return undefined;
  for (const label of host.split(".")) {
    if (label === "us-gov") return "aws-us-gov";
    // S3's old names have the region behind a hyphen: s3-us-gov-west-1.
    const found = partitionOf(label.replace(/^s3-(?:fips-)?/, ""));
    if (found) return found;
  }
  return partitions.find(({ domain }) => host.endsWith(`.${domain}`))?.name;
}

/** Stores that speak S3 and are not AWS's; their keys mean nothing to STS. */
const stores =
  /(?:^|\.)(?:digitaloceanspaces\.com|r2\.cloudflarestorage\.com|backblazeb2\.com|wasabisys\.com|linodeobjects\.com|scw\.cloud|cloud\.ovh\.(?:net|us)|storage\.googleapis\.com|storage\.yandexcloud\.net|yandexcloud\.net|aliyuncs\.com|myqcloud\.com|vultrobjects\.com|exo\.io|your-objectstorage\.com|oraclecloud\.com|cloud-object-storage\.appdomain\.cloud|ionoscloud\.com|contabostorage\.com|idrivee2[\w-]*\.com|storjshare\.io|upcloudobjects\.com|tigris\.dev|selcloud\.ru)$/;

export const isOtherStoreHost = (host: string): boolean => stores.test(host);
