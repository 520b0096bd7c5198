import type { Cause } from "./cause";

const roleOf = (role: string | undefined) => (role === undefined ? "the role" : role);
/** `arn:aws:iam::role/deploy is invalid`, in a text without blanks. */
function refused(text: string): string {
  const arn = /(arn:[\w:/+=,.@-]{4,200}?)isinvalid/.exec(text)?.[1];
  return arn === undefined ? "" : `: ${arn}`;
}

const notGetCallerIdentity = "Ask AWS who the caller is with `callerid verify`; that call needs no permission.";

/** What keeps a role from being assumed, and a caller from doing something. */
export const roleCauses = {
  "assume-role-trust": ({ role, caller }) => ({
    title: caller
      ? `${caller} may not assume ${roleOf(role)}: the role's trust policy or the caller's own policies do not allow it.`
      : `The caller may not assume ${roleOf(role)}: its trust policy or the caller's own policies do not allow it.`,
    next: [
      "Check that the trust policy names this caller, and its conditions: external id, MFA, source identity, organization.",
      "In another account both sides have to allow it: the trust policy there and sts:AssumeRole in the caller's policies here.",
      notGetCallerIdentity,
    ],
  }),
  "role-arn-invalid": ({ text }) => ({
    title: `The role's ARN is not one that AWS takes${refused(text)}.`,
    next: [
      "It has the form arn:aws:iam::ACCOUNT:role/NAME with twelve digits of account; a path belongs to the name.",
      "Look whether a variable in it was empty.",
    ],
  }),
  "role-missing": ({ role }) => ({
    title: `${role ?? "The role"} does not exist, or not in that account; AWS says AccessDenied for that too.`,
    next: ["Compare account id, path and name with the role in IAM."],
  }),
  "role-self-assume": ({ role }) => ({
    title: `The caller already is ${roleOf(role)} and tries to assume it once more, which its trust policy has to allow expressly.`,
    next: ["Take assume_role out where the credentials are the role's already (in CI, for example)."],
  }),
  "assume-role-ci-only": {
    title: "The role looks like one that only CI may assume.",
    next: [
      "Leave assume_role out on your own machine (a variable, an override file), or let the trust policy name people too.",
    ],
  },
  "sso-reserved-role-assume": {
    title: "Roles named AWSReservedSSO_… can only be entered through SSO; nobody may assume them directly.",
    next: ["Use a profile with sso_account_id and sso_role_name instead of assume_role, or make a role of your own."],
  },
  "root-cannot-assume": {
    title: "The root user may not assume roles.",
    next: ["Use an IAM user or SSO, and delete the root user's access keys."],
  },
  "mfa-token-reuse": {
    title: "The MFA code was wrong or has been used already; each code counts once.",
    next: ["Wait for the next code, and get one session for all runs instead of one for each."],
  },
  "role-mfa-condition": {
    title: "The role's trust policy asks for MFA, which the present session does not have.",
    next: [
      "Get a session with MFA first (aws-vault, `aws sts get-session-token --serial-number … --token-code …`, SSO).",
    ],
  },
  "role-propagation-race": {
    title: "The role or its policy was made in the same run and is not known everywhere yet.",
    next: ["Run apply again after some seconds; a depends_on or a time_sleep keeps it from coming back."],
  },
  "explicit-deny": {
    title:
      "A policy forbids it expressly: a service control policy, a permissions boundary, a session policy or a policy of the resource.",
    next: ["The message names the kind of policy; ask whoever looks after the organization's policies."],
  },
  "permission-missing": ({ caller, action }) => ({
    title: caller
      ? `The credentials are good; ${caller} is not allowed ${action ?? "this"}.`
      : "The credentials are good; their owner is not allowed to do this.",
    next: [
      "Check that this is the identity you meant: `callerid verify` says who it is.",
      action
        ? `If it is, allow it ${action} on that resource.`
        : "If it is, add the action the message names to its policies.",
    ],
  }),
  "wrong-identity": {
    title: "Another identity asked than you expect, for example an instance's role or an environment's leftover.",
    next: ["Compare the caller in the message with `callerid chain`, and unset or rename what comes in between."],
  },
  "oidc-trust-condition": {
    title: "The role's trust policy does not accept this token: its conditions on `sub` or `aud` say something else.",
    next: [
      "Compare the condition on `sub` with the token's: repository, branch, environment or service account, letter for letter; use StringLike where it holds a `*`.",
      "Check that the action is sts:AssumeRoleWithWebIdentity and the principal the OIDC provider of this issuer.",
    ],
  },
  "oidc-audience": {
    title: "The token was made for another audience than the IAM identity provider accepts.",
    next: ["Let both say the same, for AWS usually sts.amazonaws.com."],
  },
  "oidc-provider-missing": {
    title: "IAM in the role's account has no identity provider for the issuer of this token.",
    next: [
      "Create the OIDC provider for exactly this issuer URL in the account of the role.",
      "Check that the role's ARN is of the account where you have made it.",
    ],
  },
  "oidc-throttle": {
    title:
      "AWS could not fetch the issuer's keys: too many jobs at once, or the issuer cannot be reached from the internet.",
    next: [
      "Run it again, with jobs spread in time.",
      "Check that the issuer's /.well-known/openid-configuration is public.",
    ],
  },
  "oidc-token-expired": {
    title: "The identity provider's token has expired before AWS saw it.",
    next: [
      "Ask for the token right before terraform runs; it lives a few minutes.",
      "In Kubernetes check that the pod still gets its projected token renewed.",
    ],
  },
  "oidc-token-claims": {
    title: "The token lacks a claim that AWS asks for, or has one that it refuses.",
    next: ["Look at the token's claims (iss, aud, sub, amr) beside the trust policy."],
  },
  "web-identity-arg-missing": {
    title:
      "AWS_WEB_IDENTITY_TOKEN_FILE is set and no role with it (AWS_ROLE_ARN), or the block says only half of what is needed.",
    next: [
      "Set AWS_ROLE_ARN beside it, or unset both; in a block give role_arn and one of web_identity_token and web_identity_token_file.",
    ],
  },
  "web-identity-file-missing": {
    title: "The file with the web identity token cannot be read.",
    next: [
      "Check the path, and that the step or pod that writes it has run and shares its file system with Terraform.",
    ],
  },
  "session-too-long": {
    title:
      "The session is asked to last longer than allowed: the role's maximum, and one hour where a role assumes another.",
    next: ["Lower `duration`, or raise the role's maximum session duration; one hour is fixed for role chaining."],
  },
  "session-parameters": {
    title: "Session name, tags or policy of the assumed role are not as AWS takes them.",
    next: ["A session name is 2 to 64 characters of A–Z, a–z, 0–9 and `=,.@-_`; shorten policies and tags."],
  },
  "account-guard-mismatch": {
    title: "The credentials are good, but of an account that allowed_account_ids or forbidden_account_ids keeps out.",
    next: [
      "Choose the profile or role of the account that is meant; `callerid verify` says which account the present one is of.",
      "The guard has done its work: change the list only if the account is really meant.",
    ],
  },
  "account-guard-blind": {
    title:
      "allowed_account_ids cannot be checked because both skip_credentials_validation and skip_requesting_account_id are set.",
    next: ["Remove skip_requesting_account_id, or the list."],
  },
} satisfies Record<string, Cause>;
