import { admitsOnlyBelow } from "../aws/versions";
import type { Facts } from "../facts/facts";
import type { CredentialSet, Setting } from "../model/credentials";
import { subjectOf } from "../model/describe";
import type { Fix } from "../model/finding";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "deprecated-shared-credentials-file",
  title: "The old name of shared_credentials_files",
  severity: "warning",
  why: "The AWS provider has had no `shared_credentials_file` since 5.0 and stops at it. The S3 backend still takes it with a warning, but lets `AWS_SHARED_CREDENTIALS_FILE` win over it, which the new name does not.",
  remedy: "Use `shared_credentials_files`, a list.",
  silence:
    "Where the module admits only versions that do not know the new name: of the provider before 4.0, of Terraform before 1.6.",
  links: [
    "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-5-upgrade",
    "https://developer.hashicorp.com/terraform/language/backend/s3#shared_credentials_files",
  ],
  examples: {
    "in a provider": {
      "main.tf": `
provider "aws" {
  region                  = "eu-west-1"
  shared_credentials_file = "~/.aws/deploy"
# ^^^^^^^^^^^^^^^^^^^^^^^ deprecated-shared-credentials-file
}
`,
    },
    "the new name": {
      "main.tf": `
provider "aws" {
  region                   = "eu-west-1"
  shared_credentials_files = ["~/.aws/deploy"]
}
`,
    },
  },
  *check(facts) {
    for (const set of facts.sets) {
      const setting = set.settings.sharedCredentialsFiles;
      if (setting?.spelling !== "shared_credentials_file" || isNeeded(set, facts)) continue;
      yield {
        message: `${subjectOf(set)} uses the old name \`${setting.spelling}\`.`,
        at: setting.nameAt,
        fixes: fixesFor(setting),
      };
    }
  },
};

/** The new name came with 4.0 of the provider and 1.6 of Terraform. */
function isNeeded({ origin, directory }: CredentialSet, { versions }: Facts): boolean {
  const { required = "", awsProvider } = versions.get(directory) ?? {};
  return origin.kind === "provider"
    ? admitsOnlyBelow(awsProvider?.admitted ?? "", [4])
    : admitsOnlyBelow(required, [1, 6]);
}

function fixesFor({ nameAt, expressionAt }: Setting): readonly Fix[] {
  if (!expressionAt) return [];
  const edits = [
    { ...nameAt, pieces: ["shared_credentials_files"] },
    { ...expressionAt, pieces: ["[", expressionAt.span, "]"] },
  ];
  return [{ title: "Use shared_credentials_files", safety: "review", edits }];
}
