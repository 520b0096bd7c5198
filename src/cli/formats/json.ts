import type { Skipped } from "../../live/world";
import type { Finding } from "../../model/finding";
import { type Location, lineStarts, positionAt } from "../../model/text";
import { pageOf } from "../../rules/rule";
import { displayPath, jsonText, printable } from "../output";

/** What every format is given: findings and how to name and number their places. */
export interface ScanResult {
  readonly findings: readonly Finding[];
  readonly skipped: readonly Skipped[];
  readonly fileCount: number;
  readonly text: (path: string) => string;
  readonly cwd: string;
  readonly home: string;
}

/** One-based, `endColumn` exclusive, columns in UTF-16 units. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** What it takes to name and number a place. */
export type Places = Pick<ScanResult, "text" | "cwd" | "home">;

export function placeOf(at: Location, { text, cwd, home }: Places): Place {
  const starts = lineStarts(text(at.path));
  const start = positionAt(starts, at.span.start);
  const end = positionAt(starts, at.span.end);
  return {
    file: displayPath(at.path, cwd, home),
    line: start.line + 1,
    column: start.column + 1,
    endLine: end.line + 1,
    endColumn: end.column + 1,
  };
}

export function scanJson(result: ScanResult): string {
  return jsonText(scanContent(result));
}

/** The document, before it is written. */
export function scanContent(result: ScanResult) {
  return {
    version: 1,
    findings: result.findings.map((finding) => ({
      rule: finding.rule,
      severity: finding.severity,
      message: printable(finding.message),
      ...placeOf(finding.at, result),
      related: (finding.related ?? []).map(({ message, at }) => {
        const { file, line, column } = placeOf(at, result);
        return { message: printable(message), file, line, column };
      }),
      fixes: (finding.fixes ?? []).map(({ title, safety }) => ({ title: printable(title), safety })),
      help: pageOf(finding.rule),
    })),
    files: result.fileCount,
    skipped: result.skipped.map(({ path, reason }) => ({
      file: displayPath(path, result.cwd, result.home),
      reason,
    })),
  };
}
