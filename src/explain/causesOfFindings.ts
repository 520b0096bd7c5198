import type { SettingName } from "../model/credentials";
import type { CauseId } from "./causes";
import { type ErrorFamily, familyOf } from "./errorFamilies";

/** A rule's mistake, and which cause it is of which errors. */
const mistakes: Readonly<Record<string, Readonly<Partial<Record<ErrorFamily, CauseId>>>>> = {
  "account-mismatch": { denied: "backend-provider-mismatch" },
  "backend-variable": { block: "backend-variable" },
  "credentials-after-terraform": { nothing: "env-not-passed" },
  "credential-process-broken": { process: "credential-process-failed" },
  "backend-provider-mismatch": { denied: "backend-provider-mismatch" },
  "ci-session-token-missing": { key: "session-token-missing" },
  "container-token-not-passed": { key: "session-token-missing" },
  "deprecated-shared-credentials-file": { block: "deprecated-argument" },
  "dropped-backend-argument": { block: "backend-arg-removed" },
  "dropped-session-token": { key: "session-token-missing" },
  "endpoint-leftover": { unreachable: "emulator-not-running" },
  "environment-overrides-profile": {
    key: "stale-env-override",
    expired: "stale-env-override",
    signature: "stale-env-override",
    denied: "env-overrides-profile",
  },
  "expired-credentials": { expired: "expired-session", sso: "sso-session-expired", nothing: "sso-session-expired" },
  "imds-hop-limit": { nothing: "imds-hop-limit" },
  "incomplete-endpoint-list": { key: "mock-endpoint-leak" },
  "ini-syntax": { profile: "profile-malformed", nothing: "profile-malformed" },
  "legacy-variable-name": { key: "session-token-missing" },
  "login-session-unsupported": { nothing: "login-session-unsupported" },
  "malformed-key-id": { key: "bad-key-material", header: "wrapping-chars" },
  "malformed-role-arn": { argument: "role-arn-invalid", denied: "role-arn-invalid" },
  "malformed-secret": { signature: "wrapping-chars" },
  "mangled-value": { key: "bad-key-material", signature: "wrapping-chars", header: "wrapping-chars" },
  "mfa-role-in-terraform": { mfa: "mfa-required", nothing: "mfa-required" },
  "oidc-permission-missing": { nothing: "oidc-permission-missing" },
  "opt-in-region": { key: "region-opt-in" },
  "partial-keys": { half: "missing-secret-key", nothing: "partial-env", profile: "profile-partial-keys" },
  "partition-mismatch": { key: "partition-mismatch", denied: "partition-mismatch", argument: "partition-mismatch" },
  "placeholder-key": { key: "placeholder-key", signature: "placeholder-key" },
  "profile-not-found": { profile: "profile-missing", nothing: "profile-missing" },
  "profile-without-credentials": { profile: "profile-without-credentials", nothing: "profile-without-credentials" },
  "quoted-reference": { key: "quoted-reference", region: "quoted-reference", profile: "quoted-reference" },
  "read-differently": { profile: "profile-malformed", nothing: "profile-malformed" },
  "role-chaining-duration": { argument: "session-too-long" },
  "shared-file-missing": { profile: "profile-missing", nothing: "profile-missing" },
  "source-profile-broken": { profile: "source-profile-missing", nothing: "source-profile-missing" },
  "split-across-files": { profile: "profile-partial-keys", key: "mixed-key-and-token" },
  "sso-incomplete": { sso: "sso-incomplete", nothing: "sso-incomplete", profile: "sso-incomplete" },
  "stale-init-cache": {
    key: "backend-cached-creds",
    expired: "backend-cached-creds",
    signature: "backend-cached-creds",
    denied: "backend-cached-config",
  },
  "static-keys-shadow-sso": { key: "stale-profile-session", expired: "stale-profile-session" },
  "swapped-id-and-secret": { key: "keys-swapped", header: "keys-swapped" },
  "temporary-key-without-token": { key: "session-token-missing" },
  "token-only-in-environment": { key: "session-token-missing" },
  "token-on-permanent-key": { key: "mixed-key-and-token" },
  "unknown-region": { region: "region-typo" },
  "unreadable-encoding": { profile: "profile-malformed", nothing: "profile-malformed" },
  "unquoted-shell-value": { signature: "wrapping-chars" },
  "validation-skipped": { key: "skip-validation-masked" },
  "web-identity-incomplete": { identity: "web-identity-arg-missing" },
  "wrong-argument-name": { block: "session-token-wrong-arg", key: "session-token-missing" },
  "wrong-section-prefix": { profile: "credentials-file-profile-prefix", nothing: "credentials-file-profile-prefix" },
};

/** The rules whose findings can explain an error. */
export const explainingRules: readonly string[] = Object.keys(mistakes);

/** What an error can be caused by; the other settings play no part in it. */
const settingsOf: Readonly<Partial<Record<ErrorFamily, readonly SettingName[]>>> = {
  key: ["accessKeyId", "sessionToken"],
  signature: ["secretAccessKey"],
  header: ["accessKeyId", "sessionToken"],
};

/** The rules that judge a single value: which one decides what can come of it. */
const ofOneValue: ReadonlySet<string> = new Set([
  "mangled-value",
  "placeholder-key",
  "malformed-key-id",
  "malformed-secret",
]);

/** The cause that a rule's finding is for an error of this code; `setting` is what the finding is about. */
export function causeOfFinding(rule: string, code: string, setting: SettingName | undefined): CauseId | undefined {
  const family = familyOf(code);
  const id = family && mistakes[rule]?.[family];
  if (!family || id === undefined) return undefined;
  const decisive = settingsOf[family];
  const isElsewhere = decisive && setting && ofOneValue.has(rule) && !decisive.includes(setting);
  // A stand-in is one whichever half of the pair was looked at.
  return isElsewhere && rule !== "placeholder-key" ? undefined : id;
}
