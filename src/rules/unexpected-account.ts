import { accountOf } from "../facts/accounts";
import { standingObservations } from "../facts/observed";
import { textOf } from "../facts/roleArns";
import { describeSet } from "../model/describe";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "unexpected-account",
  title: "Credentials that AWS says are of an account the block does not allow",
  severity: "error",
  why: "Terraform compares the account that AWS names with `allowed_account_ids` and `forbidden_account_ids`, and stops with “AWS account ID not allowed”. Here AWS was asked, and it will.",
  remedy: "Use the profile, key or role of the account that is meant, or correct the list.",
  silence:
    "Until somebody verifies. Where the account stands in a role's ARN or in a key's id, `account-mismatch` tells it without asking.",
  links: ["https://registry.terraform.io/providers/hashicorp/aws/latest/docs#allowed_account_ids"],
  examples: {
    "another account": {
      "main.tf": `
provider "aws" {
  region              = "eu-west-1"
  profile             = "work"
  allowed_account_ids = ["111122223333"]
# ^^^^^^^^^^^^^^^^^^^ unexpected-account
}
`,
      "home/.aws/config": `
[profile work]
credential_process = /usr/local/bin/keys work
`,
      observations: `
provider aws: arn:aws:iam::444455556666:user/terraform
`,
    },
    "the account that is meant": {
      "main.tf": `
provider "aws" {
  region              = "eu-west-1"
  profile             = "work"
  allowed_account_ids = ["111122223333", var.other]
}
`,
      "home/.aws/config": `
[profile work]
credential_process = /usr/local/bin/keys work
`,
      observations: `
provider aws: arn:aws:iam::444455556666:user/terraform
`,
    },
  },
  *check(facts) {
    for (const { set, observation } of standingObservations(facts)) {
      const { answer } = observation;
      if (answer.status !== "valid") continue;
      const { account } = answer.identity;
      if (accountOf(set, facts.profiles)?.account === account) continue;
      const { allowedAccountIds: allowed, forbiddenAccountIds: forbidden } = set.settings;
      const forbids = (forbidden?.items ?? []).some((item) => textOf(item) === account);
      const texts = (allowed?.items ?? []).map(textOf);
      const leavesOut = texts.length > 0 && texts.every((text) => text !== undefined && text !== account);
      const list = forbids ? forbidden : leavesOut ? allowed : undefined;
      if (!list) continue;
      const verb = forbids ? "forbids" : "does not list";
      yield {
        message: `AWS says that ${describeSet(set)} is account ${account}, which \`${list.spelling}\` ${verb}.`,
        at: list.nameAt,
      };
    }
  },
};
