import type { AwsIniDocument } from "../documents/awsIni";
import type { Location } from "../model/text";
import { holdsSecret, type Layout, layoutOf } from "./awsLayout";
import { divergencesIn, rejectionsOf } from "./divergences";
import { duplicatesIn } from "./duplicates";
import type { AwsText, EncodingFlaw } from "./facts";
import { irregularitiesIn } from "./irregularities";

const known = new WeakMap<AwsIniDocument, AwsText>();

/** How one of the AWS files is written; remembered as long as the document is. */
export function awsTextOf(document: AwsIniDocument): AwsText {
  const text = known.get(document) ?? readAwsText(document);
  known.set(document, text);
  return text;
}

function readAwsText(document: AwsIniDocument): AwsText {
  const layout = layoutOf(document);
  const { path, mode } = document.source;
  const encodingFlaw = encodingFlawOf(layout);
  const isReadable = !encodingFlaw || encodingFlaw.kind === "latin-1" || encodingFlaw.kind === "utf-8-bom";
  const duplicates = isReadable ? duplicatesIn(layout) : [];
  const irregularities = isReadable ? irregularitiesIn(layout) : [];
  const rejections = encodingFlaw || duplicates.length > 0 || irregularities.length > 0 ? [] : rejectionsOf(layout);
  const top = firstPlace(layout);
  // What a byte order mark does to the first header is said with the mark.
  const divergences = (isReadable ? divergencesIn(layout) : []).filter(
    ({ cause, at }) => !(cause === "header" && encodingFlaw && at.span.start === top?.span.start),
  );
  return {
    path,
    role: document.role,
    isReadable,
    holdsSecrets: layout.sections.some((section) =>
      section.entries.some((entry) => entry.value.start < entry.value.end && holdsSecret(layout.text, entry)),
    ),
    duplicates,
    irregularities,
    divergences: [...divergences, ...rejections],
    end: endOf(layout),
    ...(top ? { top } : {}),
    ...(mode === undefined ? {} : { mode }),
    ...(encodingFlaw ? { encodingFlaw } : {}),
  };
}

function endOf({ text, newline }: Layout): AwsText["end"] {
  const lead = text === "" ? "" : /[\r\n]$/.test(text) ? newline : newline + newline;
  return { offset: text.length, lead, newline };
}

/** What may stand for the whole file: its first header. */
function firstPlace({ sections, path }: Layout): Location | undefined {
  const first = sections.find((section) => section.header)?.header;
  return first && { path, span: first.nameSpan };
}

function encodingFlawOf(layout: Layout): EncodingFlaw | undefined {
  const { text, path, document, sections } = layout;
  const { encoding } = document.source;
  const kind =
    encoding === "utf-16le" || encoding === "utf-16be"
      ? "utf-16"
      : text.includes("\0")
        ? "nul"
        : text.startsWith("\ufeff") || encoding === "utf-8-bom"
          ? "utf-8-bom"
          : encoding === "latin-1"
            ? "latin-1"
            : undefined;
  const at = firstPlace(layout) ?? { path, span: { start: 0, end: Math.min(1, text.length) } };
  if (kind === undefined || text.length === 0) return undefined;
  const first = sections.find((section) => section.header);
  return {
    kind,
    at,
    // Only what shares the mark's line is lost.
    losesSection: kind === "utf-8-bom" && first !== undefined && first.start === 0,
    repair: kind !== "nul" && text.startsWith("\ufeff") ? [{ path, span: { start: 0, end: 1 }, pieces: [] }] : [],
  };
}
