import type { Alias, Pair, Scalar, YAMLMap, YAMLSeq, Document as YamlSyntax } from "yaml";
import type { SourceFile, Span } from "../model/text";
import type { SyntaxProblem } from "./document";
import { hashSuppressions } from "./hashComments";
import { parsers } from "./parsers";
import type { YamlDialect, YamlDocument, YamlEntry, YamlMap, YamlNode, YamlScalar } from "./yaml";

const maxDepth = 64;
/** Nodes of one file, those behind an alias counted each time: aliases of aliases can grow without end. */
const maxNodes = 200_000;

const message = "This cannot be read as YAML.";

/** Reads YAML with its anchors, aliases and `<<` resolved. Never throws: what can be read is there. */
export function parseYaml(source: SourceFile, dialect: YamlDialect): YamlDocument {
  const problems: SyntaxProblem[] = [];
  const roots: YamlNode[] = [];
  try {
    const options = { schema: "failsafe", uniqueKeys: false, prettyErrors: false, logLevel: "silent" } as const;
    for (const document of parsers.yaml().parseAllDocuments(source.text, options)) {
      for (const { pos } of document.errors) problems.push({ message, span: { start: pos[0], end: pos[1] } });
      roots.push(new Builder(source.text).rootOf(document));
    }
  } catch {
    // The parser gives up on what nests too deep for its stack.
    problems.push({ message, span: { start: 0, end: source.text.length } });
  }
  return { kind: "yaml", dialect, source, roots, problems, suppressions: hashSuppressions(source.text) };
}

type Written = Alias | Scalar | YAMLMap | YAMLSeq;

/** Turns one document of the parser into nodes, in its order: an alias means the latest anchor before it. */
class Builder {
  readonly #text: string;
  readonly #library = parsers.yaml();
  readonly #anchors = new Map<string, YamlNode>();
  readonly #sizes = new Map<YamlNode, number>();
  #count = 0;

  constructor(text: string) {
    this.#text = text;
  }

  rootOf({ contents, range }: YamlSyntax): YamlNode {
    const start = range?.[0] ?? 0;
    return this.#node(contents as Written | null, { start, end: start }, 0);
  }

  /** `nothing` is the place of a value that is not there. */
  #node(written: Written | null, nothing: Span, depth: number): YamlNode {
    const before = this.#count++;
    const node = this.#build(written, nothing, depth);
    if (!written || this.#library.isAlias(written)) return node;
    this.#sizes.set(node, this.#count - before);
    if (written.anchor) this.#anchors.set(written.anchor, node);
    return node;
  }

  #build(written: Written | null, nothing: Span, depth: number): YamlNode {
    const { isAlias, isMap, isSeq } = this.#library;
    if (!written) return { kind: "scalar", text: "", style: "plain", span: nothing, contentSpan: nothing };
    const span = spanOf(written, nothing);
    if (depth > maxDepth || this.#count > maxNodes) return { kind: "unknown", span };
    if (isAlias(written)) return this.#aliased(written, span);
    const tag = written.tag === undefined ? {} : { tag: written.tag };
    if (isMap(written)) return { kind: "map", entries: this.#entries(written, span, depth + 1), ...tag, span };
    if (isSeq(written)) return { kind: "list", items: this.#items(written, span, depth + 1), ...tag, span };
    return { ...this.#scalar(written, span), ...tag };
  }

  #aliased({ source }: Alias, span: Span): YamlNode {
    const node = this.#anchors.get(source);
    this.#count += node ? (this.#sizes.get(node) ?? 1) : 0;
    return node && this.#count <= maxNodes ? node : { kind: "unknown", span };
  }

  #scalar({ value, type }: Scalar, span: Span): YamlScalar {
    const text = typeof value === "string" ? value : "";
    if (type === "BLOCK_LITERAL" || type === "BLOCK_FOLDED") {
      const firstLine = this.#text.indexOf("\n", span.start) + 1;
      const start = firstLine > 0 && firstLine <= span.end ? firstLine : span.end;
      return {
        kind: "scalar",
        text,
        style: type === "BLOCK_LITERAL" ? "literal" : "folded",
        span,
        contentSpan: { start, end: span.end },
      };
    }
    if (type !== "QUOTE_DOUBLE" && type !== "QUOTE_SINGLE") {
      return { kind: "scalar", text, style: "plain", span, contentSpan: span };
    }
    const quote = type === "QUOTE_DOUBLE" ? '"' : "'";
    const isClosed = span.end - span.start > 1 && this.#text[span.end - 1] === quote;
    const contentSpan = { start: span.start + 1, end: isClosed ? span.end - 1 : span.end };
    return { kind: "scalar", text, style: quote === '"' ? "double" : "single", span, contentSpan };
  }

  #items({ items }: YAMLSeq, { end }: Span, depth: number): readonly YamlNode[] {
    const { isPair } = this.#library;
    return items
      .filter((item) => !isPair(item))
      .map((item) => this.#node(item as Written | null, { start: end, end }, depth));
  }

  #entries({ items }: YAMLMap, { end }: Span, depth: number): readonly YamlEntry[] {
    const own: YamlEntry[] = [];
    const merged: YamlMap[] = [];
    for (const { key, value } of items as Pair<Written | null, Written | null>[]) {
      const keyNode = this.#node(key, { start: end, end }, depth);
      const behind = { start: keyNode.span.end, end: keyNode.span.end };
      const valueNode = this.#node(value, behind, depth);
      if (keyNode.kind !== "scalar") continue;
      if (keyNode.text === "<<" && keyNode.style === "plain") merged.push(...mapsIn(valueNode));
      const last = value ? spanOf(value, behind) : behind;
      const span = { start: keyNode.span.start, end: Math.max(behind.end, last.end) };
      own.push({ key: keyNode, value: valueNode, isMerged: false, span });
    }
    return merged.length === 0 ? own : [...own, ...this.#inherited(own, merged)];
  }

  /** A name that is there stays; of several maps the first wins. https://yaml.org/type/merge.html */
  #inherited(own: readonly YamlEntry[], maps: readonly YamlMap[]): readonly YamlEntry[] {
    const known = new Set(own.map(({ key }) => key.text));
    const inherited: YamlEntry[] = [];
    for (const { entries } of maps) {
      this.#count += entries.length;
      if (this.#count > maxNodes) break;
      for (const entry of entries) {
        if (!known.has(entry.key.text)) inherited.push({ ...entry, isMerged: true });
        known.add(entry.key.text);
      }
    }
    return inherited;
  }
}

function mapsIn(node: YamlNode): readonly YamlMap[] {
  if (node.kind === "map") return [node];
  return node.kind === "list" ? node.items.filter((item) => item.kind === "map") : [];
}

function spanOf({ range }: Written, nothing: Span): Span {
  return range ? { start: range[0], end: Math.max(range[0], range[1]) } : nothing;
}
