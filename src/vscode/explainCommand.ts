import * as vscode from "vscode";
import { blocksIn, type Report } from "../analyzer";
import type { ExplanationPage } from "../explain/explanationPage";
import type { Location, TextOf } from "../model/text";
import { rangeOf } from "./diagnostics";
import { shortPath, uriOf } from "./paths";

const scheme = "callerid-explanation";
const pageUri = vscode.Uri.from({ scheme, path: "/Terraform error explained.md" });

/** «Explain Terraform Error»: of the editor's selection, else of the clipboard; from the terminal's menu, of its selection. */
export class Explainer implements vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider, vscode.Disposable {
  readonly #report: () => Report;
  readonly #textOf: TextOf;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #disposables: readonly vscode.Disposable[];
  #page: ExplanationPage = { text: "", links: [] };

  readonly onDidChange = this.#changed.event;

  constructor(report: () => Report, textOf: TextOf) {
    this.#report = report;
    this.#textOf = textOf;
    this.#disposables = [
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.languages.registerDocumentLinkProvider({ scheme }, this),
      vscode.commands.registerCommand("callerid.explain", async () => this.#explain(await chosenText())),
      vscode.commands.registerCommand("callerid.explainTerminal", async () => this.#explain(await terminalText())),
    ];
  }

  provideTextDocumentContent(): string {
    return this.#page.text;
  }

  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    return this.#page.links.flatMap(({ span, at }) => {
      const uri = this.#uriOf(at);
      const range = new vscode.Range(document.positionAt(span.start), document.positionAt(span.end));
      return uri ? [new vscode.DocumentLink(range, uri)] : [];
    });
  }

  dispose(): void {
    for (const one of this.#disposables) one.dispose();
  }

  async #explain(text: string): Promise<void> {
    const { explainOutput, explanationPage } = await import("../explain/explainOutput");
    const report = this.#report();
    const here = { ...report, blocks: blocksIn(report) };
    const explanations = explainOutput(text, here);
    if (explanations.length === 0) {
      void vscode.window.showInformationMessage(
        "There is no error about AWS credentials in the selection or on the clipboard. Select Terraform's output, or copy it, and try again.",
      );
      return;
    }
    this.#page = explanationPage(explanations, (at) => this.#nameOf(at));
    this.#changed.fire(pageUri);
    const document = await vscode.workspace.openTextDocument(pageUri);
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
  }

  #nameOf(at: Location): string {
    if (this.#isEnvironment(at)) return "environment";
    return `${shortPath(at.path)}:${rangeOf(at, this.#textOf).start.line + 1}`;
  }

  #uriOf(at: Location): vscode.Uri | undefined {
    if (this.#isEnvironment(at)) return undefined;
    return uriOf(at.path).with({ fragment: `L${rangeOf(at, this.#textOf).start.line + 1}` });
  }

  #isEnvironment = ({ path }: Location) => path === this.#report().facts.environment.source.path;
}

async function chosenText(): Promise<string> {
  const editor = vscode.window.activeTextEditor;
  const selected = editor && !editor.selection.isEmpty ? editor.document.getText(editor.selection) : "";
  return selected === "" ? vscode.env.clipboard.readText() : selected;
}

/** The terminal tells its selection by the clipboard alone, which gets back what it held. */
async function terminalText(): Promise<string> {
  const held = await vscode.env.clipboard.readText();
  await vscode.commands.executeCommand("workbench.action.terminal.copySelection");
  const text = await vscode.env.clipboard.readText();
  await vscode.env.clipboard.writeText(held);
  return text;
}
