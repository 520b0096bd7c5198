import { bridge } from "../facts/edits";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "mfa-role-in-terraform",
  title: "A role that asks for an MFA code, which Terraform cannot ask for",
  severity: "warning",
  why: "The AWS CLI prompts for the code; Terraform stops with `assume role with MFA enabled, but AssumeRoleTokenProvider session option not set`.",
  remedy:
    "Let the AWS CLI assume the role: a second profile with `credential_process = aws configure export-credentials --profile NAME`. It asks for the code when its cache is empty, so run any AWS CLI command with the profile before Terraform.",
  silence:
    "Profiles that Terraform does not use here. Without Terraform files, only the profile of `AWS_PROFILE` or the default one counts.",
  links: [
    "https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-role.html",
    "https://docs.aws.amazon.com/cli/latest/reference/configure/export-credentials.html",
  ],
  examples: {
    "a role with mfa_serial": {
      "main.tf": `
provider "aws" {
  profile = "deploy"
}
`,
      "home/.aws/config": `
[profile deploy]
role_arn       = arn:aws:iam::111122223333:role/deploy
source_profile = base
mfa_serial     = arn:aws:iam::444455556666:mfa/alex
#                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ mfa-role-in-terraform

[profile base]
credential_process = /usr/local/bin/keys base
`,
    },
    "by way of the AWS CLI": {
      "main.tf": `
provider "aws" {
  profile = "deploy"
}
`,
      "home/.aws/config": `
[profile deploy]
credential_process = aws configure export-credentials --profile deploy-mfa

[profile deploy-mfa]
role_arn       = arn:aws:iam::111122223333:role/deploy
source_profile = base
mfa_serial     = arn:aws:iam::444455556666:mfa/alex

[profile base]
credential_process = /usr/local/bin/keys base
`,
    },
  },
  *check({ profiles, uses }) {
    for (const name of uses.profiles.keys()) {
      const profile = profiles.get(name);
      const { mfaSerial, roleArn } = profile?.set.settings ?? {};
      if (!profile || !mfaSerial || !roleArn) continue;
      const edits = bridge(profile, "mfa");
      yield {
        message: `Terraform uses profile ${name} and cannot ask for the MFA code that its role wants.`,
        at: mfaSerial.at,
        fixes: edits ? [{ title: `Let the AWS CLI assume the role, as ${name}-mfa`, safety: "review", edits }] : [],
      };
    }
  },
};
