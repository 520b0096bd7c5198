import { describeSet } from "../model/describe";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "shared-file-missing",
  title: "A shared file that is not there",
  severity: "warning",
  why: "Terraform passes over a file of `shared_credentials_files` or `shared_config_files` that does not exist, without a word. What it held is looked for elsewhere, and a profile of it is not found.",
  remedy:
    "Correct the path. Relative paths start where `terraform` is run; `~` and `$HOME` are expanded, nothing else is.",
  silence:
    "Paths that are not written out, and files outside the folder that is looked at. Where this machine has no AWS files at all, one missing from `~/.aws` is an information.",
  links: [
    "https://registry.terraform.io/providers/hashicorp/aws/latest/docs#shared_credentials_files",
    "https://developer.hashicorp.com/terraform/language/backend/s3#shared_config_files",
  ],
  examples: {
    "a file of the repository": {
      "main.tf": `
provider "aws" {
  region                   = "eu-west-1"
  shared_credentials_files = ["./aws/credentials"]
  #                            ^^^^^^^^^^^^^^^^^ shared-file-missing
}
`,
    },
    "a path of its author's": {
      "main.tf": `
provider "aws" {
  region                   = "eu-west-1"
  shared_credentials_files = ["/Users/alex/.aws/credentials"]
  #                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ shared-file-missing
}
`,
    },
    "it is there": {
      "main.tf": `
provider "aws" {
  region              = "eu-west-1"
  shared_config_files = ["./aws/config"]
}
`,
      "aws/config": `
[default]
region = eu-west-1
`,
    },
  },
  *check({ namedFiles, awsFiles }) {
    const own = awsFiles.configPath.replace(/[^/]*$/, "");
    for (const { set, setting, path, isThere, isOfOther } of namedFiles) {
      if (isThere ?? !isOfOther) continue;
      const isOwn = path.startsWith(own) && own !== "";
      const words = isOfOther
        ? "in the home of another user"
        : isOwn
          ? "that this machine does not have"
          : "that does not exist";
      yield {
        message: `\`${setting.spelling}\` of ${describeSet(set)} names a file ${words}.`,
        at: setting.at,
        severity: isOwn && awsFiles.existing.length === 0 ? "info" : "warning",
        related: setting.usedAt ? [{ message: "It is used here.", at: setting.usedAt }] : [],
      };
    }
  },
};
