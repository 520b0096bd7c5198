import type { Span, TextEdit } from "../model/text";
import {
  holdsSecret,
  type Layout,
  mayBeSecret,
  placeOf,
  type Section,
  type Stray,
  safePlaceIn,
  shownName,
} from "./awsLayout";
import type { Irregularity } from "./facts";
import { settingNamed } from "./names";

/** Lines of an AWS file that do not follow its grammar. */
export function irregularitiesIn(layout: Layout): readonly Irregularity[] {
  return [...unclosedHeaders(layout), ...beforeSections(layout), ...strayLines(layout), ...brokenTokens(layout)];
}

function unclosedHeaders({ sections, path, text }: Layout): readonly Irregularity[] {
  return sections.flatMap(({ header }) => {
    if (!header || header.line.closed) return [];
    const comment = text.slice(header.nameSpan.start, header.nameSpan.end).search(/[ \t]+[#;]/);
    const end = comment < 0 ? header.nameSpan.end : header.nameSpan.start + comment;
    return [
      {
        kind: "unclosed-header" as const,
        name: "",
        isCredential: true,
        at: { path, span: { start: header.nameSpan.start, end } },
        repair: [{ path, span: { start: end, end }, pieces: ["]"] }],
      },
    ];
  });
}

function beforeSections(layout: Layout): readonly Irregularity[] {
  const { sections, path, text, newline } = layout;
  const [top] = sections;
  const first = top?.entries[0];
  if (!top || !first) return [];
  const open = top.entries.find((entry) => !holdsSecret(text, entry));
  const at = open ? { path, span: open.line.keySpan } : safePlaceIn(layout, top);
  if (!at) return [];
  const hasDefault = sections.some((section) => section.header?.text === "default");
  const start = text.startsWith("\ufeff") ? 1 : 0;
  const repair: readonly TextEdit[] = [{ path, span: { start, end: start }, pieces: [`[default]${newline}`] }];
  return [
    {
      kind: "before-sections",
      name: shownName(open?.name ?? first.name),
      isCredential: top.entries.some((entry) => settingNamed(entry.name, "aws-file") !== undefined),
      at,
      repair: hasDefault || !top.entries.every((entry) => settingNamed(entry.name, "aws-file")) ? [] : repair,
    },
  ];
}

const conflictMarker = /^(?:<{7}|={7}|>{7}|\|{7})(?!\S)/;

function strayLines(layout: Layout): readonly Irregularity[] {
  const { path, text } = layout;
  const found: Irregularity[] = [];
  let conflict = false;
  for (const stray of layout.strays) {
    const { span, section } = stray;
    const isMarker = conflictMarker.test(text.slice(span.start, span.end));
    if (isMarker && conflict) continue;
    conflict ||= isMarker;
    const broken = isMarker ? undefined : (brokenOff(layout, stray) ?? withoutSeparator(layout, stray));
    if (broken) {
      found.push(broken);
      continue;
    }
    const at = mayBeSecret(text, span) ? safePlaceIn(layout, section) : { path, span };
    if (!at) continue;
    found.push({
      kind: isMarker ? "conflict" : "stray",
      name: "",
      isCredential: false,
      at,
      repair: isMarker ? [] : [{ path, span: { start: span.start, end: span.start }, pieces: ["# "] }],
    });
  }
  return found;
}

/** `aws_secret_access_key =` and the value on the next line, or a token that goes on there. */
function brokenOff(layout: Layout, { span, section, below }: Stray): Irregularity | undefined {
  if (!below || settingNamed(below.name, "aws-file") === undefined) return undefined;
  const isEmpty = below.value.start === below.value.end;
  if (!isEmpty && !(below.name === "aws_session_token" && mayBeSecret(layout.text, span))) return undefined;
  return joined(layout, section, below, [span], isEmpty);
}

/** `aws_access_key_id AKIA…` */
function withoutSeparator({ path, text, ...layout }: Layout, { span, section }: Stray): Irregularity | undefined {
  const word = /^\S+(?=[ \t]+\S)/.exec(text.slice(span.start, span.end))?.[0] ?? "";
  if (settingNamed(word, "aws-file") === undefined || !section.header) return undefined;
  const end = span.start + word.length;
  const name = word.toLowerCase();
  const at = holdsSecret(text, { name, value: { start: end, end: span.end }, comment: undefined })
    ? safePlaceIn({ path, text, ...layout }, section)
    : { path, span: { start: span.start, end } };
  if (!at) return undefined;
  const repair = [{ path, span: { start: end, end }, pieces: [" ="] }];
  const header = { path, span: section.header.nameSpan };
  return { kind: "no-separator", name, isCredential: true, at, header, repair };
}

/** A token on several lines: Terraform joins them with line breaks, which no header may hold. */
function brokenTokens(layout: Layout): readonly Irregularity[] {
  return layout.sections.flatMap((section) =>
    section.entries.flatMap((entry) => {
      if (entry.name !== "aws_session_token" || entry.continuations.length === 0) return [];
      const one = joined(layout, section, entry, entry.continuations, false);
      return one ? [one] : [];
    }),
  );
}

function joined(
  layout: Layout,
  section: Section,
  entry: Section["entries"][number],
  lines: readonly Span[],
  isEmpty: boolean,
): Irregularity | undefined {
  const { path } = layout;
  const at = placeOf(layout, section, entry, entry.line.keySpan);
  if (!at) return undefined;
  let end = entry.comment?.end ?? entry.value.end;
  const repair: TextEdit[] = [];
  for (const line of lines) {
    repair.push({ path, span: { start: end, end: line.start }, pieces: isEmpty ? [" "] : [] });
    end = line.end;
  }
  return {
    kind: isEmpty ? "value-below" : "broken-value",
    name: entry.name,
    isCredential: true,
    at,
    // A comment between the two halves is for a person to move.
    repair: entry.comment ? [] : repair,
    ...(section.header ? { header: { path, span: section.header.nameSpan } } : {}),
  };
}
