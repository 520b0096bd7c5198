import { endedLogins, expiriesInUse, momentOf } from "../facts/expiries";
import { describeSet, subjectOf } from "../model/describe";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "expired-credentials",
  title: "Temporary keys whose recorded end has passed",
  severity: "error",
  why: "AWS answers expired keys with `ExpiredToken`. Neither Terraform nor the AWS CLI looks at the end that a login tool writes beside the keys, so they are sent all the same.",
  remedy:
    "Log in again with the tool that wrote them (`saml2aws login`, `aws-azure-login`, `aws-mfa`), or use a profile that renews its keys by itself, such as one with `sso_session`.",
  silence:
    "Profiles that nothing here uses: old logins are left in most files. Without Terraform files, only the profile of `AWS_PROFILE` or the default one counts. An SSO login that renews itself is not over, and one that was never made is not missed. Long-term keys do not expire, whatever stands beside them.",
  links: ["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html"],
  examples: {
    "yesterday's login": {
      "home/.aws/credentials": `
[default]
aws_access_key_id        = ASIAIOSFODNN7EXAMPLE
#                          ^^^^^^^^^^^^^^^^^^^^ placeholder-key
aws_secret_access_key    = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
aws_session_token        = AQoEXAMPLEH4aoAH0gNCAPyJxz4BlCFFxWNE1OPTgk5TthT
x_security_token_expires = 2026-05-31T18:00:00+02:00
#                          ^^^^^^^^^^^^^^^^^^^^^^^^^ expired-credentials
`,
    },
    "a login that is over": {
      "main.tf": `
provider "aws" {
  profile = "work"
}
`,
      "home/.aws/config": `
[profile work]
sso_session    = company
#                ^^^^^^^ expired-credentials
sso_account_id = 111122223333
sso_role_name  = Developer

[sso-session company]
sso_region    = eu-west-1
sso_start_url = https://example.awsapps.com/start
`,
      "home/.aws/sso/cache/login.json": `
{ "startUrl": "https://example.awsapps.com/start", "accessToken": "…", "expiresAt": "2026-06-01T11:00:00Z" }
`,
    },
    "not used here": {
      "main.tf": `
provider "aws" {
  profile = "company"
}
`,
      "home/.aws/credentials": `
[company]
credential_process = /usr/local/bin/keys company

[old]
aws_access_key_id     = ASIAIOSFODNN7EXAMPLE
#                       ^^^^^^^^^^^^^^^^^^^^ placeholder-key
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
aws_session_token     = AQoEXAMPLEH4aoAH0gNCAPyJxz4BlCFFxWNE1OPTgk5TthT
aws_expiration        = 2024-01-01T00:00:00.000Z
`,
    },
  },
  *check(facts) {
    for (const { set, setting, at } of expiriesInUse(facts)) {
      if (at > facts.now) continue;
      yield { message: `${subjectOf(set)} has keys that expired at ${momentOf(at)}.`, at: setting.at };
    }
    for (const { set, setting, at } of endedLogins(facts)) {
      yield {
        message: `The SSO login of ${describeSet(set)} ended at ${momentOf(at)}: run aws sso login.`,
        at: setting.at,
      };
    }
  },
};
