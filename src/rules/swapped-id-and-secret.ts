import { replaceValue } from "../facts/edits";
import { isKeyId, keyKind } from "../facts/shapes";
import { describeSet } from "../model/describe";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "swapped-id-and-secret",
  title: "Access key id and secret key in each other's place",
  severity: "error",
  why: "The value given as key id is sent in clear with every request, so a swap sends the secret key. AWS answers `IncompleteSignature`, and its message repeats what it was sent.",
  remedy: "Swap the two. If Terraform has run with them, its logs may show the secret: rotate the key.",
  links: ["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html"],
  examples: {
    "a provider block": {
      "main.tf": `
provider "aws" {
  access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
  #             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ swapped-id-and-secret
  secret_key = "AKIAIOSFODNN7EXAMPLE"
}
`,
    },
    "in order": {
      "main.tf": `
provider "aws" {
  access_key = "AKIAIOSFODNN7EXAMPLE"
  #             ^^^^^^^^^^^^^^^^^^^^ placeholder-key
  secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
}
`,
    },
  },
  *check({ sets }) {
    for (const set of sets) {
      const { accessKeyId: id, secretAccessKey: secret } = set.settings;
      if (!id || !secret) continue;
      const idHoldsSecret = keyKind(id) === "secret-key";
      const secretHoldsId = isKeyId(keyKind(secret));
      if (!idHoldsSecret && !secretHoldsId) continue;
      const both = idHoldsSecret && secretHoldsId && id.valueAt.path === secret.valueAt.path;
      yield {
        message: secretHoldsId
          ? idHoldsSecret
            ? `The access key id and the secret key of ${describeSet(set)} are swapped.`
            : `The secret key of ${describeSet(set)} is an access key id.`
          : `The access key id of ${describeSet(set)} has the shape of a secret key.`,
        at: (idHoldsSecret ? id : secret).at,
        fixes: both
          ? [
              {
                title: "Swap the two values",
                safety: "review",
                edits: [replaceValue(id, [secret.valueAt.span]), replaceValue(secret, [id.valueAt.span])],
              },
            ]
          : [],
      };
    }
  },
};
