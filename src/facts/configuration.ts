import { hostOf, isAwsHost } from "../aws/hosts";
import type { JsoncDocument } from "../documents/jsonc";
import type { YamlNode } from "../documents/yaml";
import { type Finding, type Severity, severities } from "../model/finding";
import { covers, type Glob, globOf } from "../model/glob";
import type { Span } from "../model/text";
import { environmentPath } from "./environment";
import { directoryOf } from "./locations";
import { mostSimilar } from "./similar";

/** `on` leaves each finding the severity it comes with. */
export type Level = Severity | "on" | "off";

export const levels: readonly Level[] = ["off", "on", ...severities];

/** What a project says of the findings in and below one folder. It chooses what is shown, never what is done. */
export interface Configuration {
  readonly directory: string;
  readonly rules: ReadonlyMap<string, Level>;
  /** Patterns of files whose findings are left out, seen from the folder. */
  readonly exclude: readonly Glob[];
  /** Hosts, some with a port, that stand in for AWS. */
  readonly emulators: readonly string[];
}

/** The configurations of a workspace: the nearest above a file speaks of it, with the user's own settings on top. */
export class Configurations {
  readonly #byDirectory: ReadonlyMap<string, Configuration>;
  /** One for each folder of the workspace. */
  readonly #settings: readonly Configuration[];

  constructor(found: readonly Configuration[], settings: readonly Configuration[] = []) {
    this.#byDirectory = new Map(found.map((one) => [one.directory, one]));
    this.#settings = settings;
  }

  levelOf(rule: string, path: string): Level {
    return this.#above(path).reduce<Level>((level, { rules }) => rules.get(rule) ?? level, "on");
  }

  excludes(path: string): boolean {
    return this.#above(path).some(({ directory, exclude }) =>
      exclude.some((pattern) => covers(pattern, path.slice(directory === "" ? 0 : directory.length + 1))),
    );
  }

  /** The hosts that a directory's files may take for AWS. */
  emulatorsIn(directory: string): readonly string[] {
    return this.#above(`${directory}/`).flatMap(({ emulators }) => emulators);
  }

  /** The nearest file, then the settings, which have the last word. */
  #above(path: string): readonly Configuration[] {
    if (path === environmentPath) return [];
    const own = this.#settings.filter((one) => one.directory === "" || path.startsWith(`${one.directory}/`));
    for (let directory = directoryOf(path); ; directory = directoryOf(directory)) {
      const nearest = this.#byDirectory.get(directory);
      if (nearest) return [nearest, ...own];
      if (directory === "") return own;
    }
  }
}

/** A configuration as far as it can be understood, and all that is wrong with it. */
export interface ReadConfiguration {
  readonly path: string;
  readonly configuration: Configuration;
  readonly problems: readonly Finding[];
}

/** Where a folder has two files, nobody can say which counts. */
export function twins(read: readonly ReadConfiguration[]): readonly Finding[] {
  return read.flatMap(({ path, configuration: { directory } }, index) => {
    const first = read.slice(0, index).some((other) => other.configuration.directory === directory);
    const at = { path, span: { start: 0, end: 0 } };
    const message = "This folder has both .callerid.json and .callerid.jsonc: keep one.";
    return first ? [{ rule: "configuration", severity: "error", message, at }] : [];
  });
}

const keys = ["$schema", "rules", "exclude", "emulatorEndpoints"];

/** The content of a file, which is wrong where a rule is none of `ruleIds`. */
export function readConfiguration(
  { source, root, problems: syntax }: JsoncDocument,
  ruleIds: readonly string[],
): ReadConfiguration {
  const problems: Finding[] = [];
  const report = (message: string, span: Span) =>
    problems.push({ rule: "configuration", severity: "error", message, at: { path: source.path, span } });
  for (const { message, span } of syntax) report(message, span);
  const rules = new Map<string, Level>();
  const exclude: string[] = [];
  const emulators: string[] = [];
  if (root && root.kind !== "map") report("A configuration is an object: `{ … }`.", root.span);
  for (const { key, value } of entriesOf(root)) {
    const { text: name, span: nameSpan } = key;
    if (name === "rules") readRules(value);
    else if (name === "exclude") readList(value, name, patternFlaw, exclude);
    else if (name === "emulatorEndpoints") readList(value, name, endpointFlaw, emulators);
    else if (name !== "$schema") report(`There is no key ${quoted(name)}${orMeant(name, keys)}`, nameSpan);
  }
  return {
    path: source.path,
    configuration: {
      directory: directoryOf(source.path),
      rules,
      exclude: exclude.map(globOf),
      emulators: emulators.map(hostAndPort),
    },
    problems,
  };

  function readRules(value: YamlNode): void {
    if (value.kind !== "map") return void report("`rules` is an object of rules and levels.", value.span);
    for (const { key, value: level } of entriesOf(value)) {
      const { text: name, span: nameSpan } = key;
      const known = levels.find((one) => one === textOf(level));
      if (!ruleIds.includes(name)) report(`There is no rule ${quoted(name)}${orMeant(name, ruleIds)}`, nameSpan);
      else if (known) rules.set(name, known);
      else report(`A level is one of ${levels.join(", ")}${orMeant(textOf(level) ?? "", levels)}`, level.span);
    }
  }

  function readList(value: YamlNode, name: string, flawOf: (text: string) => string | undefined, into: string[]): void {
    if (value.kind !== "list") return void report(`\`${name}\` is a list of texts.`, value.span);
    for (const item of value.items) {
      const text = textOf(item);
      const flaw = text === undefined ? `\`${name}\` is a list of texts.` : flawOf(text);
      if (flaw !== undefined) report(flaw, item.span);
      else if (text !== undefined) into.push(text);
    }
  }
}

/** A member that is still being typed has no value and says nothing. */
const entriesOf = (node: YamlNode | undefined) =>
  node?.kind === "map" ? node.entries.filter(({ value }) => value.kind !== "unknown") : [];

const textOf = (node: YamlNode) => (node.kind === "scalar" && node.style === "double" ? node.text : undefined);

/** The end of a sentence about an unknown name. */
function orMeant(name: string, known: readonly string[]): string {
  const similar = mostSimilar(name, known);
  return similar === undefined ? "." : `; did you mean "${similar}"?`;
}

/** A name of the file's, as far as it looks like one: whatever else stands there is nobody's to print. */
const quoted = (name: string) => (/^[\w$.-]{1,60}$/.test(name) ? `"${name}"` : "of that name");

const longestPattern = 500;

function patternFlaw(pattern: string): string | undefined {
  if (pattern.trim() === "") return "This pattern is empty.";
  if (pattern.length > longestPattern) return "This pattern is too long to be one.";
  if (pattern.includes("\\")) return "A pattern has `/` between folders, on every system.";
  if (/^[A-Za-z]:|^~|(?:^|\/)\.\.(?:\/|$)/.test(pattern)) return "A pattern stays below this file's folder.";
  if (/^!|[{}]/.test(pattern)) return "A pattern knows `*`, `?`, `[…]` and `**`; write one for each case.";
  return undefined;
}

function endpointFlaw(endpoint: string): string | undefined {
  const host = hostOf(endpoint);
  if (!/^(?:https?:\/\/)?(?:[a-z0-9_.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?\/?$/i.test(endpoint) || host === "")
    return "An emulator's endpoint is a host, or a URL without a path.";
  return isAwsHost(host) ? "This host is AWS's own, and no emulator." : undefined;
}

const hostAndPort = (endpoint: string) =>
  endpoint
    .toLowerCase()
    .replace(/^https?:\/\//, "")
    .replace(/\/$/, "");
