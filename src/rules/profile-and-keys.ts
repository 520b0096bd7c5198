import { removeSetting } from "../facts/edits";
import { describeSet } from "../model/describe";
import type { Fix } from "../model/finding";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "profile-and-keys",
  title: "A profile and keys in one block",
  severity: "warning",
  why: "The keys win, and nothing of the profile's credentials is used, its role included. But Terraform loads the profile all the same, and stops when no file has it or when one half of its key pair is missing.",
  remedy: "Keep one of the two: the profile, so that no key stands in the file.",
  silence:
    "Keys and profiles that may turn out empty, such as variables without a default; blocks that talk to an emulator.",
  links: ["https://registry.terraform.io/providers/hashicorp/aws/latest/docs#authentication-and-configuration"],
  examples: {
    both: {
      "main.tf": `
provider "aws" {
  region     = "eu-west-1"
  profile    = "deploy"
# ^^^^^^^ profile-and-keys
  access_key = "AKIAIOSFODNN7EXAMPLE"
  #             ^^^^^^^^^^^^^^^^^^^^ placeholder-key
  secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
}
`,
      "home/.aws/config": `
[profile deploy]
credential_source = Environment
role_arn          = arn:aws:iam::111122223333:role/deploy
`,
    },
    "whichever is given": {
      "main.tf": `
variable "access_key" {
  default = null
}

variable "secret_key" {
  default = null
}

provider "aws" {
  region     = "eu-west-1"
  profile    = "deploy"
  access_key = var.access_key
  secret_key = var.secret_key
}
`,
      "home/.aws/config": `
[profile deploy]
credential_source = Environment
role_arn          = arn:aws:iam::111122223333:role/deploy
`,
    },
  },
  *check({ sets }) {
    for (const set of sets) {
      const { profile, accessKeyId, secretAccessKey, sessionToken } = set.settings;
      if (set.origin.kind === "profile" || set.origin.kind === "environment" || set.endpoint === "emulator") continue;
      if (profile?.value.kind !== "literal" || !accessKeyId || !secretAccessKey) continue;
      if (accessKeyId.value.kind === "reference") continue;
      const keys = [accessKeyId, secretAccessKey, ...(sessionToken ? [sessionToken] : [])];
      const drop = (title: string, removals: readonly ReturnType<typeof removeSetting>[]): readonly Fix[] => {
        const edits = removals.flatMap((one) => one ?? []);
        return edits.length === removals.length ? [{ title, safety: "review", edits }] : [];
      };
      yield {
        message: `The keys of ${describeSet(set)} win over its profile, which has to exist all the same.`,
        at: profile.nameAt,
        related: [{ message: "The keys stand here.", at: accessKeyId.nameAt }],
        fixes: [
          ...drop("Remove the keys", keys.map(removeSetting)),
          ...drop("Remove profile", [removeSetting(profile)]),
        ],
      };
    }
  },
};
