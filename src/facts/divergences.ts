import { readAwsIni } from "../documents/awsIniReading";
import { plainIniValue } from "../documents/plainIni";
import type { Location, TextEdit } from "../model/text";
import { type Entry, type Layout, placeOf, type Section, safePlaceIn, withoutQuotes } from "./awsLayout";
import type { Divergence, ReaderName } from "./facts";
import { headerDivergencesIn, readers } from "./headerDivergences";
import { settingNamed } from "./names";

/** Spellings of one AWS file that its readers do not read alike, one for each cause and section. */
export function divergencesIn(layout: Layout): readonly Divergence[] {
  if (layout.text.includes("\r") && !layout.text.includes("\n")) return loneReturns(layout);
  const found: Divergence[] = [...headerDivergencesIn(layout)];
  for (const section of layout.sections) {
    if (!section.header) continue;
    for (const cause of causes) {
      const entries = section.entries.filter((entry) => cause.holds(layout, entry));
      const places = entries.flatMap(
        (entry) => placeOf(layout, section, entry, cause.spanOf(layout.text, entry)) ?? [],
      );
      const [at, ...others] = places;
      if (!at) continue;
      found.push({
        cause: cause.cause,
        section: section.header.text,
        at,
        // Secrets' places fall together at the key id.
        related: others.filter(({ span }) => span.start > at.span.end),
        repair: entries.flatMap((entry) => cause.repair(layout, entry)),
        finds: cause.finds,
        ...plainIniOf(layout, section, entries[0]),
      });
    }
  }
  return found;
}

/** The generic reader's side, told by the first of the settings; the section alone is put to it. */
function plainIniOf(layout: Layout, section: Section, entry: Entry | undefined): { plainIniAgrees?: boolean } {
  const { document, text } = layout;
  if (!entry || !section.header) return {};
  const header = section.header.nameSpan.start;
  const read = readAwsIni(document, "terraform").sections.find(({ headers }) =>
    headers.some(({ start }) => start === header),
  );
  const value = read?.settings.get(entry.name)?.value;
  if (value === undefined) return {};
  const key = text.slice(entry.line.keySpan.start, entry.line.keySpan.end);
  return { plainIniAgrees: plainIniValue(text.slice(section.start, section.end), section.header.text, key) === value };
}

/** Line ends of old Macs, which for Terraform end no line. */
function loneReturns({ sections, path, text, newline }: Layout): readonly Divergence[] {
  const header = sections.find((section) => section.header)?.header;
  if (!header) return [];
  const repair = [...text.matchAll(/\r/g)].map(({ index }) => ({
    path,
    span: { start: index, end: index + 1 },
    pieces: [newline],
  }));
  const at = { path, span: header.nameSpan };
  return [{ cause: "line-ends", section: header.text, at, related: [], repair, finds: ["aws-cli"] }];
}

/** Readers that give up on the whole file, and why; `message` never quotes it. */
export function rejectionsOf(layout: Layout): readonly Divergence[] {
  return readers.flatMap((reader) => {
    const { failure } = readAwsIni(layout.document, reader);
    if (!failure) return [];
    const section = layout.sections.findLast((one) => one.start <= failure.span.start) ?? layout.sections[0];
    const entry = section?.entries.find(
      (one) => failure.span.start < one.end && failure.span.end > one.line.span.start,
    );
    const at = section && (entry ? placeOf(layout, section, entry, entry.line.keySpan) : safePlaceIn(layout, section));
    if (!at) return [];
    const finds = readers.filter((one) => one !== reader);
    return [{ cause: "rejection" as const, section: failure.message, at, related: [], repair: [], finds }];
  });
}

interface ValueCause {
  readonly cause: Divergence["cause"];
  readonly finds: readonly ReaderName[];
  holds(layout: Layout, entry: Entry): boolean;
  spanOf(text: string, entry: Entry): Location["span"];
  repair(layout: Layout, entry: Entry): readonly TextEdit[];
}

const matters = ({ name }: Entry) => settingNamed(name, "aws-file") !== undefined;
const bareValueOf = (text: string, { value }: Entry) => withoutQuotes(text, value);
const keyOf = (_: string, { line }: Entry) => line.keySpan;

const causes: readonly ValueCause[] = [
  {
    cause: "quotes",
    finds: ["terraform"],
    // A command's quotes are a shell's business as well: that is `credential-process-broken`.
    holds: ({ text }, entry) =>
      matters(entry) && entry.name !== "credential_process" && bareValueOf(text, entry).start !== entry.value.start,
    spanOf: (_, { value }) => value,
    repair: ({ path, text }, entry) => [{ path, span: entry.value, pieces: [bareValueOf(text, entry)] }],
  },
  {
    cause: "comment",
    finds: ["terraform", "aws-sdk-js"],
    holds: (_, entry) => matters(entry) && entry.comment !== undefined && entry.value.start < entry.value.end,
    spanOf: (_, { value, comment }) => comment ?? value,
    repair: ({ path, newline }, { line, value, comment }) =>
      comment
        ? [
            { path, span: { start: line.span.start, end: line.span.start }, pieces: [comment, newline] },
            { path, span: { start: value.end, end: comment.end }, pieces: [] },
          ]
        : [],
  },
  {
    cause: "colon",
    finds: ["terraform", "aws-cli"],
    holds: (_, entry) => matters(entry) && entry.line.separator === ":",
    spanOf: keyOf,
    repair: ({ path, text }, { line }) => {
      const start = text.indexOf(":", line.keySpan.end);
      return [{ path, span: { start: line.keySpan.end, end: start + 1 }, pieces: [" ="] }];
    },
  },
  {
    cause: "case",
    finds: ["terraform", "aws-cli"],
    // Of two that only differ in their capitals, `duplicate-key` speaks.
    holds: ({ text }, entry) =>
      matters(entry) && !entry.twin && text.slice(entry.line.keySpan.start, entry.line.keySpan.end) !== entry.name,
    spanOf: keyOf,
    repair: ({ path }, { name, line }) => [{ path, span: line.keySpan, pieces: [name] }],
  },
  {
    cause: "indentation",
    finds: ["terraform", "aws-sdk-js"],
    holds: (_, entry) => entry.swallowedBy !== undefined && (matters(entry) || matters(entry.swallowedBy)),
    spanOf: keyOf,
    repair: ({ path }, { line }) => [{ path, span: { start: line.span.start, end: line.keySpan.start }, pieces: [] }],
  },
];
