import type { AwsFileRole, AwsIniDocument, SettingLine } from "../documents/awsIni";
import { type HeaderForm, sections } from "../documents/awsIniReading";
import type { Span } from "../model/text";

/** What a section holds as far as its header tells; `other` is one that no program looks up. */
export type SectionKind = "profile" | "sso-session" | "services" | "other";

/** A section of an AWS file as it is written, whether or not a program finds it there. */
export interface WrittenSection {
  readonly kind: SectionKind;
  readonly name: string;
  /** The name alone, without the prefix. */
  readonly nameSpan: Span;
  /** From the header to the last line that is neither blank nor a comment. */
  readonly span: Span;
  readonly settings: readonly WrittenSetting[];
}

export interface WrittenSetting {
  /** In lower case, as every program looks it up. */
  readonly name: string;
  /** Without a comment behind it. It may be a secret. */
  readonly text: string;
  readonly keySpan: Span;
  readonly valueSpan: Span;
  /** The setting whose indented block this one stands in. */
  readonly parent?: string;
}

/** The sections of a file in its order; what stands before the first header is in none. */
export function writtenSections(document: AwsIniDocument): readonly WrittenSection[] {
  const headers = new Map(sections(document).map((form) => [form.line, form] as const));
  const found: (WrittenSection & { span: Span; settings: WrittenSetting[] })[] = [];
  for (const line of document.lines) {
    if (line.kind === "header") {
      const form = headers.get(line);
      if (!form) continue;
      const { name, afterPrefixSpan: nameSpan } = form;
      found.push({ kind: kindOf(document.role, form), name, nameSpan, span: line.span, settings: [] });
      continue;
    }
    const section = found.at(-1);
    if (!section || line.kind === "blank" || line.kind === "comment") continue;
    section.span = { start: section.span.start, end: line.span.end };
    if (line.kind === "setting") section.settings.push(settingOf(document.source.text, line, section.settings.at(-1)));
  }
  return found;
}

/** The section that an offset stands in, the lines behind its last setting included. */
export function sectionAt(all: readonly WrittenSection[], offset: number): WrittenSection | undefined {
  return all.findLast((section) => section.span.start <= offset);
}

function kindOf(role: AwsFileRole, { prefix, name }: HeaderForm): SectionKind {
  if (prefix === "none") return role === "credentials" || name.toLowerCase() === "default" ? "profile" : "other";
  return role === "config" ? prefix : "other";
}

function settingOf(text: string, line: SettingLine, previous: WrittenSetting | undefined): WrittenSetting {
  const { keySpan } = line;
  const raw = text.slice(line.valueSpan.start, line.valueSpan.end);
  const value = raw.startsWith("#") || raw.startsWith(";") ? "" : raw.replace(/[ \t]+[#;].*$/, "");
  const parent =
    line.indent === 0 ? undefined : (previous?.parent ?? (previous?.text === "" ? previous.name : undefined));
  return {
    name: text.slice(keySpan.start, keySpan.end).toLowerCase(),
    text: value,
    keySpan,
    valueSpan: { start: line.valueSpan.start, end: line.valueSpan.start + value.length },
    ...(parent === undefined ? {} : { parent }),
  };
}
