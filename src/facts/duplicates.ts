import type { Piece, Span, TextEdit } from "../model/text";
import { type Entry, type Layout, placeOf, type Section, safePlaceIn, shownName, wholeLines } from "./awsLayout";
import type { Duplicate } from "./facts";
import { settingNamed } from "./names";

/** Sections and settings that one file has twice. */
export function duplicatesIn(layout: Layout): readonly Duplicate[] {
  return [...duplicateSections(layout), ...layout.sections.flatMap((section) => duplicateKeys(layout, section))];
}

/** The name under which Terraform merges a section, prefix included. */
function nameOf({ header }: Section): string | undefined {
  if (!header?.line.closed) return undefined;
  return header.prefix === "none" ? header.text : `${header.prefix} ${header.name}`;
}

function duplicateSections(layout: Layout): readonly Duplicate[] {
  const firsts = new Map<string, Section>();
  const found: Duplicate[] = [];
  for (const section of layout.sections) {
    const name = nameOf(section);
    const { header } = section;
    if (name === undefined || name === "" || !header) continue;
    const first = firsts.get(name);
    if (!first?.header) {
      firsts.set(name, section);
      continue;
    }
    found.push({
      kind: "section",
      name: header.text,
      at: { path: layout.path, span: header.nameSpan },
      first: { path: layout.path, span: first.header.nameSpan },
      differs: contradict(layout.text, first, section),
      repair: mergeInto(layout, first, section),
    });
  }
  const prefixed = firsts.get("profile default")?.header;
  const bare = firsts.get("default")?.header;
  if (layout.document.role === "config" && prefixed && bare) {
    found.push({
      kind: "default",
      name: "default",
      at: { path: layout.path, span: bare.nameSpan },
      first: { path: layout.path, span: prefixed.nameSpan },
      differs: false,
      repair: [],
    });
  }
  return found;
}

function contradict(text: string, first: Section, later: Section): boolean {
  const byName = new Map(first.entries.map((entry) => [entry.name, entry]));
  return later.entries.some((entry) => {
    const other = byName.get(entry.name);
    return other !== undefined && clash(text, other, entry);
  });
}

/** Whether two entries give one credential setting two values. */
function clash(text: string, a: Entry, b: Entry): boolean {
  if (a.name !== b.name || settingNamed(a.name, "aws-file") === undefined) return false;
  return text.slice(a.value.start, a.end).trim() !== text.slice(b.value.start, b.end).trim();
}

/** The later section's lines below the earlier one's, of which those go that the later ones replace. */
function mergeInto(layout: Layout, first: Section, later: Section): readonly TextEdit[] {
  const { path, text, newline } = layout;
  const header = wholeLines(text, later.start, later.header?.line.span.end ?? later.start);
  const body: Span = { start: Math.min(header.end, later.end), end: later.end };
  const pieces: Piece[] = body.start < body.end ? [newline, body] : [];
  const names = new Set(later.entries.map(({ name }) => name));
  const replaced = first.entries.filter(({ name }) => names.has(name));
  return [
    ...replaced.map((entry) => ({
      path,
      span: { start: lineEndBefore(text, entry.line.span.start), end: entry.end },
      pieces: [],
    })),
    { path, span: { start: first.end, end: first.end }, pieces },
    { path, span: { start: header.start, end: wholeLines(text, later.end, later.end).end }, pieces: [] },
  ];
}

/** The end of the line above the one that starts here. */
function lineEndBefore(text: string, lineStart: number): number {
  return text[lineStart - 1] === "\n" && text[lineStart - 2] === "\r" ? lineStart - 2 : lineStart - 1;
}

function duplicateKeys(layout: Layout, section: Section): readonly Duplicate[] {
  const { path, text } = layout;
  const found: Duplicate[] = [];
  for (const entry of section.entries) {
    const first = entry.twin;
    if (!first) continue;
    const at = placeOf(layout, section, entry, entry.line.keySpan) ?? safePlaceIn(layout, section);
    if (!at) continue;
    const isId = entry.name === "aws_access_key_id";
    found.push({
      kind: "key",
      name: shownName(entry.name),
      at: isId ? { path, span: entry.line.keySpan } : at,
      first: placeOf(layout, section, first, first.line.keySpan) ?? at,
      differs: clash(text, first, entry),
      // Terraform takes the last one.
      repair: [{ path, span: wholeLines(text, first.line.span.start, first.end), pieces: [] }],
    });
  }
  return found;
}
