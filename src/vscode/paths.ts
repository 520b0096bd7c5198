import path from "node:path";
import * as vscode from "vscode";

/** A file's path as the core knows it; undefined for what is not a file of this machine. */
export function pathOf(uri: vscode.Uri): string | undefined {
  if (uri.scheme !== "file") return undefined;
  return path.sep === "\\" ? uri.fsPath.replaceAll("\\", "/") : uri.fsPath;
}

export function uriOf(file: string): vscode.Uri {
  return vscode.Uri.file(file);
}
