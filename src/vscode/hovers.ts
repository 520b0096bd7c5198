import * as vscode from "vscode";
import { manualOf, type Report } from "../analyzer";
import type { TextOf } from "../model/text";
import { rangeOf } from "./diagnostics";
import { pathOf } from "./paths";

/** Why a finding matters and what to do, below its message. */
export class Hovers implements vscode.HoverProvider {
  readonly #report: () => Report;
  readonly #textOf: TextOf;

  constructor(report: () => Report, textOf: TextOf) {
    this.#report = report;
    this.#textOf = textOf;
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const path = pathOf(document.uri);
    const findings = this.#report().findings.filter(
      (finding) => finding.at.path === path && rangeOf(finding.at, this.#textOf).contains(position),
    );
    const [first] = findings;
    if (!first) return undefined;
    return new vscode.Hover(
      findings.map((finding) => manualPage(finding.rule)),
      rangeOf(first.at, this.#textOf),
    );
  }
}

/** A rule in short. Our own text alone, so that nothing from a file is ever rendered. */
function manualPage(id: string): vscode.MarkdownString {
  const page = new vscode.MarkdownString();
  const manual = manualOf(id);
  if (!manual) return page;
  page.appendMarkdown(`**${manual.title}** ([${manual.id}](${manual.page}))\n\n${manual.why}\n\n${manual.remedy}`);
  return page;
}
