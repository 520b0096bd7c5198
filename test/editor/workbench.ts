import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as vscode from "vscode";
import { until } from "./bridge";

/** A file of the opened folder. Joined on the folder, whose scheme differs between hosts. */
export function workspaceFile(name: string): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (!folder) throw new Error("no folder is open");
  return vscode.Uri.joinPath(folder.uri, name);
}

export const awsFile = (name: "credentials" | "config") => path.join(process.env.HOME ?? os.homedir(), ".aws", name);

/** Writes one of the AWS files of the test's home directory, as a login tool would. */
export function writeAwsFile(name: "credentials" | "config", text: string): void {
  fs.mkdirSync(path.dirname(awsFile(name)), { recursive: true });
  fs.writeFileSync(awsFile(name), text);
}

/** A document of the workspace in the editor, closed and unsaved changes dropped by `closeAll`. */
export async function open(uri: vscode.Uri): Promise<vscode.TextEditor> {
  await vscode.extensions.getExtension("callerid.callerid")?.activate();
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
}

export async function closeAll(): Promise<void> {
  for (const editor of vscode.window.visibleTextEditors) {
    if (!editor.document.isDirty) continue;
    await vscode.window.showTextDocument(editor.document);
    await vscode.commands.executeCommand("workbench.action.files.revert");
  }
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}

export const codeOf = ({ code }: vscode.Diagnostic) => (typeof code === "object" ? String(code.value) : String(code));

export const diagnosticsOf = (uri: vscode.Uri) =>
  vscode.languages.getDiagnostics(uri).filter((one) => one.source === "CallerID");

/** Waits for exactly these rules on a file, in the order of their places. */
export async function rulesOn(uri: vscode.Uri, expected: readonly string[]): Promise<readonly vscode.Diagnostic[]> {
  const sorted = () => [...diagnosticsOf(uri)].sort((a, b) => a.range.start.compareTo(b.range.start));
  const names = () => sorted().map(codeOf).join(", ");
  try {
    await until("the diagnostics", () => names() === expected.join(", "));
  } catch (error) {
    throw new Error(`${(error as Error).message}: wanted «${expected.join(", ")}», have «${names()}»`);
  }
  return sorted();
}

/** The fix of this title that is offered at a diagnostic. */
export async function fixAt(
  uri: vscode.Uri,
  diagnostic: vscode.Diagnostic,
  title: string,
): Promise<vscode.WorkspaceEdit> {
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    uri,
    diagnostic.range,
    vscode.CodeActionKind.QuickFix.value,
  );
  const edit = actions.find((action) => action.title === title)?.edit;
  if (!edit) throw new Error(`no «${title}» among ${actions.map((action) => action.title).join(", ") || "no fixes"}`);
  return edit;
}
