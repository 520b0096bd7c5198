import { isTrue } from "../facts/collect";
import { removeSetting } from "../facts/edits";
import { describeSet } from "../model/describe";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "unchecked-certificates",
  title: "Certificates are not checked",
  severity: "warning",
  why: "With `insecure = true` Terraform takes whoever answers for AWS. Session tokens and state go to them in clear text, and they decide which credentials an AssumeRole brings.",
  remedy: "Remove the argument. Behind a proxy that opens TLS, name its certificate authority in `custom_ca_bundle`.",
  silence: "Blocks whose calls go to an emulator or to another store, and values that are not written out.",
  links: ["https://registry.terraform.io/providers/hashicorp/aws/latest/docs#insecure"],
  examples: {
    "against AWS": {
      "main.tf": `
provider "aws" {
  region   = "eu-west-1"
  insecure = true
# ^^^^^^^^ unchecked-certificates
}
`,
    },
    "against a store with a certificate of its own": {
      "backend.tf": `
terraform {
  backend "s3" {
    bucket                      = "states"
    key                         = "app.tfstate"
    region                      = "us-east-1"
    endpoints                   = { s3 = "https://minio.example.net" }
    insecure                    = true
    skip_credentials_validation = true
    skip_requesting_account_id  = true
  }
}
`,
    },
  },
  *check({ sets }) {
    for (const set of sets) {
      const { insecure } = set.settings;
      if (!insecure || !isTrue(insecure) || set.endpoint !== "aws") continue;
      const removal = insecure.usedAt ? undefined : removeSetting(insecure);
      yield {
        message: `Terraform does not check who answers the calls of ${describeSet(set)}.`,
        at: insecure.nameAt,
        fixes: removal ? [{ title: "Remove insecure", safety: "review", edits: [removal] }] : [],
      };
    }
  },
};
