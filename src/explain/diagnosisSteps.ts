import type { Facts } from "../facts/facts";
import type { CredentialSet } from "../model/credentials";

/** One look of the diagnosis: what it is about, and whose findings speak of it. */
export interface DiagnosisStep {
  readonly id: string;
  readonly title: string;
  /** What it says when nothing is wrong. */
  readonly fine: string;
  readonly rules: readonly string[];
  /** Only an answer of AWS tells. */
  readonly needsAws?: true;
  /** Where there may be nothing to look at. */
  readonly needs?: { readonly isThere: (facts: Facts) => boolean; readonly otherwise: string };
}

const hasSet = (isIt: (set: CredentialSet) => boolean) => (facts: Facts) => facts.sets.some(isIt);

/** From what a file says by itself to what only shows between files, in the order in which causes are best ruled out. */
export const diagnosisSteps: readonly DiagnosisStep[] = [
  {
    id: "format",
    title: "Keys have the form that AWS gives them",
    fine: "Every key that is written out here is one that AWS can have issued.",
    rules: [
      "malformed-key-id",
      "malformed-secret",
      "mangled-value",
      "swapped-id-and-secret",
      "placeholder-key",
      "quoted-reference",
      "unquoted-shell-value",
      "special-character-at-risk",
    ],
  },
  {
    id: "presence",
    title: "Nothing of a set of keys is missing or too much",
    fine: "Each id has its secret, and temporary keys have their token.",
    rules: [
      "partial-keys",
      "temporary-key-without-token",
      "token-on-permanent-key",
      "token-only-in-environment",
      "dropped-session-token",
      "wrong-argument-name",
      "legacy-variable-name",
    ],
  },
  {
    id: "environment",
    title: "The environment agrees with the blocks",
    fine: "No variable sets aside what a block or a profile says.",
    rules: [
      "environment-overrides-profile",
      "profile-overrides-environment",
      "web-identity-shadowed",
      "web-identity-incomplete",
      "endpoint-leftover",
    ],
  },
  {
    id: "files",
    title: "The AWS files are read as they were meant",
    fine: "Terraform reads them as they stand.",
    rules: [
      "ini-syntax",
      "wrong-section-prefix",
      "duplicate-section",
      "duplicate-key",
      "split-across-files",
      "read-differently",
      "unreadable-encoding",
      "credentials-file-permissions",
      "shared-file-missing",
      "deprecated-shared-credentials-file",
    ],
    needs: { isThere: ({ awsTexts }) => awsTexts.length > 0, otherwise: "There is no AWS file." },
  },
  {
    id: "profile",
    title: "Profiles exist and give credentials",
    fine: "Every profile that is named here can give credentials.",
    rules: [
      "profile-not-found",
      "profile-without-credentials",
      "profile-and-keys",
      "source-profile-broken",
      "sso-incomplete",
      "static-keys-shadow-sso",
      "credential-process-broken",
      "mfa-role-in-terraform",
    ],
  },
  {
    id: "region",
    title: "Regions and partitions fit",
    fine: "Every region is one of AWS's.",
    rules: ["unknown-region", "opt-in-region", "partition-mismatch"],
  },
  {
    id: "versions",
    title: "The versions in use read what is written",
    fine: "Nothing here needs another version.",
    rules: ["provider-version", "login-session-unsupported"],
  },
  {
    id: "backend",
    title: "The backend gets its own credentials",
    fine: "Nothing keeps the backend from its credentials.",
    rules: [
      "backend-variable",
      "dropped-backend-argument",
      "backend-provider-mismatch",
      "stale-init-cache",
      "secret-in-init-cache",
    ],
    needs: { isThere: hasSet(({ origin }) => origin.kind === "backend"), otherwise: "There is no S3 backend." },
  },
  {
    id: "role",
    title: "Roles and accounts fit",
    fine: "Every role's ARN is one, and no account is one that a block forbids.",
    rules: ["malformed-role-arn", "account-mismatch", "role-chaining-duration"],
    needs: {
      isThere: hasSet(({ roles, settings }) =>
        Boolean(roles.length || settings.roleArn || settings.allowedAccountIds || settings.forbiddenAccountIds),
      ),
      otherwise: "No role is assumed, and no block limits its accounts.",
    },
  },
  {
    id: "expiry",
    title: "Nothing has run out",
    fine: "No recorded end of keys in use has passed.",
    rules: ["expired-credentials", "expiring-credentials"],
    needs: {
      isThere: (facts) => facts.logins.length > 0 || hasSet(({ settings }) => settings.expiration !== undefined)(facts),
      otherwise: "No tool has recorded when its keys end.",
    },
  },
  {
    id: "endpoints",
    title: "Requests go to AWS",
    fine: "No block sends its calls for AWS anywhere else.",
    rules: [
      "custom-endpoint",
      "incomplete-endpoint-list",
      "unchecked-certificates",
      "validation-skipped",
      "repository-runs-code",
    ],
  },
  {
    id: "containers-and-ci",
    title: "Credentials reach containers and pipelines whole",
    fine: "Nothing is lost on the way into a container or a job.",
    rules: [
      "container-token-not-passed",
      "container-mount-unreachable",
      "imds-hop-limit",
      "oidc-permission-missing",
      "oidc-shadowed",
      "outdated-action",
      "credentials-after-terraform",
      "ci-session-token-missing",
      "gitlab-oidc-incomplete",
    ],
    needs: {
      isThere: hasSet(({ origin }) => origin.kind === "variables"),
      otherwise: "No container and no pipeline here has to do with credentials.",
    },
  },
  {
    id: "caller",
    title: "The caller is the one who was meant",
    fine: "Nothing about the caller will make other calls fail.",
    rules: ["unexpected-account", "session-without-mfa", "root-identity", "canary-key"],
    needsAws: true,
  },
];

/** What is unwise or unneeded and makes nobody refuse, and what the steps that ask AWS say themselves. */
export const besideTheDiagnosis: readonly string[] = [
  "clock-skewed",
  "rejected-credentials",
  "baked-in-credentials",
  "hardcoded-key-id",
  "hardcoded-secret",
  "static-keys-in-ci",
  "unused-suppression",
];
