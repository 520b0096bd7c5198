import type { EnvFileDocument } from "../documents/envFile";
import { type EnvFileReader, readEnvFile } from "../documents/envFileReadings";
import type { ShellAssignment } from "../documents/shell";
import type { CredentialSet, Setting, SettingName } from "../model/credentials";
import { lineForm } from "./lineForms";
import { variablesSet } from "./variables";

/** Who is known to read an env file, by its path; of any other nothing is known. */
export type EnvFileReaders = ReadonlyMap<string, EnvFileReader>;

/** A name that says: to be copied and filled in. */
const templateName = /example|sample|template|dist|tmpl|tpl|default|demo|skeleton|stub|mock|placeholder/i;

export function isTemplate(path: string): boolean {
  return templateName.test(baseName(path));
}

export const baseName = (path: string) => path.slice(path.lastIndexOf("/") + 1);

/** What the reader of an env file gets from it; where nobody is known to read it, what most would. */
export function variablesIn(document: EnvFileDocument, readers: EnvFileReaders): readonly ShellAssignment[] {
  return readEnvFile(document, readers.get(document.source.path) ?? "dotenv");
}

/** An env file as a credential set; of a template only what is no stand-in. */
export function envFileSet(document: EnvFileDocument, readers: EnvFileReaders): CredentialSet | undefined {
  const { source } = document;
  const reader = readers.get(source.path);
  const set = variablesSet({
    of: "env-file",
    name: `env file ${baseName(source.path)}${reader === "docker" ? ", as Docker reads it," : ""}`,
    source,
    assignments: variablesIn(document, readers),
    lineOf: (assignment) => lineForm(source.text, assignment, "envFile"),
    isOpen: isTemplate(source.path),
  });
  return set && isTemplate(source.path) ? withoutStandIns(set) : set;
}

const real = /^(?:long-term-key-id|temporary-key-id|secret-key|session-token)$/;

function withoutStandIns(set: CredentialSet): CredentialSet | undefined {
  const settings: Partial<Record<SettingName, Setting>> = {};
  for (const setting of Object.values(set.settings)) {
    if (real.test(setting.shape?.kind ?? "")) settings[setting.name] = setting;
  }
  // An id alone, or a secret whose id is made up, is made up as well.
  const isReal = settings.accessKeyId && settings.secretAccessKey;
  return isReal ? { ...set, settings, empty: {}, misnamed: [] } : undefined;
}
