import { shellWord } from "../../model/shellWord";
import { type Cause, profileOption } from "./cause";

const named = (profile: string | undefined) => (profile === undefined ? "The profile" : `Profile ${profile}`);
const chain = "Run `callerid chain` to see which files are read and what is in them.";
const signIn = (profile: string) =>
  `Run \`aws sso login${profile}\` as the user and with the HOME that Terraform runs with.`;

/** What is wrong with profiles, SSO and the AWS files. */
export const profileCauses = {
  "profile-missing": ({ profile }) => ({
    title: `${named(profile)} is not in the AWS files that Terraform reads.`,
    next: [
      "Run `aws configure list-profiles` for the names there are, and correct the name in the block or in AWS_PROFILE.",
      profile === undefined
        ? "Or create the profile with `aws configure --profile NAME`."
        : `Or create the profile: \`aws configure --profile ${shellWord(profile)}\`, with SSO \`aws configure sso --profile ${shellWord(profile)}\`.`,
      chain,
    ],
  }),
  "credentials-file-profile-prefix": ({ profile = "NAME" }) => ({
    title: "The profile's header has the other file's form, so Terraform does not see the section.",
    next: [`In ~/.aws/config write \`[profile ${profile}]\`, in ~/.aws/credentials \`[${profile}]\`.`],
  }),
  "profile-malformed": ({ profile = "NAME" }) => ({
    title:
      "The profile is there, but written so that Terraform does not read it: quotes in the header, a byte order mark, another encoding.",
    next: [`Run \`callerid scan\`; it points at the place. The header has to be plain: \`[${profile}]\`.`],
  }),
  "profile-in-ci": {
    title:
      "A profile's name from somebody's own machine is asked for where no such AWS files exist: CI, a container, remote execution.",
    next: [
      "Take `profile` out of the committed block and set AWS_PROFILE on your own machine instead.",
      "In CI give credentials as variables or by OIDC.",
    ],
  },
  "tilde-not-expanded": {
    title: "AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE starts with `~`, which Terraform takes literally.",
    next: ["Write the full path, or let the shell expand `$HOME` when you set the variable."],
  },
  "profile-partial-keys": ({ profile }) => ({
    title: `${named(profile)} has one half of a key pair: Terraform wants both in the same file.`,
    next: [
      "Put aws_access_key_id and aws_secret_access_key of the profile into the same section of ~/.aws/credentials.",
    ],
  }),
  "profile-without-credentials": ({ profile }) => ({
    title: `${named(profile)} is there but holds no credentials and no way to get some.`,
    next: ["Give it keys, SSO settings, a role with source_profile, or credential_process.", chain],
  }),
  "source-profile-missing": ({ profile }) => ({
    title: `source_profile names ${profile ?? "a profile"} ${profile === undefined ? "that is" : "which is"} not there.`,
    next: ["Correct the name after source_profile, or create that profile.", chain],
  }),
  "source-profile-loop": {
    title: "The profiles name each other as source_profile in a circle, so none of them has keys.",
    next: ["Let one of them hold credentials of its own: keys, SSO or credential_process."],
  },
  "source-profile-without-keys": {
    title: "The profile that source_profile names holds no credentials.",
    next: ["Give that profile keys, SSO settings or credential_process, or name another one.", chain],
  },
  "credential-source-mismatch": {
    title: "credential_source names a place that does not exist where Terraform runs.",
    next: [
      "Use EcsContainer only in ECS or EKS, Ec2InstanceMetadata only on EC2, Environment only where key variables are set.",
      "On your own machine use source_profile instead.",
    ],
  },
  "credential-source-invalid": {
    title: "credential_source has a value that the SDK does not know.",
    next: ["Write Environment, Ec2InstanceMetadata or EcsContainer, exactly so."],
  },
  "profile-contradiction": {
    title: "The profile holds settings that exclude each other, or half of what one of them needs.",
    next: [
      "Keep one source: source_profile, credential_source, credential_process or web_identity_token_file; the first two and the last need role_arn.",
      chain,
    ],
  },
  "setting-for-cli-only": {
    title:
      "The profile holds a value that only the AWS CLI understands, such as retry_mode = legacy; Terraform stops at it.",
    next: ["Use `standard` or `adaptive` for retry_mode and a number for max_attempts, or remove the line."],
  },
  "config-unreadable": {
    title: "An AWS file cannot be read: it is not in the files' format, or a directory stands in its place.",
    next: [
      "Run `callerid scan`; it points at the line.",
      "A directory there is what Docker makes of a mounted path that did not exist: remove it and mount the file.",
    ],
  },
  "sso-not-logged-in": (error) => ({
    title:
      "Nobody has signed in to this SSO session on this machine, or another HOME is in force than the one it was done with.",
    next: [signIn(profileOption(error))],
  }),
  "sso-session-expired": (error) => ({
    title: "The SSO login has expired.",
    next: [signIn(profileOption(error)), "Run Terraform again; nothing else has to change."],
  }),
  "sso-session-format-unsupported": {
    title: "This version of Terraform or of the provider is older than the `sso_session` form of the profile.",
    next: [
      "Update: the S3 backend reads it from Terraform 1.6, the provider from about 4.46.",
      "Or put sso_start_url and sso_region into the profile itself and sign in again.",
      'Or export plain keys first: `eval "$(aws configure export-credentials --format env)"`.',
    ],
  },
  "sso-session-section-missing": {
    title: "The profile names an sso_session whose section is not in ~/.aws/config.",
    next: ["Add `[sso-session NAME]` with sso_start_url and sso_region to ~/.aws/config, or correct the name."],
  },
  "sso-incomplete": ({ profile }) => ({
    title: `${named(profile)} lacks some of what SSO needs.`,
    next: [
      "It takes sso_account_id and sso_role_name in the profile, sso_start_url and sso_region in its sso-session.",
      "`aws configure sso` writes all of them.",
    ],
  }),
  "sso-role-name-wrong": {
    title:
      "The SSO login is good, but it has no such role in that account: sso_role_name or sso_account_id is wrong, or the assignment is gone.",
    next: ["Compare both with the access portal, upper and lower case included; ask who assigns permission sets."],
  },
  "login-expired": (error) => ({
    title: "The console login (`aws login`) has expired.",
    next: [`Run \`aws login${profileOption(error)}\` again.`],
  }),
  "login-session-unsupported": {
    title:
      "The profile uses `aws login`, which this version of Terraform or of the provider does not know and passes over.",
    next: [
      "Update Terraform (from 1.14.9) and the provider.",
      'Or export plain keys first: `eval "$(aws configure export-credentials --format env)"`.',
    ],
  },
  "mfa-required": {
    title: "The profile's role asks for MFA (`mfa_serial`), and Terraform never asks for a code.",
    belief: "cli-works",
    next: [
      "Get a session first and give it to Terraform: aws-vault, `aws configure export-credentials`, or SSO.",
      "Point Terraform at the profile that holds the session, not at the one with mfa_serial.",
    ],
  },
  "credential-process-failed": ({ text }) => ({
    title: /exitstatus127|notfound/.test(text)
      ? "The program of credential_process was not found."
      : "The program of credential_process ended with an error.",
    next: [
      "Run the command of credential_process by hand, as the user and in the environment of Terraform.",
      "Give its full path: Terraform starts it with `sh -c` and the PATH of its own process.",
    ],
  }),
  "credential-process-output": {
    title: "credential_process printed something else than the one JSON document that is expected.",
    next: [
      'Send messages of the program to standard error: only the JSON with "Version": 1 may go to standard output.',
      "Terraform prints all of that output in its error. If keys stand in it, treat the paste as a secret and renew them.",
    ],
  },
} satisfies Record<string, Cause>;
