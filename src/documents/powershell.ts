import type { SourceFile, Span } from "../model/text";
import { hashSuppressions } from "./hashComments";
import {
  type ScriptDocument,
  type ShellAssignment,
  type ShellCommand,
  type ShellPiece,
  type ShellWord,
  textOf,
} from "./shell";

/** `$env:NAME = …`, `${env:NAME} = …`. https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_environment_variables */
const assignment = /\$(?:env:([A-Za-z_]\w*)|\{env:([A-Za-z_]\w*)\})[ \t]*=(?!=)[ \t]*/giy;
const setter = /\[(?:System\.)?Environment\]::SetEnvironmentVariable\(\s*(["'])([A-Za-z_]\w*)\1\s*,\s*/giy;
const setItem = /Set-Item\s+(?:-(?:Literal)?Path\s+)?(["']?)env:[\\/]?([A-Za-z_]\w*)\1\s+(?:-Value\s+)?/giy;

/** Reads what a PowerShell script does with environment variables; the rest of it is passed over. Never throws. */
export function parsePowerShell(source: SourceFile): ScriptDocument {
  const { text } = source;
  const commands: ShellCommand[] = [];
  let depth = 0;
  let at = 0;
  while (at < text.length) {
    const skipped = skip(text, at);
    if (skipped > at) {
      at = skipped;
      continue;
    }
    const character = text[at];
    if (character === "{" && text[at - 1] !== "$") depth++;
    if (character === "}") depth = Math.max(0, depth - 1);
    const found =
      character === "$" || character === "[" || /[Ss]/.test(character ?? "") ? assignmentAt(text, at) : undefined;
    if (found) {
      const { span } = found;
      commands.push({
        name: "$env",
        at: found.nameSpan,
        words: [],
        assignments: [found],
        exports: true,
        scope: depth,
        span,
      });
    }
    at = found ? Math.max(found.span.end, at + 1) : at + 1;
  }
  return { kind: "script", shell: "powershell", source, commands, problems: [], suppressions: hashSuppressions(text) };
}

/** Behind a comment or a string that begins here; `at` itself where there is none. */
function skip(text: string, at: number): number {
  if (text.startsWith("<#", at)) return behind(text, "#>", at + 2);
  if (text[at] === "#" && (at === 0 || /[\s;{}()]/.test(text[at - 1] ?? ""))) return lineEnd(text, at);
  if (text[at] === "@" && (text[at + 1] === '"' || text[at + 1] === "'"))
    return behind(text, `\n${text[at + 1]}@`, at + 2);
  if (text[at] === '"' || text[at] === "'") return stringEnd(text, at);
  return text[at] === "`" ? at + 2 : at;
}

function assignmentAt(text: string, at: number): ShellAssignment | undefined {
  for (const pattern of [assignment, setter, setItem]) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) continue;
    const name = (pattern === assignment ? (match[1] ?? match[2]) : match[2]) ?? "";
    const nameStart = text.indexOf(name, at + (pattern === assignment ? 5 : 9));
    const nameSpan = { start: nameStart, end: nameStart + name.length };
    const value = wordAt(text, at + match[0].length);
    return { name, nameSpan, value, span: { start: at, end: value.span.end } };
  }
  return undefined;
}

/** The value up to the end of its statement: a string, or an expression that is not worked out. */
function wordAt(text: string, start: number): ShellWord {
  const quote = text[start];
  if (quote === '"' || quote === "'") {
    const end = stringEnd(text, start);
    const content = { start: start + 1, end: Math.max(start + 1, end - 1) };
    const pieces: readonly ShellPiece[] =
      quote === "'"
        ? [
            {
              kind: "text",
              text: text.slice(content.start, content.end).replaceAll("''", "'"),
              quoted: true,
              span: content,
            },
          ]
        : expandable(text, content);
    const rest = text.slice(end, statementEnd(text, end)).trim();
    const known = rest === "" || /^[,)#]/.test(rest) ? textOf(pieces) : undefined;
    const whole: readonly ShellPiece[] = known === undefined && rest !== "" ? unknown(start, end) : pieces;
    return { span: { start, end }, pieces: whole, quotes: quote === "'" ? "single" : "double", text: known };
  }
  let end = statementEnd(text, start);
  while (end > start && /\s/.test(text[end - 1] ?? "")) end--;
  const span = { start, end };
  const bare = text.slice(start, end);
  // A word that is neither a variable nor a call: PowerShell looks for a command of that name.
  const isWord = /^[A-Za-z0-9+/=_.-]+$/.test(bare) && !/^[0-9.]+$/.test(bare);
  const pieces: readonly ShellPiece[] =
    bare === "" ? [] : isWord ? [{ kind: "text", text: bare, quoted: false, span }] : unknown(start, end);
  return { span, pieces, quotes: "none", text: textOf(pieces) };
}

const unknown = (start: number, end: number): readonly ShellPiece[] => [
  { kind: "other", quoted: false, span: { start, end } },
];

/** What a double-quoted string holds: text with backtick escapes, `$name`, `$(…)`. */
function expandable(text: string, { start, end }: Span): readonly ShellPiece[] {
  const pieces: ShellPiece[] = [];
  const pattern = /\$(?:\{([^}]*)\}|(?:env:)?([A-Za-z_]\w*)|\()|`[\s\S]|""|[^$`"]+|[\s\S]/g;
  pattern.lastIndex = start;
  while (pattern.lastIndex < end) {
    const from = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) break;
    const span = { start: from, end: Math.min(end, pattern.lastIndex) };
    const written = match[0].slice(0, span.end - from);
    if (written === "$(") {
      pieces.push({ kind: "output", quoted: true, span: { start: from, end } });
      break;
    }
    const variable = match[1] ?? match[2];
    if (variable === undefined) pieces.push({ kind: "text", text: unescaped(written), quoted: true, span });
    else pieces.push({ kind: "variable", name: variable.replace(/^env:/i, ""), quoted: true, span });
  }
  return pieces;
}

const unescaped = (written: string) => (written === '""' ? '"' : written.replace(/^`(?=[\s\S])/, ""));

function stringEnd(text: string, start: number): number {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at++) {
    if (quote === '"' && text[at] === "`") at++;
    else if (text[at] === quote && text[at + 1] === quote) at++;
    else if (text[at] === quote) return at + 1;
    else if (text[at] === "\n") return at;
  }
  return text.length;
}

function statementEnd(text: string, from: number): number {
  const end = text.slice(from).search(/[\n;|}]|[ \t]#/);
  return end < 0 ? text.length : from + end;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

function behind(text: string, closing: string, from: number): number {
  const at = text.indexOf(closing, from);
  return at < 0 ? text.length : at + closing.length;
}
