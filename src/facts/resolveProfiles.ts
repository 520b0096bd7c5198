import type { CredentialSet, Resolution, Setting } from "../model/credentials";
import type { Facts } from "./facts";

type Failure = Resolution["failure"];

const failure = (message: string, at: Setting | undefined): Failure => ({ message, ...(at ? { at: at.at } : {}) });

const textOf = (setting: Setting | undefined) => (setting?.value.kind === "literal" ? setting.value.text : undefined);

/**
 * What stops Terraform when it loads a profile, which it does whoever's keys win in the end.
 * aws-sdk-go-v2, config/shared_config.go, setFromIniSections; measured with Terraform 1.11.4.
 */
export function profileFailure(
  facts: Facts,
  name: string | undefined,
  visited: ReadonlySet<string> = new Set(),
): Failure | undefined {
  const set = name === undefined ? undefined : facts.profiles.get(name)?.set;
  if (name === undefined || !set) return undefined;
  const { settings } = set;
  const again = visited.has(name);
  const source = again ? undefined : settings.sourceProfile;
  const half = settings.accessKeyId ?? settings.secretAccessKey;
  const isEmpty = set.empty.accessKeyId ?? set.empty.secretAccessKey;
  const hasKeys = settings.accessKeyId !== undefined && settings.secretAccessKey !== undefined;
  if (half && !hasKeys && !isEmpty) return failure(`profile ${name} has one half of a key pair`, half);
  const kinds = [source, settings.credentialSource, settings.credentialProcess, settings.webIdentityTokenFile].filter(
    (one) => one !== undefined,
  );
  const needsRole = source ?? settings.credentialSource ?? settings.webIdentityTokenFile;
  if (!again && needsRole && !settings.roleArn) {
    return failure(`profile ${name} has ${needsRole.spelling} but no role_arn`, needsRole);
  }
  if (visited.size > 0 && hasKeys) return undefined;
  if (kinds[1]) return failure(`profile ${name} has more than one source of credentials`, kinds[1]);
  const target = textOf(source);
  if (source && target !== undefined) {
    const next = facts.profiles.get(target)?.set;
    if (!next) return failure(`there is no profile ${target}, which source_profile names`, source);
    const inner = profileFailure(facts, target, new Set([...visited, name]));
    if (inner) return inner;
    if (!hasCredentials(next, visited.has(target) || target === name)) {
      return failure(`profile ${target}, which source_profile names, has no credentials`, source);
    }
  }
  const { mfaSerial, roleArn } = settings;
  // A web identity token is spent on the role, and nobody is asked for a code.
  const isSpent = !source && !hasKeys && settings.webIdentityTokenFile !== undefined;
  if (!again && roleArn && mfaSerial && !isSpent) {
    return failure(`profile ${name} asks for a code with mfa_serial, which Terraform cannot`, mfaSerial);
  }
  return undefined;
}

function hasCredentials({ settings }: CredentialSet, again: boolean): boolean {
  if (settings.accessKeyId && settings.secretAccessKey) return true;
  if (!again && settings.sourceProfile) return true;
  const { credentialSource, credentialProcess, webIdentityTokenFile, ssoSession, ssoStartUrl, ssoAccountId } = settings;
  const found =
    credentialSource ?? credentialProcess ?? webIdentityTokenFile ?? ssoSession ?? ssoStartUrl ?? ssoAccountId;
  return found !== undefined;
}
