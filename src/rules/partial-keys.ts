import { losesSetting } from "../facts/brokenSections";
import { removeSetting, supply } from "../facts/edits";
import { spellingOf } from "../facts/names";
import { isKeyId, keyKind } from "../facts/shapes";
import type { CredentialSet, Setting, SettingName } from "../model/credentials";
import { isBlock, subjectOf } from "../model/describe";
import type { Problem } from "../model/finding";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "partial-keys",
  title: "Half of a key pair",
  severity: "error",
  why: "An access key id and its secret key only work together. In a block or a profile Terraform stops at a half pair; in the environment it ignores it without a word and goes on to somebody else's keys.",
  remedy: "Add the missing half, or remove the one that is there.",
  silence:
    "Where the missing half is there under a wrong name (`wrong-argument-name`, `ini-syntax`, `legacy-variable-name`), in the other file (`split-across-files`) or on the line below (`ini-syntax`). Env files, scripts and a pipeline's variables, whose other half may come from elsewhere.",
  links: ["https://registry.terraform.io/providers/hashicorp/aws/latest/docs#authentication-and-configuration"],
  examples: {
    "a key id without a secret": {
      "main.tf": `
provider "aws" {
  region     = "eu-west-1"
  access_key = var.access_key
# ^^^^^^^^^^ partial-keys
}
`,
    },
    "a profile without a secret": {
      "home/.aws/credentials": `
[dev]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
#                   ^^^^^^^^^^^^^^^^^^^^ partial-keys
`,
    },
    "the secret key alone": {
      environment: `
AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
#<-------------------- partial-keys
`,
    },
    "both halves": {
      "main.tf": `
provider "aws" {
  access_key = var.access_key
  secret_key = var.secret_key
}
`,
    },
  },
  *check({ sets, profiles, awsTexts }) {
    const isBroken = losesSetting(awsTexts);
    const split = new Set([...profiles.values()].flatMap((profile) => (profile.splitPair ? profile.set : [])));
    for (const set of sets) {
      if (split.has(set) || isBroken(set.at) || mayBeWhole(set) || set.outside === "backend-config") continue;
      const { accessKeyId, secretAccessKey, sessionToken } = set.settings;
      if (accessKeyId && !secretAccessKey) yield* missing(set, accessKeyId, "secretAccessKey");
      else if (secretAccessKey && !accessKeyId) yield* missing(set, secretAccessKey, "accessKeyId");
      else if (sessionToken && !accessKeyId && !secretAccessKey) yield* missing(set, sessionToken, "accessKeyId");
    }
  },
};

/** Variables come together from several places; only a container that takes none from elsewhere has all it gets. */
function mayBeWhole({ origin, isOpen, endpoint, settings: { accessKeyId, secretAccessKey } }: CredentialSet): boolean {
  if (origin.kind !== "variables" || (origin.of === "action" && !isOpen)) return false;
  const present = accessKeyId ?? secretAccessKey;
  return origin.of !== "container" || isOpen === true || endpoint !== "aws" || !present || !isKey(present);
}

function isKey(setting: Setting): boolean {
  const kind = keyKind(setting);
  return isKeyId(kind) || kind === "secret-key";
}

function* missing(set: CredentialSet, present: Setting, absent: SettingName): Iterable<Problem> {
  const place = placeOf(set);
  const word = spellingOf(absent, place);
  if (set.misnamed.some((one) => one.expected === word)) return;
  // A token alone lacks two values; one line more would only move the finding.
  const add = present.name === "sessionToken" ? undefined : supply(set, present, absent);
  const remove = removeSetting(present);
  const isEnvironment = set.origin.kind === "environment";
  // The action refuses an id alone; of a secret alone it takes no notice.
  const isRefused = set.origin.kind === "variables" && set.origin.of === "action" && absent === "secretAccessKey";
  // The other half of a backend's pair often comes by -backend-config.
  const severity = isEnvironment || ["backend", "variables"].includes(set.origin.kind) ? "warning" : "error";
  yield {
    message: isEnvironment
      ? `${present.spelling} is set without ${word}: Terraform ignores it and takes the next credentials it finds.`
      : `${subjectOf(set)} has \`${present.spelling}\` but no \`${word}\`.`,
    at: present.at,
    severity: isRefused ? "error" : severity,
    fixes: [
      ...(add ? [{ title: `Add ${word}`, safety: "review" as const, edits: [add] }] : []),
      ...(remove ? [{ title: `Remove ${present.spelling}`, safety: "review" as const, edits: [remove] }] : []),
    ],
  };
}

const placeOf = (set: CredentialSet) =>
  set.origin.kind === "profile"
    ? "aws-file"
    : isBlock(set)
      ? "terraform"
      : set.origin.kind === "variables" && set.origin.of === "action"
        ? "action"
        : "environment";
