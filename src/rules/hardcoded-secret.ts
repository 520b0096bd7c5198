import { describeSet, subjectOf } from "../model/describe";
import { fakeKeyId, fakeSecrets, type Rule } from "./rule";

export const rule: Rule = {
  id: "hardcoded-secret",
  title: "Secret key written out in a file",
  severity: "error",
  why: "Whoever can read the repository, its history, a plan file or the state can use the key. Terraform also copies a backend's keys in clear text to `.terraform/terraform.tfstate`.",
  remedy:
    "Use a profile, a variable that is given from outside, or a secret of the platform. Then rotate the key: history, caches and backups still hold it.",
  silence:
    "AWS's documented examples, stand-ins such as `test` or `changeme`, 40 hexadecimal digits (a git commit), and everything that talks to an emulator on this machine. In a file that Git ignores, and in an `.env` of which nobody knows, it is a warning.",
  links: ["https://docs.aws.amazon.com/IAM/latest/UserGuide/securing_access-keys.html"],
  examples: {
    "in the block": {
      "main.tf": `
provider "aws" {
  access_key = var.access_key
  secret_key = "${fakeSecrets[0]}"
  #             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ hardcoded-secret
}
`,
    },
    "two files away": {
      "main.tf": `
provider "aws" {
  access_key = var.access_key
  secret_key = local.key
}

locals {
  key = var.key
}
`,
      "variables.tf": `
variable "key" {
  default = "${fakeSecrets[1]}"
  #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ hardcoded-secret
}
`,
    },
    "in a script": {
      "deploy.sh": `
export AWS_ACCESS_KEY_ID=${fakeKeyId}
export AWS_SECRET_ACCESS_KEY="${fakeSecrets[0]}"
#                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ hardcoded-secret
terraform apply
`,
    },
    "from outside": {
      "main.tf": `
variable "secret_key" {
  sensitive = true
}

provider "aws" {
  access_key = var.access_key
  secret_key = var.secret_key
}
`,
    },
  },
  *check({ literals }) {
    const seen = new Set<string>();
    for (const { setting, set, staysOut } of literals) {
      const kind = setting.shape?.kind;
      const real = kind === "secret-key" || kind === "session-token";
      const place = `${setting.valueAt.path}:${setting.valueAt.span.start}`;
      if (!real || seen.has(place)) continue;
      seen.add(place);
      if (set.endpoint === "emulator") continue;
      const what = setting.name === "sessionToken" ? "session token" : "secret key";
      yield {
        message: setting.usedAt
          ? `The ${what} of ${describeSet(set)} is written out here.`
          : `The ${what} of ${describeSet(set)} is written out in the file.`,
        at: setting.at,
        ...(staysOut ? { severity: "warning" as const } : {}),
        related: setting.usedAt ? [{ message: `${subjectOf(set)} uses it here.`, at: setting.usedAt }] : [],
      };
    }
  },
};
