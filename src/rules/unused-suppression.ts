import { mostSimilar } from "../facts/similar";
import type { SilencedRule } from "../facts/suppressions";
import type { Problem } from "../model/finding";
import type { Rule } from "./rule";

/** Rules that look at nothing but the files of the workspace; what others find may come and go with the machine. */
export const decidedByFiles: ReadonlySet<string> = new Set([
  "backend-variable",
  "baked-in-credentials",
  "credentials-after-terraform",
  "custom-endpoint",
  "deprecated-shared-credentials-file",
  "dropped-backend-argument",
  "hardcoded-key-id",
  "hardcoded-secret",
  "imds-hop-limit",
  "malformed-key-id",
  "malformed-role-arn",
  "malformed-secret",
  "mangled-value",
  "oidc-permission-missing",
  "outdated-action",
  "placeholder-key",
  "profile-and-keys",
  "provider-version",
  "quoted-reference",
  "static-keys-in-ci",
  "swapped-id-and-secret",
  "temporary-key-without-token",
  "unknown-region",
  "unquoted-shell-value",
  "validation-skipped",
  "wrong-argument-name",
]);

export const rule: Rule = {
  id: "unused-suppression",
  title: "A comment that silences nothing",
  severity: "info",
  why: "A `callerid-ignore` that is no longer needed would hide the next mistake on its line, and one that names no rule hides nothing at all.",
  remedy: "Remove the comment, or correct the rule's name.",
  silence:
    "Comments that name a rule whose findings depend on the machine: its AWS files, its environment, its clock. Single files given to `scan`, without their neighbours.",
  links: ["https://github.com/callerid/callerid/blob/main/docs/configuration.md"],
  looksBack: true,
  examples: {
    "the mistake is gone": {
      "main.tf": `
provider "aws" {
  # callerid-ignore unknown-region: our simulator has regions of its own
  #                 ^^^^^^^^^^^^^^ unused-suppression
  region = "eu-west-1"
}
`,
    },
    "a misspelt rule": {
      "main.tf": `
provider "aws" {
  region = "mars-west-1" # callerid-ignore unkown-region: our simulator has regions of its own
  #         ^^^^^^^^^^^ unknown-region
  #                                        ^^^^^^^^^^^^^ unused-suppression
}
`,
    },
    "it hides something": {
      "main.tf": `
provider "aws" {
  # callerid-ignore unknown-region: our simulator has regions of its own
  region = "mars-west-1"
}
`,
    },
    "another machine may need it": {
      "main.tf": `
provider "aws" {
  # callerid-ignore profile-not-found: the build makes this profile
  profile = "build"
}
`,
      "home/.aws/config": `
[profile build]
credential_process = /usr/local/bin/build-credentials
`,
    },
  },
  *check({ silenced, ruleIds, isPartial }) {
    for (const one of silenced) {
      if (!ruleIds.includes(one.rule)) yield unknownRule(one, ruleIds);
      else if (!one.hidesSomething && !isPartial && decidedByFiles.has(one.rule)) {
        yield {
          message: `There is no ${one.rule} here to silence.`,
          at: one.at,
          fixes: removal(one),
        };
      }
    }
  },
};

function unknownRule(silenced: SilencedRule, ruleIds: readonly string[]): Problem {
  const { rule: name, at } = silenced;
  const meant = mostSimilar(name, ruleIds);
  const message = `There is no rule ${name}${meant === undefined ? "." : `; did you mean ${meant}?`}`;
  const rename =
    meant === undefined
      ? []
      : [{ title: `Write ${meant}`, safety: "review" as const, edits: [{ ...at, pieces: [meant] }] }];
  return { message, at, severity: "warning", fixes: rename.length > 0 ? rename : removal(silenced) };
}

const removal = ({ removal: edits }: SilencedRule) =>
  edits.length === 0 ? [] : [{ title: "Remove the comment", safety: "review" as const, edits }];
