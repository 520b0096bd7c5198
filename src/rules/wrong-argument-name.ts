import { isBlock, subjectOf } from "../model/describe";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "wrong-argument-name",
  title: "An argument under another tool's name",
  severity: "error",
  why: "Terraform knows `access_key`, `secret_key` and `token`. Another name is an “Unsupported argument”, whose message prints the value; in a backend given any `-backend-config` it is dropped without a word.",
  remedy: "Rename the argument.",
  links: [
    "https://registry.terraform.io/providers/hashicorp/aws/latest/docs#argument-reference",
    "https://developer.hashicorp.com/terraform/language/backend/s3",
  ],
  examples: {
    "the names of the credentials file": {
      "main.tf": `
provider "aws" {
  access_key    = var.access_key
  secret_key    = var.secret_key
  session_token = var.token
# ^^^^^^^^^^^^^ wrong-argument-name
}
`,
    },
    "Terraform's names": {
      "main.tf": `
provider "aws" {
  access_key = var.access_key
  secret_key = var.secret_key
  token      = var.token
}
`,
    },
  },
  *check({ sets }) {
    for (const set of sets) {
      // In AWS files it is `ini-syntax`, in the environment `legacy-variable-name`.
      if (!isBlock(set)) continue;
      for (const { spelling, expected, isMisspelt, at, nameAt } of set.misnamed) {
        // There it is `dropped-backend-argument`.
        if (isMisspelt && set.origin.kind === "backend") continue;
        yield {
          message: `${subjectOf(set)} has no argument \`${spelling}\`; Terraform calls it \`${expected}\`.`,
          at,
          fixes: [{ title: `Rename to ${expected}`, safety: "safe", edits: [{ ...nameAt, pieces: [expected] }] }],
        };
      }
    }
  },
};
