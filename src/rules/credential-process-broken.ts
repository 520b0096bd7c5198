import { type CommandFlaw, commandFlaw } from "../aws/credentialProcess";
import { removeSetting, replaceValue } from "../facts/edits";
import type { Setting } from "../model/credentials";
import type { Fix } from "../model/finding";
import type { Piece } from "../model/text";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "credential-process-broken",
  title: "A `credential_process` that does not run everywhere",
  severity: "warning",
  why: "Terraform hands the command to a shell and strips quotes around the whole of it; the AWS CLI splits it into words and knows no shell. A blank in a path, a path from the working directory or a whole command in quotes fails in one of them.",
  remedy:
    "Write the program's full path, with a backslash before each blank of it (on Windows: in double quotes, with the arguments behind).",
  silence:
    "Programs that are found by their name alone. A path from `~` or `$HOME` is information only: Terraform's shell expands it, the AWS CLI does not.",
  links: ["https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sourcing-external.html"],
  examples: {
    "a blank in the path": {
      "home/.aws/config": `
[profile dev]
credential_process = /Users/alex/Library/Application Support/keys/keys --profile dev
#                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ credential-process-broken
`,
    },
    "no command": {
      "home/.aws/config": `
[profile dev]
credential_process =
#<----------------- credential-process-broken
`,
    },
    "from the working directory": {
      "home/.aws/config": `
[profile dev]
credential_process = ./keys.sh dev
#                    ^^^^^^^^^^^^^ credential-process-broken
`,
    },
    "full paths and names": {
      "home/.aws/config": `
[profile a]
credential_process = /usr/bin/env KEYS=a /opt/keys/keys --profile a
[profile b]
credential_process = aws-vault export --format=json b
[profile c]
credential_process = "C:\\Program Files\\Keys\\keys.exe" --profile c
[profile d]
credential_process = /opt/our\\ tools/keys d
`,
    },
  },
  *check({ sets }) {
    for (const { origin, settings, empty } of sets) {
      if (origin.kind !== "profile") continue;
      const none = settings.credentialProcess ? undefined : empty.credentialProcess;
      if (none) {
        const edit = removeSetting(none);
        yield {
          message: `Profile ${origin.name} has a credential_process without a command.`,
          at: none.nameAt,
          fixes: edit ? [{ title: "Remove the line", safety: "review", edits: [edit] }] : [],
        };
      }
      const setting = settings.credentialProcess;
      if (setting?.value.kind !== "literal") continue;
      const isQuoted = setting.wholeAt.span.end > setting.valueAt.span.end;
      const flaw = commandFlaw(setting.value.text, isQuoted);
      if (!flaw) continue;
      yield {
        message: `The credential_process of profile ${origin.name} ${words[flaw.kind]}.`,
        at: setting.at,
        severity: flaw.kind === "home-path" ? "info" : "warning",
        fixes: "path" in flaw ? repair(setting, setting.value.text, flaw.path, isQuoted) : [],
      };
    }
  },
};

const words: Readonly<Record<CommandFlaw["kind"], string>> = {
  "quoted-whole": "begins and ends with a quotation mark: Terraform strips the two, the AWS CLI does not",
  "split-path": "has a blank in its path, which ends the path there",
  "relative-path": "is a path from the working directory, which is another one in each module",
  "home-path": "begins with the home directory's short form, which Terraform's shell expands and the AWS CLI does not",
};

/** The path in a form that a shell and the AWS CLI both take for one word. */
function repair(
  setting: Setting,
  text: string,
  path: { readonly start: number; readonly end: number } | undefined,
  isQuoted: boolean,
): readonly Fix[] {
  if (!path) return [];
  const { start, end } = setting.valueAt.span;
  const pieces: Piece[] = [];
  if (text.startsWith("/")) {
    let from = 0;
    for (const { index } of text.slice(0, path.end).matchAll(/(?<!\\) /g)) {
      pieces.push({ start: start + from, end: start + index }, "\\");
      from = index;
    }
    pieces.push({ start: start + from, end });
  } else {
    // Quotes around the whole would be stripped.
    if (path.end === text.length) return [];
    pieces.push('"', { start, end: start + path.end }, '"', { start: start + path.end, end });
  }
  const edit = replaceValue(setting, pieces);
  const span = isQuoted ? { start: start - 1, end: end + 1 } : edit.span;
  return [{ title: "Make the path one word", safety: "review", edits: [{ ...edit, span }] }];
}
