import * as vscode from "vscode";
import type { Report } from "../analyzer";
import { type Completion, completionsAt } from "../explain/completions";
import { editedFile } from "./editedFile";

const kinds: Readonly<Record<Completion["kind"], vscode.CompletionItemKind>> = {
  setting: vscode.CompletionItemKind.Property,
  name: vscode.CompletionItemKind.Reference,
  value: vscode.CompletionItemKind.EnumMember,
};

/** Names of profiles, sections, regions and settings where one is being written. */
export class Completions implements vscode.CompletionItemProvider {
  /** Strings bring no suggestions by themselves. */
  static readonly triggers = ['"', "=", " "];
  readonly #report: () => Report;

  constructor(report: () => Report) {
    this.#report = report;
  }

  provideCompletionItems(document: vscode.TextDocument, position: vscode.Position): vscode.CompletionItem[] {
    const file = editedFile(document);
    const offset = document.offsetAt(position);
    return completionsAt(this.#report().facts, file.source, file.document, offset).map((one, index) => {
      const item = new vscode.CompletionItem({ label: one.label, description: one.detail }, kinds[one.kind]);
      item.insertText = one.text;
      item.range = file.rangeOf(one.span);
      item.sortText = String(index).padStart(4, "0");
      if (one.text.startsWith(" ")) item.filterText = one.text;
      if (one.continues) item.command = { command: "editor.action.triggerSuggest", title: "Suggest" };
      return item;
    });
  }
}
