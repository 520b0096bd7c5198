import { type AccountClaim, accountOf } from "../facts/accounts";
import { isTrue } from "../facts/collect";
import { textOf } from "../facts/roleArns";
import type { CredentialSet, Setting } from "../model/credentials";
import { describeSet } from "../model/describe";
import type { Problem } from "../model/finding";
import { fakeKeyIdOf4444, type Rule } from "./rule";

export const rule: Rule = {
  id: "account-mismatch",
  title: "Credentials of an account that the block does not allow",
  severity: "warning",
  why: "Terraform compares the account that it finds itself in with `allowed_account_ids` and `forbidden_account_ids`, and stops with “AWS account ID not allowed”. The account of a role stands in its ARN, and that of a key in its id.",
  remedy: "Use a role, a profile or a key of the account that is meant, or correct the list.",
  silence:
    "Keys of the old form, in which the account cannot be read; accounts, roles and lists that are not written out; sets that talk to an emulator or to another service. What a block without keys, profile and role gets from outside is not compared.",
  links: [
    "https://registry.terraform.io/providers/hashicorp/aws/latest/docs#allowed_account_ids",
    "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html",
  ],
  examples: {
    "another account's role": {
      "main.tf": `
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]

  assume_role {
    role_arn = "arn:aws:iam::444455556666:role/deploy"
    #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ account-mismatch
  }
}
`,
    },
    "another account's key": {
      "main.tf": `
provider "aws" {
  region              = "eu-west-1"
  access_key          = "${fakeKeyIdOf4444}"
  #                      ^^^^^^^^^^^^^^^^^^^^ account-mismatch
  secret_key          = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
  allowed_account_ids = ["111122223333"]
}
`,
    },
    "another account's profile": {
      "main.tf": `
provider "aws" {
  region                = "eu-west-1"
  profile               = "production"
  #                        ^^^^^^^^^^ account-mismatch
  forbidden_account_ids = ["444455556666"]
}
`,
      "home/.aws/config": `
[profile production]
sso_session    = work
sso_account_id = 444455556666
sso_role_name  = Admin

[sso-session work]
sso_region    = eu-west-1
sso_start_url = https://example.awsapps.com/start
`,
    },
    "an account that Terraform never asks for": {
      "main.tf": `
provider "aws" {
  region                      = "eu-west-1"
  allowed_account_ids         = ["111122223333"]
# ^^^^^^^^^^^^^^^^^^^ account-mismatch
  skip_credentials_validation = true
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^ validation-skipped
  skip_requesting_account_id  = true
  profile                     = var.profile
}
`,
    },
    "the role's account counts, not the key's": {
      "main.tf": `
provider "aws" {
  region              = "eu-west-1"
  access_key          = var.access_key
  secret_key          = var.secret_key
  allowed_account_ids = ["111122223333", "444455556666"]

  assume_role {
    role_arn = "arn:aws:iam::444455556666:role/deploy"
  }
}
`,
    },
  },
  *check({ sets, profiles }) {
    for (const set of sets) {
      const { allowedAccountIds: allowed, forbiddenAccountIds: forbidden, skipRequestingAccountId } = set.settings;
      const isUnasked = isTrue(set.settings.skipCredentialsValidation) && isTrue(skipRequestingAccountId);
      if (allowed && isUnasked && (allowed.items ?? []).length > 0) {
        yield {
          message: `No account passes \`${allowed.spelling}\` here: with both \`skip_credentials_validation\` and \`skip_requesting_account_id\` Terraform never learns its account.`,
          at: allowed.nameAt,
          severity: "error",
        };
        continue;
      }
      if (set.endpoint !== "aws" || isUnasked) continue;
      const claim = allowed || forbidden ? accountOf(set, profiles) : undefined;
      if (!claim) continue;
      const listed = (forbidden?.items ?? []).some((item) => textOf(item) === claim.account);
      if (forbidden && listed) yield problem(set, claim, forbidden, "forbids");
      else if (allowed && leavesOut(allowed, claim.account)) yield problem(set, claim, allowed, "does not list");
    }
  },
};

function leavesOut({ items = [] }: Setting, account: string): boolean {
  const texts = items.map(textOf);
  return texts.length > 0 && texts.every((text) => text !== undefined && text !== account);
}

const words = { role: "role", key: "key", sso: "profile" } as const;

function problem(set: CredentialSet, { account, by, setting }: AccountClaim, list: Setting, verb: string): Problem {
  const { profile } = set.settings;
  // In the user's own AWS files no problem lies on a secret's line; there the block's profile is the place.
  const isOwn = setting.wholeAt.path === set.at.path || setting.usedAt !== undefined;
  const at = isOwn || !profile ? setting.at : profile.at;
  const subject = isOwn ? words[by] : "profile";
  return {
    message: `This ${subject} belongs to account ${account}, which \`${list.spelling}\` of ${describeSet(set)} ${verb}.`,
    at,
    related: [
      { message: `\`${list.spelling}\` stands here.`, at: list.nameAt },
      ...(isOwn ? [] : [{ message: "The profile's account follows from here.", at: setting.nameAt }]),
    ],
  };
}
