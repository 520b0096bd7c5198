import { accountOfKeyId, canaryAccounts } from "../aws/accessKey";
import { textOf } from "../facts/roleArns";
import { describeSet } from "../model/describe";
import { fakeCanaryKeyId, type Rule } from "./rule";

export const rule: Rule = {
  id: "canary-key",
  title: "A key of an account that is known to issue honeytokens",
  severity: "warning",
  why: "Such keys are laid out to be found, and raise an alarm with whoever laid them out as soon as somebody uses them. They open nothing.",
  remedy: "Do not use the key, `terraform plan` included. Ask whoever put it there, or leave it where it is.",
  silence:
    "Keys of the old form, in which the account cannot be read, and accounts that nobody has published. A decoded account is a hint: AWS does not document the form.",
  links: ["https://trufflesecurity.com/blog/canaries"],
  examples: {
    "a key that is a trap": {
      "home/.aws/credentials": `
[found]
aws_access_key_id     = ${fakeCanaryKeyId}
#                       ^^^^^^^^^^^^^^^^^^^^ canary-key
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
`,
    },
    "any other key": {
      "home/.aws/credentials": `
[mine]
credential_process = /usr/local/bin/keys mine
`,
    },
  },
  *check({ sets }) {
    for (const set of sets) {
      const { accessKeyId } = set.settings;
      const account = accountOfKeyId(textOf(accessKeyId) ?? "");
      if (!accessKeyId || account === undefined || !canaryAccounts.has(account)) continue;
      yield {
        message: `The key of ${describeSet(set)} belongs to account ${account}, a known issuer of honeytokens: using it raises an alarm.`,
        at: accessKeyId.at,
      };
    }
  },
};
