import { identifierPrefixes } from "../aws/accessKey";
import { describeSet } from "../model/describe";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "malformed-key-id",
  title: "Not an access key id that AWS can have issued",
  severity: "error",
  why: "Key ids are `AKIA` or `ASIA` and sixteen of the characters A–Z and 2–7. AWS answers anything else with `InvalidClientTokenId`, just as it answers a deleted key.",
  remedy:
    "Copy the key id again. An identifier that starts with `AROA` or `AIDA` names a role or a user; it is not a key.",
  silence:
    "Stand-ins such as `test`, and blocks whose endpoints are not AWS's: other services issue keys of other shapes.",
  links: ["https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes"],
  examples: {
    "one character short": {
      "main.tf": `
provider "aws" {
  access_key = "AKIAIOSFODNN7EXAMPL"
  #             ^^^^^^^^^^^^^^^^^^^ malformed-key-id
  secret_key = var.secret_key
}
`,
    },
    "a role's identifier": {
      "home/.aws/credentials": `
[dev]
aws_access_key_id     = AROAIOSFODNN7EXAMPLE
#                       ^^^^^^^^^^^^^^^^^^^^ malformed-key-id
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
`,
    },
    "another service's key": {
      "main.tf": `
terraform {
  backend "s3" {
    endpoints  = { s3 = "https://fra1.digitaloceanspaces.com" }
    skip_credentials_validation = true
    skip_requesting_account_id  = true
    access_key = "DO00EXAMPLEKEYOFSPACES"
    secret_key = "changeme"
  }
}
`,
    },
  },
  *check({ sets }) {
    for (const set of sets) {
      const id = set.settings.accessKeyId;
      if (!id || set.endpoint !== "aws") continue;
      // Ids made up for a test have made-up secrets.
      if (set.origin.kind === "variables" && set.settings.secretAccessKey?.shape?.kind !== "secret-key") continue;
      if (id.shape?.kind === "malformed") {
        yield { message: `The access key id of ${describeSet(set)} ${id.shape.flaw}.`, at: id.at };
      } else if (id.shape?.kind === "other-identifier") {
        const { prefix } = id.shape;
        yield {
          message: `${prefix}… identifies ${identifierPrefixes.get(prefix) ?? "something else"}; an access key id starts with AKIA or ASIA.`,
          at: id.at,
        };
      }
    }
  },
};
