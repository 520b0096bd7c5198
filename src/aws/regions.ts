/**
 * Partitions, their regions and the STS host of each, as of November 2026. A region newer than this table is not known:
 * no request goes to it, and `isPossibleRegion` tells it from a misspelling so that nothing calls it wrong.
 *
 * https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 * https://docs.aws.amazon.com/general/latest/gr/sts.html
 * https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
 */

export type PartitionName =
  | "aws"
  | "aws-cn"
  | "aws-us-gov"
  | "aws-eusc"
  | "aws-iso"
  | "aws-iso-b"
  | "aws-iso-e"
  | "aws-iso-f";

export interface Region {
  readonly name: string;
  readonly partition: PartitionName;
  /** Whether an account has to enable the region before it can be used there. */
  readonly optIn: boolean;
}

export interface Partition {
  readonly name: PartitionName;
  /** The region that answers for the whole partition. */
  readonly home: string;
  readonly domain: string;
  /** What every region of the partition begins with. */
  readonly prefix: RegExp;
  readonly regions: readonly string[];
}

/** The regions launched before 20 March 2019, which every account has; all later ones of `aws` are opt-in. */
const enabledByDefault: ReadonlySet<string> = new Set([
  "us-east-1",
  "us-east-2",
  "us-west-1",
  "us-west-2",
  "ca-central-1",
  "sa-east-1",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "eu-central-1",
  "eu-north-1",
  "ap-south-1",
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-northeast-3",
  "ap-southeast-1",
  "ap-southeast-2",
]);

const optInRegions: readonly string[] = [
  "af-south-1",
  "ap-east-1",
  "ap-east-2",
  "ap-south-2",
  "ap-southeast-3",
  "ap-southeast-4",
  "ap-southeast-5",
  "ap-southeast-6",
  "ap-southeast-7",
  "ca-west-1",
  "eu-central-2",
  "eu-south-1",
  "eu-south-2",
  "il-central-1",
  "me-central-1",
  "me-south-1",
  "mx-central-1",
];

export const partitions: readonly Partition[] = [
  {
    name: "aws",
    home: "us-east-1",
    domain: "amazonaws.com",
    prefix: /^(us|eu|ap|sa|ca|me|af|il|mx)-/,
    regions: [...enabledByDefault, ...optInRegions],
  },
  {
    name: "aws-cn",
    home: "cn-north-1",
    domain: "amazonaws.com.cn",
    prefix: /^cn-/,
    regions: ["cn-north-1", "cn-northwest-1"],
  },
  {
    name: "aws-us-gov",
    home: "us-gov-west-1",
    domain: "amazonaws.com",
    prefix: /^us-gov-/,
    regions: ["us-gov-east-1", "us-gov-west-1"],
  },
  {
    name: "aws-eusc",
    home: "eusc-de-east-1",
    domain: "amazonaws.eu",
    prefix: /^eusc-de-/,
    regions: ["eusc-de-east-1"],
  },
  {
    name: "aws-iso",
    home: "us-iso-east-1",
    domain: "c2s.ic.gov",
    prefix: /^us-iso-/,
    regions: ["us-iso-east-1", "us-iso-west-1"],
  },
  {
    name: "aws-iso-b",
    home: "us-isob-east-1",
    domain: "sc2s.sgov.gov",
    prefix: /^us-isob-/,
    regions: ["us-isob-east-1", "us-isob-west-1"],
  },
  {
    name: "aws-iso-e",
    home: "eu-isoe-west-1",
    domain: "cloud.adc-e.uk",
    prefix: /^eu-isoe-/,
    regions: ["eu-isoe-west-1"],
  },
  {
    name: "aws-iso-f",
    home: "us-isof-south-1",
    domain: "csp.hci.ic.gov",
    prefix: /^us-isof-/,
    regions: ["us-isof-east-1", "us-isof-south-1"],
  },
];

const table: ReadonlyMap<string, Region & { readonly domain: string }> = new Map(
  partitions.flatMap(({ name: partition, domain, regions }) =>
    regions.map((name) => {
      const optIn = partition === "aws" && !enabledByDefault.has(name);
      return [name, { name, partition, optIn, domain }] as const;
    }),
  ),
);

export const allRegions: readonly string[] = [...table.keys()];

/** The region of exactly that name: no case is folded and no blank is cut. */
export function regionInfo(name: string): Region | undefined {
  const row = table.get(name);
  return row && { name: row.name, partition: row.partition, optIn: row.optIn };
}

export function isKnownRegion(name: string): boolean {
  return table.has(name);
}

/** The host that answers for STS in a known region; neither the FIPS nor the dual-stack one. Throws on any other name. */
export function stsHost(region: string): string {
  const row = table.get(region);
  if (!row) throw new RangeError("not a region of the table");
  return `sts.${row.name}.${row.domain}`;
}

export function homeRegion(partition: PartitionName): string {
  const found = partitions.find(({ name }) => name === partition);
  if (!found) throw new RangeError("not a partition of the table");
  return found.home;
}

const compass = "(?:north|south|central|(?:north|south)?(?:east|west))";
const ending = new RegExp(`^${compass}-[1-9]$`);

/** The partition that a name of a region's form belongs to, whether or not the table has the region. */
export function partitionOf(name: string): PartitionName | undefined {
  // Commercial prefixes come last: `us-gov-west-1` starts with `us-` too.
  const found = partitions.toReversed().find(({ prefix }) => prefix.test(name));
  return found && ending.test(name.replace(found.prefix, "")) ? found.name : undefined;
}

/** Whether AWS could give a region this name: one that the table lacks is then perhaps younger than it, not misspelt. */
export function isPossibleRegion(name: string): boolean {
  return partitionOf(name) !== undefined;
}

/** The region that was probably meant; undefined when nothing is near, or two are, or the name may be a new region's. */
export function nearestRegion(name: string): string | undefined {
  // Longer than any region plus two edits: not worth comparing.
  if (isKnownRegion(name) || name.length > 40) return undefined;
  const tidy = name
    .trim()
    .toLowerCase()
    .replace(/[_\s.]/g, "-")
    .replace(/-+/g, "-");
  // Availability zones (us-east-1a) and local zones (us-east-1-bos-1a) begin with their region.
  const base = tidy.replace(/^([a-z-]+-\d)(?:[a-z]|-[a-z]{3}-\d[a-z]?)$/, "$1");
  if (isKnownRegion(base)) return base;
  if (isPossibleRegion(base)) return undefined;
  return respelled(base) ?? closest(base);
}

/** The same letters and digits, with hyphens or whole parts out of place: `useast1`, `east-us-1`. */
function respelled(name: string): string | undefined {
  const parts = (text: string) => text.split("-").sort().join("-");
  const joined = (text: string) => text.replaceAll("-", "");
  const found = allRegions.filter((one) => joined(one) === joined(name) || parts(one) === parts(name));
  return found.length === 1 ? found[0] : undefined;
}

/** The only region with the fewest edits, of which two are too many already where more than one region has them. */
function closest(name: string): string | undefined {
  const ranked = allRegions
    .map((region) => ({ region, edits: editDistance(name, region) }))
    .filter(({ edits }) => edits <= 2)
    .sort((a, b) => a.edits - b.edits);
  const [first, second] = ranked;
  return first && first.edits !== second?.edits ? first.region : undefined;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one text into the other. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (last[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const inserted = (current[column - 1] ?? 0) + 1;
      const deleted = (last[column] ?? 0) + 1;
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const swapped = isSwap ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      current.push(Math.min(replaced, inserted, deleted, swapped));
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}
