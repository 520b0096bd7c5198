import * as vscode from "vscode";
import { manualOf, type Report } from "../analyzer";
import { findingUsers } from "../explain/findingUsers";
import type { Finding, Related, Severity } from "../model/finding";
import { type Location, lineStarts, positionAt, type TextOf } from "../model/text";

const severities: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

export function rangeOf({ path, span }: Location, textOf: TextOf): vscode.Range {
  const starts = lineStarts(textOf(path));
  const start = positionAt(starts, span.start);
  const end = positionAt(starts, span.end);
  return new vscode.Range(start.line, start.column, end.line, end.column);
}

/** Where the editor shows a place: in its file, or in the environment's text. */
export type LocationOf = (at: Location) => vscode.Location;

function diagnosticOf(finding: Finding, users: readonly Related[], locationOf: LocationOf): vscode.Diagnostic {
  const { range } = locationOf(finding.at);
  const diagnostic = new vscode.Diagnostic(range, finding.message, severities[finding.severity]);
  diagnostic.source = "CallerID";
  const manual = manualOf(finding.rule);
  diagnostic.code = manual ? { value: finding.rule, target: vscode.Uri.parse(manual.page) } : finding.rule;
  diagnostic.relatedInformation = [...(finding.related ?? []), ...users].map(
    ({ message, at }) => new vscode.DiagnosticRelatedInformation(locationOf(at), message),
  );
  return diagnostic;
}

/** Shows a report as squiggles, and takes back those that no longer hold. */
export class Squiggles implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection("callerid");
  #shown: ReadonlyMap<string, vscode.Uri> = new Map();

  show(report: Report, locationOf: LocationOf): void {
    const next = new Map<string, { readonly uri: vscode.Uri; readonly diagnostics: vscode.Diagnostic[] }>();
    for (const finding of report.findings) {
      const { uri } = locationOf(finding.at);
      const file = next.get(uri.toString()) ?? { uri, diagnostics: [] };
      file.diagnostics.push(diagnosticOf(finding, findingUsers(finding, report.facts, report.blocks), locationOf));
      next.set(uri.toString(), file);
    }
    for (const [name, uri] of this.#shown) if (!next.has(name)) this.#collection.delete(uri);
    for (const { uri, diagnostics } of next.values()) this.#collection.set(uri, diagnostics);
    this.#shown = new Map([...next].map(([name, { uri }]) => [name, uri]));
  }

  dispose(): void {
    this.#collection.dispose();
  }
}
