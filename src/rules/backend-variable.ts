import type { Rule } from "./rule";

export const rule: Rule = {
  id: "backend-variable",
  title: "A variable in a backend's credentials",
  severity: "error",
  why: "Terraform reads the backend before there are variables: `terraform init` stops with “Variables not allowed”, whether the name is a variable, a local value or a path, and with “Function calls not allowed” for a function.",
  remedy:
    "Write the value out, or leave the argument away and give it to `terraform init` with `-backend-config=NAME=VALUE` or a file. Keys belong in neither: use the environment or a profile.",
  silence:
    "Arguments that only say where the state is kept, such as `bucket` and `key`; and modules that are OpenTofu's by a `.tofu` file, an `encryption` block or its registry, for OpenTofu allows variables there.",
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
profile = "prod"
`,
    },
  },
  *check({ backendReferences }) {
    for (const { argument, needs, at } of backendReferences) {
      yield {
        message: `\`${argument}\` of a backend cannot use ${needs}: a backend block only takes values that are written out.`,
        at,
      };
    }
  },
};
