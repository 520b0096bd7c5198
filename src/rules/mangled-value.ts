import { replaceValue } from "../facts/edits";
import { describeSet } from "../model/describe";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "mangled-value",
  title: "A key with characters around it that do not belong",
  severity: "error",
  why: "Quotes, brackets, spaces, line breaks and invisible characters become part of the value and reach AWS, or stop Terraform before it gets there (`invalid header field value`).",
  remedy: "Remove the characters; the fix keeps the key as it is.",
  silence: "What Terraform strips by itself: quotes and outer blanks in the shared credentials file.",
  links: ["https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html"],
  examples: {
    "angle brackets": {
      "main.tf": `
provider "aws" {
  access_key = "<AKIAIOSFODNN7EXAMPLE>"
  #             ^^^^^^^^^^^^^^^^^^^^^^ mangled-value
  secret_key = var.secret_key
}
`,
    },
    "a trailing space": {
      "main.tf": `
provider "aws" {
  access_key = var.access_key
  secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY "
  #             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ mangled-value
}
`,
    },
    "quotes in the environment": {
      environment: `
AWS_ACCESS_KEY_ID="AKIAIOSFODNN7EXAMPLE"
#<---------------- mangled-value
AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
`,
    },
    "blanks around the value in the credentials file": {
      "home/.aws/credentials": `
[dev]
aws_access_key_id     =   AKIAIOSFODNN7EXAMPLE
#                         ^^^^^^^^^^^^^^^^^^^^ placeholder-key
aws_secret_access_key =   wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
`,
    },
  },
  *check({ sets }) {
    for (const set of sets) {
      if (set.endpoint === "emulator") continue;
      for (const setting of [set.settings.accessKeyId, set.settings.secretAccessKey]) {
        const shape = setting?.shape;
        if (!setting || shape?.kind !== "mangled" || shape.by === "percent-encoding" || shape.by === "escaping")
          continue;
        const what = setting.name === "accessKeyId" ? "access key id" : "secret key";
        yield {
          message: `The ${what} of ${describeSet(set)} has ${shape.by} in it that do not belong.`,
          at: setting.at,
          fixes: setting.repaired
            ? [{ title: `Remove the ${shape.by}`, safety: "safe", edits: [replaceValue(setting, setting.repaired)] }]
            : [],
        };
      }
    }
  },
};
