import { roleArn } from "../aws/arns";
import { hostOf, partitionOfHost } from "../aws/hosts";
import { partitionOf } from "../aws/regions";
import type { Facts } from "../facts/facts";
import { roleSettings, textOf } from "../facts/roleArns";
import type { CredentialSet, Setting } from "../model/credentials";
import { describeSet } from "../model/describe";
import type { Problem } from "../model/finding";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "partition-mismatch",
  title: "A role or an endpoint in another partition than the region",
  severity: "error",
  why: "The partitions of AWS (`aws`, `aws-cn`, `aws-us-gov` and others) share no accounts: credentials of one are unknown in the others, and no role can be assumed across. AWS answers `InvalidClientTokenId`, or that the ARN is invalid.",
  remedy: "Put the role's own partition into its ARN, or the region right.",
  silence:
    "Where the region or the partition is not written out, and sets that talk to an emulator or to another service. For a profile's own region, and the environment's, it is a warning: a block may name another.",
  links: ["https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html"],
  examples: {
    "a commercial role in GovCloud": {
      "main.tf": `
provider "aws" {
  region = "us-gov-west-1"

  assume_role {
    role_arn = "arn:aws:iam::111122223333:role/deploy"
    #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ partition-mismatch
  }
}
`,
    },
    "the global endpoint for China": {
      "main.tf": `
provider "aws" {
  region = "cn-north-1"

  endpoints {
    sts = "https://sts.amazonaws.com"
    #      ^^^^^^^^^^^^^^^^^^^^^^^^^ partition-mismatch
  }
}
`,
    },
    "all in one": {
      "main.tf": `
provider "aws" {
  region = "cn-north-1"

  assume_role {
    role_arn = "arn:aws-cn:iam::111122223333:role/deploy"
  }

  endpoints {
    sts = "https://sts.cn-northwest-1.amazonaws.com.cn"
  }
}
`,
    },
  },
  *check(facts) {
    for (const set of facts.sets) {
      if (set.endpoint !== "aws") continue;
      const { region, stsRegion } = set.settings;
      if (region) yield* against(set, region, facts);
      else if (stsRegion) yield* roles(set, stsRegion);
    }
  },
};

function* against(set: CredentialSet, region: Setting, { profiles }: Facts): Iterable<Problem> {
  const name = textOf(region);
  const partition = partitionOf(name ?? "");
  if (name === undefined || partition === undefined) return;
  const related = [{ message: `The region is ${name}, of ${partition}.`, at: region.at }];
  const { stsRegion, profile, sharedConfigFiles } = set.settings;
  const stsPartition = partitionOf(textOf(stsRegion) ?? "");
  if (stsRegion && stsPartition && stsPartition !== partition) {
    yield { message: `\`${stsRegion.spelling}\` is a region of ${stsPartition}.`, at: stsRegion.at, related };
    return;
  }
  yield* roles(set, region);
  for (const { url, at } of set.endpoints ?? []) {
    const other = url.kind === "literal" ? partitionOfHost(hostOf(url.text)) : undefined;
    if (!other || other === partition) continue;
    yield { message: `This endpoint belongs to ${other}, and ${name} to ${partition}.`, at, related };
  }
  const named = sharedConfigFiles ? undefined : profiles.get(textOf(profile) ?? "")?.set.settings.roleArn;
  const theirs = roleArn(textOf(named) ?? "")?.partition;
  if (!profile || !named || !theirs || theirs === partition) return;
  yield {
    message: `The role of this profile is in ${theirs}, and ${name} in ${partition}.`,
    at: profile.at,
    related: [{ message: "The profile names the role here.", at: named.nameAt }, ...related],
  };
}

function* roles(set: CredentialSet, region: Setting): Iterable<Problem> {
  const name = textOf(region);
  const partition = partitionOf(name ?? "");
  if (!partition) return;
  const isBlock = set.origin.kind !== "profile" && set.origin.kind !== "environment";
  for (const setting of roleSettings(set)) {
    const theirs = roleArn(textOf(setting) ?? "")?.partition;
    if (!theirs || theirs === partition) continue;
    yield {
      message: `The role of ${describeSet(set)} is in ${theirs}, and ${name} in ${partition}.`,
      at: setting.at,
      severity: isBlock ? "error" : "warning",
      related: [{ message: `The region is ${name}.`, at: region.at }],
    };
  }
}
