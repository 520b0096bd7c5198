import type { ShellAssignment, ShellName } from "../documents/shell";
import type { LineForm } from "./variables";

/** What stands before the name of a variable that has a line of its own, and how its value is set. */
interface Form {
  readonly before: RegExp;
  readonly behind: RegExp;
  readonly separator: string;
  readonly closing: string;
}

const forms: Readonly<Record<"envFile" | ShellName, Form>> = {
  envFile: { before: /^[ \t\ufeff]*(?:export[ \t]+)?$/, behind: /^[ \t]*(?:#.*)?$/, separator: "=", closing: "" },
  sh: { before: /^[ \t]*(?:export[ \t]+)?$/, behind: /^[ \t]*(?:#.*)?$/, separator: "='", closing: "'" },
  powershell: { before: /^[ \t]*\$env:$/i, behind: /^[ \t]*;?[ \t]*(?:#.*)?$/, separator: " = '", closing: "'" },
  cmd: { before: /^[ \t]*@?set[ \t]+"?$/i, behind: /^"?[ \t]*$/, separator: "=", closing: "" },
};

/** How a line below an assignment is written in that language; undefined where the assignment shares its line. */
export function lineForm(
  text: string,
  { nameSpan, value }: ShellAssignment,
  language: keyof typeof forms,
): LineForm | undefined {
  const { before, behind, separator, closing } = forms[language];
  const start = Math.max(text.lastIndexOf("\n", nameSpan.start - 1), text.lastIndexOf("\r", nameSpan.start - 1)) + 1;
  const lineEnd = endOfLine(text, value.span.end);
  const indent = { start, end: nameSpan.start };
  const prefix = text.slice(start, nameSpan.start);
  if (!before.test(prefix) || !behind.test(text.slice(value.span.end, lineEnd))) return undefined;
  if (/[\r\n]/.test(text.slice(value.span.start, value.span.end))) return undefined;
  const line = { lineEnd, indent, newline: newlineAt(text, lineEnd) };
  if (language !== "cmd") return { ...line, signs: { separator, closing } };
  return { ...line, signs: { separator, closing: '"', ...(prefix.endsWith('"') ? {} : { opening: '"' }) } };
}

/** The same of a map's entry, or of an item `- NAME=value`. */
export function yamlLine(
  text: string,
  { nameSpan, span }: Pick<ShellAssignment, "nameSpan" | "span">,
  separator: ": " | "=",
): LineForm | undefined {
  const start = text.lastIndexOf("\n", nameSpan.start - 1) + 1;
  const before = text.slice(start, nameSpan.start);
  const [, quote] = (separator === "=" ? /^[ \t]*-[ \t]+(["']?)$/ : /^[ \t]*()$/).exec(before) ?? [];
  const lineEnd = endOfLine(text, span.end);
  if (quote === undefined || /[\r\n]/.test(text.slice(span.start, span.end))) return undefined;
  if (!/^[ \t]*(?:#.*)?$/.test(text.slice(span.end, lineEnd).replace(quote, ""))) return undefined;
  const indent = { start, end: nameSpan.start };
  return { lineEnd, indent, newline: newlineAt(text, lineEnd), signs: { separator, closing: quote } };
}

export function endOfLine(text: string, from: number): number {
  const found = text.slice(from).search(/[\r\n]/);
  return found < 0 ? text.length : from + found;
}

/** The line break at an offset, or at the end of a file its usual one. */
export function newlineAt(text: string, lineEnd: number): "\n" | "\r\n" {
  const there = text.slice(lineEnd, lineEnd + 2);
  return there === "\r\n" || (there === "" && text.includes("\r\n")) ? "\r\n" : "\n";
}
