import type { Span } from "../model/text";
import type { ParsedFile } from "./document";

/** A YAML file by what reads it; the dialect comes from its path. */
export interface YamlDocument extends ParsedFile {
  readonly kind: "yaml";
  readonly dialect: YamlDialect;
  /** One for each `---`. */
  readonly roots: readonly YamlNode[];
}

/** `pipeline` is that of a service of which no more is known than where variables and scripts stand. */
export type YamlDialect = "compose" | "github-workflow" | "github-action" | "gitlab-ci" | "pipeline";

/** `span` is the node as written, quotes included. An alias is the very node it stands for, with that one's places. */
export type YamlNode = YamlScalar | YamlMap | YamlList | YamlUnknown;

export interface YamlScalar {
  readonly kind: "scalar";
  /** Escapes, line folding and quotes undone; `true` and `12` are the texts they are written as. */
  readonly text: string;
  readonly style: "plain" | "single" | "double" | "literal" | "folded";
  readonly tag?: string;
  readonly span: Span;
  /** Between the quotes; of a block (`|`, `>`) its lines, with their indentation. */
  readonly contentSpan: Span;
}

export interface YamlMap {
  readonly kind: "map";
  /** As written, then what `<<` adds to them. */
  readonly entries: readonly YamlEntry[];
  readonly tag?: string;
  readonly span: Span;
}

export interface YamlList {
  readonly kind: "list";
  readonly items: readonly YamlNode[];
  readonly tag?: string;
  readonly span: Span;
}

/** An alias of nothing, or more than is read. */
export interface YamlUnknown {
  readonly kind: "unknown";
  readonly span: Span;
}

export interface YamlEntry {
  readonly key: YamlScalar;
  readonly value: YamlNode;
  /** Taken over by `<<`. */
  readonly isMerged: boolean;
  /** The key, the colon and the value. */
  readonly span: Span;
}

/** The entry of that name, the last one where there are several; undefined in anything but a map. */
export function entryOf(node: YamlNode | undefined, name: string): YamlEntry | undefined {
  if (node?.kind !== "map") return undefined;
  return (
    node.entries.findLast((entry) => entry.key.text === name && !entry.isMerged) ??
    node.entries.find((entry) => entry.key.text === name)
  );
}

/** What lies at the end of a path of names. */
export function nodeAt(node: YamlNode | undefined, ...names: readonly string[]): YamlNode | undefined {
  return names.reduce<YamlNode | undefined>((inner, name) => entryOf(inner, name)?.value, node);
}

/** Nothing written where a value could stand: `key:`, `~`, `null`. */
export function isNull(node: YamlNode | undefined): boolean {
  return node?.kind === "scalar" && node.style === "plain" && /^(?:|~|null|Null|NULL)$/.test(node.text);
}

export const scalarOf = (node: YamlNode | undefined): YamlScalar | undefined =>
  node?.kind === "scalar" ? node : undefined;

export const itemsOf = (node: YamlNode | undefined): readonly YamlNode[] => (node?.kind === "list" ? node.items : []);
