import { admitsOnlyBelow } from "../aws/versions";
import type { BackendReference } from "../facts/facts";
import type { Problem } from "../model/finding";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "backend-variable",
  title: "A variable in a backend's credentials",
  severity: "error",
  why: "Terraform reads the backend before there are variables: `terraform init` stops with “Variables not allowed”, whether the name is a variable, a local value or a path, and with “Function calls not allowed” for a function.",
  remedy:
    "Write the value out, or leave the argument away and give it to `terraform init` with `-backend-config=NAME=VALUE` or a file. Keys belong in neither: use the environment or a profile.",
  silence:
    "Arguments that only say where the state is kept, such as `bucket` and `key`; and modules that are OpenTofu's by a `.tofu` file, an `encryption` block or its registry in the lock file: from 1.8 on it takes variables there. Where neither Terraform nor OpenTofu is named anywhere it is an information.",
  links: [
    "https://developer.hashicorp.com/terraform/language/backend#define-a-backend-block",
    "https://developer.hashicorp.com/terraform/language/backend#partial-configuration",
  ],
  examples: {
    "a variable": {
      "backend.tf": `
terraform {
  backend "s3" {
    bucket  = "states"
    key     = "app.tfstate"
    region  = "eu-west-1"
    profile = var.profile
    #         ^^^^^^^^^^^ backend-variable
  }
}
`,
    },
    "inside the role": {
      "backend.tf": `
terraform {
  backend "s3" {
    bucket = "states"
    key    = "app.tfstate"
    region = "eu-west-1"

    assume_role = {
      role_arn = "arn:aws:iam::\${local.account}:role/states"
      #                          ^^^^^^^^^^^^^ backend-variable
    }
  }
}
`,
    },
    "given from outside": {
      "backend.tf": `
terraform {
  backend "s3" {
    bucket = "states"
    key    = "app.tfstate"
    region = "eu-west-1"
  }
}
`,
      "prod.s3.tfbackend": `
assume_role = {
  role_arn = "arn:aws:iam::111122223333:role/states"
}
`,
    },
  },
  *check({ backendReferences }) {
    for (const one of backendReferences) {
      const problem = problemOf(one);
      if (problem) yield { ...problem, at: one.at };
    }
  },
};

/** https://opentofu.org/docs/language/settings/backends/configuration/#variables-and-locals */
const firstOpenTofu = [1, 8];

function problemOf({
  argument,
  needs,
  isEarly,
  versions: { tool, required },
}: BackendReference): Pick<Problem, "message" | "severity"> | undefined {
  const cannot = `\`${argument}\` of a backend cannot use ${needs}:`;
  if (!isEarly) return { message: `${cannot} a backend is read before anything else has a value.` };
  const isOld = admitsOnlyBelow(required, firstOpenTofu);
  if (tool === "Terraform") return { message: `${cannot} Terraform only takes values that are written out there.` };
  if (isOld)
    return { message: `${cannot} the versions that this module admits only take values that are written out there.` };
  if (tool === "OpenTofu") return undefined;
  return {
    message: `${cannot} Terraform only takes values that are written out there, OpenTofu takes names from 1.8 on.`,
    severity: "info",
  };
}
