import { addProfile } from "../facts/edits";
import type { ProfileReference } from "../facts/facts";
import { mostSimilar } from "../facts/similar";
import type { Problem } from "../model/finding";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "profile-not-found",
  title: "A profile that no file has",
  severity: "error",
  why: "Terraform stops with `failed to get shared config profile`, even when the keys would have come from elsewhere: a named profile has to exist.",
  remedy: "Correct the name, or create the profile with `aws configure --profile NAME` or `aws configure sso`.",
  silence:
    "Profiles that would come from `shared_credentials_files` or `shared_config_files`, and runs with `--no-home`. Where this machine has no AWS files at all it is a warning, and so is a profile that is here and not on the machine of a workflow that runs Terraform in the directory; jobs that write AWS files, run containers or actions of the repository are left alone.",
  links: ["https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html"],
  examples: {
    "a misspelt name": {
      "main.tf": `
provider "aws" {
  region  = "eu-west-1"
  profile = "prodcution"
  #          ^^^^^^^^^^ profile-not-found
}
`,
      "home/.aws/config": `
[profile production]
sso_session    = work
sso_account_id = 111122223333
sso_role_name  = Admin

[sso-session work]
sso_region    = eu-west-1
sso_start_url = https://example.awsapps.com/start
`,
    },
    "a source profile": {
      "home/.aws/config": `
[profile deploy]
role_arn       = arn:aws:iam::111122223333:role/deploy
source_profile = base
#                ^^^^ profile-not-found
`,
    },
    "a machine without profiles": {
      "infra/main.tf": `
provider "aws" {
  region  = "eu-west-1"
  profile = "deploy"
  #          ^^^^^^ profile-not-found
}
`,
      ".github/workflows/deploy.yml": `
on: push
permissions:
  id-token: write
  contents: read
jobs:
  deploy:
    runs-on: ubuntu-latest
    defaults:
      run:
        working-directory: infra
    steps:
      - uses: actions/checkout@v5
      - uses: aws-actions/configure-aws-credentials@v6
        with:
          role-to-assume: arn:aws:iam::111122223333:role/deploy
          aws-region: eu-west-1
      - run: |
          terraform init
          terraform apply -auto-approve
`,
      "home/.aws/config": `
[profile deploy]
role_arn          = arn:aws:iam::111122223333:role/deploy
credential_source = Environment
`,
    },
    "it is there": {
      "main.tf": `
provider "aws" {
  profile = "deploy"
}
`,
      "home/.aws/config": `
[profile deploy]
role_arn          = arn:aws:iam::111122223333:role/deploy
credential_source = Environment
`,
    },
  },
  *check({ strandedProfiles, profileReferences, profiles, headers, awsFiles, awsTexts }) {
    const isFound = (name: string) => !awsFiles.read || profiles.has(name);
    for (const { name, at, run } of strandedProfiles) {
      // One that is missing here as well is said once.
      if (!isFound(name)) continue;
      const job = run.job.charAt(0).toUpperCase() + run.job.slice(1);
      yield {
        message: `${job} runs Terraform here on a machine of GitHub's, which has no profile ${name}.`,
        at,
        severity: "warning",
        related: [{ message: "This is where it runs.", at: run.at }],
      };
    }
    // A file whose encoding hides its profiles is said once, there.
    const isHidden = awsTexts.some(({ path, encodingFlaw }) => encodingFlaw && awsFiles.existing.includes(path));
    if (!awsFiles.read || isHidden) return;
    const missing = profileReferences.filter(
      ({ decidable, name }) =>
        decidable &&
        !profiles.has(name) &&
        // The header is there but reads as something else: said once, where it stands.
        !headers.some((header) => header.profile?.replace(/^(["'])(.*)\1$/, "$2") === name),
    );
    if (awsFiles.existing.length === 0) {
      yield* onMachineWithoutFiles(missing);
      return;
    }
    const config = awsTexts.find(({ path }) => path === awsFiles.configPath);
    for (const { name, at, nameAt } of missing) {
      const similar = mostSimilar(name, profiles.keys());
      const create = config && addProfile(config, name);
      yield {
        message: `Profile ${name} is in neither the credentials nor the config file.`,
        at,
        fixes: [
          ...(similar
            ? [{ title: `Change to ${similar}`, safety: "review" as const, edits: [{ ...nameAt, pieces: [similar] }] }]
            : []),
          ...(create
            ? [{ title: `Add [profile ${name}] to the config file`, safety: "review" as const, edits: [create] }]
            : []),
        ],
      };
    }
  },
};

/** Nothing is set up here: one word for each profile, not for each place that names it. */
function* onMachineWithoutFiles(missing: readonly ProfileReference[]): Iterable<Problem> {
  for (const [index, { name, at }] of missing.entries()) {
    if (missing.findIndex((one) => one.name === name) < index) continue;
    const others = missing.filter((one) => one.name === name).slice(1, 10);
    yield {
      message: `Profile ${name} does not exist: this machine has neither a credentials nor a config file.`,
      at,
      severity: "warning",
      related: others.map((one) => ({ message: `Profile ${name} is also named here.`, at: one.at })),
    };
  }
}
