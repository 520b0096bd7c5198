import * as vscode from "vscode";

/**
 * The user's own endpoint, if any. Read from the user's layer alone: a folder's settings must never choose where a signed
 * request goes, and settings scopes have been bypassed before (microsoft/vscode#330310).
 */
export function endpointSetting(): string | undefined {
  const inspected = vscode.workspace.getConfiguration("callerid").inspect<string>("verify.endpoint");
  const value = inspected?.globalValue;
  return typeof value === "string" && URL.canParse(value) ? value : undefined;
}
