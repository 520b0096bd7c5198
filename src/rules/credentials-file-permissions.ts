import type { Rule } from "./rule";

export const rule: Rule = {
  id: "credentials-file-permissions",
  title: "Keys that other users of the machine can read",
  severity: "info",
  why: "Whoever may read the file may use its keys. The AWS CLI creates it for its owner alone.",
  remedy: "Run `chmod 600` on the file.",
  silence: "Files without keys in them, files whose permissions are not known, and Windows, where they mean nothing.",
  links: ["https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html"],
  examples: {
    "readable by all": {
      attributes: `
home/.aws/credentials mode=644
`,
      "home/.aws/credentials": `
[dev]
#^^^ credentials-file-permissions
aws_access_key_id     = AKIAIOSFODNN7EXAMPLE
#                       ^^^^^^^^^^^^^^^^^^^^ placeholder-key
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
`,
    },
    "nothing to hide": {
      attributes: `
home/.aws/config mode=644
`,
      "home/.aws/config": `
[profile dev]
credential_process = /usr/local/bin/keys dev
`,
    },
  },
  *check({ awsTexts, awsFiles }) {
    for (const { path, mode, holdsSecrets, top } of awsTexts) {
      const isOurs = path === awsFiles.credentialsPath || path === awsFiles.configPath;
      if (mode === undefined || (mode & 0o044) === 0 || !holdsSecrets || !isOurs || !top) continue;
      const who = (mode & 0o004) !== 0 ? "Every user of this machine" : "The file's group";
      yield {
        message: `${who} can read the keys in this file (mode ${(mode & 0o777).toString(8)}).`,
        at: top,
        fixes: [{ title: "Make the file readable by its owner alone", safety: "safe", edits: [], makePrivate: path }],
      };
    }
  },
};
