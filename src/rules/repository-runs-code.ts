import { hostOf, isAwsHost } from "../aws/hosts";
import { isPrivateFile } from "../aws/privateFiles";
import { endpointKind } from "../facts/environment";
import type { Facts, NamedFile } from "../facts/facts";
import { textOf } from "../facts/roleArns";
import type { CredentialSet, Setting } from "../model/credentials";
import { describeSet } from "../model/describe";
import type { Problem } from "../model/finding";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "repository-runs-code",
  title: "A repository that makes Terraform run a command or send a file",
  severity: "warning",
  why: "Terraform reads the AWS files that a block names, and does at `terraform init` or `plan` what they say: it starts the `credential_process`, sends the web identity token file to STS, and asks for credentials at `endpoint_url`. Whoever can change the repository decides what runs and what is sent.",
  remedy:
    "Read the file before `terraform init`. Keep profiles that run commands or name endpoints in your own `~/.aws/config`, and let the repository name the profile alone.",
  silence:
    "Your own AWS files; files of the repository that no block names; token files outside the places where keys and passwords are kept; addresses of AWS and of this machine. A repository's own bundle of certificate authorities is an information.",
  links: [
    "https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html",
    "https://registry.terraform.io/providers/hashicorp/aws/latest/docs#shared_config_files",
  ],
  examples: {
    "a command": {
      "backend.tf": `
terraform {
  backend "s3" {
    bucket              = "states"
    key                 = "app.tfstate"
    region              = "eu-west-1"
    shared_config_files = ["./aws/config"]
  }
}
`,
      "aws/config": `
[default]
credential_process = /bin/sh -c ./keys.sh
#                    ^^^^^^^^^^^^^^^^^^^^ repository-runs-code
`,
    },
    "a key file, sent as a token": {
      "main.tf": `
provider "aws" {
  region = "eu-west-1"

  assume_role_with_web_identity {
    role_arn                = "arn:aws:iam::111122223333:role/deploy"
    web_identity_token_file = "~/.ssh/id_ed25519"
    #                          ^^^^^^^^^^^^^^^^^ repository-runs-code
  }
}
`,
    },
    "a token": {
      "main.tf": `
provider "aws" {
  region = "eu-west-1"

  assume_role_with_web_identity {
    role_arn                = "arn:aws:iam::111122223333:role/deploy"
    web_identity_token_file = "/var/run/secrets/eks.amazonaws.com/serviceaccount/token"
  }
}
`,
    },
  },
  *check(facts) {
    for (const set of facts.sets) yield* inBlock(set);
    const seen = new Set<string>();
    for (const file of facts.namedFiles) {
      const isOwn = file.path === facts.awsFiles.configPath || file.path === facts.awsFiles.credentialsPath;
      if (isOwn || seen.has(file.path)) continue;
      seen.add(file.path);
      yield* inFile(file, facts);
    }
  },
};

function* inBlock(set: CredentialSet): Iterable<Problem> {
  for (const { tokenFile } of set.roles) {
    if (!tokenFile || !isPrivateFile(textOf(tokenFile) ?? "")) continue;
    yield {
      message: `Terraform sends this file to STS as the web identity token of ${describeSet(set)}.`,
      at: tokenFile.at,
    };
  }
}

function* inFile({ path, set, setting }: NamedFile, { sets }: Facts): Iterable<Problem> {
  const related = [{ message: `${describeSet(set)} reads this file.`, at: setting.at }];
  for (const { origin, at, settings } of sets) {
    if (origin.kind !== "profile" || at.path !== path) continue;
    const { credentialProcess, webIdentityTokenFile, endpointUrl, caBundle } = settings;
    const told: readonly (readonly [Setting | undefined, string, Problem["severity"]?])[] = [
      [credentialProcess, "Terraform runs this command"],
      [sends(webIdentityTokenFile), "Terraform sends this file to STS as a web identity token"],
      [leads(endpointUrl), "Terraform sends its signed requests to this address"],
      [caBundle, "Terraform trusts whoever these certificate authorities vouch for", "info"],
    ];
    for (const [one, words, severity] of told) {
      if (!one || textOf(one) === undefined) continue;
      yield {
        message: `${words}, because a block of this repository names the file.`,
        at: one.at,
        severity: severity ?? "warning",
        related,
      };
    }
  }
}

const sends = (setting: Setting | undefined) => (isPrivateFile(textOf(setting) ?? "") ? setting : undefined);

function leads(setting: Setting | undefined): Setting | undefined {
  const url = textOf(setting) ?? "";
  const isSafe = endpointKind(url) === "emulator" || (isAwsHost(hostOf(url)) && !/^http:/i.test(url));
  return isSafe ? undefined : setting;
}
