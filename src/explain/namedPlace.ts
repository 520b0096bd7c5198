import type { AwsIniDocument } from "../documents/awsIni";
import type { Document } from "../documents/document";
import type { Facts } from "../facts/facts";
import { settingNamed } from "../facts/names";
import type { SettingName } from "../model/credentials";
import type { SourceFile, Span } from "../model/text";
import { sectionAt, writtenSections } from "./awsFileSections";

/** A place that names something: a profile, a section of another kind, a region, or a key by its id. */
export interface NamedPlace {
  readonly names: "profile" | "sso-session" | "services" | "region" | "key";
  readonly text: string;
  readonly span: Span;
}

const named: Readonly<Partial<Record<SettingName, NamedPlace["names"]>>> = {
  profile: "profile",
  sourceProfile: "profile",
  ssoSession: "sso-session",
  region: "region",
  stsRegion: "region",
  ssoRegion: "region",
  accessKeyId: "key",
};

const holds = (span: Span, offset: number) => span.start <= offset && offset <= span.end;

/** What the text at an offset names. Scripts, env files and what is no document are read as lines of `NAME=value`. */
export function namedPlaceAt(
  facts: Facts,
  source: SourceFile,
  document: Document | undefined,
  offset: number,
): NamedPlace | undefined {
  if (!document || document.kind === "envFile" || document.kind === "script") {
    return inEnvironmentFile(source.text, offset);
  }
  return document.kind === "awsIni" ? inAwsFile(document, offset) : inTerraform(facts, source.path, offset);
}

/** The name in a section header, or the value of a setting; an empty value begins where the offset is. */
function inAwsFile(document: AwsIniDocument, offset: number): NamedPlace | undefined {
  const section = sectionAt(writtenSections(document), offset);
  if (!section) return undefined;
  const { kind, name, nameSpan } = section;
  if (holds(nameSpan, offset)) return kind === "other" ? undefined : { names: kind, text: name, span: nameSpan };
  for (const setting of section.settings) {
    const known = settingNamed(setting.name, "aws-file");
    const names = setting.name === "services" ? "services" : known && named[known];
    if (!names || setting.parent !== undefined) continue;
    const { text, keySpan, valueSpan } = setting;
    if (holds(valueSpan, offset)) return { names, text, span: valueSpan };
    const gap = document.source.text.slice(keySpan.end, offset);
    if (text === "" && /^[ \t]*[=:][ \t]*$/.test(gap)) return { names, text, span: { start: offset, end: offset } };
  }
  return undefined;
}

/** The literal of a block's argument, also where it stands in a variable's default. */
function inTerraform(facts: Facts, path: string, offset: number): NamedPlace | undefined {
  for (const { settings, empty } of facts.sets) {
    for (const setting of [...Object.values(settings), ...Object.values(empty)]) {
      const { value, valueAt } = setting;
      const names = named[setting.name];
      if (!names || value.kind !== "literal" || valueAt.path !== path || !holds(valueAt.span, offset)) continue;
      // A value put together from parts stands nowhere; its argument stands for it.
      if (valueAt.span.start === setting.nameAt.span.start && valueAt.path === setting.nameAt.path) continue;
      return { names, text: value.text, span: valueAt.span };
    }
  }
  return undefined;
}

const assignment = /^([ \t]*(?:export[ \t]+)?)([A-Z][A-Z0-9_]*)([ \t]*=[ \t]*["']?)([^"'\s#]*)/;

function inEnvironmentFile(text: string, offset: number): NamedPlace | undefined {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const [, before = "", variable = "", separator = "", value = ""] =
    assignment.exec(text.slice(lineStart, lineStart + 4096)) ?? [];
  const known = settingNamed(variable, "environment");
  const names = known && named[known];
  const start = lineStart + before.length + variable.length + separator.length;
  const span = { start, end: start + value.length };
  return names && holds(span, offset) ? { names, text: value, span } : undefined;
}
