import { losesSetting } from "../facts/brokenSections";
import type { Facts, Profile, ProfileUse } from "../facts/facts";
import type { SettingName } from "../model/credentials";
import type { Problem } from "../model/finding";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "profile-without-credentials",
  title: "A profile that is named and holds no credentials",
  severity: "error",
  why: "Terraform takes the profile for what it is and ends up asking the machine's metadata service: `no EC2 IMDS role found`. The environment's keys do not help a block that names a profile.",
  remedy: "Give the profile keys, a role, `sso_session` or `credential_process`, or do not name it.",
  silence:
    "Profiles that nothing names, the default profile where it only stands for a region, and machines that say they have credentials of a container.",
  links: ["https://docs.aws.amazon.com/sdkref/latest/guide/access.html"],
  examples: {
    "only a region": {
      "main.tf": `
provider "aws" {
  profile = "dev"
  #          ^^^ profile-without-credentials
}
`,
      "home/.aws/config": `
[profile dev]
region = eu-west-1
`,
    },
    "a source profile": {
      "home/.aws/config": `
[profile deploy]
role_arn       = arn:aws:iam::111122223333:role/deploy
source_profile = base
#                ^^^^ profile-without-credentials

[profile base]
output = json
`,
    },
    "a region for the environment's keys": {
      "main.tf": `
provider "aws" {}
`,
      "home/.aws/config": `
[default]
region = eu-west-1
`,
    },
  },
  *check(facts) {
    const { profiles, uses, environment, awsTexts } = facts;
    const isContainer = [...environment.variables.keys()].some((name) => name.startsWith("AWS_CONTAINER_CREDENTIALS_"));
    // The keys may stand where nobody can read them.
    if (isContainer || awsTexts.some(({ encodingFlaw }) => encodingFlaw)) return;
    for (const use of uses.profiles.values()) {
      if (use.by === "block" || use.by === "environment") yield* named(facts, use);
    }
    for (const { set } of profiles.values()) {
      const source = set.settings.sourceProfile;
      if (source?.value.kind !== "literal") continue;
      const target = bareProfile(facts, source.value.text);
      if (!target) continue;
      yield {
        message: `The source profile ${target.name} holds no credentials.`,
        at: source.at,
        related: target.headers.map((at) => ({ message: "It stands here.", at })),
      };
    }
  },
};

function* named(facts: Facts, { name, places }: ProfileUse): Iterable<Problem> {
  const profile = bareProfile(facts, name);
  if (!profile) return;
  for (const at of places) {
    yield {
      message: `Profile ${name} holds no credentials.`,
      at,
      related: profile.headers.map((header) => ({ message: "It stands here.", at: header })),
    };
  }
}

const sources: readonly SettingName[] = [
  "accessKeyId",
  "secretAccessKey",
  "roleArn",
  "sourceProfile",
  "credentialSource",
  "webIdentityTokenFile",
  "ssoSession",
  "ssoStartUrl",
  "ssoAccountId",
  "loginSession",
  "credentialProcess",
];

/** The profile, if it has nothing to get credentials from and nothing that was meant for it. */
function bareProfile({ profiles, awsTexts }: Facts, name: string): Profile | undefined {
  const profile = profiles.get(name);
  if (!profile || profile.headers.some(losesSetting(awsTexts))) return undefined;
  const { settings, empty, misnamed } = profile.set;
  if (misnamed.length > 0 || empty.credentialProcess) return undefined;
  return sources.every((one) => settings[one] === undefined) ? profile : undefined;
}
