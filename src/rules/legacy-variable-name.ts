import { keyKind } from "../facts/shapes";
import type { CredentialSet, Misnamed, Setting } from "../model/credentials";
import type { Fix, Problem } from "../model/finding";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "legacy-variable-name",
  title: "An old name that not every program reads",
  severity: "warning",
  why: "`AWS_SECURITY_TOKEN` and `aws_security_token` are read by the AWS CLI, before `AWS_SESSION_TOKEN`, and never by Terraform. `AWS_ACCESS_KEY` and `AWS_SECRET_KEY` are read by Terraform and not by the AWS CLI. Names in small letters nobody reads.",
  remedy: "Use `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`, and unset the other names.",
  silence:
    "A token that stands under both names with one value, as login tools write it; small letters on Windows; old names beside the new ones; old names in files that any program may read.",
  links: ["https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html"],
  examples: {
    "a token only the AWS CLI reads": {
      environment: `
AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE
AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
AWS_SECURITY_TOKEN=AQoEXAMPLEH4aoAH0gNCAPyJxz4BlCFFxWNE1OPTgk5TthT
#<----------------- legacy-variable-name
`,
    },
    "in a profile": {
      "home/.aws/credentials": `
[dev]
aws_access_key_id     = ASIAIOSFODNN7EXAMPLE
#                       ^^^^^^^^^^^^^^^^^^^^ legacy-variable-name
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
aws_security_token    = AQoEXAMPLEH4aoAH0gNCAPyJxz4BlCFFxWNE1OPTgk5TthT
`,
    },
    "keys only Terraform reads": {
      environment: `
AWS_ACCESS_KEY=AKIAIOSFODNN7EXAMPLE
#<------------- legacy-variable-name
#<------------- placeholder-key
AWS_SECRET_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
`,
    },
    "in an env file": {
      ".env": `
AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE
AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
AWS_SECURITY_TOKEN=AQoEXAMPLEH4aoAH0gNCAPyJxz4BlCFFxWNE1OPTgk5TthT
#<----------------- legacy-variable-name
`,
    },
    "both names, as login tools write them": {
      "home/.aws/credentials": `
[dev]
aws_access_key_id     = ASIAIOSFODNN7EXAMPLE
#                       ^^^^^^^^^^^^^^^^^^^^ placeholder-key
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
aws_session_token     = AQoEXAMPLEH4aoAH0gNCAPyJxz4BlCFFxWNE1OPTgk5TthT
aws_security_token    = AQoEXAMPLEH4aoAH0gNCAPyJxz4BlCFFxWNE1OPTgk5TthT
`,
    },
  },
  *check({ sets, awsFiles }) {
    // Windows does not tell letters' cases apart in names of variables.
    const isWindows = /^[A-Za-z]:/.test(awsFiles.credentialsPath);
    for (const set of sets) {
      if (set.origin.kind === "environment") yield* inEnvironment(set, isWindows);
      if (set.origin.kind === "profile") yield* inProfile(set);
      if (set.origin.kind === "variables") yield* inFile(set);
    }
  },
};

const onlyTerraform: ReadonlySet<string> = new Set(["AWS_ACCESS_KEY", "AWS_SECRET_KEY"]);

function* inEnvironment(set: CredentialSet, isWindows: boolean): Iterable<Problem> {
  for (const { spelling, expected, at } of set.misnamed) {
    if (spelling === "AWS_SECURITY_TOKEN") {
      yield { message: tokenMessage(spelling, expected, set), at };
    } else if (!isWindows) {
      yield { message: `No program reads ${spelling}: on this system it is another variable than ${expected}.`, at };
    }
  }
  const { accessKeyId, secretAccessKey } = set.settings;
  if (!accessKeyId || !secretAccessKey) return;
  const [old, other] = [accessKeyId, secretAccessKey].filter(({ spelling }) => onlyTerraform.has(spelling));
  if (!old) return;
  yield {
    message: `${[old, other].flatMap((one) => one?.spelling ?? []).join(" and ")} ${other ? "are" : "is"} read by Terraform and not by the AWS CLI: the two will use different keys.`,
    at: old.at,
    related: other ? [{ message: "This belongs to it.", at: other.at }] : [],
  };
}

/** Variables that a file sets; here a rename is an edit. */
function* inFile(set: CredentialSet): Iterable<Problem> {
  for (const { spelling, expected, at, nameAt } of set.misnamed) {
    yield {
      message:
        spelling === "AWS_SECURITY_TOKEN"
          ? tokenMessage(spelling, expected, set)
          : `${spelling} is not read by the AWS CLI, which this script calls; it reads ${expected}.`,
      at,
      fixes:
        spelling === "AWS_SECURITY_TOKEN" && isLongTerm(set.settings.accessKeyId)
          ? []
          : [renaming([{ expected, nameAt }, ...partnerOf(spelling, set)])],
    };
  }
}

/** The secret beside an old key id: under its old name it would be alone after the id has the new one. */
function partnerOf(spelling: string, { settings: { secretAccessKey } }: CredentialSet) {
  return spelling === "AWS_ACCESS_KEY" && secretAccessKey?.spelling === "AWS_SECRET_KEY"
    ? [{ expected: "AWS_SECRET_ACCESS_KEY", nameAt: secretAccessKey.nameAt }]
    : [];
}

function renaming(names: readonly Pick<Misnamed, "expected" | "nameAt">[]): Fix {
  return {
    title: `Rename to ${names.map(({ expected }) => expected).join(" and ")}`,
    safety: "review",
    edits: names.map(({ expected, nameAt }) => ({ ...nameAt, pieces: [expected] })),
  };
}

function* inProfile(set: CredentialSet): Iterable<Problem> {
  for (const { spelling, expected, at, nameAt } of set.misnamed) {
    if (spelling.toLowerCase() !== "aws_security_token") continue;
    const { sessionToken, accessKeyId } = set.settings;
    yield {
      message: tokenMessage(spelling, expected, set),
      at,
      fixes:
        sessionToken || isLongTerm(accessKeyId)
          ? []
          : [{ title: `Rename to ${expected}`, safety: "safe", edits: [{ ...nameAt, pieces: [expected] }] }],
    };
  }
}

function tokenMessage(spelling: string, expected: string, { settings }: CredentialSet): string {
  if (settings.sessionToken) {
    return `The AWS CLI takes the token of ${spelling}, Terraform that of ${expected}, and they differ.`;
  }
  return isLongTerm(settings.accessKeyId)
    ? `The AWS CLI sends the token of ${spelling} with this long-term key, and AWS refuses the two; Terraform does not read it.`
    : `Terraform does not read ${spelling}; the token has to be called ${expected}.`;
}

const isLongTerm = (id: Setting | undefined) => id !== undefined && keyKind(id) === "long-term-key-id";
