import type { EncodingFlaw } from "../facts/facts";
import type { Fix } from "../model/finding";
import type { TextEdit } from "../model/text";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "unreadable-encoding",
  title: "An AWS file that is not plain UTF-8",
  severity: "error",
  why: "Behind a byte order mark the first section is lost to Terraform, and the AWS CLI refuses the file. Of UTF-16, which `>` in Windows PowerShell 5 writes, Terraform reads nothing, and says that the profile does not exist.",
  remedy:
    "Save the file as UTF-8 without a byte order mark: “Save with Encoding” in the editor, `Set-Content -Encoding ascii` in PowerShell.",
  silence:
    "Letters of any language in UTF-8. It is a warning where Terraform still reads everything: a mark before a comment, or another encoding of one byte a letter, at which only the AWS CLI stops.",
  links: ["https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html"],
  examples: {
    "a byte order mark": {
      "home/.aws/config": `\ufeff[profile dev]
# ^^^^^^^^^^^ unreadable-encoding
credential_process = /usr/local/bin/keys dev
`,
    },
    "letters of another language": {
      "home/.aws/config": `
# Für die Bücher
[profile bücher]
credential_process = /usr/local/bin/keys bücher
`,
    },
  },
  *check({ awsTexts }) {
    for (const { path, encodingFlaw } of awsTexts) {
      if (!encodingFlaw) continue;
      const { kind, at, losesSection, repair } = encodingFlaw;
      yield {
        message: messageFor(encodingFlaw),
        at,
        severity: kind === "latin-1" || (kind === "utf-8-bom" && !losesSection) ? "warning" : "error",
        fixes: fixesFor(path, kind, repair),
      };
    }
  },
};

function fixesFor(path: string, kind: EncodingFlaw["kind"], repair: readonly TextEdit[]): readonly Fix[] {
  if (kind === "utf-8-bom") return [{ title: "Remove the byte order mark", safety: "safe", edits: repair }];
  if (kind === "nul") return [];
  return [{ title: "Save the file as UTF-8", safety: "safe", edits: repair, reencode: path }];
}

function messageFor({ kind, losesSection }: EncodingFlaw): string {
  switch (kind) {
    case "utf-16":
      return "This file is in UTF-16: Terraform finds nothing in it, and the AWS CLI refuses it.";
    case "nul":
      return "This file has NUL characters in it, as UTF-16 text has: Terraform finds nothing in it.";
    case "latin-1":
      return "This file is not in UTF-8: Terraform reads it, but the AWS CLI may refuse it.";
    case "utf-8-bom":
      return losesSection
        ? "This file begins with a byte order mark: Terraform does not see its first section, and the AWS CLI refuses it."
        : "This file begins with a byte order mark: Terraform reads it, but the AWS CLI refuses it.";
  }
}
