import type { YamlEntry, YamlMap, YamlNode } from "../documents/yaml";
import type { SourceFile, Span, TextEdit } from "../model/text";
import { endOfLine, newlineAt, yamlLine } from "./lineForms";

/** One more entry at the end of a map, on a line of its own or between the braces; nothing where it has no room. */
export function addEntry({ path, text }: SourceFile, map: YamlMap, entry: string): readonly TextEdit[] {
  const own = map.entries.filter(({ isMerged }) => !isMerged);
  const last = own.at(-1);
  if (!last) return [];
  if (text[map.span.start] === "{") {
    const at = last.span.end;
    return [{ path, span: { start: at, end: at }, pieces: [`, ${entry}`] }];
  }
  const line = yamlLine(text, { nameSpan: last.key.contentSpan, span: last.span }, ": ");
  if (line?.lineEnd === undefined) return [];
  return [{ path, span: { start: line.lineEnd, end: line.lineEnd }, pieces: [line.newline, line.indent, entry] }];
}

/** Lines above the first entry of a map that is written in lines. */
export function addFirst({ path, text }: SourceFile, node: YamlNode, lines: readonly string[]): readonly TextEdit[] {
  const first = node.kind === "map" ? node.entries.find(({ isMerged }) => !isMerged) : undefined;
  if (!first || text[node.span.start] === "{") return [];
  const start = first.key.span.start;
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const indent = { start: lineStart, end: start };
  if (!/^[ ]*$/.test(text.slice(lineStart, start))) return [];
  const newline = newlineAt(text, endOfLine(text, start));
  const pieces = lines.flatMap((line) => [line, newline, indent]);
  return [{ path, span: { start, end: start }, pieces }];
}

/** The whole lines of an entry; undefined where it shares them. */
export function linesOf(text: string, { key, span }: YamlEntry): Span | undefined {
  const start = text.lastIndexOf("\n", key.span.start - 1) + 1;
  if (!/^[ ]*$/.test(text.slice(start, key.span.start))) return undefined;
  // A block's text may end with the break of its last line.
  const last = text.slice(0, span.end).replace(/[\r\n \t]+$/, "").length;
  const end = endOfLine(text, last);
  if (!/^[ \t]*(?:#.*)?$/.test(text.slice(last, end))) return undefined;
  return { start, end: text.startsWith("\r\n", end) ? end + 2 : Math.min(end + 1, text.length) };
}

/** One more item above an item that has a line of its own. */
export function addItemBefore({ path, text }: SourceFile, item: YamlNode, written: string): readonly TextEdit[] {
  const lineStart = text.lastIndexOf("\n", item.span.start - 1) + 1;
  const [, indent, dash] = /^([ ]*)(-[ ]+)(?:[|>][\d+-]*[ ]*)?$/.exec(text.slice(lineStart, item.span.start)) ?? [];
  if (indent === undefined || dash === undefined) return [];
  const start = lineStart + indent.length;
  const newline = newlineAt(text, endOfLine(text, start));
  return [{ path, span: { start, end: start }, pieces: [`- ${written}`, newline, { start: lineStart, end: start }] }];
}
