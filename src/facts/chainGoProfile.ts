import type { ChainProblem } from "../model/chain";
import { stop } from "./chainBlock";
import { type Material, material, type Written } from "./chainKeys";
import { filled, type SharedSection } from "./chainProfiles";
import type { Shared } from "./chainSettings";
import { spellingsOf } from "./names";

/** A profile as the SDK for Go takes it out of its section. */
export interface GoProfile {
  readonly name: string;
  readonly section: SharedSection;
  readonly roleArn: Written | undefined;
  readonly sourceName: Written | undefined;
  readonly credentialSource: Written | undefined;
  readonly process: Written | undefined;
  readonly webIdentityFile: Written | undefined;
  readonly login: Written | undefined;
  readonly keys: Material | undefined;
  readonly sso: "none" | "session" | "legacy";
  readonly session?: SharedSection;
  readonly source?: GoProfile;
}

export function materialIn(section: SharedSection): Material | undefined {
  const id = filled(section, "aws_access_key_id");
  const secret = filled(section, "aws_secret_access_key");
  return id && secret && material(id, secret, section.values.get("aws_session_token"));
}

/** aws-sdk-go-v2, config/shared_config.go, setFromIniSections. */
export function loadProfile(name: string, shared: Shared, visited: Set<string>): GoProfile | ChainProblem {
  const section = shared.profiles.get(name);
  if (!section) return stop("profile_not_found", `There is no profile ${name}.`);
  if (section.partial)
    return stop("partial_credentials", `Profile ${name} has one half of a key pair.`, section.partial);
  const invalid = badSetting(section);
  if (invalid) return invalid;
  const again = visited.has(name);
  const one = (key: string) => filled(section, key);
  const profile: GoProfile = {
    name,
    section,
    // Of a profile that names itself, only the credentials count the second time.
    roleArn: again ? undefined : one("role_arn"),
    sourceName: again ? undefined : one("source_profile"),
    credentialSource: one("credential_source"),
    process: one("credential_process"),
    webIdentityFile: one("web_identity_token_file"),
    login: shared.readsLogins ? one("login_session") : undefined,
    keys: materialIn(section),
    sso: one("sso_session")
      ? "session"
      : ["sso_region", "sso_account_id", "sso_start_url", "sso_role_name"].some(one)
        ? "legacy"
        : "none",
  };
  const needsRole = profile.sourceName ?? profile.credentialSource ?? profile.webIdentityFile;
  if (!again && needsRole && !profile.roleArn) {
    return stop("role_chain_invalid", `Profile ${name} says where a role's credentials come from, but no role_arn.`, {
      ...needsRole.spot,
    });
  }
  if (visited.size > 0 && profile.keys) return profile;
  visited.add(name);
  const kinds = [profile.sourceName, profile.credentialSource, profile.process, profile.webIdentityFile].filter(
    (kind) => kind !== undefined,
  );
  if (kinds[1]) {
    return stop("role_chain_invalid", `Profile ${name} has more than one source of credentials.`, kinds[1].spot);
  }
  const linked = profile.sourceName ? linkedProfile(profile, profile.sourceName, shared, visited) : profile;
  if ("code" in linked || linked.sso !== "session") return linked;
  const called = one("sso_session");
  const session = called && shared.sessions.get(called.text.trim());
  if (session) return { ...linked, session };
  return stop("sso_token_invalid", `There is no section [sso-session ${called?.text ?? ""}].`, called?.spot);
}

function linkedProfile(
  profile: GoProfile,
  { text, spot }: Written,
  shared: Shared,
  visited: Set<string>,
): GoProfile | ChainProblem {
  const source = loadProfile(text, shared, visited);
  if ("code" in source) {
    if (source.code !== "profile_not_found") return source;
    return stop("role_chain_invalid", `There is no profile ${text}, which source_profile names.`, spot);
  }
  const { sourceName, credentialSource, process, webIdentityFile, login, sso, keys } = source;
  const found = sourceName ?? credentialSource ?? process ?? webIdentityFile ?? login ?? keys;
  const hasCredentials = found !== undefined || sso !== "none";
  if (!hasCredentials) {
    return stop("role_chain_invalid", `Profile ${text}, which source_profile names, has no credentials.`, spot);
  }
  // The source has to provide the credentials: the profile's own are put aside, but for the name of an SSO session.
  const kept = profile.sso === "session" ? "session" : "none";
  return {
    ...profile,
    credentialSource: undefined,
    process: undefined,
    webIdentityFile: undefined,
    login: undefined,
    keys: undefined,
    sso: kept,
    source,
  };
}

/** Settings whose values stop the SDK for Go. */
const strictSettings: Readonly<Record<string, RegExp>> = {
  retry_mode: /^(?:standard|adaptive)$/,
  max_attempts: /^[+-]?\d+$/,
  defaults_mode: /^(?:auto|cross-region|in-region|legacy|mobile|standard)$/i,
  ec2_metadata_service_endpoint_mode: /^(?:ipv4|ipv6|)$/i,
};

function badSetting(section: SharedSection): ChainProblem | undefined {
  for (const [key, form] of Object.entries(strictSettings)) {
    const value = section.values.get(key);
    if (value && !form.test(value.text)) {
      return stop("config_parse", `Terraform does not know this value of ${key}.`, value.spot);
    }
  }
  return undefined;
}

export const leafOf = (profile: GoProfile): GoProfile => (profile.source ? leafOf(profile.source) : profile);

/** Login tools note the end of their keys beside them; no SDK looks at it. */
export function expiryIn(section: SharedSection): string | undefined {
  return spellingsOf("expiration", "aws-file")
    .map((key) => filled(section, key)?.text)
    .find((one) => one !== undefined);
}
