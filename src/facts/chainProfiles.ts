import { type AwsFileRole, type AwsIniDocument, parseAwsIni } from "../documents/awsIni";
import { type Reader, type Reading, type ReadSection, readAwsIni } from "../documents/awsIniReading";
import type { ChainProblem, FileFact, Spot } from "../model/chain";
import type { SourceFile } from "../model/text";
import type { ChainFiles } from "./chainFiles";
import type { Written } from "./chainKeys";
import { isSame } from "./remembered";

/** A section with everything merged into it, as a program looks it up. */
export interface SharedSection {
  readonly name: string;
  readonly values: ReadonlyMap<string, Written>;
  /** One half of a key pair was found where the other should be. */
  readonly partial?: Spot;
  /** Its header, in the file that has it first. */
  readonly spot: Spot;
}

/** A setting of a section; undefined where it is absent or empty. */
export const filled = (section: SharedSection | undefined, key: string): Written | undefined => {
  const value = section?.values.get(key);
  return value && value.text !== "" ? value : undefined;
};

/** What a program reads out of its files. */
export interface SharedConfig {
  readonly profiles: ReadonlyMap<string, SharedSection>;
  readonly sessions: ReadonlyMap<string, SharedSection>;
  readonly problem?: ChainProblem;
  /** A file has not been looked at, so what is not here may be there. */
  readonly isUnread?: true;
}

export interface SharedPaths {
  readonly credentials: readonly string[];
  readonly config: readonly string[];
  /** Some of them nobody knows. */
  readonly isUnknown?: true;
}

const keyId = "aws_access_key_id";
const secretKey = "aws_secret_access_key";
const token = "aws_session_token";

interface Draft {
  readonly name: string;
  readonly values: Map<string, Written>;
  partial: Spot | undefined;
  readonly spot: Spot;
}

type Sections = Map<string, Draft>;

/** The profiles as AWS SDK for Go merges them: credentials over configuration, a later file over an earlier one. */
export function sharedConfigForGo(paths: SharedPaths, files: ChainFiles): SharedConfig {
  const looked = [...paths.config, ...paths.credentials].map((path) => files.look(path, "text"));
  const first = looked.find((fact) => fact?.kind === "text");
  if (!first) return goConfig(paths, files);
  const byPaths = configs.get(first) ?? new Map<string, Kept>();
  configs.set(first, byPaths);
  const key = JSON.stringify([paths.credentials, paths.config, paths.isUnknown]);
  const known = byPaths.get(key);
  if (known && isSame(known.looked, looked)) return known.config;
  const config = goConfig(paths, files);
  byPaths.set(key, { looked, config });
  return config;
}

interface Kept {
  readonly looked: readonly unknown[];
  readonly config: SharedConfig;
}

/** Worked out once for all blocks that look at the same files, by the first of those. */
const configs = new WeakMap<FileFact, Map<string, Kept>>();

function goConfig(paths: SharedPaths, files: ChainFiles): SharedConfig {
  const config = mergedFiles(paths.config, "config", files);
  const credentials = mergedFiles(paths.credentials, "credentials", files);
  const problem = config.problem ?? credentials.problem;
  if (problem) return { profiles: new Map(), sessions: new Map(), problem };
  merge(config.profiles, credentials.profiles);
  const isUnread =
    paths.isUnknown || [...paths.config, ...paths.credentials].some((path) => files.look(path, "text") === undefined);
  return {
    profiles: finished(config.profiles),
    sessions: finished(config.sessions),
    ...(isUnread ? { isUnread } : {}),
  };
}

const finished = (sections: Sections): ReadonlyMap<string, SharedSection> =>
  new Map(
    [...sections].map(([name, { partial, ...rest }]) => [name, { ...rest, ...(partial ? { partial } : {}) }] as const),
  );

function mergedFiles(paths: readonly string[], role: AwsFileRole, files: ChainFiles) {
  const profiles: Sections = new Map();
  const sessions: Sections = new Map();
  for (const path of paths) {
    const read = readFile(path, role, "terraform", files);
    if (read.problem) return { profiles, sessions, problem: read.problem };
    merge(profiles, draftsOf(read.sections, "profile", read.path));
    merge(sessions, draftsOf(read.sections, "sso-session", read.path));
  }
  return { profiles, sessions, problem: undefined };
}

/** One file as `reader` takes it; what cannot be opened is empty, and a directory stops Terraform. */
export function readFile(
  path: string,
  role: AwsFileRole,
  reader: Reader,
  files: ChainFiles,
): { readonly sections: readonly ReadSection[]; readonly path: string; readonly problem?: ChainProblem } {
  const fact = files.look(path, "text");
  const failed = (message: string, spot: Spot): ChainProblem => ({
    code: "config_parse",
    stage: "before-signing",
    message,
    ...spot,
  });
  const spot: Spot = { at: { path, span: { start: 0, end: 0 } } };
  if (fact?.kind === "directory") {
    return { sections: [], path, problem: failed("A directory stands where the file should be.", spot) };
  }
  if (fact?.kind !== "text") return { sections: [], path };
  const real = fact.path ?? path;
  const isWide = fact.encoding === "utf-16le" || fact.encoding === "utf-16be";
  if (reader === "aws-cli" && (isWide || fact.encoding === "latin-1")) {
    return { sections: [], path: real, problem: failed("The file is not UTF-8.", spot) };
  }
  // Read as UTF-8, as these programs do, it has no line that says anything.
  if (isWide) return { sections: [], path: real };
  const reading = readingOf(documentOf({ path: real, text: fact.text }, role), reader);
  if (!reading.failure) return { sections: reading.sections, path: real };
  const { message, span } = reading.failure;
  return { sections: [], path: real, problem: failed(message, { at: { path: real, span } }) };
}

const parsed = new Map<string, AwsIniDocument>();

/** The same text is parsed once, for several blocks and several programs. */
function documentOf(source: SourceFile, role: AwsFileRole): AwsIniDocument {
  const key = `${role} ${source.path}`;
  const known = parsed.get(key);
  if (known?.source.text === source.text) return known;
  const document = parseAwsIni(source, role);
  if (parsed.size > 50) parsed.clear();
  parsed.set(key, document);
  return document;
}

const readings = new WeakMap<AwsIniDocument, Map<Reader, Reading>>();

function readingOf(document: AwsIniDocument, reader: Reader): Reading {
  const byReader = readings.get(document) ?? new Map<Reader, Reading>();
  readings.set(document, byReader);
  const reading = byReader.get(reader) ?? readAwsIni(document, reader);
  byReader.set(reader, reading);
  return reading;
}

function draftsOf(sections: readonly ReadSection[], kind: ReadSection["kind"], path: string): Sections {
  const drafts: Sections = new Map();
  for (const section of sections) {
    if (section.kind !== kind) continue;
    drafts.set(section.name, draftOf(section, path));
  }
  return drafts;
}

function draftOf(section: ReadSection, path: string): Draft {
  const values = new Map<string, Written>();
  for (const [name, { value, valueSpan }] of section.settings) {
    values.set(name, { text: value, spot: { at: { path, span: valueSpan } } });
  }
  const header = section.headers[0] ?? { start: 0, end: 0 };
  return { name: section.name, values, partial: undefined, spot: { at: { path, span: header } } };
}

/** aws-sdk-go-v2, config/shared_config.go, mergeSections. */
function merge(into: Sections, from: Sections): void {
  for (const [name, source] of from) {
    if (source.values.has(keyId) !== source.values.has(secretKey)) {
      source.partial = (source.values.get(keyId) ?? source.values.get(secretKey))?.spot;
    }
    const target = into.get(name);
    if (!target) {
      into.set(name, source);
      continue;
    }
    target.partial = source.partial;
    const isPair = source.values.has(keyId) && source.values.has(secretKey);
    for (const [key, value] of source.values) {
      const isKey = key === keyId || key === secretKey || key === token;
      if (!isKey || isPair) target.values.set(key, value);
    }
  }
}

/** The sections of one file by name, for programs that merge in ways of their own. */
export function plainSections(
  path: string,
  role: AwsFileRole,
  reader: Reader,
  files: ChainFiles,
): {
  readonly profiles: ReadonlyMap<string, SharedSection>;
  readonly sessions: ReadonlyMap<string, SharedSection>;
  readonly problem?: ChainProblem;
} {
  const fact = files.look(path, "text");
  const key = JSON.stringify([reader, role, path]);
  const known = fact && plainFiles.get(fact)?.get(key);
  if (known) return known;
  const file = plainFile(path, role, reader, files);
  if (fact) plainFiles.set(fact, new Map([...(plainFiles.get(fact) ?? []), [key, file]]));
  return file;
}

const plainFiles = new WeakMap<FileFact, ReadonlyMap<string, ReturnType<typeof plainFile>>>();

function plainFile(path: string, role: AwsFileRole, reader: Reader, files: ChainFiles) {
  const read = readFile(path, role, reader, files);
  const sectionsOf = (kind: ReadSection["kind"]) =>
    new Map<string, SharedSection>(
      [...draftsOf(read.sections, kind, read.path)].map(([name, { values, spot }]) => [name, { name, values, spot }]),
    );
  return {
    profiles: sectionsOf("profile"),
    sessions: sectionsOf("sso-session"),
    ...(read.problem ? { problem: read.problem } : {}),
  };
}

/** The configuration file's profiles with those of the credentials file over them, key by key. */
export function overlaid(
  below: ReadonlyMap<string, SharedSection>,
  above: ReadonlyMap<string, SharedSection>,
): ReadonlyMap<string, SharedSection> {
  const byAbove = overlays.get(below) ?? new WeakMap<object, ReadonlyMap<string, SharedSection>>();
  overlays.set(below, byAbove);
  const known = byAbove.get(above);
  if (known) return known;
  const profiles = new Map(below);
  for (const [name, section] of above) {
    const under = profiles.get(name);
    profiles.set(name, under ? { ...under, values: new Map([...under.values, ...section.values]) } : section);
  }
  byAbove.set(above, profiles);
  return profiles;
}

const overlays = new WeakMap<object, WeakMap<object, ReadonlyMap<string, SharedSection>>>();
