import * as vscode from "vscode";
import type { Report } from "../analyzer";
import { awsFileOutline, type OutlineEntry } from "../explain/awsFileOutline";
import { editedFile } from "./editedFile";

const kinds: Readonly<Record<OutlineEntry["kind"], vscode.SymbolKind>> = {
  profile: vscode.SymbolKind.Key,
  "sso-session": vscode.SymbolKind.Interface,
  services: vscode.SymbolKind.Module,
  other: vscode.SymbolKind.Null,
};

/** The sections of an AWS file, for the outline, breadcrumbs and «Go to Symbol», and as what folds. */
export class Outlines implements vscode.DocumentSymbolProvider, vscode.FoldingRangeProvider {
  readonly #report: () => Report;

  constructor(report: () => Report) {
    this.#report = report;
  }

  provideDocumentSymbols(document: vscode.TextDocument): vscode.DocumentSymbol[] {
    const file = editedFile(document);
    if (file.document?.kind !== "awsIni") return [];
    return awsFileOutline(file.document, this.#report().facts).map(({ kind, name, detail, nameSpan, span }) => {
      return new vscode.DocumentSymbol(name, detail, kinds[kind], file.rangeOf(span), file.rangeOf(nameSpan));
    });
  }

  provideFoldingRanges(document: vscode.TextDocument): vscode.FoldingRange[] {
    return this.provideDocumentSymbols(document)
      .filter(({ range }) => !range.isSingleLine)
      .map(({ range }) => new vscode.FoldingRange(range.start.line, range.end.line, vscode.FoldingRangeKind.Region));
  }
}
