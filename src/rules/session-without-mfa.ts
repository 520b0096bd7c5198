import { standingObservations } from "../facts/observed";
import { describeSet } from "../model/describe";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "session-without-mfa",
  title: "A user's session, which cannot call IAM unless it was made with an MFA code",
  severity: "info",
  why: "Temporary keys whose caller is an IAM user come from `GetSessionToken`. IAM answers such keys with `InvalidClientTokenId`, as if they did not exist, unless they were made with an MFA code; every other service takes them.",
  remedy:
    "Make the session with `--serial-number` and `--token-code`, or let Terraform assume a role. If the session was made with a code, all is well.",
  silence:
    "Until somebody verifies; where no resource or data source of the block's directory calls IAM; where a role is assumed with the session.",
  links: ["https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html"],
  examples: {
    "a user's session and a resource of IAM": {
      "main.tf": `
provider "aws" {
#         ^^^ session-without-mfa
  region  = "eu-west-1"
  profile = "work"
}

resource "aws_iam_role" "ci" {
  name               = "ci"
  assume_role_policy = "{}"
}
`,
      "home/.aws/config": `
[profile work]
credential_process = /usr/local/bin/keys work
`,
      observations: `
provider aws: arn:aws:iam::111122223333:user/me by a temporary key
`,
    },
    "a role's session": {
      "main.tf": `
provider "aws" {
  region  = "eu-west-1"
  profile = "work"
}

resource "aws_iam_role" "ci" {
  name               = "ci"
  assume_role_policy = "{}"
}
`,
      "home/.aws/config": `
[profile work]
credential_process = /usr/local/bin/keys work
`,
      observations: `
provider aws: arn:aws:sts::111122223333:assumed-role/Developer/me by a temporary key
`,
    },
  },
  *check(facts) {
    for (const { set, observation, base } of standingObservations(facts)) {
      if (!base || observation.walk || !observation.isTemporary || !/:user\//.test(base.arn)) continue;
      const iam = facts.callsOf(set).find(({ service }) => service === "iam");
      if (!iam) continue;
      yield {
        message: `The keys of ${describeSet(set)} are a session of ${base.arn}: IAM answers it with InvalidClientTokenId unless it was made with an MFA code.`,
        at: set.at,
        related: [{ message: "This calls IAM.", at: iam.at }],
      };
    }
  },
};
