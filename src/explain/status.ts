import { expiryOf } from "../aws/expiry";
import type { ChainStep } from "../model/chain";
import type { Verification } from "../model/credentials";
import { describeSet } from "../model/describe";
import { verdictOf } from "./verdict";

/** What the indicator stands for. */
export type IdentityState =
  | { readonly kind: "idle" }
  | { readonly kind: "checking"; readonly name: string }
  | { readonly kind: "answered"; readonly verification: Verification; readonly outdated: boolean };

export interface StatusText {
  readonly kind: "idle" | "checking" | "verified" | "expiring" | "expired" | "refused" | "unknown" | "outdated";
  /** With VS Code's `$(icon)`s. */
  readonly text: string;
  readonly accessible: string;
  readonly attention: "none" | "warning" | "error";
}

/** An answer is shown with its age once it is older than this. */
const freshMs = 10 * 60 * 1000;
const expiringMs = 10 * 60 * 1000;

/** The status bar's words; `now` decides what is fresh. */
export function statusText(state: IdentityState, now: Date): StatusText {
  if (state.kind === "idle") return plain("idle", "$(key) AWS", "AWS identity not verified");
  if (state.kind === "checking") return plain("checking", "$(sync~spin) AWS", `Verifying ${state.name}`);
  const { verification, outdated } = state;
  const name = nameOf(verification);
  const answer = verification.observation?.answer;
  if (!answer || answer.status === "unknown") {
    return { ...plain("unknown", `$(question) ${name}`, `${name}: not verified`), attention: "none" };
  }
  if (answer.status === "rejected") {
    const text = outdated ? `$(history) ${name}: ${answer.code}` : `$(error) AWS: ${answer.code}`;
    return {
      ...plain(outdated ? "outdated" : "refused", text, `${name} refused: ${answer.code}`),
      attention: outdated ? "none" : "error",
    };
  }
  const account = `…${answer.identity.account.slice(-4)}`;
  if (outdated)
    return plain("outdated", `$(history) ${name} · ${account}`, `${name} was account ${account} before a change`);
  const left = timeLeft(verification, now);
  if (left !== undefined && left <= 0) {
    return {
      ...plain("expired", `$(warning) ${name}: expired`, `The credentials of ${name} have expired`),
      attention: "warning",
    };
  }
  if (left !== undefined && left <= expiringMs) {
    const minutes = Math.max(1, Math.floor(left / 60_000));
    return {
      ...plain(
        "expiring",
        `$(warning) AWS: expires ${minutes}m`,
        `The credentials of ${name} expire in ${minutes} ${minutes === 1 ? "minute" : "minutes"}`,
      ),
      attention: "warning",
    };
  }
  const age = verification.observation ? now.getTime() - verification.observation.at.getTime() : 0;
  const since = age > freshMs && verification.observation ? ` (${clock(verification.observation.at, now)})` : "";
  return plain("verified", `$(verified) ${name} · ${account}${since}`, `${name} is account ${account}${since}`);
}

const plain = (kind: StatusText["kind"], text: string, accessible: string): StatusText => ({
  kind,
  text,
  accessible,
  attention: "none",
});

/** The profile where there is one, for that is how people know their credentials. */
export function nameOf({ set, chain }: Verification): string {
  return chain.profile ?? (chain.winner?.kind === "env" ? "environment" : describeSet(set));
}

/** Milliseconds until the recorded expiry; undefined where none is recorded or readable. */
export function timeLeft({ chain, observation }: Verification, now: Date): number | undefined {
  const expires = observation?.expires ?? expiryOf(chain.winner?.expires);
  return expires && expires.getTime() - now.getTime();
}

/** Hours and minutes in UTC, so that it means the same everywhere; with the day once that is another one. */
export function clock(at: Date, now: Date = at): string {
  const [day, time] = [at.toISOString().slice(0, 10), at.toISOString().slice(11, 16)];
  return now.getTime() - at.getTime() < 12 * 3_600_000 ? `${time} UTC` : `${day} ${time} UTC`;
}

const stepWords: Readonly<Record<ChainStep["status"], string>> = {
  used: "used",
  absent: "absent",
  skipped: "skipped",
  invalid: "stops Terraform",
  "not-reached": "not reached",
};

/** The tooltip's lines, plain text; the ARN among them is whatever AWS sent. */
export function statusDetails(
  state: IdentityState,
  placeOf: (at: { path: string; span: { start: number; end: number } }) => string,
): readonly string[] {
  if (state.kind !== "answered") return [];
  const { chain, region, observation } = state.verification;
  const verdict = verdictOf(state.verification);
  const lines = [verdict.title];
  if (verdict.meaning) lines.push(verdict.meaning);
  for (const step of chain.steps) {
    if (step.status === "absent") continue;
    const at = step.at ? ` — ${placeOf(step.at)}` : "";
    lines.push(`${step.status === "used" ? "→" : "·"} ${step.source}${at} (${stepWords[step.status]})`);
  }
  if (observation) lines.push(`Asked ${observation.host} (${region}) at ${clock(observation.at)}.`);
  if (state.outdated) lines.push("Something changed since: verify again.");
  return lines;
}
