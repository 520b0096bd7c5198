import type { SourceFile, Span } from "../model/text";
import { placed } from "./placedCommands";
import { parsePowerShell } from "./powershell";
import type { ShellCommand, ShellName, ShellPiece, ShellWord } from "./shell";
import { shellCommands } from "./shellParser";
import type { YamlScalar } from "./yaml";

/** What a service fills in before any shell starts: `${{ … }}`, `$[[ … ]]`, `<< parameters.… >>`. */
const filledIn =
  /\$\{\{[\s\S]*?\}\}|\$\[\[[\s\S]*?\]\]|<<[ \t]*(?:parameters|pipeline|matrix|inputs)\.[\w.-]+[ \t]*>>/g;

/** The commands of a scalar that a shell runs, at their places in the file. Never throws. */
export function scalarCommands(source: SourceFile, scalar: YamlScalar, shell: ShellName): readonly ShellCommand[] {
  const text = scalar.text.replace(filledIn, (one) => `\${${"_".repeat(one.length - 3)}}`);
  const commands =
    shell === "sh"
      ? shellCommands(text)
      : shell === "powershell"
        ? parsePowerShell({ path: source.path, text }).commands
        : [];
  return placed(commands, placesIn(source.text, scalar));
}

/** Where each character of a scalar's text stands in the file; what folding or an escape made has the place of its cause. */
export function offsetsOf(text: string, { text: content, style, contentSpan }: YamlScalar): readonly number[] {
  const offsets: number[] = [];
  let at = contentSpan.start;
  const { end } = contentSpan;
  for (let index = 0; index < content.length; index++) {
    const wanted = content[index] ?? "";
    if (style === "double") while (/^\\\r?\n/.test(text.slice(at, at + 3))) at = behindBlanks(text, at + 2, end);
    const isEscape = (style === "double" && text[at] === "\\") || (style === "single" && text.startsWith("''", at));
    if (isEscape && at < end) {
      offsets.push(at);
      at += style === "single" ? 2 : escapeLength(text[at + 1]);
      continue;
    }
    if (text[at] !== wanted && !/\s/.test(wanted)) at = behindBlanks(text, at, end);
    offsets.push(Math.min(at, end));
    if (text[at] === wanted && at < end) at++;
  }
  offsets.push(Math.min(at, end));
  return offsets;
}

/** Spans of a scalar's text as spans of the file. */
function placesIn(text: string, scalar: YamlScalar): (one: Span) => Span {
  const offsets = offsetsOf(text, scalar);
  const { style, contentSpan } = scalar;
  // The character behind may stand on the next line, so a span ends with its last one.
  const behind = (offset: number) => {
    if (style === "double" && text[offset] === "\\") return offset + escapeLength(text[offset + 1]);
    return offset + (style === "single" && text.startsWith("''", offset) ? 2 : 1);
  };
  return ({ start, end }) => {
    const first = offsets[start] ?? contentSpan.end;
    if (end <= start) return { start: first, end: first };
    const last = offsets[end - 1] ?? contentSpan.end - 1;
    return { start: first, end: Math.max(first, Math.min(behind(last), contentSpan.end)) };
  };
}

function behindBlanks(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && /[ \t\r\n]/.test(text[at] ?? "")) at++;
  return at;
}

const escapeLength = (kind: string | undefined) => (kind === "x" ? 4 : kind === "u" ? 6 : kind === "U" ? 10 : 2);

const reference =
  /\$\{\{([\s\S]*?)\}\}|\$\[\[([\s\S]*?)\]\]|<<[ \t]*([\w.-]+)[ \t]*>>|\$\$|\$\{([^}]*)\}|\$\(([^)]*)\)|\$([A-Za-z_]\w*)|%([A-Za-z_]\w*)%/g;

/** A value in which services put variables in their several ways; with any of them nobody knows its text. */
export function scalarWord(source: SourceFile, scalar: YamlScalar): ShellWord {
  const { contentSpan, text, style } = scalar;
  const place = placesIn(source.text, scalar);
  const at = (start: number, end: number): Span => place({ start, end });
  const pieces: ShellPiece[] = [];
  let from = 0;
  const plain = (to: number) => {
    if (to > from) pieces.push({ kind: "text", text: text.slice(from, to), quoted: false, span: at(from, to) });
  };
  for (const match of text.matchAll(reference)) {
    plain(match.index);
    from = match.index + match[0].length;
    const name = match.slice(1).find((one) => one !== undefined) ?? "";
    pieces.push({ kind: "variable", name: name.trim(), quoted: false, span: at(match.index, from) });
  }
  plain(text.length);
  const isExact = source.text.slice(contentSpan.start, contentSpan.end) === text;
  return {
    span: contentSpan,
    pieces: isExact || pieces.length !== 1 ? pieces : pieces.map((one) => ({ ...one, span: contentSpan })),
    quotes: style === "single" ? "single" : style === "double" ? "double" : "none",
    text: pieces.every(({ kind }) => kind === "text") ? text : undefined,
  };
}
