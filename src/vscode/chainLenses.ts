import * as vscode from "vscode";
import type { Report } from "../analyzer";
import { lensTitle, stopOf } from "../explain/chainSummary";
import type { ChainNames } from "../explain/chainTree";
import { setId } from "../model/describe";
import type { TextOf } from "../model/text";
import { rangeOf } from "./diagnostics";
import { pathOf } from "./paths";

/** Above each block: what it comes to, and Verify. */
export class ChainLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #report: () => Report;
  readonly #names: ChainNames;
  readonly #textOf: TextOf;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #listener: vscode.Disposable;

  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(report: () => Report, names: ChainNames, textOf: TextOf) {
    this.#report = report;
    this.#names = names;
    this.#textOf = textOf;
    this.#listener = vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("callerid.codeLens")) this.update();
    });
  }

  update(): void {
    this.#changed.fire();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!vscode.workspace.getConfiguration("callerid", document).get("codeLens", true)) return [];
    const path = pathOf(document.uri);
    const { blocks, chainOf } = this.#report();
    return blocks
      .filter(({ at }) => at.path === path)
      .flatMap((set) => {
        const chain = chainOf(set);
        const id = setId(set);
        const range = rangeOf(set.at, this.#textOf);
        const title = lensTitle(chain, this.#names.ownerOf);
        const lens = new vscode.CodeLens(range, { command: "callerid.showChain", title, arguments: [id] });
        if (stopOf(chain) === "before-signing" || !vscode.workspace.isTrusted) return [lens];
        return [lens, new vscode.CodeLens(range, { command: "callerid.verify", title: "Verify", arguments: [id] })];
      });
  }

  dispose(): void {
    this.#changed.dispose();
    this.#listener.dispose();
  }
}
