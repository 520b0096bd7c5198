import path from "node:path";
import * as vscode from "vscode";
import type { Report } from "../analyzer";
import { fileCredentials } from "../explain/chainSummary";
import type { ChainNames } from "../explain/chainTree";
import { setId } from "../model/describe";
import type { Location } from "../model/text";
import { pathOf } from "./paths";
import { terraformFiles } from "./selectors";

const severities = {
  information: vscode.LanguageStatusSeverity.Information,
  warning: vscode.LanguageStatusSeverity.Warning,
  error: vscode.LanguageStatusSeverity.Error,
};

/** The credentials of the Terraform file in front, in the language status. */
export class ChainStatus implements vscode.Disposable {
  readonly #report: () => Report;
  readonly #names: ChainNames;
  readonly #listener = vscode.window.onDidChangeActiveTextEditor(() => this.update());
  #item: vscode.LanguageStatusItem | undefined;

  constructor(report: () => Report, names: ChainNames) {
    this.#report = report;
    this.#names = names;
  }

  update(): void {
    const document = vscode.window.activeTextEditor?.document;
    const file = document && vscode.languages.match(terraformFiles, document) > 0 ? pathOf(document.uri) : undefined;
    const report = this.#report();
    const sets = file === undefined ? [] : blocksFor(report, file);
    const shortPlace = (at: Location) => path.posix.basename(this.#names.placeOf(at));
    const told = fileCredentials(sets.map(report.chainOf), shortPlace, this.#names.ownerOf);
    if (!told) {
      this.#item?.dispose();
      this.#item = undefined;
      return;
    }
    this.#item ??= vscode.languages.createLanguageStatusItem("credentials", terraformFiles);
    this.#item.name = "AWS Credentials";
    this.#item.text = told.text;
    this.#item.detail = told.detail;
    this.#item.severity = severities[told.severity];
    const [first] = sets;
    this.#item.command = { command: "callerid.showChain", title: "Show Chain", arguments: first ? [setId(first)] : [] };
  }

  dispose(): void {
    this.#listener.dispose();
    this.#item?.dispose();
  }
}

/** The file's own blocks; where it has none, those of its module. */
function blocksFor({ blocks }: Report, file: string): Report["blocks"] {
  const own = blocks.filter(({ at }) => at.path === file);
  return own.length > 0 ? own : blocks.filter(({ directory }) => directory === path.posix.dirname(file));
}
