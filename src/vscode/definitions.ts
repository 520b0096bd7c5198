import os from "node:os";
import * as vscode from "vscode";
import type { Report } from "../analyzer";
import { headersNamed } from "../explain/headersNamed";
import { sharedFilePaths } from "../explain/sharedFilePaths";
import type { TextOf } from "../model/text";
import { rangeOf } from "./diagnostics";
import { editedFile, namedAt } from "./editedFile";
import { uriOf } from "./paths";

/** From a name to the section headers it stands for, in both files where both have it. */
export class Definitions implements vscode.DefinitionProvider {
  readonly #report: () => Report;
  readonly #textOf: TextOf;

  constructor(report: () => Report, textOf: TextOf) {
    this.#report = report;
    this.#textOf = textOf;
  }

  provideDefinition(document: vscode.TextDocument, position: vscode.Position): vscode.LocationLink[] {
    const report = this.#report();
    const found = namedAt(report, document, position);
    if (!found) return [];
    const { file, place } = found;
    return headersNamed(report.facts, place, file.source.path).map((at) => ({
      originSelectionRange: file.rangeOf(place.span),
      targetUri: uriOf(at.path),
      targetRange: rangeOf(at, this.#textOf),
    }));
  }
}

/** Links on the AWS files that a block names, as long as they lie in the workspace: no text leads out of it. */
export class SharedFileLinks implements vscode.DocumentLinkProvider {
  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const file = editedFile(document);
    if (file.document?.kind !== "terraform") return [];
    const home = process.env.HOME || os.homedir();
    return sharedFilePaths(file.document, home)
      .map(({ path, span }) => new vscode.DocumentLink(file.rangeOf(span), uriOf(path)))
      .filter(({ target }) => target && vscode.workspace.getWorkspaceFolder(target));
  }
}
