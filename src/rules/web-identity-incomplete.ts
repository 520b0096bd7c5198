import { subjectOf } from "../model/describe";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "web-identity-incomplete",
  title: "A web identity token without a role",
  severity: "error",
  why: "A web identity token is only good for assuming a role. With a token file and no role Terraform stops with `role ARN is not set`, whatever other credentials there are further down.",
  remedy: "Set `AWS_ROLE_ARN` (in a profile: `role_arn`), or take the token file away.",
  silence:
    "A role without a token file, for many programs use `AWS_ROLE_ARN` as a setting of their own. Access keys in the same environment come first (`web-identity-shadowed`). Env files and scripts, whose role may come from elsewhere. Profiles count where Terraform uses them here.",
  links: ["https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html"],
  examples: {
    "a token file alone": {
      environment: `
AWS_WEB_IDENTITY_TOKEN_FILE=/var/run/secrets/token
#<-------------------------- web-identity-incomplete
`,
    },
    "with its role": {
      environment: `
AWS_ROLE_ARN=arn:aws:iam::111122223333:role/pod
AWS_WEB_IDENTITY_TOKEN_FILE=/var/run/secrets/token
`,
    },
  },
  *check({ sets, uses }) {
    for (const set of sets) {
      const { accessKeyId, secretAccessKey, webIdentityTokenFile, roleArn } = set.settings;
      if (!webIdentityTokenFile || roleArn || (accessKeyId && secretAccessKey) || set.isOpen) continue;
      // Only of a container is it known that nothing else comes to its variables.
      if (set.origin.kind === "variables" && set.origin.of !== "container") continue;
      // With a second source in it, or named by another profile, it is `source-profile-broken`.
      if (set.origin.kind === "profile" && uses.profiles.get(set.origin.name)?.by !== "block") continue;
      yield {
        message: `${subjectOf(set)} has a web identity token and no role to assume with it.`,
        at: webIdentityTokenFile.nameAt,
      };
    }
  },
};
