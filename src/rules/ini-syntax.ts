import type { Irregularity } from "../facts/facts";
import { describeSet } from "../model/describe";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "ini-syntax",
  title: "A line that is no header, setting or comment, or a setting nobody knows",
  severity: "error",
  why: "Terraform passes over what it does not understand and goes on with what is left: below a header without its bracket, keys are given to the profile above. The AWS CLI refuses the whole file.",
  remedy: "Complete the header, correct the name, or turn the line into a comment.",
  silence:
    "Names of other tools, and settings that have no part in credentials. It is a warning where only the AWS CLI is disturbed.",
  links: ["https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html"],
  examples: {
    "a bracket is missing": {
      "home/.aws/config": `
[profile dev]
credential_process = /usr/local/bin/keys dev

[profile test
#^^^^^^^^^^^^ ini-syntax
credential_process = /usr/local/bin/keys test
`,
    },
    "a misspelt name": {
      "home/.aws/config": `
[profile dev]
role_arn      = arn:aws:iam::111122223333:role/dev
source_profil = base
#<------------ ini-syntax

[profile base]
credential_process = /usr/local/bin/keys base
`,
    },
    "a stray line": {
      "home/.aws/config": `
[profile dev]
credential_process = /usr/local/bin/keys dev
remember to rotate
#<----------------- ini-syntax
`,
    },
    "other tools' names": {
      "home/.aws/config": `
[profile dev]
credential_process    = /usr/local/bin/keys dev
granted_sso_start_url = https://example.awsapps.com/start
include_profile       = base
my_source_profile     = base

[plugins]
token = none
`,
    },
  },
  *check({ awsTexts, sets }) {
    for (const irregularity of awsTexts.flatMap(({ irregularities }) => irregularities)) {
      const { kind, at, isCredential, repair } = irregularity;
      yield {
        message: messageFor(irregularity),
        at,
        severity: isCredential ? "error" : "warning",
        fixes:
          repair.length > 0
            ? [{ title: titles[kind], safety: kind === "unclosed-header" ? "safe" : "review", edits: repair }]
            : [],
      };
    }
    for (const set of sets) {
      if (set.origin.kind !== "profile") continue;
      for (const { spelling, expected, at, nameAt } of set.misnamed) {
        if (spelling.toLowerCase() === "aws_security_token") continue;
        yield {
          message: `No program reads \`${spelling}\` in ${describeSet(set)}; the setting is called \`${expected}\`.`,
          at,
          fixes: [{ title: `Rename to ${expected}`, safety: "review", edits: [{ ...nameAt, pieces: [expected] }] }],
        };
      }
    }
  },
};

const titles: Readonly<Record<Irregularity["kind"], string>> = {
  "unclosed-header": "Close the bracket",
  "before-sections": "Put [default] above",
  stray: "Turn the line into a comment",
  conflict: "",
  "no-separator": "Put an equals sign between them",
  "value-below": "Put the value behind its name",
  "broken-value": "Make one line of it",
};

function messageFor({ kind, name }: Irregularity): string {
  switch (kind) {
    case "unclosed-header":
      return "This header has no closing bracket: Terraform gives the settings below it to the profile above, and the AWS CLI refuses the file.";
    case "before-sections":
      return `${name === "a setting" ? "A setting" : name} stands before any section: Terraform ignores it, and the AWS CLI refuses the file.`;
    case "stray":
      return "A line here is neither a header, nor a setting, nor a comment: Terraform ignores it, and the AWS CLI refuses the file.";
    case "conflict":
      return "A merge left its conflict markers here: Terraform reads both sides, and the AWS CLI refuses the file.";
    case "no-separator":
      return `${name} and its value have no equals sign between them: Terraform ignores the line, and the AWS CLI refuses the file.`;
    case "value-below":
      return `The value of ${name} stands on the line below it, where nothing reads it.`;
    case "broken-value":
      return `The value of ${name} goes on over several lines; Terraform sends the line breaks, and no header may hold them.`;
  }
}
