import { createColors } from "picocolors";
import { severities } from "../../model/finding";
import { jsonText, plainLine, printable } from "../output";
import type { ScannedRepository } from "../repositories";
import { type ScanResult, scanContent } from "./json";
import { scanText, summary } from "./text";

/** The document of a scan, and what came of each repository. */
export function repositoriesJson(repositories: readonly ScannedRepository[], result: ScanResult): string {
  return jsonText({
    ...scanContent(result),
    repositories: repositories.map((one) => ({
      repository: one.name,
      findings: Object.fromEntries(severities.map((severity) => [severity, countOf(one, severity)])),
      files: one.result.fileCount,
      ...(one.failure ? { failure: one.failure.map(printable).join("; ") } : {}),
    })),
  });
}

const countOf = ({ result }: ScannedRepository, severity: string) =>
  result.findings.filter((one) => one.severity === severity).length;

/** Each repository's findings under its name, then a line for each. */
export function repositoriesText(repositories: readonly ScannedRepository[], color: boolean): string {
  const colors = createColors(color);
  const parts = repositories
    .filter(({ result }) => result.findings.length + result.skipped.length > 0)
    .map(({ name, result }) => `${colors.bold(plainLine(name))}\n\n${scanText(result, [], color)}\n`);
  const width = Math.max(...repositories.map(({ name }) => printable(name).length));
  const lines = repositories.map(({ name, result, failure }) => {
    const outcome = failure ? colors.red("could not be scanned") : summary(result, colors);
    return plainLine(`  ${name.padEnd(width)}  `) + outcome;
  });
  return `${parts.join("")}${colors.bold("Repositories")}\n${lines.join("\n")}\n`;
}
