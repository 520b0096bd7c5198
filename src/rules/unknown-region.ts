import { isFillIn } from "../aws/fillIns";
import { isKnownRegion, isPossibleRegion, nearestRegion } from "../aws/regions";
import { replaceValue } from "../facts/edits";
import type { Rule } from "./rule";

/** What people write where any word will do, in tests of something else. */
const standIn = /^(?:foo|bar|baz|qux|x+|<.*>)$|(?:^|-)(?:test|testing|dummy|fake|mock)(?:-|$)/i;

export const rule: Rule = {
  id: "unknown-region",
  title: "Not a region",
  severity: "error",
  why: "Terraform refuses a region it does not know (`Invalid AWS Region`), or looks for an endpoint that does not exist. A name such as `us-east-1a` is an availability zone.",
  remedy: "Correct the name.",
  silence:
    "Names of a new region's form that are newer than this list are left alone, and so are blocks with `skip_region_validation` or other services' endpoints, and names of tests such as `us-test-1`. A name that a template leaves to be filled in is an information.",
  links: ["https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html"],
  examples: {
    "letters swapped": {
      "main.tf": `
provider "aws" {
  region = "us-esat-1"
  #         ^^^^^^^^^ unknown-region
}
`,
    },
    "an availability zone": {
      "home/.aws/config": `
[default]
region = eu-central-1a
#        ^^^^^^^^^^^^^ unknown-region
`,
    },
    "a region": {
      "main.tf": `
provider "aws" {
  region = "ap-southeast-2"
}
`,
    },
    "another service's region": {
      "main.tf": `
terraform {
  backend "s3" {
    region    = "auto"
    endpoints = { s3 = "https://0123456789abcdef.r2.cloudflarestorage.com" }
    skip_credentials_validation = true
    skip_region_validation      = true
    skip_requesting_account_id  = true
  }
}
`,
    },
  },
  *check({ regionReferences }) {
    for (const setting of regionReferences) {
      if (setting.value.kind !== "literal" || standIn.test(setting.value.text)) continue;
      const name = setting.value.text;
      if (isKnownRegion(name) || isPossibleRegion(name)) continue;
      if (isFillIn(name)) {
        yield { message: `The region still has to be filled in.`, at: setting.at, severity: "info" };
        continue;
      }
      const nearest = nearestRegion(name);
      yield {
        message: nearest ? `${name} is not an AWS region; did you mean ${nearest}?` : `${name} is not an AWS region.`,
        at: setting.at,
        fixes: nearest
          ? [{ title: `Change to ${nearest}`, safety: "review", edits: [replaceValue(setting, [nearest])] }]
          : [],
      };
    }
  },
};
