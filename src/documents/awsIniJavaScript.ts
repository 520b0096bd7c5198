import type { Span } from "../model/text";
import { type AwsIniDocument, headersByBracket, isBlank, trimSpan } from "./awsIni";
import type { Reading, ReadSection, ReadSetting } from "./awsIniReading";

/** What JavaScript's `trim` takes away. */
function isJavaScriptBlank(code: number): boolean {
  return isBlank(code) || code === 0xfeff;
}

/** Exists for the SDK once anything has been assigned in it. */
interface StoredSection {
  exists: boolean;
  readonly headers: Span[];
  readonly settings: Map<string, ReadSetting>;
}

const prefixes = ["profile", "sso-session", "services"] as const;
const prefixedName = /^([\w-]+)\s(?:"([\w\-@+.%:/]+)"|'([\w\-@+.%:/]+)'|([\w\-@+.%:/]+))$/;

/** Reads as the AWS SDK for JavaScript v3 does; a section without a setting does not exist for it. */
export function readAsJavaScript(document: AwsIniDocument): Reading {
  const { text } = document.source;
  const treeHeaders = headersByBracket(document);
  const stored = new Map<string, StoredSection>();
  let section: StoredSection | undefined;
  let block: string | undefined;

  for (let start = 0; start <= text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const line = { start, end: newline > start && text[newline - 1] === "\r" ? end - 1 : end };
    start = end + 1;

    const content = trimSpan(text, { start: line.start, end: commentStart(text, line) }, isJavaScriptBlank);
    if (content.start === content.end) continue;
    if (text[content.start] === "[" && text[content.end - 1] === "]") {
      const inner = { start: content.start + 1, end: content.end - 1 };
      const written = text.slice(inner.start, inner.end);
      if (written === "__proto__" || written === "profile __proto__") {
        const message = "The AWS SDK for JavaScript refuses files with a section of this name.";
        return { reader: "aws-sdk-js", sections: [], failure: { message, span: inner } };
      }
      const key = storageKey(written);
      block = undefined;
      section =
        key === undefined ? undefined : (stored.get(key) ?? { exists: false, headers: [], settings: new Map() });
      if (key === undefined || !section) continue;
      stored.set(key, section);
      section.headers.push(treeHeaders.get(content.start)?.nameSpan ?? inner);
      continue;
    }
    const at = content.start + text.slice(content.start, content.end).indexOf("=");
    if (!section || at <= content.start) continue;
    const keySpan = trimSpan(text, { start: content.start, end: at }, isJavaScriptBlank);
    const valueSpan = trimSpan(text, { start: at + 1, end: content.end }, isJavaScriptBlank);
    const key = text.slice(keySpan.start, keySpan.end);
    if (valueSpan.start === valueSpan.end) {
      block = key;
      continue;
    }
    if (block !== undefined && !isJavaScriptBlank(text.charCodeAt(line.start))) block = undefined;
    section.exists = true;
    const name = block === undefined ? key : `${block}.${key}`;
    // Assigning a string to this property of a JavaScript object does nothing.
    if (name === "__proto__") continue;
    section.settings.set(name, {
      name,
      value: text.slice(valueSpan.start, valueSpan.end),
      keySpan,
      valueSpan,
      lineSpan: { start: keySpan.start, end: valueSpan.end },
    });
  }

  const sections: ReadSection[] = [];
  for (const [key, { exists, headers, settings }] of stored) {
    if (!exists) continue;
    const isShadowed = key === "default" && stored.get("profile.default")?.exists === true;
    const found = document.role === "credentials" ? ({ kind: "profile", name: key } as const) : lookUp(key, isShadowed);
    sections.push({ ...found, headers, settings });
  }
  return { reader: "aws-sdk-js", sections };
}

/** The SDK keeps `[profile p]` as `profile.p`; undefined when it drops the section. */
function storageKey(written: string): string | undefined {
  const match = prefixedName.exec(written);
  if (!match) return written === "" ? undefined : written;
  const prefix = prefixes.find((known) => known === match[1]);
  return prefix && `${prefix}.${match[2] ?? match[3] ?? match[4] ?? ""}`;
}

function lookUp(key: string, isShadowed: boolean): Pick<ReadSection, "kind" | "name"> {
  if (key === "default" && !isShadowed) return { kind: "profile", name: key };
  // Stored under this name, the section becomes the prototype of the others instead of one of them.
  if (key === "profile.__proto__") return { kind: "other", name: key };
  for (const kind of prefixes) {
    if (key.startsWith(`${kind}.`)) return { kind, name: key.slice(kind.length + 1) };
  }
  return { kind: "other", name: key };
}

/** A mark starts a comment at the start of the line or after a blank. */
function commentStart(text: string, line: Span): number {
  for (let i = line.start; i < line.end; i++) {
    if (text[i] !== "#" && text[i] !== ";") continue;
    if (i === line.start) return i;
    if (isJavaScriptBlank(text.charCodeAt(i - 1))) return i - 1;
  }
  return line.end;
}
