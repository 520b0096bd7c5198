import type { Fix } from "../model/finding";
import type { TextEdit } from "../model/text";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "wrong-section-prefix",
  title: "A section header in the other file's form",
  severity: "error",
  why: "The config file says `[profile dev]`, the credentials file says `[dev]`. In the other form the section is there for people only: Terraform and the AWS CLI do not see it.",
  remedy: "Rename the header.",
  silence: "Sections without any profile setting, such as `[plugins]`.",
  links: ["https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html"],
  examples: {
    "profile in the credentials file": {
      "home/.aws/credentials": `
[profile dev]
#^^^^^^^^^^^ wrong-section-prefix
aws_access_key_id     = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
`,
    },
    "no profile in the config file": {
      "home/.aws/config": `
[dev]
#^^^ wrong-section-prefix
region = eu-west-1

[profile test]
region = eu-west-1

[plugins]
cli_legacy_plugin_path = /opt/plugins
`,
    },
    "as it should be": {
      "home/.aws/config": `
[default]
region = eu-west-1

[profile dev]
region = eu-west-1
`,
    },
  },
  *check({ headers }) {
    for (const header of headers) {
      // [DEFAULT] has a meaning of its own to the AWS CLI: that is `read-differently`.
      if (header.profile === undefined || header.profile === "DEFAULT" || !header.holdsProfile) continue;
      const { path, profile, nameSpan, profileSpan, written } = header;
      const form = header.role === "config" ? "prefixed" : "bare";
      // Beside the section that is read, a second one of its name would change what that one says.
      const isTaken = headers.some((one) => one.path === path && one.profile === profile && one.form === form);
      if (header.role === "credentials" && header.form !== "bare") {
        yield {
          message: `The credentials file names its sections without “profile”: nothing reads [${written}] here.`,
          at: header.at,
          fixes: isTaken ? [] : [renaming(`[${profile}]`, { path, span: nameSpan, pieces: [profileSpan] })],
        };
      } else if (header.role === "config" && header.form !== "prefixed") {
        yield {
          message: `The config file names profiles as [profile ${profile}]: nothing reads [${written}] here.`,
          at: header.at,
          fixes: isTaken
            ? []
            : [renaming(`[profile ${profile}]`, { path, span: nameSpan, pieces: ["profile ", profileSpan] })],
        };
      }
    }
  },
};

const renaming = (header: string, edit: TextEdit): Fix => ({
  title: `Rename to ${header}`,
  safety: "safe",
  edits: [edit],
});
