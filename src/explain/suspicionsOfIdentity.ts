import { accountOfIdentity } from "../aws/arns";
import type { CauseId } from "./causes";
import { type Case, certain, type Judge, likely, possible, type Suspicion } from "./suspicion";

/** Errors of callers that AWS knows: roles that may not be assumed, and what else is not allowed. */
export const identitySuspicions: Judge = (one) => {
  const { code, text } = one.error;
  switch (code) {
    case "AccessDenied":
    case "AccessDeniedException":
    case "Forbidden":
    case "UnauthorizedOperation":
    case "UnauthorizedAccess":
      return denied(one);
    case "CannotAssumeRole":
      return [
        likely("assume-role-trust"),
        ...possible("role-arn-invalid", "bad-key-material", "mfa-required", "role-missing"),
      ];
    case "ValidationError":
      if (/MustspecifyuserName/i.test(text)) return [certain("session-creds-iam-probe", "AWS says that no user asks")];
      if (/DurationSeconds|MaxSessionDuration/i.test(text)) return [certain("session-too-long")];
      if (/[Ss]essionName|sourceIdentity|[Tt]ags?'|externalId/.test(text) && !/roleArn/i.test(text))
        return [likely("session-parameters")];
      if (/WithWebIdentity/.test(text) && !/isinvalid|roleArn/i.test(text))
        return [likely("oidc-token-claims"), ...possible("role-arn-invalid")];
      return [likely("role-arn-invalid"), ...possible("session-parameters", "oidc-token-claims")];
    case "MalformedPolicyDocument":
    case "PackedPolicyTooLarge":
      return [certain("session-parameters")];
    case "InvalidIdentityToken":
      if (/NoOpenIDConnectprovider/i.test(text)) return [certain("oidc-provider-missing")];
      if (/audience/i.test(text)) return [certain("oidc-audience")];
      if (/verificationkey|retrieve/i.test(text))
        return [likely("oidc-throttle"), ...possible("oidc-provider-missing")];
      return [likely("oidc-token-claims"), ...possible("oidc-provider-missing", "oidc-audience")];
    case "IDPCommunicationError":
      return [likely("oidc-throttle")];
    case "IDPRejectedClaim":
      return [likely("oidc-token-claims"), ...possible("oidc-token-expired")];
    case "RoleArnNotSet":
      return [certain("web-identity-arg-missing")];
    case "WebIdentityTokenFile":
      return [likely("web-identity-file-missing"), ...possible("web-identity-arg-missing")];
    case "AccountNotAllowed":
      return /notallowed:(?!\d)/i.test(text)
        ? [certain("account-guard-blind"), ...possible("account-guard-mismatch")]
        : [certain("account-guard-mismatch"), ...possible("stale-env-override")];
    default:
      return undefined;
  }
};

function denied(one: Case): readonly Suspicion[] {
  const { text, stage, code, action } = one.error;
  if (/MultiFactorAuthentication(?:failed|hasalreadybeenused)|invalidMFA/i.test(text))
    return [certain("mfa-token-reuse")];
  if (/byrootaccounts/i.test(text)) return [certain("root-cannot-assume")];
  if (/explicitdeny/i.test(text)) return [certain("explicit-deny", "AWS says so"), ...possible("wrong-identity")];
  if (/WithWebIdentity/.test(text))
    return [likely("oidc-trust-condition"), ...possible("role-missing", "oidc-audience", "role-arn-invalid")];
  switch (stage) {
    case "assume-role":
      return roleDenied(one);
    case "remote-state":
      return [likely("remote-state-no-profile"), ...possible("backend-provider-mismatch", "backend-authz")];
    case "backend":
      if (action !== undefined)
        return [
          likely("backend-authz", `AWS names ${action}`),
          ...possible("backend-provider-mismatch", "wrong-identity"),
        ];
      return code === "Forbidden"
        ? possible("backend-authz", "backend-provider-mismatch", "bad-key-material", "expired-session")
        : [
            likely("backend-provider-mismatch"),
            ...possible("backend-authz", "backend-cached-config", "env-overrides-profile"),
          ];
    case "sso":
      return [likely("sso-role-name-wrong")];
    default:
      return /sts:AssumeRole/.test(text)
        ? roleDenied(one)
        : [likely("permission-missing"), ...possible("wrong-identity")];
  }
}

function roleDenied({ error: { role = "", caller = "" }, output }: Case): readonly Suspicion[] {
  const more = possible(
    "assume-role-trust",
    "role-missing",
    "role-mfa-condition",
    "role-propagation-race",
    "wrong-identity",
  );
  const first: Suspicion[] = [];
  if (/\/AWSReservedSSO_/.test(role)) first.push(certain("sso-reserved-role-assume", "the role's name says so"));
  if (caller !== "" && accountOfIdentity(caller) === accountOfIdentity(role) && roleNameOf(caller) === roleNameOf(role))
    first.push(certain("role-self-assume", "caller and role are the same"));
  const [mine, theirs] = [accountOfIdentity(caller), accountOfIdentity(role)];
  if (mine && theirs)
    first.push(
      likely(
        "assume-role-trust",
        mine === theirs ? `both are of account ${mine}` : `the caller is of account ${mine}, the role of ${theirs}`,
      ),
    );
  if (
    output.ranIn === undefined &&
    /(?:^|[/_-])(?:ci|cicd|github|gitlab|jenkins|actions|pipeline|runner|atlantis|deploy\w*)(?:$|[_-])/i.test(
      roleNameOf(role) ?? "",
    )
  )
    first.push(...possible("assume-role-ci-only"));
  if (first.length === 0) first.push(likely("assume-role-trust"));
  const named = new Set<CauseId>(first.map(({ id }) => id));
  return [...first, ...more.filter(({ id }) => !named.has(id))];
}

const roleNameOf = (arn: string) =>
  /:(?:assumed-role\/([^/]+)|role\/(?:.*\/)?([^/]+)$)/.exec(arn)?.slice(1).find(Boolean);
