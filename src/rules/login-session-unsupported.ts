import { admitsOnlyBelow } from "../aws/versions";
import { bridge } from "../facts/edits";
import type { Rule } from "./rule";

/** The first Terraform whose S3 backend reads `login_session` (its go.mod has AWS SDK for Go config 1.32). */
const firstVersion = [1, 14, 9];

export const rule: Rule = {
  id: "login-session-unsupported",
  title: "A profile of `aws login` for a Terraform that cannot read it",
  severity: "warning",
  why: "S3 backends read `login_session` from Terraform 1.14.9 on. Older ones pass over it without a word and end with `no EC2 IMDS role found`.",
  remedy:
    "Use Terraform 1.14.9 or newer, or let the AWS CLI read the profile: `credential_process = aws configure export-credentials --profile NAME`.",
  silence:
    "Everything that is not certain: modules whose `required_version` admits a newer Terraform, providers, which bring a reader of their own, and OpenTofu.",
  links: [
    "https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sign-in.html",
    "https://docs.aws.amazon.com/cli/latest/reference/configure/export-credentials.html",
  ],
  examples: {
    "an older Terraform": {
      "main.tf": `
terraform {
  required_version = "~> 1.11.0"

  backend "s3" {
    profile = "dev"
  }
}
`,
      "home/.aws/config": `
[profile dev]
login_session = arn:aws:iam::111122223333:user/alex
#               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ login-session-unsupported
`,
    },
    "any version from 1.11 on": {
      "main.tf": `
terraform {
  required_version = ">= 1.11"

  backend "s3" {
    profile = "dev"
  }
}
`,
      "home/.aws/config": `
[profile dev]
login_session = arn:aws:iam::111122223333:user/alex
`,
    },
  },
  *check({ profiles, uses, versions }) {
    for (const { name, blocks } of uses.profiles.values()) {
      const profile = profiles.get(name);
      const { loginSession, accessKeyId, ssoSession, ssoStartUrl } = profile?.set.settings ?? {};
      if (!profile || !loginSession || (accessKeyId ?? ssoSession ?? ssoStartUrl)) continue;
      const block = blocks.find(
        ({ origin, directory }) =>
          (origin.kind === "backend" || origin.kind === "remote-state") &&
          versions.get(directory)?.tool !== "OpenTofu" &&
          admitsOnlyBelow(versions.get(directory)?.required ?? "", firstVersion),
      );
      if (!block) continue;
      const edits = bridge(profile, "login");
      yield {
        message: `Terraform reads login_session from 1.14.9 on, and a module that uses profile ${name} only admits older versions.`,
        at: loginSession.at,
        related: [{ message: "It is used here.", at: block.settings.profile?.at ?? block.at }],
        fixes: edits ? [{ title: `Let the AWS CLI read it, as ${name}-login`, safety: "review", edits }] : [],
      };
    }
  },
};
