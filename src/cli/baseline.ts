import { isSkipped, type Skipped } from "../live/world";
import type { Finding } from "../model/finding";
import type { SourceFile } from "../model/text";
import { placeOf, type ScanResult } from "./formats/json";
import { jsonText } from "./output";

/** A baseline that cannot be used; the message names the file. */
export class BaselineError extends Error {}

interface Entry {
  readonly rule: string;
  readonly file: string;
  readonly message: string;
}

const entryOf = (finding: Finding, result: ScanResult): Entry => ({
  rule: finding.rule,
  file: placeOf(finding.at, result).file,
  message: finding.message,
});

const keyOf = ({ rule, file, message }: Entry) => JSON.stringify([rule, file, message]);

/** By code unit, so that every machine writes the same order. */
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Today's findings as a file that holds neither lines nor values: what is moved is still known. */
export function baselineOf(result: ScanResult): string {
  const findings = result.findings
    .map((finding) => entryOf(finding, result))
    .sort((a, b) => compare(a.file, b.file) || compare(a.rule, b.rule) || compare(a.message, b.message));
  return jsonText({ version: 1, findings });
}

/** The findings that the baseline does not account for, each of its entries used once; `file` is its name for people. */
export function withoutKnown(result: ScanResult, file: string, source: SourceFile | Skipped | undefined): ScanResult {
  const known = new Map<string, number>();
  for (const entry of entriesIn(file, source)) known.set(keyOf(entry), (known.get(keyOf(entry)) ?? 0) + 1);
  const findings = result.findings.filter((finding) => {
    const key = keyOf(entryOf(finding, result));
    const left = known.get(key) ?? 0;
    if (left > 0) known.set(key, left - 1);
    return left === 0;
  });
  return { ...result, findings };
}

function entriesIn(file: string, source: SourceFile | Skipped | undefined): readonly Entry[] {
  if (!source) throw new BaselineError(`${file} does not exist`);
  if (isSkipped(source)) throw new BaselineError(`${file}: ${source.reason}`);
  let content: { version?: unknown; findings?: unknown };
  try {
    content = JSON.parse(source.text);
  } catch {
    throw new BaselineError(`${file} is not JSON`);
  }
  if (content?.version !== 1 || !Array.isArray(content.findings)) {
    throw new BaselineError(`${file} is not a baseline of this version`);
  }
  return content.findings.filter((one): one is Entry => typeof one?.rule === "string" && typeof one.file === "string");
}
