import * as vscode from "vscode";
import type { Report } from "../analyzer";
import { awsLanguage } from "../explain/awsLanguage";
import { pathOf } from "./paths";

/** Gives the AWS files their language wherever the environment puts them; the manifest knows `~/.aws` alone. */
export function watchAwsLanguages(report: () => Report): vscode.Disposable {
  const claim = (document: vscode.TextDocument) => {
    const language = awsLanguage(report().facts.awsFiles, pathOf(document.uri), document.languageId);
    if (language) void vscode.languages.setTextDocumentLanguage(document, language);
  };
  for (const document of vscode.workspace.textDocuments) claim(document);
  return vscode.workspace.onDidOpenTextDocument(claim);
}
