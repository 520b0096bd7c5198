import { type AwsIniDocument, type SettingLine, separatorIn } from "../documents/awsIni";
import { type HeaderForm, sections } from "../documents/awsIniReading";
import type { Location, Span } from "../model/text";
import { settingNamed } from "./names";

/** An AWS file as people see it: sections with their settings, whoever may read them. */
export interface Layout {
  readonly document: AwsIniDocument;
  readonly path: string;
  readonly text: string;
  readonly newline: "\n" | "\r\n";
  /** The first one has no header: what stands before all of them. */
  readonly sections: readonly Section[];
  /** Lines that are neither header, nor setting, nor comment, and continue nothing. */
  readonly strays: readonly Stray[];
}

export interface Section {
  readonly header: HeaderForm | undefined;
  readonly entries: Entry[];
  /** Its access key id, where it has one that may be shown. */
  id: Entry | undefined;
  /** From the header's first column to the end of the last line that holds something. */
  readonly start: number;
  end: number;
}

/** A setting of its own: lines of a nested block belong to the setting that opens it. */
export interface Entry {
  /** In lower case, as Terraform and the AWS CLI compare it. */
  readonly name: string;
  readonly line: SettingLine;
  /** As written, quotes included, without the comment behind it. */
  readonly value: Span;
  readonly comment: Span | undefined;
  /** The setting of whose value the AWS CLI takes the line for a part. */
  readonly swallowedBy: Entry | undefined;
  /** The first setting of the same name in the section. */
  readonly twin: Entry | undefined;
  /** More lines of the value. */
  readonly continuations: Span[];
  /** Of its last line. */
  end: number;
}

export interface Stray {
  readonly span: Span;
  readonly section: Section;
  /** The setting on the line right above. */
  readonly below: Entry | undefined;
}

/** What stands where in one AWS file. */
export function layoutOf(document: AwsIniDocument): Layout {
  const { path, text } = document.source;
  const forms = new Map(sections(document).map((form) => [form.line.span.start, form]));
  const found: Section[] = [{ header: undefined, entries: [], id: undefined, start: 0, end: 0 }];
  const strays: Stray[] = [];
  let section = found[0] as Section;
  let taker: Entry | undefined;
  let byName = new Map<string, Entry>();
  let above: Entry | undefined;
  for (const line of document.lines) {
    const last = section.entries.at(-1);
    const isBelowValue = last !== undefined && last.value.start < last.value.end;
    if (line.kind === "header") {
      const { start, end } = line.span;
      section = { header: forms.get(start), entries: [], id: undefined, start, end };
      found.push(section);
      taker = undefined;
      byName = new Map();
    } else if (line.kind === "setting" && line.indent > 0 && last && !isBelowValue) {
      last.end = line.span.end;
    } else if (line.kind === "setting") {
      const swallowedBy = taker && line.indent > taker.line.indent ? taker : undefined;
      above = entryOf(text, line, swallowedBy, byName);
      if (!swallowedBy) {
        taker = above;
        if (!above.twin) byName.set(above.name, above);
      }
      section.entries.push(above);
      if (isShownId(text, above)) section.id ??= above;
      section.end = line.span.end;
      continue;
    } else if (line.kind === "text" && line.indent > 0 && last && isBelowValue) {
      last.continuations.push(trimmed(text, line.span));
      last.end = line.span.end;
    } else if (line.kind === "text") {
      strays.push({ span: trimmed(text, line.span), section, below: above });
    }
    if (line.kind !== "blank" && line.kind !== "comment") section.end = line.span.end;
    above = undefined;
  }
  return { document, path, text, newline: text.includes("\r\n") ? "\r\n" : "\n", sections: found, strays };
}

function entryOf(
  text: string,
  line: SettingLine,
  swallowedBy: Entry | undefined,
  byName: ReadonlyMap<string, Entry>,
): Entry {
  const mark = separatorIn(text, { start: line.keySpan.end, end: line.span.end });
  let { start, end } = line.valueSpan;
  let comment: Span | undefined;
  for (let i = mark + 1; i + 1 < end; i++) {
    if (!isBlankCharacter(text[i]) || (text[i + 1] !== "#" && text[i + 1] !== ";")) continue;
    comment = { start: i + 1, end };
    end = i;
    while (end > start && isBlankCharacter(text[end - 1])) end--;
    break;
  }
  if (start > end) start = end;
  const name = text.slice(line.keySpan.start, line.keySpan.end).toLowerCase();
  const twin = swallowedBy ? undefined : byName.get(name);
  return { name, line, value: { start, end }, comment, swallowedBy, twin, continuations: [], end: line.span.end };
}

function trimmed(text: string, span: Span): Span {
  let { start, end } = span;
  while (start < end && isBlankCharacter(text[start])) start++;
  while (end > start && isBlankCharacter(text[end - 1])) end--;
  return { start, end };
}

const isBlankCharacter = (character: string | undefined) => character === " " || character === "\t";

/** Enough of base64 in a row to be a secret or a piece of one. */
const secretRun = /[A-Za-z0-9+/=]{30,}/;

/** Whether the line of a setting may hold a secret; no problem may be shown on it. */
export function holdsSecret(
  text: string,
  { name, value, comment }: Pick<Entry, "name" | "value" | "comment">,
): boolean {
  if (/secret|token(?!_file)|password/.test(name) && !/expires/.test(name)) return true;
  const known = settingNamed(name, "aws-file");
  const written = text.slice(value.start, comment?.end ?? value.end);
  return known && known !== "accessKeyId" ? /[A-Za-z0-9+=]{40,}/.test(written) : secretRun.test(written);
}

function isShownId(text: string, entry: Entry): boolean {
  return entry.name === "aws_access_key_id" && entry.value.start < entry.value.end && !holdsSecret(text, entry);
}

/** Whether some text that is no setting may be a secret or a piece of one. */
export function mayBeSecret(text: string, span: Span): boolean {
  return /[A-Za-z0-9+/=]{16,}/.test(text.slice(span.start, span.end));
}

/**
 * Where a problem of this section may be shown instead of a secret's line: at its key id, else at its header, else at
 * the next header. An editor's assistant may read the lines of problems.
 */
export function safePlaceIn(layout: Layout, section: Section): Location | undefined {
  const { path, text } = layout;
  const { id } = section;
  if (id && id.continuations.length === 0) return { path, span: withoutQuotes(text, id.value) };
  const header = section.header ?? layout.sections.find((one) => one.header)?.header;
  return header && { path, span: header.nameSpan };
}

/** A span of a setting's line, or a safe place instead. */
export function placeOf(layout: Layout, section: Section, entry: Entry, span: Span): Location | undefined {
  return holdsSecret(layout.text, entry) ? safePlaceIn(layout, section) : { path: layout.path, span };
}

/** What lies between a pair of quotation marks, or the span itself. */
export function withoutQuotes(text: string, span: Span): Span {
  const quote = text[span.start];
  const isQuoted = span.end - span.start > 1 && (quote === '"' || quote === "'") && text[span.end - 1] === quote;
  return isQuoted ? { start: span.start + 1, end: span.end - 1 } : span;
}

/** A setting's name as it may be shown: anything else could be a value that lost its place. */
export function shownName(name: string): string {
  return /^[a-z0-9_.-]{1,40}$/.test(name) && !/[a-z0-9]{20,}/.test(name) ? name : "a setting";
}

/** The line (or lines) of `start` to `end` with one line end, to be taken out as a whole. */
export function wholeLines(text: string, start: number, end: number): Span {
  let from = start;
  while (from > 0 && text[from - 1] !== "\n" && text[from - 1] !== "\r") from--;
  let to = end;
  while (to < text.length && text[to] !== "\n" && text[to] !== "\r") to++;
  if (text[to] === "\r") to++;
  if (text[to] === "\n") to++;
  return { start: from, end: to };
}
