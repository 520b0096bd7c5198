import * as vscode from "vscode";
import type { Report } from "../analyzer";
import { environmentLine, environmentText } from "../explain/environmentText";
import type { Location } from "../model/text";

const scheme = "callerid-environment";
const uri = vscode.Uri.from({ scheme, path: "/AWS variables of new terminals" });

/** The environment as a read-only text without its secrets, so that what is in it has a place to go to. */
export class EnvironmentDocument implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #report: () => Report;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #registrations: readonly vscode.Disposable[] = [
    vscode.workspace.registerTextDocumentContentProvider(scheme, this),
    vscode.commands.registerCommand("callerid.showVariables", () => vscode.window.showTextDocument(uri)),
  ];

  readonly onDidChange = this.#changed.event;

  constructor(report: () => Report) {
    this.#report = report;
  }

  provideTextDocumentContent(): string {
    return environmentText(this.#report().facts.environment);
  }

  update(): void {
    this.#changed.fire(uri);
  }

  /** The line of a variable; undefined for what stands in a file. */
  locationOf({ path, span }: Location): vscode.Location | undefined {
    const { environment } = this.#report().facts;
    if (path !== environment.source.path) return undefined;
    const line = environmentLine(environment, span.start);
    const name = [...environment.variables.keys()][line] ?? "";
    return new vscode.Location(uri, new vscode.Range(line, 0, line, name.length));
  }

  dispose(): void {
    for (const one of [...this.#registrations, this.#changed]) one.dispose();
  }
}
