import { removeSetting } from "../facts/edits";
import { keyKind } from "../facts/shapes";
import { describeSet } from "../model/describe";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "token-on-permanent-key",
  title: "Session token beside a long-term access key",
  severity: "warning",
  why: "A key that starts with `AKIA` has no session token. One left over from an earlier login is sent all the same, and AWS refuses the pair with `InvalidClientTokenId`.",
  remedy: "Remove the token, or put back the temporary key it belongs to.",
  silence: "A token that is only a reference (`token = var.token`), which may well be empty.",
  links: ["https://docs.aws.amazon.com/IAM/latest/UserGuide/security-creds-programmatic-access.html"],
  examples: {
    "a profile that was logged in once": {
      "home/.aws/credentials": `
[dev]
aws_access_key_id     = AKIAIOSFODNN7EXAMPLE
#                       ^^^^^^^^^^^^^^^^^^^^ token-on-permanent-key
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
aws_session_token     = AQoEXAMPLEH4aoAH0gNCAPyJxz4BlCFFxWNE1OPTgk5TthT
`,
    },
    "a token that may be empty": {
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
      const { accessKeyId, sessionToken } = set.settings;
      if (!accessKeyId || sessionToken?.value.kind !== "secret" || set.endpoint === "emulator") continue;
      if (keyKind(accessKeyId) !== "long-term-key-id") continue;
      if (set.origin.kind === "variables" && keyKind(sessionToken) !== "session-token") continue;
      // One that comes from the profile's other file is `split-across-files`.
      if (set.origin.kind === "profile" && sessionToken.valueAt.path !== accessKeyId.valueAt.path) continue;
      const edit = removeSetting(sessionToken);
      yield {
        message: `This access key is a long-term one (AKIA…) and ${describeSet(set)} gives it a session token, which AWS will refuse.`,
        at: accessKeyId.at,
        fixes: edit ? [{ title: "Remove the session token", safety: "review", edits: [edit] }] : [],
      };
    }
  },
};
