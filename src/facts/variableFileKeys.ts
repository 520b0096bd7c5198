import type { TerraformDocument } from "../documents/terraform";
import type { CredentialSet, Setting, SettingName } from "../model/credentials";
import { type Environment, environmentEndpoint } from "./environment";
import { isAutomaticVariables, scopeOf } from "./evaluate";
import { directoryOf } from "./locations";
import { foreignName } from "./names";
import { fieldsOf, isEmpty, settingOf } from "./terraformSettings";

const keys: ReadonlySet<SettingName> = new Set(["accessKeyId", "secretAccessKey", "sessionToken"]);

/**
 * The keys of a variable file that only `-var-file` brings into force, under whatever names the variables have. Who
 * uses it may have a token from elsewhere.
 */
export function variableFileKeys(document: TerraformDocument, environment: Environment): readonly CredentialSet[] {
  const { path } = document.source;
  if (!/\.tfvars(?:\.json)?$/.test(path) || isAutomaticVariables(document)) return [];
  const directory = directoryOf(path);
  const endpoint = environmentEndpoint(environment);
  const within = { directory, document, scope: scopeOf([], environment), endpoint };
  const settings: Partial<Record<SettingName, Setting>> = {};
  for (const [spelling, field] of fieldsOf(document.body, within)) {
    const meant = foreignName(spelling);
    if (!meant || !keys.has(meant) || isEmpty(field.value)) continue;
    settings[meant] ??= settingOf(meant, spelling, field, within);
  }
  const { accessKeyId, secretAccessKey } = settings;
  if (!accessKeyId || !secretAccessKey) return [];
  const origin = { kind: "variables", of: "terraform", name: "these variables" } as const;
  const at = accessKeyId.nameAt;
  return [{ origin, at, directory, settings, empty: {}, misnamed: [], roles: [], endpoint, isOpen: true }];
}
