import { roleSettings } from "../facts/roleArns";
import type { CredentialSet, Setting } from "../model/credentials";
import { describeSet } from "../model/describe";
import type { Fix } from "../model/finding";
import type { TextEdit } from "../model/text";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "quoted-reference",
  title: "A reference in quotes",
  severity: "error",
  why: "In quotes, `var.region` is a text of ten characters, and Terraform sends it as the key, looks for a region or a profile of that name, or assumes a role that cannot exist.",
  remedy: "Remove the quotes; in JSON, put the reference into `\u0024{…}`.",
  silence:
    "Arguments that decide nothing about credentials; a `profile` or a file of that name where the module declares no such variable or local value.",
  links: ["https://developer.hashicorp.com/terraform/language/expressions/references"],
  examples: {
    "a variable": {
      "main.tf": `
provider "aws" {
  region     = "var.region"
  #             ^^^^^^^^^^ quoted-reference
  access_key = "var.access_key"
  #             ^^^^^^^^^^^^^^ quoted-reference
  secret_key = var.secret_key
}
`,
    },
    "in an interpolation": {
      "main.tf": `
provider "aws" {
  region  = "\${var.region}"
  profile = "local.dev"
}
`,
      "home/.aws/config": `
[profile local.dev]
credential_source = Environment
role_arn          = arn:aws:iam::111122223333:role/dev
`,
    },
  },
  *check({ sets }) {
    for (const set of sets) {
      const direct = Object.values(set.settings).flatMap((setting) => [setting, ...(setting.items ?? [])]);
      for (const setting of [...direct, ...roleSettings({ ...set, settings: {} })]) {
        const { quotedReference, spelling, at, usedAt } = setting;
        if (quotedReference === undefined) continue;
        yield {
          message: `\`${spelling}\` of ${describeSet(set)} is the text ${quotedReference}, not its value: it stands in quotes.`,
          at,
          related: usedAt ? [{ message: "It is used here.", at: usedAt }] : [],
          fixes: fixesFor(set, setting, quotedReference),
        };
      }
    }
  },
};

/** A backend takes no references, and neither does another file's default. */
function fixesFor(set: CredentialSet, { valueAt, usedAt, surroundings }: Setting, expression: string): readonly Fix[] {
  if (set.origin.kind === "backend" || usedAt) return [];
  const { path, span } = valueAt;
  const edit: TextEdit =
    surroundings.syntax === "json"
      ? { path, span, pieces: ["${", span, "}"] }
      : { path, span: { start: span.start - 1, end: span.end + 1 }, pieces: [expression] };
  return [{ title: "Remove the quotes", safety: "review", edits: [edit] }];
}
