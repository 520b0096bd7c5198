import { admitsNothingBelow, admitsOnlyBelow } from "../aws/versions";
import type { DroppedArgument } from "../facts/facts";
import type { Problem } from "../model/finding";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "dropped-backend-argument",
  title: "A backend argument that Terraform drops",
  severity: "error",
  why: "Given any `-backend-config`, Terraform takes from the backend block what it knows and drops the rest without a word: `init` succeeds without the role, or with the wrong profile. Without one, it stops at an argument or a block that it does not know; but a name inside `assume_role` it always drops.",
  remedy: "Correct the name; write `assume_role` and `endpoints` with `=`; move a role into `assume_role`.",
  silence:
    "Another tool's names, which are `wrong-argument-name`; arguments that no known one resembles; `role_arn` and its companions where `required_version` admits nothing from 1.10 on, and in OpenTofu's modules. Where the version is open, or whether OpenTofu reads the module, they are an information.",
  links: [
    "https://developer.hashicorp.com/terraform/language/backend/s3#assume-role-configuration",
    "https://developer.hashicorp.com/terraform/language/backend#partial-configuration",
  ],
  examples: {
    "a block where an argument belongs": {
      "backend.tf": `
terraform {
  backend "s3" {
    bucket = "states"
    key    = "app.tfstate"
    region = "eu-west-1"

    assume_role {
  # ^^^^^^^^^^^ dropped-backend-argument
      role_arn = "arn:aws:iam::111122223333:role/states"
    }
  }
}
`,
    },
    "a misspelt name": {
      "backend.tf": `
terraform {
  backend "s3" {
    bucket = "states"
    key    = "app.tfstate"
    region = "eu-west-1"
    profil = "states"
  # ^^^^^^ dropped-backend-argument
  }
}
`,
    },
    "a misspelt name inside the role": {
      "backend.tf": `
terraform {
  backend "s3" {
    bucket = "states"
    key    = "app.tfstate"
    region = "eu-west-1"

    assume_role = {
      role_arn    = "arn:aws:iam::111122223333:role/states"
      external-id = "terraform"
    # ^^^^^^^^^^^ dropped-backend-argument
    }
  }
}
`,
    },
    "an argument of older versions": {
      "backend.tf": `
terraform {
  required_version = ">= 1.10"

  backend "s3" {
    bucket   = "states"
    key      = "app.tfstate"
    region   = "eu-west-1"
    role_arn = "arn:aws:iam::111122223333:role/states"
  # ^^^^^^^^ dropped-backend-argument
  }
}
`,
    },
    "as the backend wants it": {
      "backend.tf": `
terraform {
  backend "s3" {
    bucket = "states"
    key    = "app.tfstate"
    region = "eu-west-1"

    assume_role = {
      role_arn    = "arn:aws:iam::111122223333:role/states"
      external_id = "terraform"
    }
  }
}
`,
    },
  },
  *check({ droppedArguments }) {
    for (const one of droppedArguments) {
      if (one.versions.tool === "OpenTofu") continue;
      const problem = problemOf(one);
      if (!problem) continue;
      const fixes =
        one.repair.length > 0 ? [{ title: titleOf(one), safety: "review" as const, edits: one.repair }] : [];
      yield { ...problem, at: one.at, fixes };
    }
  },
};

const firstWithout = [1, 10];

function problemOf({
  kind,
  spelling,
  meant,
  versions,
}: DroppedArgument): Pick<Problem, "message" | "severity"> | undefined {
  switch (kind) {
    case "block":
      return {
        message: `The backend has no blocks: Terraform stops at \`${spelling}\`, or drops it when there is any -backend-config.`,
      };
    case "misspelt":
      return {
        message: `The backend has no argument \`${spelling}\`, only \`${meant}\`: Terraform stops at it, or drops it when there is any -backend-config.`,
      };
    case "inner":
      return {
        message: `The backend's role has no \`${spelling}\`, only \`${meant}\`: Terraform drops it without a word.`,
      };
    case "former": {
      if (admitsOnlyBelow(versions.required, firstWithout)) return undefined;
      const isSure = versions.tool === "Terraform" && admitsNothingBelow(versions.required, firstWithout);
      return {
        message: `From Terraform 1.10 on the backend has no \`${spelling}\`, only \`assume_role\`: Terraform stops at it, or drops it when there is any -backend-config.`,
        severity: isSure ? "error" : "info",
      };
    }
  }
}

function titleOf({ kind, spelling, meant }: DroppedArgument): string {
  if (kind === "block") return `Write ${spelling} with =`;
  return kind === "former" ? "Move it into assume_role" : `Rename to ${meant}`;
}
