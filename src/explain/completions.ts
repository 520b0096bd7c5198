import { allRegions, regionInfo } from "../aws/regions";
import type { AwsIniDocument } from "../documents/awsIni";
import type { Document } from "../documents/document";
import type { Facts } from "../facts/facts";
import type { SourceFile, Span } from "../model/text";
import { sectionAt, type WrittenSection, writtenSections } from "./awsFileSections";
import { settingsFor } from "./awsFileSettings";
import { namesOf } from "./headersNamed";
import { type NamedPlace, namedPlaceAt } from "./namedPlace";
import { sourceOfSet } from "./sourceWords";

/** One thing that could stand at the cursor. */
export interface Completion {
  readonly kind: "setting" | "name" | "value";
  readonly label: string;
  readonly detail: string;
  /** What is written in place of `span`. */
  readonly text: string;
  readonly span: Span;
  /** Whether there is something to choose from behind it. */
  readonly continues: boolean;
}

/** What could stand at an offset of an AWS file, a Terraform file, or a file of `NAME=value` lines. */
export function completionsAt(
  facts: Facts,
  source: SourceFile,
  document: Document | undefined,
  offset: number,
): readonly Completion[] {
  const place = namedPlaceAt(facts, source, document, offset);
  if (!place) return document?.kind === "awsIni" ? awsFileCompletions(document, offset) : [];
  const { span } = place;
  // The name between a header's brackets is the user's to give.
  if (document?.kind === "awsIni" && source.text.slice(0, span.start).match(/\[[^\]\n]*$/)) return [];
  // A heredoc, which nobody writes a profile in.
  if (/[\r\n]/.test(source.text.slice(span.start, span.end))) return [];
  const blank = needsBlank(source.text, span, document) ? " " : "";
  return candidates(facts, place).map(([label, detail]) => {
    const text = blank + (document?.kind === "terraform" ? quotable(label) : label);
    return { kind: place.names === "region" ? "value" : "name", label, detail, text, span, continues: false };
  });
}

function candidates(facts: Facts, { names }: NamedPlace): readonly (readonly [string, string])[] {
  switch (names) {
    case "profile":
      return [...facts.profiles.values()].map(({ name, set }) => [name, sourceOfSet(set)]);
    case "sso-session":
    case "services":
      return namesOf(facts, names).map((name) => [name, `[${names} ${name}]`]);
    case "region":
      return allRegions.map((name) => [name, regionWords(name)]);
    case "key":
      return [];
  }
}

/** What is special about a region; nothing about most. */
function regionWords(name: string): string {
  const info = regionInfo(name);
  if (info?.optIn) return "has to be enabled";
  return info && info.partition !== "aws" ? info.partition : "";
}

/** As it stands between the quotes of HCL and of JSON alike. */
function quotable(name: string): string {
  return JSON.stringify(name)
    .slice(1, -1)
    .replace(/[$%](?=\{)/g, "$&$&");
}

/** `region =` is gone on with as it was begun. */
function needsBlank(text: string, span: Span, document: Document | undefined): boolean {
  return document?.kind === "awsIni" && /[ \t][=:]$/.test(text.slice(Math.max(0, span.start - 2), span.start));
}

/** Names of settings at the beginning of a line, fixed values behind one. */
function awsFileCompletions(document: AwsIniDocument, offset: number): readonly Completion[] {
  const line = document.lines.find(({ span }) => span.start <= offset && offset <= span.end);
  const section = sectionAt(writtenSections(document), offset);
  if (!section || section.kind === "other" || !line || line.kind === "header" || line.kind === "comment") return [];
  const { text } = document.source;
  const known = settingsFor(section.kind, document.role);
  const written = text.slice(line.span.start, offset);
  const value = /^([\w-]+)[ \t]*[=:][ \t]*(\S*)$/.exec(written);
  if (value) {
    const values = known.find(({ name }) => name === value[1]?.toLowerCase())?.values ?? [];
    const span = { start: offset - (value[2]?.length ?? 0), end: offset };
    const blank = needsBlank(text, span, document) ? " " : "";
    return values.map((one) => ({ kind: "value", label: one, detail: "", text: blank + one, span, continues: false }));
  }
  // An indented line goes on with the setting above it; below a service that is its endpoint.
  if (section.kind === "services" && /^[ \t]+\w*$/.test(written)) return [endpointAt(line.span, written)];
  if (!/^[\w-]*$/.test(written)) return [];
  const rest = /^[\w-]*/.exec(text.slice(offset, line.span.end))?.[0].length ?? 0;
  const key = line.kind === "setting" ? line.keySpan : { start: line.span.start, end: offset + rest };
  const behind = line.kind === "setting" ? "" : " = ";
  return known
    .filter(({ name }) => !isThere(section, name, key))
    .map(({ name, about, values }) => ({
      kind: "setting",
      label: name,
      detail: about,
      text: name + behind,
      span: key,
      continues:
        behind !== "" && (values !== undefined || /region$|^(?:source_profile|sso_session|services)$/.test(name)),
    }));
}

function endpointAt({ start }: Span, written: string): Completion {
  const span = { start: start + written.length - written.trimStart().length, end: start + written.length };
  const detail = "The endpoint of this service, for example an emulator's.";
  return { kind: "setting", label: "endpoint_url", detail, text: "endpoint_url = ", span, continues: false };
}

function isThere({ settings }: WrittenSection, name: string, except: Span): boolean {
  return settings.some((one) => one.name === name && one.parent === undefined && one.keySpan.start !== except.start);
}
