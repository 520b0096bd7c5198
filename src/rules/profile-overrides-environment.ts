import { accountOfKeyId } from "../aws/accessKey";
import type { Facts } from "../facts/facts";
import type { ChainSource } from "../model/chain";
import { isBlock, subjectOf } from "../model/describe";
import type { Problem } from "../model/finding";
import { fakeSecrets, type Rule } from "./rule";

export const rule: Rule = {
  id: "profile-overrides-environment",
  title: "A profile argument sets the environment's keys aside",
  severity: "info",
  why: "A `profile` in the block comes before `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`. Terraform composes a warning about it and never prints it, so whoever exported keys a minute ago takes them for the ones in use.",
  remedy:
    "Remove `profile` from the block and choose with `AWS_PROFILE`, or clear the keys from the environment. It is a warning where the two belong to different accounts.",
  silence: "Half a pair in the environment, which counts as none; blocks whose endpoints are an emulator's.",
  links: ["https://registry.terraform.io/providers/hashicorp/aws/latest/docs#authentication-and-configuration"],
  examples: {
    "keys of another account": {
      "main.tf": `
provider "aws" {
  profile = "dev"
  #          ^^^ profile-overrides-environment
}
`,
      "home/.aws/credentials": `
[dev]
aws_access_key_id     = AKIAIOSFODNN7EXAMPLE
#                       ^^^^^^^^^^^^^^^^^^^^ placeholder-key
aws_secret_access_key = ${fakeSecrets[0]}
`,
      environment: `
AWS_ACCESS_KEY_ID=AKIAI44QH8DHBEXAMPLE
#<---------------- placeholder-key
AWS_SECRET_ACCESS_KEY=${fakeSecrets[1]}
`,
    },
    "a block that leaves the choice to the environment": {
      "main.tf": `
provider "aws" {
  region = "eu-west-1"
}
`,
      environment: `
AWS_ACCESS_KEY_ID=AKIAI44QH8DHBEXAMPLE
#<---------------- placeholder-key
AWS_SECRET_ACCESS_KEY=${fakeSecrets[1]}
`,
    },
  },
  *check(facts) {
    for (const set of facts.sets) {
      const { profile } = set.settings;
      if (!profile || !isBlock(set) || set.endpoint === "emulator") continue;
      const { winner, shadowed, problem } = facts.chainOf(set);
      const keys = shadowed.find(({ kind }) => kind === "env");
      if (!winner || winner.kind === "static" || winner.kind === "env" || !keys || problem) continue;
      yield problemOf(facts, subjectOf(set), profile.at, winner, keys);
    }
  },
};

function problemOf(
  { environment }: Facts,
  subject: string,
  at: Problem["at"],
  winner: ChainSource,
  keys: ChainSource,
): Problem {
  const accounts = [winner, keys].map((one) => one.keys && accountOfKeyId(one.keys.accessKeyId));
  const [own, other] = accounts;
  const isElsewhere = own !== undefined && other !== undefined && own !== other;
  const which = isElsewhere ? `, which belong to account ${other} and not to ${own},` : "";
  return {
    ...(isElsewhere ? { severity: "warning" } : {}),
    message: `${subject} names a profile, so the keys in ${environment.owner}${which} are not used.`,
    at,
    related: keys.at ? [{ at: keys.at, message: `${keys.variable} is set here.` }] : [],
  };
}
