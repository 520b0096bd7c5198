import os from "node:os";
import path from "node:path";
import * as vscode from "vscode";

/** A file's path as the core knows it; undefined for what is not a file of this machine. */
export function pathOf(uri: vscode.Uri): string | undefined {
  if (uri.scheme !== "file") return undefined;
  return path.sep === "\\" ? uri.fsPath.replaceAll("\\", "/") : uri.fsPath;
}

/** A path as people say it: below the workspace, below `~`, or whole. */
export function shortPath(file: string): string {
  const home = (process.env.HOME || os.homedir()).replaceAll("\\", "/");
  const relative = vscode.workspace.asRelativePath(uriOf(file));
  return relative === file && file.startsWith(`${home}/`) ? `~${file.slice(home.length)}` : relative;
}

export function uriOf(file: string): vscode.Uri {
  return vscode.Uri.file(file);
}
