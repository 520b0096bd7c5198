import type { Span } from "../model/text";
import { type AwsIniDocument, headersByBracket, isAnyBlank as isPythonBlank, separatorIn, trimSpan } from "./awsIni";
import type { Reading, ReadSection, ReadSetting } from "./awsIniReading";

interface CliSection {
  readonly name: string;
  readonly header: Span;
  readonly values: Map<string, CliValue>;
}

/** A value with the lines that continue it; blank lines count, as empty ones. */
interface CliValue {
  readonly keySpan: Span;
  readonly lines: Span[];
}

class Rejected {
  constructor(
    readonly message: string,
    readonly span: Span,
  ) {}
}

/** Reads as botocore does, on top of Python's strict `RawConfigParser`: one bad line loses the whole file. */
export function readAsAwsCli(document: AwsIniDocument): Reading {
  const parsed = parseSections(document);
  if (parsed instanceof Rejected) return rejected(parsed);

  const { sections, defaults } = parsed;
  const read: ReadSection[] = [];
  const inherited = new Map<string, ReadSetting>();
  const broken = new Map<string, Rejected>();
  for (const [name, value] of defaults?.values ?? []) {
    const setting = deliver(document.source.text, name, value);
    if (setting instanceof Rejected) broken.set(name, setting);
    else inherited.set(name, setting);
  }
  if (defaults) read.push({ kind: "other", name: defaults.name, headers: [defaults.header], settings: inherited });

  const byLookup = new Map<string, number>();
  for (const section of sections.values()) {
    const settings = new Map(inherited);
    for (const [name, value] of section.values) {
      const setting = deliver(document.source.text, name, value);
      if (setting instanceof Rejected) return rejected(setting);
      settings.set(name, setting);
    }
    // A broken default matters only to a section that does not override it.
    for (const [name, problem] of broken) if (!settings.has(name)) return rejected(problem);
    const { kind, name } =
      document.role === "config" ? lookUp(section.name) : ({ kind: "profile", name: section.name } as const);
    const lookup = `${kind} ${name}`;
    const replaced = byLookup.get(lookup);
    const earlier = replaced === undefined ? undefined : read[replaced];
    if (replaced !== undefined && earlier && kind !== "other") read[replaced] = { ...earlier, kind: "other" };
    byLookup.set(lookup, read.length);
    read.push({ kind, name, headers: [section.header], settings });
  }
  return { reader: "aws-cli", sections: read.sort((a, b) => (a.headers[0]?.start ?? 0) - (b.headers[0]?.start ?? 0)) };
}

function rejected({ message, span }: Rejected): Reading {
  return { reader: "aws-cli", sections: [], failure: { message, span } };
}

interface ParsedSections {
  readonly sections: ReadonlyMap<string, CliSection>;
  /** `[DEFAULT]`, from which every other section inherits. */
  readonly defaults: CliSection | undefined;
}

function parseSections(document: AwsIniDocument): ParsedSections | Rejected {
  const { text } = document.source;
  const treeHeaders = headersByBracket(document);
  const sections = new Map<string, CliSection>();
  let defaults: CliSection | undefined;
  let current: CliSection | undefined;
  let open: CliValue | undefined;
  let indent = 0;

  for (const { span } of document.lines) {
    const content = trimSpan(text, span, isPythonBlank);
    if (content.start === content.end) {
      open?.lines.push(content);
      continue;
    }
    const first = text[content.start];
    if (first === "#" || first === ";") continue;
    if (open && content.start - span.start > indent) {
      open.lines.push(content);
      continue;
    }
    indent = content.start - span.start;
    open = undefined;

    const name = headerName(text, content);
    if (name) {
      const title = text.slice(name.start, name.end);
      const header = treeHeaders.get(content.start)?.nameSpan ?? name;
      if (title === "DEFAULT") {
        defaults ??= { name: title, header, values: new Map() };
        current = defaults;
      } else if (sections.has(title)) {
        return new Rejected("A section with this name already exists in the file.", header);
      } else {
        current = { name: title, header, values: new Map() };
        sections.set(title, current);
      }
      continue;
    }
    if (!current) return new Rejected("The first line that is no comment has to be a section header.", content);

    const at = separatorIn(text, content);
    const keySpan = trimSpan(text, { start: content.start, end: Math.max(at, content.start) }, isPythonBlank);
    if (keySpan.start === keySpan.end) {
      return new Rejected("This line is neither a section header, nor a setting, nor a comment.", content);
    }
    const key = text.slice(keySpan.start, keySpan.end).toLowerCase();
    if (current.values.has(key)) return new Rejected("This setting already exists in the section.", keySpan);
    open = { keySpan, lines: [trimSpan(text, { start: at + 1, end: content.end }, isPythonBlank)] };
    current.values.set(key, open);
  }
  return { sections, defaults };
}

/** Up to the last bracket of the line, blanks included; what follows it does not matter. */
function headerName(text: string, content: Span): Span | undefined {
  if (text[content.start] !== "[") return undefined;
  const close = text.lastIndexOf("]", content.end - 1);
  return close > content.start + 1 ? { start: content.start + 1, end: close } : undefined;
}

function deliver(text: string, name: string, { keySpan, lines }: CliValue): ReadSetting | Rejected {
  const filled = lines.filter((line) => line.start < line.end);
  const first = lines[0] ?? keySpan;
  const last = filled.at(-1) ?? first;
  const base = { name, keySpan, valueSpan: first, lineSpan: { start: keySpan.start, end: last.end } };
  if (first.start < first.end || filled.length === 0) {
    const value = lines.map((line) => text.slice(line.start, line.end)).join("\n");
    return { ...base, value: text.slice(first.start, first.end) === value ? value : trimEnd(value) };
  }
  const nested = new Map<string, string>();
  for (const line of filled) {
    for (const part of splitLines(text.slice(line.start, line.end))) {
      const content = trim(part);
      if (content === "") continue;
      const at = content.indexOf("=");
      if (at < 0) return new Rejected("A line of a nested block has to be `name = value`.", line);
      nested.set(trim(content.slice(0, at)), trim(content.slice(at + 1)));
    }
  }
  return { ...base, value: "", nested };
}

/** Python's `splitlines` also splits at form feeds and their like. */
function splitLines(text: string): readonly string[] {
  const lines: string[] = [];
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && !isPythonLineEnd(text.charCodeAt(i))) continue;
    lines.push(text.slice(start, i));
    start = i + 1;
  }
  return lines;
}

function isPythonLineEnd(code: number): boolean {
  return (
    (code >= 10 && code <= 13) || (code >= 0x1c && code <= 0x1e) || code === 0x85 || code === 0x2028 || code === 0x2029
  );
}

function trim(text: string): string {
  const { start, end } = trimSpan(text, { start: 0, end: text.length }, isPythonBlank);
  return text.slice(start, end);
}

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isPythonBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(0, end);
}

function lookUp(title: string): Pick<ReadSection, "kind" | "name"> {
  for (const kind of ["profile", "sso-session", "services"] as const) {
    if (!title.startsWith(kind)) continue;
    const words = splitShellWords(title);
    const name = words?.[1];
    return words?.length === 2 && name !== undefined ? { kind, name } : { kind: "other", name: title };
  }
  return { kind: title === "default" ? "profile" : "other", name: title };
}

/** Splits as a POSIX shell does, like Python's `shlex.split`; undefined when a quotation mark stays open. */
function splitShellWords(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (quote === "'") {
      if (character === quote) quote = undefined;
      else word = (word ?? "") + character;
    } else if (character === "\\") {
      i++;
      if (i === text.length) return undefined;
      const escaped = text.charAt(i);
      const isLiteral = quote !== undefined && escaped !== "\\" && escaped !== quote;
      word = (word ?? "") + (isLiteral ? "\\" : "") + escaped;
    } else if (quote !== undefined) {
      if (character === quote) quote = undefined;
      else word = (word ?? "") + character;
    } else if (character === "'" || character === '"') {
      quote = character;
      word ??= "";
    } else if (character === " " || character === "\t") {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + character;
  }
  if (quote !== undefined) return undefined;
  if (word !== undefined) words.push(word);
  return words;
}
