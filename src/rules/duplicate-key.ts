import type { Rule } from "./rule";

export const rule: Rule = {
  id: "duplicate-key",
  title: "A setting that one section has twice",
  severity: "warning",
  why: "Terraform takes the last value. The AWS CLI refuses the whole file, other profiles included: `Unable to parse config file`.",
  remedy: "Remove one of the two lines; Terraform has used the last one so far.",
  silence:
    "The same name in different sections, and lines of a nested block such as `s3 =`. Where a credential setting has two values it is an error.",
  links: ["https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html"],
  examples: {
    "two regions": {
      "home/.aws/config": `
[default]
region = eu-west-1
output = json
region = eu-central-1
#<----- duplicate-key
`,
    },
    "a new key above the old one": {
      "home/.aws/credentials": `
[dev]
aws_access_key_id     = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
aws_access_key_id     = AKIAI44QH8DHBEXAMPLE
#<---------------- duplicate-key
#                       ^^^^^^^^^^^^^^^^^^^^ placeholder-key
`,
    },
    "nested blocks": {
      "home/.aws/config": `
[profile dev]
credential_process = /usr/local/bin/keys dev
s3 =
  max_concurrent_requests = 20
s3api =
  max_concurrent_requests = 10
`,
    },
  },
  *check({ awsTexts }) {
    for (const { kind, name, at, first, differs, repair } of awsTexts.flatMap(({ duplicates }) => duplicates)) {
      if (kind !== "key") continue;
      yield {
        message: differs
          ? `${name} is set twice to different values: Terraform takes the last one, and the AWS CLI refuses the file.`
          : `${name} is set twice: Terraform takes the last one, and the AWS CLI refuses the file.`,
        at,
        severity: differs ? "error" : "warning",
        related: first.span.start === at.span.start ? [] : [{ message: "The first one stands here.", at: first }],
        fixes: [{ title: "Remove the first one", safety: differs ? "review" : "safe", edits: repair }],
      };
    }
  },
};
