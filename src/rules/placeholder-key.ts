import { isKeyId, keyKind } from "../facts/shapes";
import type { CredentialSet } from "../model/credentials";
import { describeSet, subjectOf } from "../model/describe";
import type { Problem } from "../model/finding";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "placeholder-key",
  title: "An example key from the documentation",
  severity: "info",
  why: "Keys that end in `EXAMPLE` belong to nobody. AWS answers them with `InvalidClientTokenId`.",
  remedy: "Put in your own key, or a profile.",
  silence: "Blocks that talk to an emulator, where any key will do. In the user's own AWS files it is a warning.",
  links: ["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html"],
  examples: {
    "left in a profile": {
      "home/.aws/credentials": `
[default]
aws_access_key_id     = AKIAIOSFODNN7EXAMPLE
#                       ^^^^^^^^^^^^^^^^^^^^ placeholder-key
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
`,
    },
    "a value still to be filled in": {
      "home/.aws/credentials": `
[dev]
aws_access_key_id     = ASIAIOSFODNN7EXAMPLE
#                       ^^^^^^^^^^^^^^^^^^^^ placeholder-key
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
aws_session_token     = <session token>
`,
    },
    "for an emulator": {
      "main.tf": `
provider "aws" {
  access_key = "AKIAIOSFODNN7EXAMPLE"
  secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

  endpoints {
    sts = "http://localhost:4566"
  }
}
`,
    },
  },
  *check({ sets }) {
    for (const set of sets) {
      if (set.endpoint === "aws" && !set.isOpen) yield* standIns(set);
      const id = set.settings.accessKeyId;
      if (id?.shape?.kind !== "documented" || set.endpoint === "emulator" || !isSound(set)) continue;
      yield {
        message: `${subjectOf(set)} uses an example key from AWS's documentation; it will be refused.`,
        at: id.at,
        severity: set.origin.kind === "profile" ? "warning" : "info",
      };
    }
  },
};

/** A value still to be filled in, beside values that are real: nobody who mocks AWS mixes the two. */
function* standIns(set: CredentialSet): Iterable<Problem> {
  const { accessKeyId, secretAccessKey, sessionToken } = set.settings;
  const isReal = accessKeyId?.value.kind === "literal" && isKeyId(keyKind(accessKeyId));
  if (!isReal) return;
  for (const [setting, what] of [
    [secretAccessKey, "secret key"],
    [sessionToken, "session token"],
  ] as const) {
    if (setting?.shape?.kind !== "placeholder") continue;
    yield {
      message: `The ${what} of ${describeSet(set)} still has to be filled in.`,
      at: setting.at,
      severity: "warning",
    };
  }
}

/** Nothing else is wrong with the set that another rule says on the same token. */
function isSound({ settings }: CredentialSet): boolean {
  const { accessKeyId, secretAccessKey, sessionToken } = settings;
  if (accessKeyId?.shape?.kind !== "documented" || !secretAccessKey) return false;
  const temporary = accessKeyId.shape.of === "temporary-key-id";
  if (temporary !== (sessionToken !== undefined) && sessionToken?.value.kind !== "reference") return false;
  if (accessKeyId.shape.of === "secret-key") return false;
  if (isKeyId(keyKind(secretAccessKey))) return false;
  const secret = secretAccessKey.shape;
  const flawed = ["malformed", "mangled", "hex-digest", "placeholder", "unrecognized"];
  return (secret === undefined || !flawed.includes(secret.kind)) && sessionToken?.shape?.kind !== "placeholder";
}
