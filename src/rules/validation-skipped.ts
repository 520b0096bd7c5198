import { isKnownRegion, isPossibleRegion } from "../aws/regions";
import { isTrue } from "../facts/collect";
import { removeSetting } from "../facts/edits";
import { textOf } from "../facts/roleArns";
import type { CredentialSet } from "../model/credentials";
import { describeSet } from "../model/describe";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "validation-skipped",
  title: "Credentials are not validated",
  severity: "info",
  why: "Without the look at STS, bad credentials turn up later and under another name: `UnrecognizedClientException`, `InvalidAccessKeyId`, `AuthFailure`, whichever service is asked first. The check takes one request and needs no permission.",
  remedy: "Remove the argument where the calls go to AWS.",
  silence:
    "Blocks that name endpoints other than AWS's, or have another service's marks: `skip_region_validation`, path style, a region that is none of AWS's. Blocks whose keys are stand-ins, as in tests that never call AWS.",
  links: ["https://registry.terraform.io/providers/hashicorp/aws/latest/docs#skip_credentials_validation"],
  examples: {
    "against AWS": {
      "main.tf": `
provider "aws" {
  region                      = "eu-west-1"
  skip_credentials_validation = true
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^ validation-skipped
}
`,
    },
    "against another service": {
      "backend.tf": `
terraform {
  backend "s3" {
    bucket                      = "states"
    key                         = "app.tfstate"
    region                      = "us-east-1"
    endpoints                   = { s3 = "https://fra1.digitaloceanspaces.com" }
    skip_credentials_validation = true
    skip_requesting_account_id  = true
  }
}
`,
    },
    "for tests without AWS": {
      "main.tf": `
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "mock_access_key"
  secret_key                  = "mock_secret_key"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
}
`,
    },
  },
  *check({ sets }) {
    for (const set of sets) {
      const { skipCredentialsValidation: skip } = set.settings;
      if (!skip || !isTrue(skip) || set.endpoint !== "aws" || isMeantForOthers(set)) continue;
      const removal = skip.usedAt ? undefined : removeSetting(skip);
      yield {
        message: `Terraform does not validate the credentials of ${describeSet(set)}.`,
        at: skip.nameAt,
        fixes: removal ? [{ title: "Remove skip_credentials_validation", safety: "review", edits: [removal] }] : [],
      };
    }
  },
};

/** The endpoint of another service may come by -backend-config; its other marks stand in the block. */
function isMeantForOthers({ settings, isOtherStore }: CredentialSet): boolean {
  const { accessKeyId, secretAccessKey, region, skipRegionValidation } = settings;
  const stands = [accessKeyId, secretAccessKey].some(
    (key) => key?.shape?.kind === "placeholder" || key?.shape?.kind === "documented",
  );
  const name = textOf(region);
  const isForeign = name !== undefined && !isKnownRegion(name) && !isPossibleRegion(name);
  return stands || isForeign || isTrue(skipRegionValidation) || isOtherStore === true;
}
