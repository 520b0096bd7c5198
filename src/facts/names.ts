import { profileSettings } from "../aws/profileSettings";
import type { SettingName } from "../model/credentials";

/** The places that spell settings each in their own way. */
export type Place = "terraform" | "aws-file" | "environment" | "action";

interface Spelling {
  readonly name: SettingName;
  readonly terraform?: readonly string[];
  readonly awsFile?: readonly string[];
  /** In the order Terraform looks them up. */
  readonly environment?: readonly string[];
  /** Inputs of aws-actions/configure-aws-credentials. */
  readonly action?: readonly string[];
}

/**
 * How each place spells a setting; the first spelling is the one to write.
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs#argument-reference
 * https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
 * https://github.com/aws-actions/configure-aws-credentials#options
 */
const spellings: readonly Spelling[] = [
  {
    name: "accessKeyId",
    terraform: ["access_key"],
    awsFile: ["aws_access_key_id"],
    environment: ["AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY"],
    action: ["aws-access-key-id"],
  },
  {
    name: "secretAccessKey",
    terraform: ["secret_key"],
    awsFile: ["aws_secret_access_key"],
    environment: ["AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY"],
    action: ["aws-secret-access-key"],
  },
  {
    name: "sessionToken",
    terraform: ["token"],
    awsFile: ["aws_session_token"],
    environment: ["AWS_SESSION_TOKEN"],
    action: ["aws-session-token"],
  },
  { name: "profile", terraform: ["profile"], environment: ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"] },
  {
    name: "region",
    terraform: ["region"],
    awsFile: ["region"],
    environment: ["AWS_REGION", "AWS_DEFAULT_REGION"],
    action: ["aws-region"],
  },
  { name: "stsRegion", terraform: ["sts_region"] },
  {
    name: "sharedCredentialsFiles",
    terraform: ["shared_credentials_files", "shared_credentials_file"],
    environment: ["AWS_SHARED_CREDENTIALS_FILE"],
  },
  { name: "sharedConfigFiles", terraform: ["shared_config_files"], environment: ["AWS_CONFIG_FILE"] },
  { name: "roleArn", awsFile: ["role_arn"], environment: ["AWS_ROLE_ARN"], action: ["role-to-assume"] },
  { name: "externalId", awsFile: ["external_id"] },
  { name: "sessionName", awsFile: ["role_session_name"], environment: ["AWS_ROLE_SESSION_NAME"] },
  { name: "sourceProfile", awsFile: ["source_profile"] },
  { name: "credentialSource", awsFile: ["credential_source"] },
  {
    name: "webIdentityTokenFile",
    awsFile: ["web_identity_token_file"],
    environment: ["AWS_WEB_IDENTITY_TOKEN_FILE"],
  },
  { name: "ssoSession", awsFile: ["sso_session"] },
  { name: "ssoStartUrl", awsFile: ["sso_start_url"] },
  { name: "ssoRegion", awsFile: ["sso_region"] },
  { name: "ssoAccountId", awsFile: ["sso_account_id"] },
  { name: "ssoRoleName", awsFile: ["sso_role_name"] },
  { name: "loginSession", awsFile: ["login_session"] },
  { name: "credentialProcess", awsFile: ["credential_process"] },
  { name: "mfaSerial", awsFile: ["mfa_serial"] },
  // Written by login tools for people to read; no SDK looks at them.
  {
    name: "expiration",
    awsFile: ["x_security_token_expires", "aws_expiration", "expiration"],
    environment: ["AWS_CREDENTIAL_EXPIRATION", "AWS_SESSION_EXPIRATION"],
  },
  { name: "allowedAccountIds", terraform: ["allowed_account_ids"] },
  { name: "forbiddenAccountIds", terraform: ["forbidden_account_ids"] },
  { name: "skipCredentialsValidation", terraform: ["skip_credentials_validation"] },
  { name: "skipRequestingAccountId", terraform: ["skip_requesting_account_id"] },
  { name: "skipRegionValidation", terraform: ["skip_region_validation"] },
  { name: "endpointUrl", awsFile: ["endpoint_url"] },
  { name: "caBundle", terraform: ["custom_ca_bundle"], awsFile: ["ca_bundle"] },
  { name: "insecure", terraform: ["insecure"] },
];

function spelledIn(spelling: Spelling, place: Place): readonly string[] {
  return (place === "aws-file" ? spelling.awsFile : spelling[place]) ?? [];
}

const byPlace: Readonly<Record<Place, ReadonlyMap<string, SettingName>>> = {
  terraform: index("terraform"),
  "aws-file": index("aws-file"),
  environment: index("environment"),
  action: index("action"),
};

function index(place: Place): ReadonlyMap<string, SettingName> {
  return new Map(spellings.flatMap((one) => spelledIn(one, place).map((text) => [text, one.name] as const)));
}

/** The setting that `text` names in that place. AWS files are read case-insensitively by Terraform. */
export function settingNamed(text: string, place: Place): SettingName | undefined {
  return byPlace[place].get(place === "aws-file" ? text.toLowerCase() : text);
}

/** How to write a setting in that place; undefined where the place has no such setting. */
export function spellingOf(name: SettingName, place: Place): string | undefined {
  const spelling = spellings.find((one) => one.name === name);
  return spelling && spelledIn(spelling, place)[0];
}

/** All spellings of a setting in that place, the first looked up first. */
export function spellingsOf(name: SettingName, place: Place): readonly string[] {
  const spelling = spellings.find((one) => one.name === name);
  return spelling ? spelledIn(spelling, place) : [];
}

/** Names that mean one of the three key values somewhere, reduced by `skeleton`, which other places spell differently. */
const keyWords: ReadonlyMap<string, SettingName> = new Map([
  ["accesskey", "accessKeyId"],
  ["accesskeyid", "accessKeyId"],
  ["accessid", "accessKeyId"],
  ["keyid", "accessKeyId"],
  ["secretkey", "secretAccessKey"],
  ["secretaccesskey", "secretAccessKey"],
  ["secretkeyid", "secretAccessKey"],
  ["accesssecret", "secretAccessKey"],
  ["sessiontoken", "sessionToken"],
  ["securitytoken", "sessionToken"],
  ["token", "sessionToken"],
  ["sessionkey", "sessionToken"],
  ["profile", "profile"],
  ["profilename", "profile"],
  ["defaultregion", "region"],
  ["region", "region"],
]);

const skeleton = (text: string) => text.toLowerCase().replace(/[-_.]/g, "").replace(/^aws/, "");

/** The setting that another place spells so: `aws_access_key_id`. */
export const foreignName = (text: string): SettingName | undefined => keyWords.get(skeleton(text));

/**
 * The setting that an unknown argument of a Terraform block was meant to be: another place's spelling
 * (`aws_access_key_id`), or one letter off (`acces_key`). Undefined for anything else.
 */
export function meantBy(text: string): SettingName | undefined {
  const bare = skeleton(text);
  const exact = foreignName(text);
  if (exact) return exact;
  for (const [word, name] of keyWords) if (word.length >= 7 && isOneEditAway(bare, word)) return name;
  return undefined;
}

const keyNames: ReadonlySet<SettingName> = new Set(["accessKeyId", "secretAccessKey", "sessionToken", "region"]);

/**
 * The setting that an unknown name in a profile was meant to be: another place's (`secret_key`), a line of a shell
 * script (`export AWS_…`), or one letter off. Undefined for AWS's own names and for what other tools keep there.
 */
export function meantInProfile(text: string): SettingName | undefined {
  const name = text.toLowerCase().replace(/^(?:export|set|setx)\s+/, "");
  const shell = name === text.toLowerCase() ? undefined : settingNamed(name, "aws-file");
  if (shell || name === "aws_security_token") return shell ?? "sessionToken";
  if (profileSettings.has(name) || settingNamed(name, "aws-file")) return undefined;
  const key = keyWords.get(skeleton(name));
  if (key && keyNames.has(key)) return key;
  for (const [known, meant] of byPlace["aws-file"]) {
    if (known.length >= 6 && (isOneEditAway(name, known) || name.replaceAll("-", "_") === known)) return meant;
  }
  return undefined;
}

/** Whether one insertion, deletion, replacement or swap of neighbours turns `a` into `b`. */
export function isOneEditAway(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const restA = a.slice(start);
  const restB = b.slice(start);
  if (restA.slice(1) === restB || restA === restB.slice(1) || restA.slice(1) === restB.slice(1)) return true;
  return restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
}
