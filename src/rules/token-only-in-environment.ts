import { addSetting } from "../facts/edits";
import { keyKind } from "../facts/shapes";
import { describeSet, isBlock } from "../model/describe";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "token-only-in-environment",
  title: "A session token in the environment does not complete keys in the block",
  severity: "hint",
  why: "Keys in a block are taken with the `token` of that block and nothing else. `AWS_SESSION_TOKEN` is not sent with them, and AWS answers a temporary key without its token with `InvalidClientTokenId`.",
  remedy:
    "Add `token` to the block, or leave all three to the environment. It is an error where the key is a temporary one.",
  silence: "Blocks that have a `token`, even an unknown one, and blocks whose endpoints are an emulator's.",
  links: ["https://registry.terraform.io/providers/hashicorp/aws/latest/docs#authentication-and-configuration"],
  examples: {
    "a temporary key": {
      "main.tf": `
provider "aws" {
  access_key = "ASIAIOSFODNN7EXAMPLE"
  #             ^^^^^^^^^^^^^^^^^^^^ token-only-in-environment
  secret_key = var.secret_key
}
`,
      environment: `
AWS_SESSION_TOKEN=AQoEXAMPLEH4aoAH0gNCAPyJxz4BlCFFxWNE1OPTgk5TthT
#<---------------- partial-keys
`,
    },
    "all three in the environment": {
      "main.tf": `
provider "aws" {
  region = "eu-west-1"
}
`,
      environment: `
AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE
#<---------------- placeholder-key
AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
AWS_SESSION_TOKEN=AQoEXAMPLEH4aoAH0gNCAPyJxz4BlCFFxWNE1OPTgk5TthT
`,
    },
  },
  *check({ sets, environment }) {
    const token = environment.variables.get("AWS_SESSION_TOKEN");
    if (!token?.value) return;
    for (const set of sets) {
      const { accessKeyId, secretAccessKey, sessionToken } = set.settings;
      if (!isBlock(set) || set.endpoint === "emulator") continue;
      if (!accessKeyId || !secretAccessKey || sessionToken) continue;
      const isTemporary = keyKind(accessKeyId) === "temporary-key-id";
      if (!isTemporary && keyKind(accessKeyId) !== undefined) continue;
      const edit = addSetting(secretAccessKey, "sessionToken");
      yield {
        severity: isTemporary ? "error" : "hint",
        message: `The AWS_SESSION_TOKEN of ${environment.owner} is not sent with the keys of ${describeSet(set)}, which has no \`token\`.`,
        at: accessKeyId.at,
        related: [{ at: { path: environment.source.path, span: token.nameSpan }, message: "The token is set here." }],
        fixes: edit && isTemporary ? [{ title: "Add the session token", safety: "review", edits: [edit] }] : [],
      };
    }
  },
};
