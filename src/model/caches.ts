/** A login that an AWS tool keeps for later: where, and until when. Never what it is. */
export interface CachedLogin {
  /** `sso` from `aws sso login`, `login` from `aws login`; `cli` is read by the AWS CLI alone, never by Terraform. */
  readonly kind: "sso" | "cli" | "login";
  readonly path: string;
  /** As the tool wrote it. */
  readonly expires: string;
  /** The portal an SSO login is for. */
  readonly startUrl?: string;
  /** Until when an SSO login renews itself. */
  readonly refreshableUntil?: string;
}
