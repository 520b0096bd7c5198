import { standingObservations } from "../facts/observed";
import { describeSet } from "../model/describe";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "root-identity",
  title: "Keys of the account's root user",
  severity: "warning",
  why: "The root user may do everything, and no policy can hold its keys back. It cannot assume a role either. AWS advises to have no access keys of the root user at all.",
  remedy:
    "Make an IAM user or a role for Terraform with the permissions it needs, or use IAM Identity Center, and delete the root user's access keys.",
  silence: "Until somebody verifies: whose keys they are, AWS alone tells.",
  links: ["https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html"],
  examples: {
    "the root user": {
      "main.tf": `
provider "aws" {
#         ^^^ root-identity
  region  = "eu-west-1"
  profile = "work"
}
`,
      "home/.aws/config": `
[profile work]
credential_process = /usr/local/bin/keys work
`,
      observations: `
provider aws: arn:aws:iam::111122223333:root
`,
    },
    "a user": {
      "main.tf": `
provider "aws" {
  region  = "eu-west-1"
  profile = "work"
}
`,
      "home/.aws/config": `
[profile work]
credential_process = /usr/local/bin/keys work
`,
      observations: `
provider aws: arn:aws:iam::111122223333:user/root
`,
    },
  },
  *check(facts) {
    for (const { set, base } of standingObservations(facts)) {
      if (!base || !/^arn:[\w-]+:iam::\d{12}:root$/.test(base.arn)) continue;
      yield {
        message: `The keys of ${describeSet(set)} are those of account ${base.account}'s root user.`,
        at: set.at,
      };
    }
  },
};
