import { type ArnFlaw, roleArnFlaw } from "../aws/arns";
import { replaceValue } from "../facts/edits";
import { roleSettings, textsOf } from "../facts/roleArns";
import type { Setting } from "../model/credentials";
import { describeSet } from "../model/describe";
import type { Fix } from "../model/finding";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "malformed-role-arn",
  title: "Not the ARN of an IAM role",
  severity: "error",
  why: "Only a role can be assumed, and it is named by `arn:PARTITION:iam::ACCOUNT:role/NAME`. Terraform's backend stops at anything else with “Invalid IAM Role ARN”; the provider and the SDKs send it to AWS, which refuses it.",
  remedy:
    "Copy the role's ARN: `aws iam get-role --role-name NAME`. What `aws sts get-caller-identity` prints for a role is the ARN of a session.",
  silence:
    "Sets that talk to an emulator. An ARN whose account is still a word, `<…>` or `123456789` is an information: it has to be filled in.",
  links: [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns",
    "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html",
  ],
  examples: {
    "the ARN of a session": {
      "main.tf": `
provider "aws" {
  region = "eu-west-1"

  assume_role {
    role_arn = "arn:aws:sts::111122223333:assumed-role/deploy/ci"
    #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ malformed-role-arn
  }
}
`,
    },
    "a colon short": {
      "backend.tf": `
terraform {
  backend "s3" {
    bucket = "states"
    key    = "app.tfstate"
    region = "eu-west-1"

    assume_role = {
      role_arn = "arn:aws:iam:111122223333:role/states"
      #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ malformed-role-arn
    }
  }
}
`,
    },
    "in a profile": {
      "home/.aws/config": `
[profile deploy]
role_arn          = arn:aws:iam::111122223333:user/deploy
#                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ malformed-role-arn
credential_source = Environment
`,
    },
    "a role below a path, in another partition": {
      "main.tf": `
provider "aws" {
  region = "us-gov-west-1"

  assume_role {
    role_arn = "arn:aws-us-gov:iam::111122223333:role/ci/deploy"
  }
}
`,
    },
  },
  *check({ sets }) {
    const seen = new Set<string>();
    for (const set of sets) {
      if (set.endpoint === "emulator") continue;
      for (const { text, setting } of roleSettings(set).flatMap(textsOf)) {
        const flaw = roleArnFlaw(text);
        const place = `${setting.valueAt.path}:${setting.valueAt.span.start}`;
        if (!flaw || seen.has(place)) continue;
        seen.add(place);
        yield {
          message: `The role ARN of ${describeSet(set)} ${flaw.words}.`,
          at: setting.at,
          severity: flaw.isStandIn ? "info" : "error",
          related: setting.usedAt ? [{ message: "It is used here.", at: setting.usedAt }] : [],
          fixes: fixesFor(setting, flaw),
        };
      }
    }
  },
};

function fixesFor(setting: Setting, { repaired }: ArnFlaw): readonly Fix[] {
  const isPlain = repaired !== undefined && /^[\w+=,.@:/-]+$/.test(repaired);
  if (!isPlain || setting.surroundings.syntax === "environment") return [];
  return [{ title: `Change to ${repaired}`, safety: "review", edits: [replaceValue(setting, [repaired])] }];
}
