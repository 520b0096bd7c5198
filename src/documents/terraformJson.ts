import { type Node, type ParseError, parseTree } from "jsonc-parser";
import type { SourceFile, Span } from "../model/text";
import type { SyntaxProblem } from "./document";
import type { Attribute, Block, Body, Entry, Expression, Label, TerraformDocument } from "./terraform";
import { type Comment, Lexer, MAX_NESTING, ROOT_BLOCK_LABELS, suppressionsIn } from "./terraformLexer";
import { inOrder, parseBareTemplate } from "./terraformParser";

/** The key of a comment, in a language that has none. */
const COMMENT_KEY = "//";

interface Reader {
  readonly text: string;
  /** Reads the templates inside strings and gathers what is wrong with them. */
  readonly lexer: Lexer;
  readonly comments: Comment[];
  /** Starts of the values that nest too deep. */
  readonly tooDeep: ReadonlySet<number>;
}

interface Items {
  readonly attributes: Attribute[];
  readonly blocks: Block[];
}

interface Property {
  readonly key: Node;
  readonly value: Node | undefined;
  readonly span: Span;
}

/**
 * Reads Terraform's JSON syntax. Never throws. Only a schema can tell nested blocks from attributes here, so below the
 * blocks that Terraform itself defines everything is an attribute. A block's span is its own body with its last label.
 */
export function parseTerraformJson(source: SourceFile): TerraformDocument {
  const { text } = source;
  const { shallow, tooDeep } = withoutDeepValues(text);
  const errors: ParseError[] = [];
  const root = parseTree(shallow, errors, { disallowComments: true });
  const reader: Reader = {
    text,
    lexer: new Lexer(text),
    comments: [],
    tooDeep: new Set(tooDeep.map((span) => span.start)),
  };
  const items: Items = { attributes: [], blocks: [] };
  const isVariables = /\.(?:tfvars|tfbackend)\.json$/.test(source.path);
  const problems: SyntaxProblem[] = [
    ...errors.map((error) => jsonProblem(error, text.length)),
    ...tooDeep.map((span) => ({ message: `This nests deeper than ${MAX_NESTING} levels and was not read.`, span })),
  ];
  for (const body of bodiesOf(root)) {
    for (const property of propertiesOf(reader, body)) {
      const labels = isVariables ? undefined : rootLabels(property.key);
      if (labels === undefined) items.attributes.push(attributeOf(reader, property, !isVariables));
      else readBlocks(reader, property, property, [], labels, items.blocks);
    }
  }
  if (root !== undefined && root.type !== "object" && root.type !== "array") {
    problems.push({ message: "A Terraform file in JSON is an object.", span: spanOf(text, root) });
  }
  return {
    kind: "terraform",
    syntax: "json",
    source,
    problems: inOrder([...problems, ...reader.lexer.problems]),
    suppressions: suppressionsIn(text, reader.comments),
    body: { ...items, span: root?.type === "object" ? inside(text, root) : { start: 0, end: text.length } },
  };
}

function rootLabels(key: Node): number | undefined {
  const type = String(key.value);
  if (type === "moved" || type === "import" || type === "removed") return 0;
  return ROOT_BLOCK_LABELS.get(type);
}

/** A body, or each of a list of bodies. */
function bodiesOf(node: Node | undefined): Node[] {
  if (node?.type === "object") return [node];
  if (node?.type === "array") return (node.children ?? []).filter((child) => child.type === "object");
  return [];
}

/** A body's properties without its comments. */
function propertiesOf(reader: Reader, body: Node): Property[] {
  const properties: Property[] = [];
  for (const child of body.children ?? []) {
    const [key, value] = child.children ?? [];
    if (key === undefined) continue;
    const property: Property = { key, value, span: spanOf(reader.text, child) };
    if (key.value !== COMMENT_KEY) properties.push(property);
    else if (value?.type === "string") reader.comments.push({ text: String(value.value), span: property.span });
  }
  return properties;
}

/** The blocks of one root key: `missing` levels of labels, then bodies. */
function readBlocks(
  reader: Reader,
  root: Property,
  property: Property,
  labels: readonly Label[],
  missing: number,
  blocks: Block[],
): void {
  for (const node of bodiesOf(property.value)) {
    if (missing > 0) {
      for (const labelled of propertiesOf(reader, node)) {
        readBlocks(reader, root, labelled, [...labels, labelOf(reader, labelled.key)], missing - 1, blocks);
      }
      continue;
    }
    const type = labelOf(reader, root.key);
    blocks.push({
      type: type.text,
      typeSpan: type.span,
      labels,
      body: bodyOf(reader, node, type.text),
      span: node === property.value ? property.span : spanOf(reader.text, node),
    });
  }
}

function bodyOf(reader: Reader, node: Node, type: string): Body {
  const items: Items = { attributes: [], blocks: [] };
  for (const property of propertiesOf(reader, node)) {
    const labels = type === "terraform" ? settingsLabels(property.key) : undefined;
    if (labels !== undefined) readBlocks(reader, property, property, [], labels, items.blocks);
    else items.attributes.push(attributeOf(reader, property, type !== "variable"));
  }
  return { ...items, span: inside(reader.text, node) };
}

/** The blocks inside `terraform`. */
function settingsLabels(key: Node): number | undefined {
  if (key.value === "backend" || key.value === "provider_meta") return 1;
  return key.value === "required_providers" || key.value === "cloud" ? 0 : undefined;
}

function labelOf(reader: Reader, key: Node): Label {
  return { text: String(key.value), span: inside(reader.text, key) };
}

/** `areTemplates` is false where Terraform takes strings as they are: variables have no others to refer to. */
function attributeOf(reader: Reader, property: Property, areTemplates: boolean): Attribute {
  const name = labelOf(reader, property.key);
  const value = valueOfProperty(reader, property, areTemplates);
  return { name: name.text, nameSpan: name.span, value, span: property.span };
}

function valueOfProperty(reader: Reader, property: Property, areTemplates: boolean): Expression {
  if (property.value !== undefined) return expressionOf(reader, property.value, areTemplates);
  return { kind: "unknown", span: { start: property.span.end, end: property.span.end } };
}

function expressionOf(reader: Reader, node: Node, areTemplates: boolean): Expression {
  const span = spanOf(reader.text, node);
  if (reader.tooDeep.has(span.start)) return { kind: "unknown", span };
  switch (node.type) {
    case "string":
      return stringOf(reader, node, areTemplates);
    case "number":
      return { kind: "number", value: Number(node.value), span };
    case "boolean":
      return { kind: "bool", value: node.value === true, span };
    case "null":
      return { kind: "null", span };
    case "array":
      return {
        kind: "list",
        items: (node.children ?? []).map((child) => expressionOf(reader, child, areTemplates)),
        span,
      };
    case "object":
      return { kind: "object", entries: entriesOf(reader, node, areTemplates), span };
    default:
      return { kind: "unknown", span };
  }
}

function entriesOf(reader: Reader, node: Node, areTemplates: boolean): Entry[] {
  const entries: Entry[] = [];
  for (const child of node.children ?? []) {
    const [key, value] = child.children ?? [];
    if (key === undefined) continue;
    const property: Property = { key, value, span: spanOf(reader.text, child) };
    entries.push({
      key: stringOf(reader, key, areTemplates),
      value: valueOfProperty(reader, property, areTemplates),
      span: property.span,
    });
  }
  return entries;
}

function stringOf(reader: Reader, node: Node, areTemplates: boolean): Expression {
  const span = spanOf(reader.text, node);
  const contentSpan = inside(reader.text, node);
  const text = String(node.value);
  if (!areTemplates || !/[$%]\{/.test(text)) return { kind: "string", text, contentSpan, heredoc: false, span };
  // Behind an escape the offsets in the file and in the string differ.
  if (reader.text.slice(contentSpan.start, contentSpan.end) !== text) return { kind: "unknown", span };
  const { lexer } = reader;
  lexer.position = contentSpan.start;
  lexer.limit = contentSpan.end;
  return parseBareTemplate(lexer, span);
}

/** A node that is cut off by the end of the file has no length of its own, and one in a broken file may be too long. */
function spanOf(text: string, node: Node): Span {
  const start = Math.min(node.offset, text.length);
  const last = node.children?.at(-1);
  let end = start + node.length;
  if (node.length < 0) end = last === undefined ? start + 1 : spanOf(text, last).end;
  return { start, end: Math.min(end, text.length) };
}

/** What lies between a node's quotes or braces; the closing one may be missing. */
function inside(text: string, node: Node): Span {
  const { start, end } = spanOf(text, node);
  const first = Math.min(start + 1, end);
  const last = node.children?.at(-1);
  const closer = node.type === "string" ? '"' : "}";
  const isClosed =
    text.charAt(end - 1) === closer && end > Math.max(first, last === undefined ? 0 : spanOf(text, last).end);
  return { start: first, end: isClosed ? end - 1 : end };
}

/** What the library found wrong, in words and with a place. */
export function jsonProblem(error: ParseError, length: number): SyntaxProblem {
  const start = Math.min(error.offset, length);
  return { message: messageOf(error.error), span: { start, end: Math.min(start + error.length, length) } };
}

/** By the numbers of the library's `ParseErrorCode`. */
function messageOf(code: number): string {
  switch (code) {
    case 3:
      return "A property's name in quotes should stand here.";
    case 4:
      return "A value should stand here.";
    case 5:
      return "A colon should stand here.";
    case 6:
      return "A comma should stand here.";
    case 7:
      return "This object is not closed: `}` is missing.";
    case 8:
      return "This list is not closed: `]` is missing.";
    case 9:
      return "Nothing may follow the end of the JSON value.";
    case 10:
      return "JSON has no comments; Terraform takes a property named `//` as one.";
    case 12:
      return 'This string is not closed: `"` is missing.';
    case 14:
    case 15:
      return "JSON knows no such escape.";
    case 16:
      return "A character stands here that has to be escaped.";
    default:
      return "This is not valid JSON.";
  }
}

/**
 * The text with each value that nests too deep blanked to the same length, since the library reads nested values by
 * recursion, and with a blank for a byte order mark, which it does not know.
 */
function withoutDeepValues(text: string): { readonly shallow: string; readonly tooDeep: readonly Span[] } {
  const tooDeep: Span[] = [];
  // As the library does, a closer that does not fit the innermost bracket is passed over.
  const closers: string[] = [];
  let deepStart = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') {
      at = stringEnd(text, at);
    } else if (character === "/") {
      at = commentEnd(text, at);
    } else if (character === "{" || character === "[") {
      if (closers.length === MAX_NESTING) deepStart = at;
      closers.push(character === "{" ? "}" : "]");
    } else if (character === closers.at(-1)) {
      closers.pop();
      if (closers.length === MAX_NESTING) tooDeep.push({ start: deepStart, end: at + 1 });
    }
  }
  if (closers.length > MAX_NESTING) tooDeep.push({ start: deepStart, end: text.length });
  let shallow = "";
  let from = 0;
  for (const { start, end } of tooDeep) {
    shallow += `${text.slice(from, start)}0${" ".repeat(end - start - 1)}`;
    from = end;
  }
  shallow += text.slice(from);
  return { shallow: shallow.startsWith("\ufeff") ? ` ${shallow.slice(1)}` : shallow, tooDeep };
}

/** The closing quote of the string that starts at `start`, or the last character of its line. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) return at;
    if (code === 10 || code === 13) return at;
    if (code === 92) at++;
  }
  return text.length;
}

/** The last character of the comment at `start`, or `start` where there is none. */
function commentEnd(text: string, start: number): number {
  if (text.startsWith("/*", start)) {
    const close = text.indexOf("*/", start + 2);
    return close < 0 ? text.length : close + 1;
  }
  if (!text.startsWith("//", start)) return start;
  let at = start;
  while (at + 1 < text.length && !/[\r\n]/.test(text.charAt(at + 1))) at++;
  return at;
}
