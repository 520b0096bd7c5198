import { type OutputLine, outputLines } from "./terraformOutputLines";

/** More of a text than any message of Terraform's is long. */
const longest = 200_000;
const mostLines = 400;
/** How many characters are looked at again because they did not make an entry; keeps the whole linear. */
const patience = 1_000_000;

type Json = Readonly<Record<string, unknown>>;

/** Lines that a machine wrote for machines, put back into the form in which Terraform writes for people. */
export function withoutJson(lines: readonly OutputLine[]): readonly OutputLine[] {
  if (!lines.some(({ text }) => text.startsWith("{"))) return lines;
  const found: OutputLine[] = [];
  const budget = { left: patience };
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index];
    if (!line) break;
    const entry = line.text.startsWith("{") ? entryAt(lines, index, budget) : undefined;
    if (!entry) {
      found.push(line);
      continue;
    }
    const span = { start: line.span.start, end: (lines[entry.last] ?? line).span.end };
    for (const one of linesOf(entry.value)) found.push({ ...one, span });
    index = entry.last;
  }
  return found;
}

interface Entry {
  readonly value: Json;
  readonly last: number;
}

const isEntry = /"(?:@?level|@message|msg|message|diagnostics?|severity|format_version|valid)" ?:/;

/** The object that begins on a line; a terminal may have broken it into many. */
function entryAt(lines: readonly OutputLine[], first: number, budget: { left: number }): Entry | undefined {
  const ahead = [0, 1, 2].map((step) => lines[first + step]?.text.slice(0, 600) ?? "").join(" ");
  if (!isEntry.test(ahead)) return undefined;
  let text = "";
  for (let last = first; last < lines.length && last - first < mostLines; last++) {
    const part = lines[last]?.text ?? "";
    if (last > first && part.startsWith('{"@')) return undefined;
    text += part;
    if (text.length > longest) return undefined;
    if (!part.endsWith("}")) continue;
    if (last > first) budget.left -= text.length;
    if (budget.left < 0) return undefined;
    const value = parsed(text);
    if (value) return { value, last };
  }
  return undefined;
}

function parsed(text: string): Json | undefined {
  try {
    return record(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function record(value: unknown): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

type WrittenLine = Omit<OutputLine, "span">;

const boxed = (text: string): WrittenLine => ({ text: text.trim(), boxed: true, isLog: false });

/** A diagnostic as a box, any other entry as its message. */
function linesOf(entry: Json): readonly WrittenLine[] {
  const diagnostic = record(entry.diagnostic) ?? (typeof entry.summary === "string" ? entry : undefined);
  if (diagnostic) return diagnostic.severity === "warning" ? [] : boxOf(diagnostic, entry);
  if (Array.isArray(entry.diagnostics)) return entry.diagnostics.flatMap((one) => linesOf(record(one) ?? {}));
  const words = ["@message", "msg", "message", "error", "err", "log"].map((name) => entry[name]);
  return words.filter((one) => typeof one === "string").flatMap((one) => outputLines(one));
}

const word = (value: unknown) => (typeof value === "string" ? value : "");

function boxOf(diagnostic: Json, entry: Json): readonly WrittenLine[] {
  const range = record(diagnostic.range);
  const line = record(range?.start)?.line;
  const context = word(record(diagnostic.snippet)?.context);
  const address = word(diagnostic.address);
  const place = `on ${word(range?.filename)} line ${line}${context === "" ? "" : `, in ${context}`}:`;
  const lines = [
    ...`Error: ${word(diagnostic.summary)}`.split("\n"),
    "",
    ...(address === "" ? [] : [`with ${address},`]),
    ...(typeof line === "number" ? [place] : []),
    "",
    ...word(diagnostic.detail).split("\n"),
  ];
  const test =
    entry["@testfile"] === undefined ? [] : [{ ...boxed(""), boxed: false, text: "tests.tftest.hcl... fail" }];
  return [...test, { ...boxed(""), edge: "top" }, ...lines.map(boxed), { ...boxed(""), edge: "bottom" }];
}
