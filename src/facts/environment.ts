import { hostOf, isAwsHost } from "../aws/hosts";
import type { CredentialSet, Misnamed, Setting, SettingName } from "../model/credentials";
import type { Location, SourceFile, Span } from "../model/text";
import { keySetting } from "./keySetting";
import { settingNamed, spellingsOf } from "./names";

/** The variables of one process, laid out as a text so that they have places like everything else. */
export interface Environment {
  /** Whose they are, in words: `the environment of this shell`. */
  readonly owner: string;
  readonly source: SourceFile;
  readonly variables: ReadonlyMap<string, Variable>;
}

export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly nameSpan: Span;
  readonly valueSpan: Span;
}

/** The path that stands for a process's variables; no file has it. */
export const environmentPath = "environment";

const relevant =
  /^(?:AWS_|TF_VAR_|TF_AWS_|TF_CLI_ARGS)|^aws_(?:access_key(?:_id)?|secret_(?:access_)?key|s(?:ession|ecurity)_token|profile)$/;

/** The variables that decide about credentials; everything else is left out at once. */
export function environmentOf(
  variables: Readonly<Record<string, string | undefined>>,
  owner: string,
  path: string = environmentPath,
): Environment {
  const found = new Map<string, Variable>();
  let text = "";
  for (const name of Object.keys(variables).sort()) {
    const value = variables[name];
    if (value === undefined || !relevant.test(name)) continue;
    const start = text.length;
    const valueStart = start + name.length + 1;
    text += `${name}=${value}\n`;
    found.set(name, {
      name,
      value,
      nameSpan: { start, end: start + name.length },
      valueSpan: { start: valueStart, end: valueStart + value.length },
    });
  }
  return { owner, source: { path, text }, variables: found };
}

/** The first variable that spells this setting and is not empty, in Terraform's order. */
export function variableFor(environment: Environment, name: SettingName): Variable | undefined {
  for (const spelling of spellingsOf(name, "environment")) {
    const variable = environment.variables.get(spelling);
    if (variable && variable.value !== "") return variable;
  }
  return undefined;
}

/** The environment as a credential set; undefined when it holds no credential setting. */
export function environmentSet(environment: Environment): CredentialSet | undefined {
  const settings: Partial<Record<SettingName, Setting>> = {};
  for (const variable of environment.variables.values()) {
    const name = settingNamed(variable.name, "environment");
    if (!name || settings[name] || variableFor(environment, name) !== variable) continue;
    settings[name] = environmentSetting(environment, name, variable);
  }
  const misnamed = legacyVariables(environment, settings);
  const first = settings.accessKeyId ?? settings.secretAccessKey ?? settings.sessionToken ?? Object.values(settings)[0];
  const at = first?.nameAt ?? misnamed[0]?.at;
  if (!at) return undefined;
  return {
    origin: { kind: "environment", owner: environment.owner },
    at,
    directory: "",
    settings,
    empty: {},
    misnamed,
    roles: [],
    endpoint: environmentEndpoint(environment),
  };
}

/** Variables that Terraform does not know, where the one it knows is not set or says something else. */
function legacyVariables({ variables, source }: Environment, settings: CredentialSet["settings"]): readonly Misnamed[] {
  return [...variables.values()].flatMap(({ name, value, nameSpan }) => {
    const expected = name === "AWS_SECURITY_TOKEN" ? "AWS_SESSION_TOKEN" : name.toUpperCase();
    const isToken = name === "AWS_SECURITY_TOKEN" && settings.accessKeyId !== undefined;
    if (value === "" || (!isToken && (name === expected || !settingNamed(expected, "environment")))) return [];
    const known = variables.get(expected)?.value;
    if (known && (!isToken || known === value)) return [];
    const at = { path: source.path, span: nameSpan };
    return [{ spelling: name, expected, at, nameAt: at }];
  });
}

function environmentSetting(environment: Environment, name: SettingName, variable: Variable): Setting {
  const { source } = environment;
  const at = (span: Span): Location => ({ path: source.path, span });
  return keySetting({
    name,
    spelling: variable.name,
    text: variable.value,
    raw: variable.value,
    at: at(variable.nameSpan),
    valueAt: at(variable.valueSpan),
    nameAt: at(variable.nameSpan),
    wholeAt: at({ start: variable.nameSpan.start, end: variable.valueSpan.end }),
    surroundings: {
      syntax: "environment",
      lineEnd: variable.valueSpan.end,
      indent: { start: variable.nameSpan.start, end: variable.nameSpan.start },
      newline: "\n",
    },
  });
}

/** Where the process's variables send calls to STS. */
export function environmentEndpoint(environment: Environment): CredentialSet["endpoint"] {
  const url = environmentAddress(environment);
  return url === undefined ? "aws" : endpointKind(url);
}

export function environmentAddress({ variables }: Environment): string | undefined {
  const names = ["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL", "AWS_STS_ENDPOINT", "TF_AWS_STS_ENDPOINT"];
  return names.map((name) => variables.get(name)?.value).find((url) => url);
}

/** Whether a URL points at AWS, at an emulator of it, or at something else. */
export function endpointKind(url: string): CredentialSet["endpoint"] {
  const host = hostOf(url);
  if (isAwsHost(host)) return "aws";
  if (/^(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\]|host\.docker\.internal)$/.test(host)) return "emulator";
  // A name without a dot is a container or a service of the same network.
  if (/(?:localstack|moto|minio|\.localhost$|\.local$|\.test$|\.internal$)/.test(host) || !host.includes("."))
    return "emulator";
  return "other";
}
