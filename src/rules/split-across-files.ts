import { moveSetting, removeSetting } from "../facts/edits";
import { keyKind } from "../facts/shapes";
import type { Setting } from "../model/credentials";
import type { Fix } from "../model/finding";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "split-across-files",
  title: "Keys in one file, their other part in the other",
  severity: "error",
  why: "Terraform attaches a session token of the config file to keys of the credentials file, however old it is; the AWS CLI does not. A key pair it only takes whole from one file. `aws configure set` leaves tokens in the config file when the name is not exactly `aws_session_token`.",
  remedy: "Put all parts of a key into the credentials file, and remove what is left in the config file.",
  silence:
    "Keys in the credentials file with the profile's region or role in the config file: that is what the two files are for. Beside a temporary key it is a warning, for the token may be the right one.",
  links: ["https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html"],
  examples: {
    "a token left in the config file": {
      "home/.aws/credentials": `
[dev]
aws_access_key_id     = AKIAIOSFODNN7EXAMPLE
#                       ^^^^^^^^^^^^^^^^^^^^ split-across-files
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
`,
      "home/.aws/config": `
[profile dev]
region            = eu-west-1
aws_session_token = AQoEXAMPLEH4aoAH0gNCAPyJxz4BlCFFxWNE1OPTgk5TthT
`,
    },
    "keys here, region there": {
      "home/.aws/credentials": `
[dev]
aws_access_key_id     = AKIAIOSFODNN7EXAMPLE
#                       ^^^^^^^^^^^^^^^^^^^^ placeholder-key
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
`,
      "home/.aws/config": `
[profile dev]
region = eu-west-1
`,
    },
  },
  *check({ profiles }) {
    for (const { name, set, splitPair } of profiles.values()) {
      if (splitPair) {
        yield {
          message: `The access key id of profile ${name} stands in one file and its secret key in the other: Terraform takes a pair from one file only.`,
          at: splitPair.accessKeyId.at,
          related: [{ message: "The secret key belongs to this section.", at: splitPair.secretAccessKey.at }],
          fixes: together(splitPair),
        };
        continue;
      }
      const { accessKeyId, secretAccessKey, sessionToken } = set.settings;
      if (!accessKeyId || !secretAccessKey || !sessionToken) continue;
      if (sessionToken.valueAt.path === accessKeyId.valueAt.path) continue;
      const isTemporary = keyKind(accessKeyId) === "temporary-key-id";
      const move = isTemporary ? moveSetting(sessionToken, secretAccessKey) : undefined;
      const edit = removeSetting(sessionToken);
      yield {
        message: isTemporary
          ? `The session token of profile ${name} stands in the other file: Terraform sends it, the AWS CLI does not.`
          : `A session token of profile ${name} is left in the other file: Terraform sends it with this key, the AWS CLI does not.`,
        at: accessKeyId.at,
        severity: isTemporary ? "warning" : "error",
        related: [{ message: "The token belongs to this section.", at: sessionToken.at }],
        fixes: [
          ...(move ? [{ title: "Move the token to its keys", safety: "review" as const, edits: move }] : []),
          ...(edit ? [{ title: "Remove that token", safety: "review" as const, edits: [edit] }] : []),
        ],
      };
    }
  },
};

/** The half in the config file moved to the other, which is where keys belong. */
function together({
  accessKeyId,
  secretAccessKey,
}: {
  accessKeyId: Setting;
  secretAccessKey: Setting;
}): readonly Fix[] {
  const idIsAtHome = /credentials$/.test(accessKeyId.valueAt.path);
  const edits = idIsAtHome ? moveSetting(secretAccessKey, accessKeyId) : moveSetting(accessKeyId, secretAccessKey);
  return edits ? [{ title: "Move the pair together", safety: "review", edits }] : [];
}
