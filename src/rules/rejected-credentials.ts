import { explainCode } from "../aws/errors";
import { standingObservations } from "../facts/observed";
import { describeSet } from "../model/describe";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "rejected-credentials",
  title: "Credentials that AWS refused when they were verified",
  severity: "error",
  why: "AWS was asked with the very keys and roles that Terraform would use, and refused them. Terraform's next run ends with the same code.",
  remedy:
    "Verify once more for the whole answer: `CallerID: Verify AWS Credentials`, or `callerid verify`. It tells a dead key from a region that is not enabled, a role that does not trust the caller from one that is not there, and names the next step.",
  silence:
    "Until somebody verifies. An answer about keys, a region or roles that have changed since is forgotten; one that says nothing about the keys (no network, a proxy, throttling) never counts.",
  links: ["https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html"],
  examples: {
    "a key that AWS does not know": {
      "main.tf": `
provider "aws" {
#         ^^^ rejected-credentials
  region  = "eu-west-1"
  profile = "work"
}
`,
      "home/.aws/config": `
[profile work]
credential_process = /usr/local/bin/keys work
`,
      observations: `
provider aws: InvalidClientTokenId
`,
    },
    "good keys": {
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
provider aws: arn:aws:iam::111122223333:user/terraform
`,
    },
  },
  *check(facts) {
    for (const { set, observation } of standingObservations(facts)) {
      const { answer, atHome, noKeys, walk, chain } = observation;
      if (answer.status !== "rejected") continue;
      const role = walk && chain.roles[walk.assumed];
      const what = noKeys ? " its keys" : role ? ` the role ${role.roleArn}` : "";
      const home = atHome?.answer.status === "valid" ? ` The same keys are good in ${atHome.region}.` : "";
      const meaning = home || ` ${explainCode(answer.code).meaning}`;
      yield { message: `AWS refused ${describeSet(set)}${what}: ${answer.code}.${meaning}`, at: set.at };
    }
  },
};
