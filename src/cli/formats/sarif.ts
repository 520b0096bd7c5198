import { createHash } from "node:crypto";
import type { Finding, Severity } from "../../model/finding";
import type { Location } from "../../model/text";
import { pageOf, type Rule } from "../../rules/rule";
import { jsonText, printable } from "../output";
import { placeOf, type ScanResult } from "./json";

const levels: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "note", hint: "note" };

/** The base of relative names; where it lies is the reader's to say, and nobody else's to know. */
const workingDirectory = "%SRCROOT%";

/** SARIF 2.1.0 without snippets, insertions or anything else that could carry a secret. */
export function scanSarif(result: ScanResult, rules: readonly Rule[], version: string): string {
  const seen = new Map<string, number>();
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "CallerID",
            semanticVersion: version,
            informationUri: "https://github.com/callerid/callerid",
            rules: rules.map((rule) => ({
              id: rule.id,
              shortDescription: { text: rule.title },
              fullDescription: { text: rule.why },
              help: { text: rule.remedy, markdown: `${rule.why}\n\n${rule.remedy}` },
              helpUri: pageOf(rule.id),
              defaultConfiguration: { level: levels[rule.severity] },
            })),
          },
        },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { [workingDirectory]: { description: { text: "The directory callerid ran in." } } },
        results: result.findings.map((finding) => ({
          ruleId: finding.rule,
          ruleIndex: rules.findIndex((rule) => rule.id === finding.rule),
          level: levels[finding.severity],
          message: { text: sarifText(finding.message) },
          locations: [physical(finding.at, result)],
          ...(finding.related?.length
            ? {
                relatedLocations: finding.related.map(({ message, at }, index) => ({
                  id: index,
                  message: { text: sarifText(message) },
                  ...physical(at, result),
                })),
              }
            : {}),
          partialFingerprints: { "callerid/v1": fingerprint(finding, result, seen) },
        })),
      },
    ],
  };
  return jsonText(log);
}

/** A message in which no foreign name becomes a link (`[text](target)`, §3.11.6). */
function sarifText(message: string): string {
  return printable(message).replace(/\[(?=[^\]]*\]\()/g, "\\[");
}

function physical(at: Location, result: ScanResult) {
  const { file, line, column, endLine, endColumn } = placeOf(at, result);
  const uri = file
    .replace(/\p{Cs}/gu, "\ufffd")
    .split("/")
    .map(encodeURIComponent)
    .join("/")
    .replace(/^~/, "%7E");
  const isBelow = file !== at.path && at.path === `${result.cwd}/${file}`;
  return {
    physicalLocation: {
      artifactLocation: {
        uri: uri.startsWith("/") ? `file://${uri}` : uri,
        ...(isBelow ? { uriBaseId: workingDirectory } : {}),
      },
      region: { startLine: line, startColumn: column, endLine, endColumn },
    },
  };
}

/** Stays the same while lines move: the rule, the file, the message, and which of several alike it is. */
function fingerprint(finding: Finding, result: ScanResult, seen: Map<string, number>): string {
  const { file } = placeOf(finding.at, result);
  const key = [finding.rule, file, finding.message].join("\u0000");
  const count = seen.get(key) ?? 0;
  seen.set(key, count + 1);
  return createHash("sha256").update(`${key}\u0000${count}`).digest("hex").slice(0, 32);
}
