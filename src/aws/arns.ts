import { isFillIn } from "./fillIns";

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/** Undefined for what does not have an ARN's six parts. */
export function parseArn(text: string): Arn | undefined {
  const parts = /^arn:([^:]*):([^:]*):([^:]*):([^:]*):(.*)$/s.exec(text);
  if (!parts) return undefined;
  const [, partition = "", service = "", region = "", account = "", resource = ""] = parts;
  return { partition, service, region, account, resource };
}

/** The account of an identity's ARN; undefined where none stands in it. */
export const accountOfIdentity = (arn: string) => /^arn:[\w-]+:\w+::(\d{12}):/.exec(arn)?.[1];

/** The partition and the account of an IAM role's ARN; undefined for any other text. */
export function roleArn(text: string): Pick<Arn, "partition" | "account"> | undefined {
  const arn = parseArn(text);
  return arn && roleArnFlaw(text) === undefined ? { partition: arn.partition, account: arn.account } : undefined;
}

/** Why a text is no IAM role's ARN. */
export interface ArnFlaw {
  /** Goes on after “the ARN” or “the value”. */
  readonly words: string;
  /** What it was surely meant to be. */
  readonly repaired?: string;
  /** Somebody still has to put the account, or all of it, in. */
  readonly isStandIn?: true;
}

const roleName = /^[\w+=,.@-]{1,64}$/;
const rolePath = /^role\/(?:[!-~]+\/)?[^/]+$/;
const account = /^\d{12}$/;
const partition = /^aws(?:-[a-z]+)*$/;

/** What keeps a text from being an IAM role's ARN; undefined for one that is. */
export function roleArnFlaw(text: string): ArnFlaw | undefined {
  const arn = parseArn(text);
  const flaw = arn ? partsFlaw(arn) : wholeFlaw(text);
  if (!flaw) return undefined;
  if (isStandIn(text, arn)) return { words: "still has to be filled in", isStandIn: true };
  return flaw;
}

const written = (arn: Arn) => ["arn", arn.partition, arn.service, arn.region, arn.account, arn.resource].join(":");

/** A repair counts only where nothing is wrong with it. */
function flawed(words: string, repaired?: string): ArnFlaw {
  const good = repaired === undefined ? undefined : parseArn(repaired);
  return good && !partsFlaw(good) && repaired !== undefined ? { words, repaired } : { words };
}

function wholeFlaw(text: string): ArnFlaw {
  const bare = text.trim().replace(/^(["'<])(.*)(["'>])$/, "$2");
  if (bare !== text) return flawed("has more around it than an ARN", bare);
  // One colon short: IAM's ARNs have an empty region.
  const short = /^arn:([^:]+):iam:(\d{12}):(role\/.+)$/.exec(text);
  if (short) return flawed("lacks the colon of the empty region", `arn:${short[1]}:iam::${short[2]}:${short[3]}`);
  if (/^arn:/i.test(text)) return flawed("does not have the six parts of an ARN", text.replace(/^arn:/i, "arn:"));
  return flawed("is no ARN");
}

const kinds: ReadonlyMap<string, string> = new Map([
  ["user", "an IAM user"],
  ["group", "an IAM group"],
  ["policy", "an IAM policy"],
  ["instance-profile", "an instance profile"],
  ["oidc-provider", "an identity provider"],
  ["saml-provider", "an identity provider"],
  ["mfa", "an MFA device"],
  ["root", "an account"],
]);

function partsFlaw(arn: Arn): ArnFlaw | undefined {
  const trimmed = written(arn).trim();
  if (trimmed !== written(arn)) return flawed("has blanks around it", trimmed);
  const session = /^assumed-role\/([^/]+)(?:\/.*)?$/.exec(arn.resource);
  if (session) {
    const repaired = written({ ...arn, service: "iam", region: "", resource: `role/${session[1]}` });
    return flawed("is the ARN of a session, not of the role that it comes from", repaired);
  }
  if (arn.service !== "iam") return flawed(`is the ARN of something in ${shown(arn.service)}, not in IAM`);
  const [kind = ""] = arn.resource.split(/[/:]/, 1);
  const other = kinds.get(kind);
  if (other) return flawed(`is the ARN of ${other}, not of a role`);
  if (arn.region !== "") return flawed("has a region, and a role has none", written({ ...arn, region: "" }));
  if (!partition.test(arn.partition)) return flawed(`has no partition of AWS but ${shown(arn.partition)}`);
  if (arn.account === "") return flawed("has no account");
  if (!account.test(arn.account)) {
    return flawed(
      /^\d+$/.test(arn.account)
        ? `has an account of ${arn.account.length} digits; AWS's have 12`
        : "has an account that is not 12 digits",
    );
  }
  return resourceFlaw(arn);
}

function resourceFlaw(arn: Arn): ArnFlaw | undefined {
  const meant = arn.resource.replace(/^roles?[/:]+(?=.)/i, "role/");
  if (meant !== arn.resource) {
    return flawed("does not go on with `role/` and a name", written({ ...arn, resource: meant }));
  }
  if (!arn.resource.startsWith("role/")) return flawed("does not go on with `role/` and a name");
  const name = arn.resource.slice(arn.resource.lastIndexOf("/") + 1);
  if (name === "") return flawed("has no role name");
  if (name.length > 64) return flawed("has a role name of more than 64 characters");
  if (!roleName.test(name) || !rolePath.test(arn.resource)) return flawed("has characters that no role name has");
  return undefined;
}

const shown = (part: string) => (/^[a-z0-9-]{1,30}$/i.test(part) ? part : "another form");

/** What people write where everybody puts their own: words for an account, `<…>`, `xxxx`, `1234567890`. */
function isStandIn(text: string, arn: Arn | undefined): boolean {
  if (isFillIn(text)) return true;
  if (!arn) return /^(?:test|testing|fake|dummy|mock|foo|bar|role|role[-_]?arn|arn|n\/?a|none|null|xxx)$/i.test(text);
  // `arn:aws:iam::aws:policy/…`: the account of what AWS manages.
  if (arn.account === "aws") return false;
  return /[a-z_#*?]/i.test(arn.account) || "12345678901234567890".startsWith(arn.account.padEnd(1, "x"));
}
