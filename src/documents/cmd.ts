import { lineStarts, type SourceFile } from "../model/text";
import { remSuppressions } from "./hashComments";
import { type ScriptDocument, type ShellAssignment, type ShellCommand, type ShellPiece, textOf } from "./shell";

/** `set NAME=`, `set "NAME=`, also behind `if … ` and inside parentheses. */
const set = /^([ \t(@]*(?:(?:if|for)\b.*?[ \t(]|.*?&[ \t]*)?)set[ \t]+("?)([A-Za-z_]\w*)([ \t]*)=/i;
const setx = /^([ \t(@]*)setx[ \t]+()([A-Za-z_]\w*)()[ \t]+(?=[^\s/])/i;

/**
 * Reads what a batch file does with environment variables; the rest of it is passed over. Never throws.
 * https://learn.microsoft.com/windows-server/administration/windows-commands/set_1
 */
export function parseCmd(source: SourceFile): ScriptDocument {
  const { text } = source;
  const starts = lineStarts(text);
  const commands: ShellCommand[] = [];
  let depth = 0;
  for (const [index, start] of starts.entries()) {
    const line = text.slice(start, starts[index + 1]).replace(/[\r\n]+$/, "");
    if (line.length > 10_000 || /^[ \t@]*(?:rem\b|::)/i.test(line)) continue;
    const scope = depth > 0 || /^[ \t@]*(?:if|for)\b/i.test(line) ? 1 : 0;
    const assignment = assignmentIn(line, start);
    depth = Math.max(0, depth + (/\([ \t]*$/.test(line) ? 1 : 0) - (/^[ \t]*\)/.test(line) ? 1 : 0));
    if (!assignment) continue;
    const { nameSpan: at, span } = assignment;
    commands.push({ name: "set", at, words: [], assignments: [assignment], exports: true, scope, span });
  }
  return { kind: "script", shell: "cmd", source, commands, problems: [], suppressions: remSuppressions(text) };
}

function assignmentIn(line: string, start: number): ShellAssignment | undefined {
  const isSetx = setx.test(line);
  const match = (isSetx ? setx : set).exec(line);
  if (!match) return undefined;
  const [whole, , openQuote = "", name = "", blanks = ""] = match;
  const from = whole.length;
  const nameStart = from - (isSetx ? (/[ \t]+$/.exec(whole)?.[0].length ?? 0) : blanks.length + 1) - name.length;
  const nameSpan = { start: start + nameStart, end: start + nameStart + name.length };
  const lastQuote = line.lastIndexOf('"');
  const content =
    openQuote !== "" && lastQuote >= from
      ? { start: from, end: lastQuote }
      : isSetx && line[from] === '"' && lastQuote > from
        ? { start: from + 1, end: lastQuote }
        : { start: from, end: valueEnd(line, from, isSetx) };
  const isQuoted = openQuote !== "" || content.start > from;
  const pieces = piecesOf(line, content.start, content.end, start, isQuoted);
  const span = { start: start + content.start, end: start + content.end };
  return {
    name,
    nameSpan,
    value: { span, pieces, quotes: isQuoted ? "double" : "none", text: textOf(pieces) },
    span: { start: nameSpan.start, end: span.end },
  };
}

/** Up to a sign that ends the command, the blanks before it included: they are part of the value. */
function valueEnd(line: string, from: number, isSetx: boolean): number {
  let isInside = false;
  for (let at = from; at < line.length; at++) {
    const character = line[at] ?? "";
    if (character === "^" && !isInside) at++;
    else if (character === '"') isInside = !isInside;
    else if (!isInside && (/[&|<>]/.test(character) || (isSetx && /\s/.test(character)))) return at;
  }
  return line.length;
}

function piecesOf(line: string, from: number, end: number, base: number, quoted: boolean): readonly ShellPiece[] {
  const pieces: ShellPiece[] = [];
  const pattern = /%([A-Za-z_]\w*)(?::[^%]*)?%|!([A-Za-z_]\w*)!|%[~*\d][A-Za-z]*\d?|%%|\^[\s\S]|[^%!^]+|[\s\S]/g;
  pattern.lastIndex = from;
  while (pattern.lastIndex < end) {
    const at = pattern.lastIndex;
    const match = pattern.exec(line);
    if (!match) break;
    const span = { start: base + at, end: base + Math.min(end, pattern.lastIndex) };
    const written = match[0].slice(0, span.end - span.start);
    const variable = match[1] ?? match[2];
    if (variable !== undefined) pieces.push({ kind: "variable", name: variable, quoted, span });
    else if (/^%[^%]/.test(written)) pieces.push({ kind: "other", quoted, span });
    else pieces.push({ kind: "text", text: unescaped(written, quoted), quoted, span });
  }
  return pieces;
}

function unescaped(written: string, quoted: boolean): string {
  if (written === "%%") return "%";
  return !quoted && written.startsWith("^") ? written.slice(1) : written;
}
