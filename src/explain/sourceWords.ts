import { maskKeyId } from "../aws/accessKey";
import type { CredentialSet, SettingName } from "../model/credentials";

/** A setting's text, undefined where there is none; of a secret only that it is there. */
type TextOfSetting = (name: SettingName) => string | undefined;

/** What is said of a profile that only holds other settings. */
export const noCredentials = "no credentials";

/** How a profile gets its credentials, in Terraform's order: `static keys …MPLE`, `SSO company`, `role deploy via base`. */
export function sourceWords(textOf: TextOfSetting): string {
  const role = roleName(textOf("roleArn"));
  const via = (source: string) => (role === undefined ? source : `role ${role} via ${source}`);
  const sourceProfile = textOf("sourceProfile");
  if (sourceProfile) return role === undefined ? `profile ${sourceProfile}` : via(sourceProfile);
  const keyId = textOf("accessKeyId");
  if (keyId && textOf("secretAccessKey")) {
    // Of the id no more than its end: `maskKeyId` gives asterisks for what is none.
    return `${keyId.startsWith("ASIA") ? "temporary" : "static"} keys ${maskKeyId(keyId).replace(/^[A-Z0-9]{4}/, "")}`;
  }
  if (keyId || textOf("secretAccessKey")) return "half a pair of keys";
  const credentialSource = textOf("credentialSource");
  if (credentialSource) return via(credentialSource);
  if (textOf("webIdentityTokenFile")) return via("web identity");
  const sso = textOf("ssoSession") ?? hostOf(textOf("ssoStartUrl"));
  if (sso) return `SSO ${sso}`;
  if (textOf("loginSession")) return "login session";
  if (textOf("credentialProcess")) return "process";
  return noCredentials;
}

/** The same for a profile of the facts. */
export function sourceOfSet({ settings }: CredentialSet): string {
  return sourceWords((name) => {
    const value = settings[name]?.value;
    return value?.kind === "literal" ? value.text : value && "****";
  });
}

function roleName(arn: string | undefined): string | undefined {
  return arn?.slice(arn.lastIndexOf("/") + 1);
}

export function hostOf(url: string | undefined): string | undefined {
  return url?.replace(/^https?:\/\//, "").replace(/[/#?].*$/, "");
}
