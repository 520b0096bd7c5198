import type { Divergence, ReaderName } from "../facts/facts";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "read-differently",
  title: "A spelling that Terraform, the AWS CLI and the AWS SDK for JavaScript read differently",
  severity: "warning",
  why: "The three have a reader each. What one takes for quotes, a comment or a section header is to another part of the value or nothing at all: then the same profile works here and fails there.",
  remedy:
    "Write it the way all of them read: `name = value` from the first column, no quotes, no comment behind a value, `[profile NAME]` without quotes.",
  silence:
    "Settings that have no part in credentials, comments on lines of their own, nested blocks, and the quotes of a `credential_process`. Where Terraform does not find a profile that something names it is an error.",
  links: ["https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html"],
  examples: {
    quotes: {
      "home/.aws/credentials": `
[dev]
aws_access_key_id     = "AKIAIOSFODNN7EXAMPLE"
#                       ^^^^^^^^^^^^^^^^^^^^^^ read-differently
#                        ^^^^^^^^^^^^^^^^^^^^ placeholder-key
aws_secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
`,
    },
    "a comment behind the value": {
      "home/.aws/config": `
[profile dev]
credential_process = /usr/local/bin/keys dev
region             = eu-west-1 # Ireland
#                              ^^^^^^^^^ read-differently
`,
    },
    "blanks in a header": {
      "home/.aws/credentials": `
[ dev ]
# ^^^ read-differently
credential_process = /usr/local/bin/keys dev
`,
    },
    "as all read it": {
      "home/.aws/config": `
# Ireland
[profile dev]
region             = eu-west-1
credential_process = "/opt/our tools/keys" dev
cli_pager          = ""
s3 =
  addressing_style = path
`,
    },
  },
  *check({ awsTexts, profileReferences, profiles }) {
    const needed = new Set(profileReferences.map(({ name }) => name));
    for (const { set } of profiles.values()) {
      const session = set.settings.ssoSession?.value;
      if (session?.kind === "literal") needed.add(session.text);
    }
    for (const divergence of awsTexts.flatMap(({ divergences }) => divergences)) {
      const { cause, at, related, repair, meant, finds } = divergence;
      const isLost = cause === "rejection" || cause === "line-ends" || (meant !== undefined && needed.has(meant));
      yield {
        message: messageFor(divergence) + plainReader(divergence),
        at,
        severity: isLost && !finds.includes("terraform") ? "error" : "warning",
        related: related.slice(0, 5).map((one) => ({ message: "The same holds here.", at: one })),
        fixes:
          repair.length > 0
            ? [
                {
                  title: "Use the spelling all agree on",
                  safety: cause === "inheritance" ? "review" : "safe",
                  edits: repair,
                },
              ]
            : [],
      };
    }
  },
};

const names: Readonly<Record<ReaderName, string>> = {
  terraform: "Terraform",
  "aws-cli": "the AWS CLI",
  "aws-sdk-js": "the AWS SDK for JavaScript",
};

function messageFor({ cause, section, finds, missing = [] }: Divergence): string {
  switch (cause) {
    case "quotes":
      return `Terraform strips the quotes around values of [${section}]; the AWS CLI takes them for part of the value.`;
    case "comment":
      return `Terraform takes what follows a value in [${section}] for a comment; the AWS CLI takes it for part of the value.`;
    case "colon":
      return `Terraform and the AWS CLI read a colon in [${section}] as an equals sign; the AWS SDK for JavaScript does not.`;
    case "case":
      return `Terraform and the AWS CLI read names in capitals in [${section}]; the AWS SDK for JavaScript does not.`;
    case "indentation":
      return `The AWS CLI takes an indented line in [${section}] for part of the value above it; Terraform reads a setting.`;
    case "inheritance":
      return "The AWS CLI lets every other section inherit what stands in [DEFAULT]; Terraform does not.";
    case "header":
      return capital(
        `${all(finds)} ${finds.length > 1 ? "find" : "finds"} the section [${section}]; ${all(missing)} ${missing.length > 1 ? "do" : "does"} not.`,
      );
    case "line-ends":
      return "The lines of this file end as on old Macs: to Terraform all of it is one line, and no profile is found.";
    case "rejection": {
      const [reader = "terraform"] = (Object.keys(names) as ReaderName[]).filter((one) => !finds.includes(one));
      return capital(`${names[reader]} refuses the whole file, other profiles included: ${section}`);
    }
  }
}

/** Tools that are not AWS's mostly read the files as plain INI. */
function plainReader({ plainIniAgrees }: Divergence): string {
  if (plainIniAgrees === undefined) return "";
  return plainIniAgrees
    ? " Readers of plain INI files side with Terraform."
    : " Readers of plain INI files do not read it as Terraform does.";
}

const all = (readers: readonly ReaderName[]) => readers.map((one) => names[one]).join(" and ");
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
