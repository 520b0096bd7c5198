import { admitsOnlyBelow } from "../aws/versions";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "provider-version",
  title: "The AWS provider's version is open, or one that takes credentials in another order",
  severity: "info",
  why: "Which credentials win depends on the provider's major version: before 4.0 the environment's keys could win over `profile`, and 5.0 no longer has `shared_credentials_file`. Without a constraint, the next `terraform init` may bring another order.",
  remedy: "Say in `required_providers` which versions are meant, 4.0 or later.",
  silence:
    "Modules that say nothing at all about versions, neither `required_version` nor `required_providers`; modules that call others, whose constraints count too; modules with a lock file; directories without a provider block, which leave the version to their callers; blocks that talk to an emulator.",
  links: [
    "https://developer.hashicorp.com/terraform/language/providers/requirements#version-constraints",
    "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-4-upgrade#changes-to-authentication",
  ],
  examples: {
    "no version": {
      "main.tf": `
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  #       ^^^ provider-version
  region = "eu-west-1"
}
`,
    },
    "an old version": {
      "main.tf": `
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 3.0"
      #          ^^^^^^ provider-version
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}
`,
    },
    "a version": {
      "main.tf": `
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}
`,
    },
  },
  *check({ sets, versions }) {
    const seen = new Set<string>();
    for (const { origin, endpoint, directory, at } of sets) {
      const awsProvider = versions.get(directory)?.awsProvider;
      if (origin.kind !== "provider" || endpoint === "emulator" || !awsProvider || seen.has(directory)) continue;
      seen.add(directory);
      const old = awsProvider.constraints.find(({ text }) => admitsOnlyBelow(text, [4]));
      if (old) {
        yield {
          message: `${old.text} admits only versions of the AWS provider before 4.0, in which the environment's keys may win over \`profile\`.`,
          at: old.at,
        };
      } else if (awsProvider.isOmitted) {
        yield {
          message: "This module admits any version of the AWS provider.",
          at,
          fixes:
            awsProvider.repair.length > 0
              ? [{ title: "Ask for 4.0 or later", safety: "review", edits: awsProvider.repair }]
              : [],
        };
      }
    }
  },
};
