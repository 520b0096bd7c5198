import { replaceValue } from "../facts/edits";
import { isKeyId, keyKind } from "../facts/shapes";
import type { CredentialSet, Setting } from "../model/credentials";
import { describeSet } from "../model/describe";
import { fakeSecrets, type Rule } from "./rule";

export const rule: Rule = {
  id: "malformed-secret",
  title: "Not a secret key that AWS can have issued",
  severity: "error",
  why: "Secret keys are 40 characters of A–Z, a–z, 0–9, `+` and `/`. With any other, the signature is wrong and AWS answers `SignatureDoesNotMatch`.",
  remedy:
    "Copy the secret key again, as it was issued: not from a URL, not from JSON with escapes, not with its end cut off. If it is lost, create a new key.",
  silence:
    "`+` and `/` are ordinary characters of a secret key and need no encoding. Stand-ins, and services that are not AWS, are left alone.",
  links: ["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html"],
  examples: {
    "percent-encoded": {
      "main.tf": `
provider "aws" {
  access_key = var.access_key
  secret_key = "wJalrXUtnFEMI%2FK7MDENG%2FbPxRfiCYEXAMPLEKEY"
  #             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ malformed-secret
}
`,
    },
    "its last character lost": {
      "home/.aws/credentials": `
[dev]
aws_access_key_id     = AKIAIOSFODNN7EXAMPLE
#                       ^^^^^^^^^^^^^^^^^^^^ malformed-secret
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKE
`,
    },
    "plus and slash are fine": {
      "home/.aws/credentials": `
[dev]
aws_access_key_id     = AKIAIOSFODNN7EXAMPLE
#                       ^^^^^^^^^^^^^^^^^^^^ placeholder-key
aws_secret_access_key = ${fakeSecrets[0]}
`,
    },
  },
  *check({ sets }) {
    for (const set of sets) {
      const secret = set.settings.secretAccessKey;
      if (!secret || set.endpoint !== "aws") continue;
      const flaw = flawOf(secret, set);
      if (!flaw) continue;
      yield {
        message: `The secret key of ${describeSet(set)} ${flaw}.`,
        at: secret.at,
        fixes: secret.repaired
          ? [{ title: "Decode the secret key", safety: "safe", edits: [replaceValue(secret, secret.repaired)] }]
          : [],
      };
    }
  },
};

function flawOf(secret: Setting, set: CredentialSet): string | undefined {
  const { shape } = secret;
  const id = set.settings.accessKeyId;
  const besideRealKey = id !== undefined && isKeyId(keyKind(id));
  // Programs of all kinds have variables of that name; AWS's own are those beside AWS's own id.
  if (set.origin.kind === "variables" && !besideRealKey) return undefined;
  if (shape?.kind === "malformed") return shape.flaw;
  if (shape?.kind === "mangled" && shape.by === "percent-encoding") return "is percent-encoded";
  if (shape?.kind === "mangled" && shape.by === "escaping") return "still has the backslashes of an escaped text";
  if (shape?.kind === "hex-digest" && besideRealKey) return "is 40 hexadecimal digits: a git commit, not a secret key";
  if (shape?.kind === "unrecognized" && besideRealKey) return "does not have the 40 characters that AWS issues";
  return undefined;
}
