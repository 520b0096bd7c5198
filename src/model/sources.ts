import type { Secret } from "./secret";

/** Where a chain's keys are fetched from, with all that it takes. */
export type KeySource = SsoSource | LoginSource | WebIdentitySource | ProcessSource;

/** The role of an SSO login, by the token that `aws sso login` left. */
export interface SsoSource {
  readonly kind: "sso";
  readonly profile: string;
  /** The `[sso-session]`; without one the login is kept by its start URL and never renewed. */
  readonly session?: string;
  readonly startUrl: string;
  readonly region: string;
  readonly accountId: string;
  readonly roleName: string;
}

/** `aws login`, which keeps keys by the hash of the session's name. */
export interface LoginSource {
  readonly kind: "login";
  readonly profile: string;
  readonly session: string;
}

/** A program that prints keys. */
export interface ProcessSource {
  readonly kind: "process";
  readonly profile: string;
  /** As it stands in the file; it may hold what is secret. */
  readonly command: Secret;
}

/** A token of an identity provider, traded for the keys of the chain's first role. */
export interface WebIdentitySource {
  readonly kind: "web-identity";
  /** Absolute. */
  readonly tokenFile: string;
}
