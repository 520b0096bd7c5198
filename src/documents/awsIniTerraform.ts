import type { Span } from "../model/text";
import { type AwsFileRole, type AwsIniDocument, headersByBracket, isBlank, separatorIn, trimSpan } from "./awsIni";
import type { Reading, ReadSection, ReadSetting } from "./awsIniReading";

/** A section while it is being read. */
export interface GoSection {
  readonly name: string;
  readonly headers: Span[];
  readonly settings: Map<string, GoSetting>;
}

export interface GoSetting extends ReadSetting {
  readonly nested?: Map<string, string>;
}

/** What Go's `unicode.IsSpace` holds for. */
export function isGoBlank(code: number): boolean {
  return isBlank(code) || code === 0x85;
}

/** Go lower-cases each character on its own, where JavaScript may answer with two. */
export function goLowerCase(text: string): string {
  let lower = "";
  for (const character of text) lower += String.fromCodePoint(character.toLowerCase().codePointAt(0) ?? 0);
  return lower;
}

/** Reads as AWS SDK for Go v2 does since config v1.26.6: line by line, dropping what it does not know. */
export function readAsTerraform(document: AwsIniDocument): Reading {
  const { text } = document.source;
  const treeHeaders = headersByBracket(document);
  const read = new Map<string, GoSection>();
  let section: GoSection | undefined;
  let last = "";

  const store = (setting: GoSetting): void => {
    section?.settings.set(setting.name, setting);
    last = section ? setting.name : "";
  };

  for (let start = 0; start <= text.length; ) {
    const newline = text.indexOf("\n", start);
    const line = { start, end: newline < 0 ? text.length : newline };
    start = line.end + 1;

    const content = trimSpan(text, line, isGoBlank);
    if (content.start === content.end || isComment(text, line)) continue;

    const brackets = headerBrackets(text, line);
    if (brackets) {
      const inner = trimSpan(text, { start: brackets.start + 1, end: brackets.end - 1 }, isGoBlank);
      const name = sectionName(text.slice(inner.start, inner.end));
      const header = treeHeaders.get(brackets.start)?.nameSpan ?? inner;
      const known = read.get(name);
      if (known) known.headers.push(header);
      else read.set(name, { name, headers: [header], settings: new Map() });
      section = name === "" ? undefined : read.get(name);
      last = "";
      continue;
    }

    const indented = isSpaceOrTab(text.charCodeAt(line.start));
    const setting = settingOn(text, indented ? line : { start: line.start, end: commentStart(text, line) });
    if (setting && isLoneQuote(text, setting.written)) {
      // The SDK slices the quotes off without looking at the length, and Go panics.
      const message = "The value is a single quotation mark, at which the AWS SDK for Go crashes.";
      return { reader: "terraform", sections: [], failure: { message, span: setting.written } };
    }
    const previous = section?.settings.get(last);
    if (!indented) {
      if (setting) store(makeSetting(text, setting.key, setting.value, setting.written.end));
    } else if (setting && previous && last !== "" && previous.value === "") {
      const nested = previous.nested ?? new Map<string, string>();
      nested.set(keyOf(text, setting.key), text.slice(setting.value.start, setting.value.end));
      section?.settings.set(last, { ...previous, nested, lineSpan: until(previous, setting.written.end) });
    } else if (setting) {
      const cut = commentStart(text, setting.value);
      const value = trimSpan(text, { start: setting.value.start, end: cut }, isGoBlank);
      store(makeSetting(text, setting.key, value, cut < setting.value.end ? value.end : setting.written.end));
    } else if (previous && last !== "" && previous.value !== "") {
      const value = `${previous.value}\n${text.slice(skipSpaces(text, line), line.end)}`;
      section?.settings.set(last, { ...previous, value, lineSpan: until(previous, content.end) });
    }
  }
  return { reader: "terraform", sections: lookUpSections(document.role, read) };
}

/** Which sections the SDK can look up, and by which name: it renames, replaces and drops the others. */
export function lookUpSections(role: AwsFileRole, read: ReadonlyMap<string, GoSection>): readonly ReadSection[] {
  const kept = new Map(read);
  const dropped: GoSection[] = [];
  const settled = new Set<string>();
  for (const name of [...read.keys()].sort()) {
    const section = kept.get(name);
    if (!section || settled.has(name)) continue;
    if (name.startsWith("profile ")) {
      kept.delete(name);
      if (role === "credentials") {
        dropped.push(section);
        continue;
      }
      const profile = name.slice("profile ".length);
      const replaced = kept.get(profile);
      if (replaced) dropped.push(replaced);
      kept.set(profile, section);
      settled.add(profile);
    } else if (role === "config" && !isLookedUpInConfig(name)) {
      kept.delete(name);
      dropped.push(section);
    }
  }
  const result: ReadSection[] = dropped.map((section) => ({ ...section, kind: "other" }));
  for (const [name, section] of kept) result.push({ ...section, ...kindOf(name, settled.has(name)) });
  return result.sort((a, b) => (a.headers[0]?.start ?? -1) - (b.headers[0]?.start ?? -1));
}

function isLookedUpInConfig(name: string): boolean {
  return name.startsWith("sso-session ") || name.startsWith("services ") || goLowerCase(name) === "default";
}

function kindOf(name: string, isProfile: boolean): Pick<ReadSection, "kind" | "name"> {
  if (name === "") return { kind: "other", name };
  for (const kind of ["sso-session", "services"] as const) {
    if (!isProfile && name.startsWith(`${kind} `)) return { kind, name: name.slice(kind.length + 1) };
  }
  return { kind: "profile", name };
}

interface WrittenSetting {
  readonly key: Span;
  /** Without a pair of quotation marks around it. */
  readonly value: Span;
  readonly written: Span;
}

function settingOn(text: string, span: Span): WrittenSetting | undefined {
  const at = separatorIn(text, span);
  if (at < 0) return undefined;
  const written = trimSpan(text, { start: at + 1, end: span.end }, isGoBlank);
  const quote = text[written.start];
  const quoted = written.end - written.start > 1 && (quote === '"' || quote === "'") && text[written.end - 1] === quote;
  return {
    key: trimSpan(text, { start: span.start, end: at }, isGoBlank),
    value: quoted ? { start: written.start + 1, end: written.end - 1 } : written,
    written,
  };
}

function makeSetting(text: string, keySpan: Span, valueSpan: Span, end: number): GoSetting {
  return {
    name: keyOf(text, keySpan),
    value: text.slice(valueSpan.start, valueSpan.end),
    keySpan,
    valueSpan,
    lineSpan: { start: keySpan.start, end },
  };
}

function keyOf(text: string, key: Span): string {
  return goLowerCase(text.slice(key.start, key.end));
}

function until(setting: ReadSetting, end: number): Span {
  return { start: setting.lineSpan.start, end };
}

function isLoneQuote(text: string, written: Span): boolean {
  return written.end - written.start === 1 && (text[written.start] === '"' || text[written.start] === "'");
}

function isSpaceOrTab(code: number): boolean {
  return code === 32 || code === 9;
}

function skipSpaces(text: string, line: Span): number {
  let at = line.start;
  while (at < line.end && isSpaceOrTab(text.charCodeAt(at))) at++;
  return at;
}

function isComment(text: string, line: Span): boolean {
  const first = skipSpaces(text, line);
  return first < line.end && (text[first] === "#" || text[first] === ";");
}

/** Where a comment after a value begins: at the space or tab before its mark. */
function commentStart(text: string, span: Span): number {
  for (let i = span.start; i + 1 < span.end; i++) {
    if (isSpaceOrTab(text.charCodeAt(i)) && (text[i + 1] === "#" || text[i + 1] === ";")) return i;
  }
  return span.end;
}

/** From `[` to `]` inclusive; a `#` or `;` ends a header wherever it stands. */
function headerBrackets(text: string, line: Span): Span | undefined {
  let end = line.start;
  while (end < line.end && text[end] !== "#" && text[end] !== ";") end++;
  const span = trimSpan(text, { start: line.start, end }, isGoBlank);
  return text[span.start] === "[" && span.end - span.start > 1 && text[span.end - 1] === "]" ? span : undefined;
}

/** Blanks after the first word become one space. */
function sectionName(written: string): string {
  const first = written.search(/[ \t]/);
  if (first < 0) return written;
  return `${written.slice(0, first)} ${written.slice(first).replace(/^[ \t]+/, "")}`;
}
