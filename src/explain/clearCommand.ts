import type { Environment } from "../facts/environment";
import { spellingsOf } from "../facts/names";
import type { SettingName } from "../model/credentials";

export type Shell = "bash" | "fish" | "powershell" | "cmd";

/** The shells a command can be written for, in words. */
export const shells: Readonly<Record<Shell, string>> = {
  bash: "bash, zsh",
  fish: "fish",
  powershell: "PowerShell",
  cmd: "cmd",
};

/** The command that takes these variables out of a shell. */
export function clearCommand(variables: readonly string[], shell: Shell): string {
  switch (shell) {
    case "bash":
      return `unset ${variables.join(" ")}`;
    case "fish":
      return `set -e ${variables.join(" ")}`;
    case "powershell":
      return `Remove-Item -ErrorAction SilentlyContinue ${variables.map((name) => `Env:${name}`).join(", ")}`;
    case "cmd":
      return variables.map((name) => `set "${name}="`).join(" & ");
  }
}

/** Settings that decide whose credentials are used. What a container or its platform sets is not the user's to clear. */
const deciding: readonly SettingName[] = [
  "accessKeyId",
  "secretAccessKey",
  "sessionToken",
  "profile",
  "webIdentityTokenFile",
  "roleArn",
  "sessionName",
  "expiration",
];

/** Every variable that decides whose credentials are used; the last is the AWS CLI's alone. */
export const decidingVariables: readonly string[] = [
  ...deciding.flatMap((name) => spellingsOf(name, "environment")),
  "AWS_SECURITY_TOKEN",
];

/** Those of them that are set to something. */
export function variablesToClear({ variables }: Environment): readonly string[] {
  return decidingVariables.filter((name) => variables.get(name)?.value);
}
