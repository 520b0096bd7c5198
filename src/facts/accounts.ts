import { accountOfKeyId } from "../aws/accessKey";
import { roleArn } from "../aws/arns";
import type { CredentialSet, Setting } from "../model/credentials";
import type { Profile } from "./facts";
import { textOf } from "./roleArns";

/** The account that a set's calls are made in, and what says so. */
export interface AccountClaim {
  readonly account: string;
  readonly by: "role" | "key" | "sso";
  readonly setting: Setting;
}

/**
 * The account that Terraform will find itself in, as far as the files tell: that of the last role, else of the key. Each
 * of them may stand in the profile that the block names.
 */
export function accountOf(set: CredentialSet, profiles: ReadonlyMap<string, Profile>): AccountClaim | undefined {
  const { accessKeyId, profile, sharedCredentialsFiles, sharedConfigFiles } = set.settings;
  const last = set.roles.findLast(({ operation }) => operation === "AssumeRole");
  if (last) return last.arn && byRole(last.arn);
  if (accessKeyId) return byKey(accessKeyId);
  const web = set.roles.find(({ operation }) => operation === "AssumeRoleWithWebIdentity");
  if (web) return web.arn && byRole(web.arn);
  const name = textOf(profile);
  if (name === undefined || sharedCredentialsFiles || sharedConfigFiles) return undefined;
  const named = profiles.get(name);
  return named && accountOfProfile(named);
}

/** The account that a profile leads to, by its own words. */
export function accountOfProfile({ set: { settings } }: Profile): AccountClaim | undefined {
  if (settings.roleArn) return byRole(settings.roleArn);
  if (settings.accessKeyId) return byKey(settings.accessKeyId);
  if (settings.credentialSource || settings.webIdentityTokenFile || !settings.ssoAccountId) return undefined;
  const account = textOf(settings.ssoAccountId);
  return account && /^\d{12}$/.test(account) ? { account, by: "sso", setting: settings.ssoAccountId } : undefined;
}

function byRole(setting: Setting): AccountClaim | undefined {
  const account = roleArn(textOf(setting) ?? "")?.account;
  return account === undefined ? undefined : { account, by: "role", setting };
}

function byKey(setting: Setting): AccountClaim | undefined {
  const account = accountOfKeyId(textOf(setting) ?? "");
  return account === undefined ? undefined : { account, by: "key", setting };
}
