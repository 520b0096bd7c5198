import type { Keys } from "./credentials";
import type { KeySource } from "./sources";
import type { Encoding, Location } from "./text";

/** What the first request is signed with. */
export type ChainKind =
  | "static"
  | "env"
  | "profile"
  | "process"
  | "sso"
  | "login"
  | "web-identity"
  | "container"
  | "imds";

/** Where something is said: in a file, by a variable, or by an argument of the command line. */
export interface Spot {
  readonly at?: Location;
  readonly variable?: string;
  readonly argument?: "-backend-config" | "-var";
}

/** One set of credentials that was found, used or not. */
export interface ChainSource extends Spot {
  readonly kind: ChainKind;
  /** The last four characters of the key id, which is all that is ever shown of it. */
  readonly ending?: string;
  readonly hasToken?: boolean;
  readonly profile?: string;
  /** The recorded end of the keys, as its tool wrote it. */
  readonly expires?: string;
  /** Present when the keys are literals that can be used as they stand. */
  readonly keys?: Keys;
  /** What it takes to fetch them, where they are kept elsewhere. */
  readonly fetch?: KeySource;
}

export interface ShadowedSource extends ChainSource {
  readonly why: string;
}

/** A role that is assumed on the way. */
export interface ChainRole extends Spot {
  readonly operation: "AssumeRole" | "AssumeRoleWithWebIdentity";
  readonly roleArn: string;
  readonly externalId?: string;
  readonly sessionName?: string;
  /** Seconds. */
  readonly duration?: number;
  readonly session?: RoleSession;
  /** Arguments whose values are not known here, by their names. */
  readonly unknown?: readonly string[];
  readonly via: "profile" | "block" | "env";
}

/** What else a session is asked for with. */
export interface RoleSession {
  readonly policy?: string;
  readonly policyArns?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
  readonly transitiveTagKeys?: readonly string[];
  readonly sourceIdentity?: string;
}

export interface ChainStep extends Spot {
  readonly source: string;
  readonly status: "used" | "absent" | "skipped" | "invalid" | "not-reached";
  readonly why: string;
}

/** What stops the run, before AWS is asked or by an answer that can be foretold. */
export type ChainCode =
  | "invalid_hcl"
  | "invalid_value"
  | "invalid_region"
  | "missing_region"
  | "static_credentials_empty"
  | "partial_credentials"
  | "profile_not_found"
  | "role_chain_invalid"
  | "mfa_required"
  | "config_parse"
  | "credential_process_failed"
  | "sso_token_invalid"
  | "web_identity_failed"
  | "container_failed"
  | "no_valid_credentials"
  | "file_not_found"
  | "backend_changed"
  | "invalid_client_token_id"
  | "signature_does_not_match"
  | "sts_validation_error"
  | "account_not_allowed";

export interface ChainProblem extends Spot {
  readonly code: ChainCode;
  readonly stage: "before-signing" | "at-aws";
  readonly message: string;
  /** It depends on what only AWS knows. */
  readonly isPossible?: true;
}

export interface ChainRegion extends Spot {
  readonly name: string;
  readonly via: "block" | "arg" | "env" | "profile" | "imds";
}

/** What one program makes of the files and the environment. */
export interface Outcome {
  readonly winner?: ChainSource;
  /** The profile that leads to the winner; the keys may stand in one of its source profiles. */
  readonly profile?: string;
  readonly roles: readonly ChainRole[];
  readonly problem?: ChainProblem;
}

/** Whose credentials are asked for. */
export interface ChainTarget {
  readonly kind: "backend" | "provider" | "remote-state" | "profile" | "environment";
  readonly name?: string;
  readonly alias?: string;
  readonly at?: Location;
}

/** Which credentials a block comes to, why, and what came second. */
export interface Chain extends Outcome {
  readonly target: ChainTarget;
  readonly region?: ChainRegion;
  readonly steps: readonly ChainStep[];
  readonly shadowed: readonly ShadowedSource[];
  /** Arguments are missing that only Terraform's command line can give, and credentials may be among them. */
  readonly isPartial?: true;
  /** What the other programs would use that read the same files. */
  readonly others: { readonly "aws-cli": Outcome; readonly "aws-sdk-js": Outcome };
}

/** What is known of a file that only a chain needs; nothing of it but what decides. */
export type FileFact =
  | { readonly kind: "absent" }
  | { readonly kind: "directory" }
  | { readonly kind: "unreadable" }
  /** `path` is where it really stands, when the name that was asked for is a link. */
  | { readonly kind: "text"; readonly text: string; readonly path?: string; readonly encoding?: Encoding }
  /** A cached login; `expires` as its tool wrote it, absent where the file has no usable token. */
  | { readonly kind: "login"; readonly expires?: string; readonly renewable: boolean }
  /** A token in a file, of which only the form is told. */
  | { readonly kind: "token"; readonly oneLine: boolean; readonly jwtLike: boolean }
  | { readonly kind: "program"; readonly executable: boolean };

/** How to look at a file: for its text, for a login, for a token, or for a program. */
export type FileUse = "text" | "login" | "token" | "program";
