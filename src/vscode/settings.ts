import * as vscode from "vscode";

/**
 * The user's own endpoint, if any. Read from the user's layer alone: a folder's settings must never choose where a signed
 * request goes, and settings scopes have been bypassed before (microsoft/vscode#330310).
 */
export function endpointSetting(): string | undefined {
  const value = usersValue("verify.endpoint");
  return typeof value === "string" && URL.canParse(value) ? value : undefined;
}

/** Whether the user wants a chain's roles left alone. */
export function withoutRolesSetting(): boolean {
  return usersValue("verify.roles") === false;
}

const usersValue = (name: string): unknown => vscode.workspace.getConfiguration("callerid").inspect(name)?.globalValue;
