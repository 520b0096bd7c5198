import { regionInfo } from "../aws/regions";
import type { Facts } from "../facts/facts";
import { textOf } from "../facts/roleArns";
import type { CredentialSet, Setting } from "../model/credentials";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "opt-in-region",
  title: "A region that has to be enabled",
  severity: "hint",
  why: "Every account has the 17 regions launched before March 2019. A later one has to be enabled first, by the account whose credentials call and by the account whose resources are meant. Until then AWS answers there as if the key did not exist: `InvalidClientTokenId`. Session tokens that the global endpoint `sts.amazonaws.com` issues in their first version are refused there even when the region is enabled.",
  remedy:
    "Look with `aws account get-region-opt-status --region-name REGION`, and enable the region. For a token of the first version: get it from a regional endpoint, or let the account issue tokens that are valid in all regions. `sts_region` names another region for STS alone.",
  silence:
    "The second and later places of a directory that name the same region, and blocks whose `sts_region` is one that every account has. A token of the first version beside such a region is an information.",
  links: [
    "https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html",
  ],
  examples: {
    "a region of 2019": {
      "main.tf": `
provider "aws" {
  region = "me-south-1"
  #         ^^^^^^^^^^ opt-in-region
}
`,
    },
    "a region that every account has, for STS": {
      "main.tf": `
provider "aws" {
  region     = "me-south-1"
  sts_region = "us-east-1"
}

provider "aws" {
  alias  = "north"
  region = "eu-north-1"
}
`,
    },
  },
  *check(facts) {
    const seen = new Set<string>();
    for (const set of facts.sets) {
      const { origin } = set;
      const { region, stsRegion } = set.settings;
      const name = textOf(region);
      // A pipeline that runs has its regions enabled, and its keys are not this machine's.
      if (origin.kind === "variables" && (origin.of === "pipeline" || origin.of === "action")) continue;
      if (!region || name === undefined || set.endpoint !== "aws" || !regionInfo(name)?.optIn) continue;
      const token = tokenOf(set, facts);
      const isRefused = token?.shape?.kind === "session-token" && token.shape.isRegional === true;
      if (isRefused) {
        yield {
          message: `${name} refuses this set's session token: it is of the first version, which is valid only in regions that every account has.`,
          at: region.at,
          severity: "info",
          related: [{ message: "The token belongs to this key.", at: token.at }],
        };
        continue;
      }
      const key = `${set.directory} ${name}`;
      const sts = textOf(stsRegion);
      if (seen.has(key) || (sts !== undefined && regionInfo(sts)?.optIn === false)) continue;
      seen.add(key);
      yield {
        message: `${name} has to be enabled for an account; until then AWS answers there as if the key did not exist.`,
        at: region.at,
      };
    }
  },
};

/** The token that goes with the set's keys: its own, its profile's, or the environment's. */
function tokenOf(set: CredentialSet, { profiles, sets }: Facts): Setting | undefined {
  const { accessKeyId, sessionToken, profile } = set.settings;
  if (accessKeyId) return sessionToken;
  if (set.origin.kind === "profile" || set.origin.kind === "environment") return undefined;
  if (profile) return profiles.get(textOf(profile) ?? "")?.set.settings.sessionToken;
  const environment = sets.find(({ origin }) => origin.kind === "environment")?.settings;
  return environment?.accessKeyId && environment.secretAccessKey ? environment.sessionToken : undefined;
}
