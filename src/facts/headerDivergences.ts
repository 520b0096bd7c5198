import { type HeaderForm, type ReadSection, readAwsIni } from "../documents/awsIniReading";
import type { TextEdit } from "../model/text";
import { type Layout, type Section, wholeLines } from "./awsLayout";
import type { Divergence, ReaderName } from "./facts";

export const readers: readonly ReaderName[] = ["terraform", "aws-cli", "aws-sdk-js"];

/** What a reader that does not refuse the file finds under each header, by the offset of the header's name. */
interface Finding {
  readonly reader: ReaderName;
  readonly found: ReadonlyMap<number, ReadSection>;
}

/** Headers under which not every reader finds the section that was meant. */
export function headerDivergencesIn(layout: Layout): readonly Divergence[] {
  const findings = readers.flatMap((reader): readonly Finding[] => {
    const { failure, sections } = readAwsIni(layout.document, reader);
    const found = new Map(sections.flatMap((one) => one.headers.map(({ start }) => [start, one] as const)));
    return failure ? [] : [{ reader, found }];
  });
  const hasDefault = layout.sections.some(({ header }) => header?.text === "default");
  return layout.sections.flatMap((section) => {
    const { header } = section;
    if (!header?.line.closed || !section.entries.some(isRead)) return [];
    if (header.text === "DEFAULT") return [inheritance(layout, header, hasDefault)];
    return isForThisFile(layout, header) ? divergenceOf(layout, header, findings) : [];
  });
}

/** A section of which the AWS SDK for JavaScript reads nothing does not exist for it. */
const isRead = ({ value, line }: Section["entries"][number]) => value.start < value.end && line.separator === "=";

/** The AWS CLI lets all others inherit from this one. */
function inheritance({ path }: Layout, { text, nameSpan }: HeaderForm, hasDefault: boolean): Divergence {
  const at = { path, span: nameSpan };
  const repair = hasDefault ? [] : [{ ...at, pieces: ["default"] }];
  return { cause: "inheritance", section: text, at, related: [], repair, finds: ["aws-cli"] };
}

/** Headers in the other file's form are `wrong-section-prefix`, and what `[profile default]` does, `duplicate-section`. */
function isForThisFile({ document }: Layout, { prefix, name }: HeaderForm): boolean {
  if (document.role === "credentials") return prefix === "none";
  return prefix === "none" ? name === "default" && !hasPrefixedDefault(document) : unquoted(name) !== "default";
}

function hasPrefixedDefault(document: Layout["document"]): boolean {
  return /^[ \t]*\[[ \t]*profile[ \t]+default[ \t]*\]/m.test(document.source.text);
}

const unquoted = (name: string) => /^(["'])(.*)\1$/.exec(name)?.[2] ?? name;

function divergenceOf(layout: Layout, header: HeaderForm, findings: readonly Finding[]): readonly Divergence[] {
  const { prefix } = header;
  const meant = prefix === "none" ? header.name : unquoted(header.name);
  const kind = prefix === "none" ? "profile" : prefix;
  const isFound = ({ found }: Finding) => {
    const section = found.get(header.nameSpan.start);
    return section?.kind === kind && section.name === meant;
  };
  const finds = findings.filter(isFound).map(({ reader }) => reader);
  const missing = findings.filter((one) => !isFound(one)).map(({ reader }) => reader);
  if (finds.length === 0 || missing.length === 0) return [];
  const repair = plainHeader(layout, header, meant);
  // What only the AWS SDK for JavaScript does not find, and no other spelling would help, is no mistake.
  if (repair.length === 0 && missing.join() === "aws-sdk-js") return [];
  const at = { path: layout.path, span: header.nameSpan };
  return [{ cause: "header", section: header.text, meant, at, related: [], repair, finds, missing }];
}

/** The header in the one form that all readers take; none for names that have no such form. */
function plainHeader({ path, text }: Layout, header: HeaderForm, name: string): readonly TextEdit[] {
  const { nameSpan, line, prefix } = header;
  if (!/^[\w\-@+.%:/]+$/.test(name)) return [];
  const start = text.indexOf("[", line.span.start);
  const close = text.indexOf("]", nameSpan.end);
  const rest = text.slice(close + 1, wholeLines(text, close, close).end);
  const gap = line.trailingSpan ? " # " : /^[#;]/.test(rest) ? " " : "";
  const end = line.trailingSpan ? line.trailingSpan.start : close + 1;
  return [{ path, span: { start, end }, pieces: [`[${prefix === "none" ? "" : `${prefix} `}${name}]${gap}`] }];
}
