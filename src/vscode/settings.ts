import * as vscode from "vscode";
import type { SourceFile } from "../model/text";
import { pathOf } from "./paths";

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

/** What the settings say of findings, in the form of a configuration that speaks of every folder of the workspace. */
export function findingSettings(): { readonly source: SourceFile; readonly roots: readonly string[] } {
  const settings = vscode.workspace.getConfiguration("callerid");
  const names = ["rules", "exclude", "emulatorEndpoints"];
  const text = JSON.stringify(Object.fromEntries(names.map((name) => [name, settings.get(name)])), undefined, 2);
  const roots = (vscode.workspace.workspaceFolders ?? []).flatMap(({ uri }) => pathOf(uri) ?? []);
  return { source: { path: settingsPath, text }, roots };
}

/** Where the settings stand among the files. */
export const settingsPath = "settings";
