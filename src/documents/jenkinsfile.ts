import type { SourceFile, Span } from "../model/text";
import type { ParsedFile } from "./document";
import { slashSuppressions } from "./hashComments";
import { placed } from "./placedCommands";
import { type ScriptDocument, type ShellCommand, type ShellPiece, type ShellWord, textOf } from "./shell";
import { shellCommands } from "./shellParser";

/** A pipeline in Groovy, as far as it sets variables and runs a shell. */
export interface JenkinsfileDocument extends ParsedFile {
  readonly kind: "jenkinsfile";
  /** Its `environment` and `withEnv` as exports, and the commands of its `sh` steps, each a scope of its own. */
  readonly script: ScriptDocument;
}

/** Reads strings and what stands before them; the rest of Groovy is passed over. Never throws. */
export function parseJenkinsfile(source: SourceFile): JenkinsfileDocument {
  const { text } = source;
  const commands: ShellCommand[] = [];
  let scopes = 1;
  for (const { before, ...string } of stringsIn(text)) {
    if (/\bsh[ \t]*\(?(?:[^(){}\r\n]*\bscript[ \t]*:)?[ \t]*$/.test(before)) {
      const { content, offsets } = contentOf(text, string);
      const scope = ++scopes;
      for (const one of placed(shellCommands(content), spansBy(offsets))) {
        scopes = Math.max(scopes, scope + one.scope);
        commands.push({ ...one, scope: scope + one.scope });
      }
      continue;
    }
    const assignment = assignedTo(text, before, string) ?? inList(text, string);
    if (assignment) commands.push(assignment);
  }
  for (const match of text.matchAll(/^[ \t]*([A-Z][A-Z0-9_]*)[ \t]*=[ \t]*(credentials[ \t]*\([^()\r\n]*\))/gm)) {
    const [whole, name = "", call = ""] = match;
    const end = match.index + whole.length;
    const value = { start: end - call.length, end };
    const pieces: readonly ShellPiece[] = [{ kind: "output", quoted: true, span: value }];
    commands.push(
      exported(name, match.index + whole.indexOf(name), { span: value, pieces, quotes: "single", text: undefined }),
    );
  }
  commands.sort((a, b) => a.span.start - b.span.start);
  const suppressions = slashSuppressions(text);
  const script: ScriptDocument = { kind: "script", shell: "sh", source, commands, problems: [], suppressions };
  return { kind: "jenkinsfile", source, problems: [], suppressions, script };
}

interface GroovyString {
  readonly span: Span;
  readonly quote: string;
  /** What stands before it, as far as that can matter. */
  readonly before: string;
}

/** https://groovy-lang.org/syntax.html#all-strings */
function stringsIn(text: string): readonly GroovyString[] {
  const strings: GroovyString[] = [];
  let at = 0;
  while (at < text.length) {
    const two = text.slice(at, at + 2);
    if (two === "//" || two === "/*") {
      const end = text.indexOf(two === "//" ? "\n" : "*/", at + 2);
      at = end < 0 ? text.length : end + (two === "//" ? 0 : 2);
      continue;
    }
    const character = text[at] ?? "";
    if (character !== "'" && character !== '"') {
      at++;
      continue;
    }
    const quote = text.startsWith(character.repeat(3), at) ? character.repeat(3) : character;
    const start = at + quote.length;
    const end = endOfString(text, start, quote);
    strings.push({ span: { start, end }, quote, before: text.slice(Math.max(0, at - 200), at) });
    at = Math.min(text.length, end + quote.length);
  }
  return strings;
}

function endOfString(text: string, start: number, quote: string): number {
  for (let at = start; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text.startsWith(quote, at)) return at;
    // A string in single quotation marks ends with its line.
    else if (quote.length === 1 && text[at] === "\n") return at;
  }
  return text.length;
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", s: " " };

/** What the shell gets, and where each of its characters stands; what Groovy fills in is a variable of no name. */
function contentOf(text: string, { span, quote }: Pick<GroovyString, "span" | "quote">) {
  const offsets: number[] = [];
  let content = "";
  const add = (characters: string, at: number) => {
    content += characters;
    for (let index = 0; index < characters.length; index++) offsets.push(at);
  };
  for (let at = span.start; at < span.end; at++) {
    const character = text[at] ?? "";
    const filledIn = quote.startsWith('"')
      ? /^\$(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|[A-Za-z_][\w.]*)/.exec(text.slice(at, span.end))
      : null;
    if (filledIn) {
      add(`\${_}`, at);
      at += filledIn[0].length - 1;
    } else if (character === "\\" && at + 1 < span.end) {
      const next = text[at + 1] ?? "";
      if (next !== "\n") add(escapes[next] ?? next, at);
      at++;
    } else add(character, at);
  }
  offsets.push(span.end);
  return { content, offsets };
}

function spansBy(offsets: readonly number[]): (one: Span) => Span {
  const last = offsets.at(-1) ?? 0;
  return ({ start, end }) => {
    const first = offsets[start] ?? last;
    return { start: first, end: end > start ? Math.max(first, (offsets[end - 1] ?? last - 1) + 1) : first };
  };
}

/** `NAME = '…'` and `env.NAME = '…'`. */
function assignedTo(text: string, before: string, string: Omit<GroovyString, "before">): ShellCommand | undefined {
  const [, name = "", rest = ""] = /(?:^|[\s;{(.])([A-Z][A-Z0-9_]*)([ \t]*=[ \t]*)$/.exec(before) ?? [];
  if (name === "") return undefined;
  const start = string.span.start - string.quote.length - rest.length - name.length;
  return text.startsWith(name, start) ? exported(name, start, wordOf(text, string)) : undefined;
}

/** `'NAME=…'`, as `withEnv` takes it. */
function inList(text: string, { span, quote }: Omit<GroovyString, "before">): ShellCommand | undefined {
  const written = text.slice(span.start, span.end);
  const [whole = "", name = ""] = /^(AWS_[A-Z0-9_]*)=/.exec(written) ?? [];
  if (name === "" || /[\r\n]/.test(written)) return undefined;
  return exported(name, span.start, wordOf(text, { quote, span: { start: span.start + whole.length, end: span.end } }));
}

function wordOf(text: string, { span, quote }: Omit<GroovyString, "before">): ShellWord {
  const { content } = contentOf(text, { span, quote });
  const isKnown = content === text.slice(span.start, span.end);
  const piece: ShellPiece = isKnown
    ? { kind: "text", text: content, quoted: true, span }
    : { kind: "other", quoted: true, span };
  const pieces = content === "" ? [] : [piece];
  return { span: { start: span.start - 1, end: span.end + 1 }, pieces, quotes: "single", text: textOf(pieces) };
}

function exported(name: string, start: number, value: ShellWord): ShellCommand {
  const nameSpan = { start, end: start + name.length };
  const span = { start, end: value.span.end };
  return {
    name: "export",
    at: nameSpan,
    words: [],
    assignments: [{ name, nameSpan, value, span }],
    exports: true,
    scope: 0,
    span,
  };
}
