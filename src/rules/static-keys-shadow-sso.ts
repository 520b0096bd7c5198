import { removeSetting } from "../facts/edits";
import { keyKind } from "../facts/shapes";
import type { SettingName } from "../model/credentials";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "static-keys-shadow-sso",
  title: "Keys in a profile that has a better source",
  severity: "warning",
  why: "Terraform uses the keys of a profile before its SSO session, its role's source or its `credential_process`; the AWS CLI uses SSO first. So `aws sso login` succeeds, and Terraform goes on with the keys of another day.",
  remedy: "Remove the keys, or give them a profile of their own.",
  silence:
    "Profiles that Terraform does not use here: some tools write keys beside SSO settings for programs that know no SSO. Without Terraform files, only the profile of `AWS_PROFILE` or the default one counts. Temporary keys are an error, for they end.",
  links: ["https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html"],
  examples: {
    "keys left from before SSO": {
      "main.tf": `
provider "aws" {
  profile = "dev"
}
`,
      "home/.aws/credentials": `
[dev]
aws_access_key_id     = AKIAIOSFODNN7EXAMPLE
#                       ^^^^^^^^^^^^^^^^^^^^ static-keys-shadow-sso
#                       ^^^^^^^^^^^^^^^^^^^^ placeholder-key
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
`,
      "home/.aws/config": `
[profile dev]
sso_session    = work
sso_account_id = 111122223333
sso_role_name  = Admin

[sso-session work]
sso_region    = eu-west-1
sso_start_url = https://example.awsapps.com/start
`,
    },
    "a role on top of its own keys": {
      "main.tf": `
provider "aws" {
  profile = "dev"
}
`,
      "home/.aws/config": `
[profile dev]
role_arn       = arn:aws:iam::111122223333:role/dev
source_profile = base

[profile base]
sso_session    = work
sso_account_id = 111122223333
sso_role_name  = Admin

[sso-session work]
sso_region    = eu-west-1
sso_start_url = https://example.awsapps.com/start
`,
    },
  },
  *check({ profiles, uses }) {
    for (const name of uses.profiles.keys()) {
      const settings = profiles.get(name)?.set.settings;
      const { accessKeyId, secretAccessKey, sessionToken, sourceProfile } = settings ?? {};
      // A source profile comes even before the keys.
      if (!settings || !accessKeyId || !secretAccessKey || sourceProfile) continue;
      const shadowed = shadowable.map((one) => settings[one]).find((one) => one !== undefined);
      if (!shadowed) continue;
      const edits = [accessKeyId, secretAccessKey, sessionToken].flatMap((one) => (one && removeSetting(one)) ?? []);
      yield {
        message: `Terraform uses these keys of profile ${name}, not its ${shadowed.spelling}.`,
        at: accessKeyId.at,
        severity: keyKind(accessKeyId) === "temporary-key-id" ? "error" : "warning",
        related: [{ message: `${shadowed.spelling} stands here.`, at: shadowed.at }],
        fixes: [{ title: "Remove the keys", safety: "review", edits }],
      };
    }
  },
};

const shadowable: readonly SettingName[] = [
  "ssoSession",
  "ssoStartUrl",
  "credentialSource",
  "webIdentityTokenFile",
  "loginSession",
  "credentialProcess",
];
