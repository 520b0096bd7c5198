import * as vscode from "vscode";
import { manualOf } from "../analyzer";
import type { Finding, Severity } from "../model/finding";
import { type Location, lineStarts, positionAt, type TextOf } from "../model/text";
import { uriOf } from "./paths";

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

export function diagnosticOf(finding: Finding, textOf: TextOf): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(rangeOf(finding.at, textOf), finding.message, severities[finding.severity]);
  diagnostic.source = "CallerID";
  const manual = manualOf(finding.rule);
  diagnostic.code = manual ? { value: finding.rule, target: vscode.Uri.parse(manual.page) } : finding.rule;
  diagnostic.relatedInformation = (finding.related ?? []).map(
    ({ message, at }) =>
      new vscode.DiagnosticRelatedInformation(new vscode.Location(uriOf(at.path), rangeOf(at, textOf)), message),
  );
  return diagnostic;
}

/** Findings by file; those of the environment have no file to stand in. */
export function byFile(findings: readonly Finding[], environmentPath: string): ReadonlyMap<string, readonly Finding[]> {
  const files = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (finding.at.path === environmentPath) continue;
    files.set(finding.at.path, [...(files.get(finding.at.path) ?? []), finding]);
  }
  return files;
}

/** Shows a report as squiggles, and takes back those that no longer hold. */
export class Squiggles implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection("callerid");
  #shown: ReadonlyMap<string, readonly Finding[]> = new Map();

  show(findings: readonly Finding[], environmentPath: string, textOf: TextOf): void {
    const next = byFile(findings, environmentPath);
    for (const path of this.#shown.keys()) if (!next.has(path)) this.#collection.delete(uriOf(path));
    for (const [path, ones] of next) {
      this.#collection.set(
        uriOf(path),
        ones.map((one) => diagnosticOf(one, textOf)),
      );
    }
    this.#shown = next;
  }

  dispose(): void {
    this.#collection.dispose();
  }
}
