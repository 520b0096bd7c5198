import type { CauseId } from "./causes";
import { type Case, certain, type Judge, likely, possible, type Suspicion } from "./suspicion";

/** Errors of those who found no credentials, or found them spent. */
export const sourceSuspicions: Judge = (one) => {
  const { code, text } = one.error;
  switch (code) {
    case "NoIMDSRole":
    case "NoValidCredentialSources":
    case "NoCredentialProviders":
    case "NoAccountID":
      return nothingFound(one);
    case "SharedConfigProfile":
      return profileNotFound(one);
    case "SharedConfigAssumeRole":
    case "SharedConfigAssumeRoleError":
      if (/,<nil|Infiniteloop/i.test(text))
        return [likely("source-profile-loop"), ...possible("source-profile-without-keys")];
      return [likely("source-profile-without-keys"), ...possible("source-profile-missing", "source-profile-loop")];
    case "PartialCredentials":
      return [certain("profile-partial-keys")];
    case "LoadingConfiguration":
      return loading(text);
    case "ConfigParse":
      return [likely("config-unreadable")];
    case "MFAUnsupported":
      return [certain("mfa-required")];
    case "CredentialProcess":
      return [
        certain(
          /parsefailed|processoutput|wrongversion|Parse\b|Version/.test(text)
            ? "credential-process-output"
            : "credential-process-failed",
        ),
      ];
    case "ExpiredToken":
    case "ExpiredTokenException":
    case "TokenRefreshRequired":
    case "BadRequest":
      return expired(one);
    default:
      return sso(one);
  }
};

const savesState =
  /[Ff]ailedtosavestate|[Ee]rrorsavingstate|persiststate|[Ff]ailedtoupload|uploadstate|[Ee]rrorreleasing|unlock/;

function nothingFound({ error, output }: Case): readonly Suspicion[] {
  const { text, stage, code, address } = error;
  if (savesState.test(text))
    return [
      likely("expired-session-midrun", "the run had already begun to write"),
      ...possible("ci-short-session", "no-credentials"),
    ];
  if (code === "NoAccountID")
    return [likely("session-creds-iam-probe"), ...possible("non-aws-endpoint", "bad-key-material")];
  const isLegacy =
    /NoCredentialProviders|error(?:validating|configuring)|valid(?:credential|providers)sources?for|EC2RoleRequestError|EC2MetadataError/.test(
      text,
    );
  const first: CauseId = output.ranIn === "hcp" ? "remote-execution" : "no-credentials";
  if (/failedto(?:get|load)profile|SharedCredsLoad:failedtogetprofile/.test(text))
    return [
      likely("profile-missing", "the list of what failed names a profile"),
      ...possible("no-credentials", "credentials-file-profile-prefix"),
    ];
  const inModule = /module\./.test(address ?? "") ? (["provider-in-module"] as const) : [];
  const inCi = output.ranIn === "ci" ? (["env-not-passed"] as const) : [];
  if (/checkyouractioninputs/.test(text))
    return [
      likely("oidc-permission-missing", "the action found nothing to start from"),
      ...possible("no-credentials", "env-not-passed"),
    ];
  const isImplicit = /on<empty>line0|requiresexplicitconfiguration/.test(text);
  // Terraform has its credentials before it signs anything; other programs look for them then.
  const isOther = /failedtosignrequest/.test(text);
  const rest: readonly CauseId[] = [
    ...(isOther ? (["tool-credential-chain"] as const) : []),
    ...(isImplicit ? (["no-provider-block"] as const) : []),
    ...inModule,
    ...inCi,
    ...(stage === "remote-state" ? (["remote-state-no-profile"] as const) : []),
    ...(isLegacy && stage === "backend" ? (["backend-missing-creds"] as const) : []),
    ...(isLegacy && stage !== "backend" ? (["profile-missing"] as const) : []),
    "partial-env",
    "env-not-passed",
    ...(stage === "backend" ? (["backend-missing-creds"] as const) : (["remote-execution"] as const)),
    "profile-malformed",
    "sso-session-format-unsupported",
  ];
  const seen = new Set<CauseId>([first]);
  return [likely(first), ...possible(...rest.filter((id) => !seen.has(id) && seen.add(id)))];
}

function profileNotFound({ error: { text, profile }, output }: Case): readonly Suspicion[] {
  if (/failedtoloadassumerole|source_?profile/i.test(text))
    return [likely("source-profile-missing"), ...possible("credentials-file-profile-prefix", "profile-malformed")];
  const named = profile === undefined ? undefined : `Terraform asked for ${profile}`;
  const inCi =
    output.ranIn === undefined
      ? []
      : [likely("profile-in-ci", "the output is of a machine that has no AWS files of yours")];
  return [
    likely("profile-missing", named),
    ...inCi,
    ...possible("credentials-file-profile-prefix", "profile-in-ci", "tilde-not-expanded", "profile-malformed"),
  ];
}

function loading(text: string): readonly Suspicion[] {
  if (/wasspecifiedasthecredential_source/.test(text)) return [certain("credential-source-mismatch")];
  if (/credential_sourcevaluesmustbe|nsupportedcredential_?source/.test(text))
    return [certain("credential-source-invalid")];
  if (/retry_mode|max_attempts|failedtoload\w+fromsharedconfig/.test(text)) return [certain("setting-for-cli-only")];
  if (/sso_/.test(text)) return [likely("sso-incomplete"), ...possible("profile-contradiction")];
  return [likely("profile-contradiction"), ...possible("config-unreadable", "profile-missing")];
}

function expired({ error: { code, text, stage }, output }: Case): readonly Suspicion[] {
  if (/WithWebIdentity|WebIdentityErr|Tokenexpired:|Tokentooold|token-file-web-identity/i.test(text))
    return [certain("oidc-token-expired"), ...possible("clock-skew")];
  if (code === "BadRequest") return possible("expired-session", "mixed-key-and-token", "bad-key-material");
  const isMidrun = savesState.test(text);
  const inCi: readonly CauseId[] = output.ranIn === undefined ? [] : ["ci-short-session"];
  if (isMidrun || stage === "resource") {
    return [
      likely(
        "expired-session-midrun",
        isMidrun ? "the run had already begun to write" : "the run had got to resources",
      ),
      ...possible(...inCi, ...(inCi.length > 0 ? [] : (["ci-short-session"] as const)), "expired-session"),
    ];
  }
  return [likely("expired-session"), ...possible(...inCi, "stale-profile-session", "stale-env-override")];
}

function sso({ error: { code, text } }: Case): readonly Suspicion[] | undefined {
  switch (code) {
    case "SSOTokenCacheMissing":
      // The older SDK's words: it knows no sso_session, so it looks for the file of another login.
      return /isinvalid:open|SSOProviderInvalidToken/.test(text)
        ? [likely("sso-session-format-unsupported"), ...possible("sso-not-logged-in", "sso-session-expired")]
        : [likely("sso-not-logged-in"), ...possible("sso-session-format-unsupported", "sso-session-expired")];
    case "SSOTokenExpired":
    case "InvalidGrantException":
      return [certain("sso-session-expired"), ...possible("sso-not-logged-in")];
    case "SSOProviderInvalidToken":
      return [likely("sso-session-format-unsupported"), ...possible("sso-session-expired", "sso-not-logged-in")];
    case "LoginSessionExpired":
      return [certain("login-expired")];
    case "SSOSessionMissing":
      return [certain("sso-session-section-missing")];
    case "SSOMissingConfig":
      return /sso_region,sso_start_url|sso_start_url,sso_region/.test(text)
        ? [
            likely("sso-session-format-unsupported", "what is missing stands in the sso-session"),
            ...possible("sso-incomplete"),
          ]
        : [likely("sso-incomplete"), ...possible("sso-session-format-unsupported")];
    case "SSOGetRoleCredentials":
    case "ForbiddenException":
      return [likely("sso-role-name-wrong"), ...possible("sso-session-expired")];
    case "UnauthorizedException":
    case "InvalidClientException":
      return [likely("sso-session-expired"), ...possible("sso-role-name-wrong")];
    default:
      return undefined;
  }
}
