import type { Duplicate } from "../facts/facts";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "duplicate-section",
  title: "A section that one file has twice",
  severity: "warning",
  why: "Terraform merges the two, the later value winning, so a session token of the first copy stays with the keys of the second. The AWS CLI refuses the whole file, other profiles included.",
  remedy: "Make one section of the two, or give one of them another name.",
  silence:
    "The same name once in the credentials and once in the config file, which is how it should be. Where the two give a credential setting two values it is an error.",
  links: ["https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html"],
  examples: {
    "pasted below": {
      "home/.aws/config": `
[profile dev]
region = eu-west-1

[profile dev]
#^^^^^^^^^^^ duplicate-section
region             = eu-central-1
credential_process = /usr/local/bin/keys dev
`,
    },
    "both forms of the default profile": {
      "home/.aws/config": `
[default]
#^^^^^^^ duplicate-section
region = eu-west-1

[profile default]
region = eu-central-1
`,
    },
    "one in each file": {
      "home/.aws/credentials": `
[dev]
credential_process = /usr/local/bin/keys dev
`,
      "home/.aws/config": `
[profile dev]
region = eu-west-1
`,
    },
  },
  *check({ awsTexts }) {
    for (const duplicate of awsTexts.flatMap(({ duplicates }) => duplicates)) {
      const { kind, at, first, differs, repair } = duplicate;
      if (kind === "key") continue;
      yield {
        message: messageFor(duplicate),
        at,
        severity: differs ? "error" : "warning",
        related: [{ message: kind === "section" ? "The first one stands here." : "The other stands here.", at: first }],
        fixes:
          repair.length > 0
            ? [{ title: "Merge the two sections", safety: differs ? "review" : "safe", edits: repair }]
            : [],
      };
    }
  },
};

function messageFor({ kind, name, differs }: Duplicate): string {
  if (kind === "default") {
    return "Of [default] and [profile default] Terraform only reads the second; the AWS CLI reads the one that comes last.";
  }
  const how = differs ? "they contradict each other, and Terraform mixes the two" : "Terraform mixes the two";
  return `[${name}] is here a second time: ${how}, and the AWS CLI refuses the file.`;
}
