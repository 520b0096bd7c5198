import { type Node, type ParseError, parseTree } from "jsonc-parser";
import type { SourceFile, Span } from "../model/text";
import type { ParsedFile, SyntaxProblem } from "./document";
import { jsonProblem } from "./terraformJson";
import { type Comment, suppressionsIn } from "./terraformLexer";
import type { YamlEntry, YamlNode, YamlScalar } from "./yaml";

/** A settings file in JSON with comments, or one that a program keeps for itself, as the nodes that YAML has too. */
export interface JsoncDocument extends ParsedFile {
  readonly kind: "jsonc";
  readonly dialect: JsoncDialect;
  readonly root: YamlNode | undefined;
}

export type JsoncDialect = "devcontainer" | "vscode-settings" | "vscode-launch" | "init-cache" | "configuration";

const maxDepth = 64;

/** Never throws. A file that nests too deep is not read. */
export function parseJsonc(source: SourceFile, dialect: JsoncDialect): JsoncDocument {
  const { text } = source;
  const isTooDeep = nestsTooDeep(text);
  const errors: ParseError[] = [];
  const isStrict = /\.callerid\.json$/.test(source.path);
  const options = { allowTrailingComma: !isStrict, disallowComments: isStrict };
  const root = isTooDeep ? undefined : parseTree(text.replace(/^\ufeff/, " "), errors, options);
  return {
    kind: "jsonc",
    dialect,
    source,
    root: root && nodeOf(root, text),
    problems: isTooDeep
      ? [{ message: "This nests too deep and was not read.", span: { start: 0, end: 0 } }]
      : errors.map((error) => problemOf(error, text.length)),
    suppressions: text.includes("callerid-ignore") ? suppressionsIn(text, commentsIn(text)) : [],
  };
}

function problemOf(error: ParseError, length: number): SyntaxProblem {
  const problem = jsonProblem(error, length);
  const isComment = error.error === 10;
  return isComment ? { ...problem, message: "JSON has no comments; name the file .callerid.jsonc." } : problem;
}

function nestsTooDeep(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === "{" || character === "[") depth++;
    if (character === "}" || character === "]") depth--;
    if (depth > maxDepth) return true;
  }
  return false;
}

function nodeOf(node: Node, text: string): YamlNode {
  const span = { start: node.offset, end: node.offset + node.length };
  if (node.type === "array") {
    return { kind: "list", items: (node.children ?? []).map((child) => nodeOf(child, text)), span };
  }
  if (node.type === "object") {
    return { kind: "map", entries: (node.children ?? []).flatMap((child) => entryOf(child, text)), span };
  }
  return scalarOf(node, span, text);
}

function entryOf(property: Node, text: string): readonly YamlEntry[] {
  const [key, value] = property.children ?? [];
  if (!key) return [];
  const keyNode = scalarOf(key, { start: key.offset, end: key.offset + key.length }, text);
  const end = key.offset + key.length;
  const valueNode: YamlNode = value ? nodeOf(value, text) : { kind: "unknown", span: { start: end, end } };
  return [
    { key: keyNode, value: valueNode, isMerged: false, span: { start: keyNode.span.start, end: valueNode.span.end } },
  ];
}

function scalarOf({ type, value }: Node, span: Span, text: string): YamlScalar {
  if (type !== "string") {
    return { kind: "scalar", text: text.slice(span.start, span.end), style: "plain", span, contentSpan: span };
  }
  const isClosed = span.end - span.start > 1 && text[span.end - 1] === '"';
  const contentSpan = { start: span.start + 1, end: isClosed ? span.end - 1 : span.end };
  return { kind: "scalar", text: String(value), style: "double", span, contentSpan };
}

function commentsIn(text: string): readonly Comment[] {
  return [...text.matchAll(/"(?:\\.|[^"\\\n])*"|(\/\/[^\r\n]*|\/\*[\s\S]*?\*\/)/g)].flatMap(({ index, 1: comment }) =>
    comment === undefined ? [] : [{ text: comment, span: { start: index, end: index + comment.length } }],
  );
}
