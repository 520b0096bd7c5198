import * as vscode from "vscode";
import type { Report } from "../analyzer";
import type { Finding, Fix } from "../model/finding";
import { renderPieces, type TextOf } from "../model/text";
import { rangeOf } from "./diagnostics";
import { pathOf, uriOf } from "./paths";

/** The fixes of a document's findings. */
export class QuickFixes implements vscode.CodeActionProvider {
  static readonly kinds = [vscode.CodeActionKind.QuickFix];
  readonly #report: () => Report;
  readonly #textOf: TextOf;

  constructor(report: () => Report, textOf: TextOf) {
    this.#report = report;
    this.#textOf = textOf;
  }

  provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const path = pathOf(document.uri);
    return this.#report()
      .findings.filter((finding) => finding.at.path === path && rangeOf(finding.at, this.#textOf).intersection(range))
      .flatMap((finding) => (finding.fixes ?? []).map((fix, index) => this.#action(finding, fix, index, context)));
  }

  #action(finding: Finding, fix: Fix, index: number, context: vscode.CodeActionContext): vscode.CodeAction {
    const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
    if (fix.reencode !== undefined) {
      action.command = { command: "callerid.saveAsUtf8", title: fix.title, arguments: [fix.reencode] };
    } else if (fix.edits.length > 0) action.edit = workspaceEdit(fix, this.#textOf);
    if (fix.makePrivate !== undefined) {
      action.command = { command: "callerid.makePrivate", title: fix.title, arguments: [fix.makePrivate] };
    }
    action.diagnostics = context.diagnostics.filter((one) => codeOf(one) === finding.rule);
    // The «fix all» and «auto fix» commands take the preferred one: only what needs no second look.
    action.isPreferred = index === 0 && fix.safety === "safe";
    return action;
  }
}

function codeOf({ code }: vscode.Diagnostic): string | number | undefined {
  return typeof code === "object" ? code.value : code;
}

export function workspaceEdit(fix: Fix, textOf: TextOf): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const one of fix.edits) {
    edit.replace(uriOf(one.path), rangeOf(one, textOf), renderPieces(textOf(one.path), one.pieces, textOf));
  }
  return edit;
}
