import { createColors } from "picocolors";
import { chainInShort, isStopped } from "../../explain/chainWords";
import type { Chain } from "../../model/chain";
import type { CredentialSet } from "../../model/credentials";
import { describeSet, isNoneFound } from "../../model/describe";
import { type Severity, severities } from "../../model/finding";
import { plainLine, printable } from "../output";
import { type Place, placeOf, type ScanResult } from "./json";

type Colors = ReturnType<typeof createColors>;

const paint: Readonly<Record<Severity, (colors: Colors) => (text: string) => string>> = {
  error: (colors) => colors.red,
  warning: (colors) => colors.yellow,
  info: (colors) => colors.blue,
  hint: (colors) => colors.dim,
};

/** A block and the credentials it comes to. */
export interface Used {
  readonly set: CredentialSet;
  readonly chain: Chain;
}

/** For people: findings by file, then which credentials each block comes to, then one line that sums up. */
export function scanText(result: ScanResult, used: readonly Used[], color: boolean): string {
  const colors = createColors(color);
  const lines: string[] = [];
  let file: string | undefined;
  for (const finding of result.findings) {
    const place = placeOf(finding.at, result);
    if (place.file !== file) {
      if (file !== undefined) lines.push("");
      file = place.file;
      lines.push(colors.underline(plainLine(nameOf(place.file))));
    }
    const where = `${place.line}:${place.column}`.padStart(7);
    const severity = paint[finding.severity](colors)(finding.severity.padEnd(7));
    lines.push(`${colors.dim(where)}  ${severity}  ${printable(finding.message)}  ${colors.dim(finding.rule)}`);
    const detail = " ".repeat(18);
    for (const related of finding.related ?? []) {
      const at = placeOf(related.at, result);
      lines.push(colors.dim(`${detail}${plainLine(`${at.file}:${at.line}:${at.column} ${related.message}`)}`));
    }
    const [fix] = finding.fixes ?? [];
    if (fix) lines.push(colors.dim(`${detail}fix: ${printable(fix.title)}`));
  }
  if (result.findings.length > 0) lines.push("");
  lines.push(...usedLines(used, result, colors));
  lines.push(...skippedLines(result, colors));
  lines.push(summary(result, colors));
  return `${lines.join("\n")}\n`;
}

/** One line for each reason, with the first of its files. */
function skippedLines(result: ScanResult, colors: Colors): string[] {
  const byReason = new Map<string, string[]>();
  for (const { path, reason } of result.skipped) {
    byReason.set(reason, [...(byReason.get(reason) ?? []), placeName(path, result)]);
  }
  return [...byReason].map(([reason, [first = "", ...more]]) => {
    const others = more.length === 0 ? "" : ` and ${more.length} more`;
    return colors.dim(plainLine(`not scanned: ${first}${others}: ${reason}`));
  });
}

const nameOf = (file: string) => (file === "environment" ? "environment (this process)" : file);

const placeName = (path: string, result: ScanResult) => placeOf({ path, span: { start: 0, end: 0 } }, result).file;

function usedLines(used: readonly Used[], result: ScanResult, colors: Colors): string[] {
  if (used.length === 0) return [];
  const shown = used.slice(0, 20);
  const lines = [colors.bold("Credentials Terraform would use")];
  for (const { set, chain } of shown) {
    const { at } = chain.winner ?? {};
    const place = at ? ` (${short(placeOf(at, result))})` : "";
    const words = printable(chainInShort(chain, place));
    const color = isStopped(chain) ? colors.red : isNoneFound(chain) ? colors.dim : String;
    const { file, line } = placeOf(set.at, result);
    lines.push(`  ${printable(`${describeSet(set)} ${file}:${line}`)} → ${color(words)}`);
  }
  if (used.length > shown.length) lines.push(colors.dim(`  … and ${used.length - shown.length} more`));
  lines.push("");
  return lines;
}

const short = (place: Place) => (place.file === "environment" ? "this process" : `${place.file}:${place.line}`);

/** How many of each severity, in how many files. */
export function summary(result: ScanResult, colors: Colors): string {
  const counts = severities
    .map((severity) => [severity, result.findings.filter((one) => one.severity === severity).length] as const)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => paint[severity](colors)(`${count} ${plural(severity, count)}`));
  const files = `${result.fileCount} ${result.fileCount === 1 ? "file" : "files"}`;
  if (result.fileCount === 0 && counts.length === 0) return "No file to look at.";
  return counts.length === 0 ? colors.green(`Nothing wrong in ${files}.`) : `${counts.join(", ")} in ${files}.`;
}

const plural = (severity: Severity, count: number) =>
  severity === "info" ? (count === 1 ? "note" : "notes") : `${severity}${count === 1 ? "" : "s"}`;
