import type { Keys, UnknownReason } from "./credentials";

/** Why a role was refused, as far as AWS's words tell. */
export type RoleRefusal =
  /** A policy says no in so many words. */
  | "explicit-deny"
  /** The caller's own policies, or those above them, lack `sts:AssumeRole` for it. */
  | "no-permission"
  | "no-trust"
  | "root-cannot"
  | "too-long"
  | "too-long-for-a-chain"
  | "malformed-arn"
  | "malformed-external-id"
  | "malformed-session-name";

/** What came of asking for keys. */
export type Fetching =
  | { readonly status: "fetched"; readonly keys: Keys; readonly expires?: Date }
  | { readonly status: "rejected"; readonly code: string; readonly refusal?: RoleRefusal; readonly requestId?: string }
  /** Nobody was asked: what is missing here, and what to do about it. */
  | { readonly status: "unavailable"; readonly because: string; readonly next: readonly string[] }
  | { readonly status: "unknown"; readonly reason: UnknownReason; readonly requestId?: string };

/** Keys, or why there are none, and where that came from. */
export interface FetchReply {
  readonly answer: Fetching;
  readonly host: string;
  readonly clockSkewSeconds?: number;
}
