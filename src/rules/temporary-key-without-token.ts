import { supply } from "../facts/edits";
import { keyKind } from "../facts/shapes";
import { describeSet, isBlock } from "../model/describe";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "temporary-key-without-token",
  title: "Temporary access key without its session token",
  severity: "error",
  why: "A key that starts with `ASIA` comes from STS as one of three values. AWS does not recognize it without the third: every call ends in `InvalidClientTokenId`.",
  remedy: "Add the session token that was issued with the key, or use a profile and leave the keys out.",
  silence:
    "Sets whose endpoints are an emulator's, sets that name a token somewhere else (`token = var.token`), and scripts and containers that take variables from elsewhere.",
  links: ["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html"],
  examples: {
    "a provider block": {
      "main.tf": `
provider "aws" {
  region     = "eu-west-1"
  access_key = "ASIAIOSFODNN7EXAMPLE"
  #             ^^^^^^^^^^^^^^^^^^^^ temporary-key-without-token
  secret_key = var.secret_key
}
`,
    },
    "a profile": {
      "home/.aws/credentials": `
[dev]
aws_access_key_id     = ASIAIOSFODNN7EXAMPLE
#                       ^^^^^^^^^^^^^^^^^^^^ temporary-key-without-token
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
`,
    },
    "the token is there": {
      "main.tf": `
provider "aws" {
  region     = "eu-west-1"
  access_key = var.access_key
  secret_key = var.secret_key
  token      = var.session_token
}
`,
    },
  },
  *check({ sets, environment }) {
    const isInEnvironment = Boolean(environment.variables.get("AWS_SESSION_TOKEN")?.value);
    for (const set of sets) {
      const { accessKeyId, secretAccessKey, sessionToken } = set.settings;
      if (!accessKeyId || sessionToken || set.endpoint === "emulator" || set.outside === "backend-config") continue;
      if (keyKind(accessKeyId) !== "temporary-key-id") continue;
      if (set.origin.kind === "variables" && (set.isOpen || !secretAccessKey)) continue;
      // Somebody set the token, only not where it counts: `token-only-in-environment`.
      if (isInEnvironment && secretAccessKey && isBlock(set)) continue;
      if (set.misnamed.some((one) => /token$/i.test(one.expected))) continue;
      const edit = supply(set, secretAccessKey ?? accessKeyId, "sessionToken");
      yield {
        message: `This access key is temporary (ASIA…) and ${describeSet(set)} has no session token beside it.`,
        at: accessKeyId.at,
        fixes: edit ? [{ title: "Add the session token", safety: "review", edits: [edit] }] : [],
      };
    }
  },
};
