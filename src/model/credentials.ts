import type { Chain } from "./chain";
import type { RoleRefusal } from "./fetching";
import type { Secret } from "./secret";
import type { Location, Piece, Span } from "./text";

/** What AWS calls a setting, whatever the file that spells it. `facts/names.ts` has the spellings. */
export type SettingName =
  | "accessKeyId"
  | "secretAccessKey"
  | "sessionToken"
  | "profile"
  | "region"
  | "stsRegion"
  | "sharedCredentialsFiles"
  | "sharedConfigFiles"
  | "roleArn"
  | "externalId"
  | "sessionName"
  | "sourceProfile"
  | "credentialSource"
  | "webIdentityTokenFile"
  | "ssoSession"
  | "ssoStartUrl"
  | "ssoRegion"
  | "ssoAccountId"
  | "ssoRoleName"
  | "loginSession"
  | "credentialProcess"
  | "mfaSerial"
  | "expiration"
  | "allowedAccountIds"
  | "forbiddenAccountIds"
  | "skipCredentialsValidation"
  | "skipRequestingAccountId"
  | "skipRegionValidation"
  | "endpointUrl"
  | "caBundle"
  | "insecure";

/** What a key id, secret key or token looks like; worked out once, so that no rule needs to see the secret. */
export type KeyShape =
  /** `AKIA…`: an IAM user's or the root user's key. */
  | { readonly kind: "long-term-key-id" }
  /** `ASIA…`: issued by STS; useless without its session token. */
  | { readonly kind: "temporary-key-id" }
  /** Right length and alphabet, but another kind of IAM identifier (`AROA…`, `AIDA…`, `ABIA…`). */
  | { readonly kind: "other-identifier"; readonly prefix: string }
  /** 40 characters of base64 that no documentation publishes. */
  | { readonly kind: "secret-key" }
  /** `isRegional` for one of the global endpoint's first generation, which is refused in regions that have to be enabled. */
  | { readonly kind: "session-token"; readonly isRegional?: true }
  /** AWS's documented examples (`…EXAMPLE`), and `of` says what the value would be if it were real. */
  | {
      readonly kind: "documented";
      readonly of: "long-term-key-id" | "temporary-key-id" | "secret-key" | "session-token";
    }
  /** A word that stands for a value: `test`, `changeme`, `<your key>`, `xxxx`. */
  | { readonly kind: "placeholder" }
  /** A good value wrapped or peppered with characters that do not belong. */
  | {
      readonly kind: "mangled";
      readonly by: Mangling;
      readonly inner: "long-term-key-id" | "temporary-key-id" | "secret-key";
    }
  /** An attempt at a key that AWS cannot have issued; `flaw` says what is wrong. */
  | { readonly kind: "malformed"; readonly of: "key-id" | "secret-key"; readonly flaw: string }
  /** 40 hexadecimal digits: a git commit or a SHA-1, not a secret key. */
  | { readonly kind: "hex-digest" }
  | { readonly kind: "unrecognized" };

export type Mangling =
  | "quotes"
  | "smart quotes"
  | "spaces"
  | "angle brackets"
  | "invisible characters"
  | "line breaks"
  | "percent-encoding"
  | "escaping";

export type Value =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "secret"; readonly secret: Secret; readonly shape: KeyShape }
  /** Known to be there, but its text depends on what nobody wrote down: `var.x` without a default, `data.…`. */
  | { readonly kind: "reference"; readonly expression: string }
  | { readonly kind: "list"; readonly items: readonly Value[] };

/** How a neighbour of a setting is written in the same file. */
export interface Surroundings {
  readonly syntax: "hcl" | "json" | "aws-file" | "environment" | "variable" | "action";
  /** Where a line after this one begins to be inserted: behind the value and any comment. Undefined inside one-line blocks. */
  readonly lineEnd: number | undefined;
  readonly indent: Span;
  readonly newline: "\n" | "\r\n";
  /** Of a `variable` or an `action`'s input: what stands between a name and its value, and behind it. `indent` is all that stands before the name. */
  readonly signs?: {
    readonly separator: string;
    readonly closing: string;
    /** What stands before the name where the line above has nothing there. */
    readonly opening?: string;
    /** What has to stand behind the line above. */
    readonly lead?: string;
  };
}

/** One setting of a credential set, as one place spells it. */
export interface Setting {
  readonly name: SettingName;
  /** The file's own word for it: `access_key`, `aws_access_key_id`, `AWS_ACCESS_KEY_ID`. */
  readonly spelling: string;
  readonly value: Value;
  readonly surroundings: Surroundings;
  /** The literal without what damaged it, where `shape` says that it is a good value inside. */
  readonly repaired?: readonly Piece[];
  /** For `accessKeyId`, `secretAccessKey` and `sessionToken`: what the literal looks like. */
  readonly shape?: KeyShape;
  /** Where a problem with the value may be shown. In the user's own AWS files never a secret's line. */
  readonly at: Location;
  /** The literal itself, without its quotes, possibly in another file; what an edit replaces. */
  readonly valueAt: Location;
  readonly nameAt: Location;
  /** The value as the set writes it, quotes included; a block's argument has one. */
  readonly expressionAt?: Location;
  /** The name, the separator and the value, comment excluded; what an edit removes. */
  readonly wholeAt: Location;
  /** The values of a list, each in its own place. */
  readonly items?: readonly Setting[];
  /** A reference that is written in quotes (`"var.region"`), and so is nothing but those characters. */
  readonly quotedReference?: string;
  /** Literals of which the value may be one, where nobody knows which: the sides of a condition. */
  readonly candidates?: readonly Setting[];
  /** Where the set uses the value, when the literal stands elsewhere (a variable's default, a tfvars file). */
  readonly usedAt?: Location;
}

/** Whose settings these are. */
export type Origin =
  | { readonly kind: "provider"; readonly address: string; readonly alias?: string }
  | { readonly kind: "backend"; readonly type: "s3" }
  | { readonly kind: "remote-state"; readonly name: string }
  | { readonly kind: "profile"; readonly name: string; readonly file: "credentials" | "config" }
  | { readonly kind: "environment"; readonly owner: string }
  /** Environment variables that a file sets for some program; `name` is the place in words: `service web`. */
  | { readonly kind: "variables"; readonly of: VariablePlace; readonly name: string };

/** What a file that sets variables is: it decides where else they may come from. */
export type VariablePlace =
  | "env-file"
  | "script"
  | "image"
  | "container"
  | "editor"
  | "terraform"
  | "pipeline"
  | "action";

/** Settings that AWS would use together: a provider block, a profile, an environment. */
export interface CredentialSet {
  readonly origin: Origin;
  /** Where this stands in place of what the module itself says. */
  readonly outside?:
    | "test"
    | "terragrunt"
    /** May be only part of a backend: the rest stands in its block or in other such files. */
    | "backend-config"
    /** A file that OpenTofu passes over and Terraform reads. */
    | "replaced";
  /** The token that names the set: a block's type, a section's name. */
  readonly at: Location;
  /** Which directory's Terraform this belongs to; empty for profiles and environments. */
  readonly directory: string;
  readonly settings: Readonly<Partial<Record<SettingName, Setting>>>;
  /** Settings written out with nothing in them (`token = ""`), which count as absent. */
  readonly empty: Readonly<Partial<Record<SettingName, Setting>>>;
  /** Arguments that look like credential settings but are spelled as another place spells them. */
  readonly misnamed: readonly Misnamed[];
  /** Roles to assume after the base credentials, first hop first. */
  readonly roles: readonly AssumedRole[];
  /** The addresses that a block sends its calls to, where it names any. */
  readonly endpoints?: readonly Endpoint[];
  /** Variables beside the keys that send calls to an address. */
  readonly redirections?: readonly Endpoint[];
  /** Whether a block has an argument that only makes sense for S3 of another make, such as path style. */
  readonly isOtherStore?: boolean;
  /** Where its calls go: AWS, an emulator on this machine, some other S3-like service, or unknowable. */
  readonly endpoint: "aws" | "emulator" | "other";
  /** Whether what is missing may come from where nobody looked. */
  readonly isOpen?: boolean;
}

export interface Misnamed {
  readonly spelling: string;
  readonly expected: string;
  /** One letter off, not another place's name. */
  readonly isMisspelt?: true;
  /** In the user's own AWS files never a secret's line; the word itself is then at `nameAt`. */
  readonly at: Location;
  readonly nameAt: Location;
}

export interface AssumedRole {
  readonly operation: "AssumeRole" | "AssumeRoleWithWebIdentity";
  readonly roleArn: Value;
  /** The ARN as a setting, where it is there and not empty. */
  readonly arn?: Setting;
  /** Of a web identity, the file with the token. */
  readonly tokenFile?: Setting;
  readonly at: Location;
}

/** The address that calls to one service are sent to. */
export interface Endpoint {
  /** Terraform's name for the service: `sts`, `s3`; empty where nobody knows which services are meant. */
  readonly service: string;
  readonly spelling: string;
  readonly url: Value;
  /** The word `endpoints` of its list, or its own name where it is an argument. */
  readonly listAt: Location;
  /** The address, or the name where it stands elsewhere. */
  readonly at: Location;
  readonly nameAt: Location;
  readonly wholeAt: Location;
  readonly surroundings: Surroundings;
}

/** Three values that sign a request. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  readonly sessionToken?: Secret;
}

/** Who AWS says the caller is. */
export interface Identity {
  /** Twelve digits. */
  readonly account: string;
  /** Hostile text: IAM paths may hold any printable ASCII. */
  readonly arn: string;
  readonly userId: string;
}

/** What came of one request: what AWS said, or which layer kept the answer away. Only `valid` and `rejected` speak of the key. */
export type Answer =
  | { readonly status: "valid"; readonly identity: Identity }
  | { readonly status: "rejected"; readonly code: string; readonly requestId?: string }
  | { readonly status: "unknown"; readonly reason: UnknownReason; readonly requestId?: string };

/** An answer and where it came from. */
export interface Reply {
  readonly answer: Answer;
  /** The host that was asked, or would have been. */
  readonly host: string;
  /** AWS's clock minus ours, in seconds; absent when no answer carried a date. */
  readonly clockSkewSeconds?: number;
}

/** A reply remembered: what it was about, and when it was true. */
export interface Observation extends Reply {
  /** The set's id, made by `setId`. */
  readonly of: string;
  readonly region: string;
  readonly at: Date;
  /** What the partition's home region said of a key that `region` does not know. */
  readonly atHome?: Probe;
  /** Present once the chain's own keys were found good and its roles were asked for. */
  readonly walk?: RoleWalk;
  /** The answer is that of the place the keys come from, and it gave none. */
  readonly noKeys?: true;
  /** What the set came to when it was asked about. */
  readonly chain: Pick<Chain, "winner" | "roles" | "region">;
  /** The keys that were asked about were issued by STS. */
  readonly isTemporary?: true;
  /** When the keys that were fetched end. */
  readonly expires?: Date;
}

/** How far a chain's keys led through its roles; an answer that is not valid is the next role's. */
export interface RoleWalk {
  /** Whose keys set out. */
  readonly base: Identity;
  readonly assumed: number;
  readonly refusal?: RoleRefusal;
}

/** A reply to a second question, by which the first one's answer is told apart. */
export interface Probe extends Reply {
  readonly region: string;
  /** The session token is of the generation that is refused in regions that have to be enabled. */
  readonly isTokenRegional?: true;
}

/** Why nobody was asked. */
export interface NotAsked {
  readonly kind: "broken-chain" | "keys-out-of-reach" | "consent-needed" | "canary-key" | "not-aws";
  readonly because: string;
  readonly next?: readonly string[];
}

/** One set looked up in the chain and, where that gave keys, asked at AWS. */
export interface Verification {
  readonly set: CredentialSet;
  readonly chain: Chain;
  readonly region: string;
  readonly observation?: Observation;
  readonly notAsked?: NotAsked;
}

/** The layer that kept the answer away. */
export type UnknownReason =
  | "cancelled"
  | "timeout"
  | "dns"
  | "refused"
  | "reset"
  | "tls"
  | "tls-verification-disabled"
  | "proxy"
  | "captive-portal"
  | "throttled"
  | "aws-fault"
  | "unreadable-answer"
  | "unsendable-key"
  | "unknown-region"
  | "forbidden-endpoint"
  | "network";
