import type { Span } from "../model/text";
import type { EnvAssignment, EnvFileDocument } from "./envFile";
import { type ShellAssignment, type ShellPiece, type ShellWord, textOf } from "./shell";

/**
 * Who reads an env file. They differ in quotes, comments, `$` and `export`:
 * `dotenv` is Node's `--env-file` and the packages of that name, `docker` its `--env-file` option, `compose` Docker
 * Compose's `.env` and `env_file`. A file that a shell sources is a script instead.
 */
export type EnvFileReader = "dotenv" | "docker" | "compose";

/** What a reader gets from the file, each name where it is set last. */
export function readEnvFile(document: EnvFileDocument, reader: EnvFileReader): readonly ShellAssignment[] {
  const { text } = document.source;
  const found = new Map<string, ShellAssignment>();
  let readTo = 0;
  for (const line of document.lines) {
    if (line.kind !== "assignment" || line.span.start < readTo) continue;
    const value = reader === "docker" ? asDocker(text, line) : asText(text, line, reader);
    if (!value) continue;
    readTo = Math.max(readTo, value.span.end);
    const { name, nameSpan } = line;
    found.delete(name);
    found.set(name, { name, nameSpan, value, span: { start: nameSpan.start, end: value.span.end } });
  }
  return [...found.values()];
}

/** Docker takes everything behind the sign as it is, and refuses a name with blanks. */
function asDocker(
  text: string,
  { restSpan, isExported, nameSpan, sign, signAt }: EnvAssignment,
): ShellWord | undefined {
  if (isExported || sign !== "=" || signAt > nameSpan.end) return undefined;
  const value = text.slice(restSpan.start, restSpan.end);
  const pieces: readonly ShellPiece[] =
    value === "" ? [] : [{ kind: "text", text: value, quoted: false, span: restSpan }];
  return { span: restSpan, pieces, quotes: "none", text: value };
}

function asText(text: string, { restSpan }: EnvAssignment, reader: "dotenv" | "compose"): ShellWord {
  let { start } = restSpan;
  while (start < restSpan.end && /[ \t]/.test(text[start] ?? "")) start++;
  const quote = text[start];
  const isQuote = quote === '"' || quote === "'" || (quote === "`" && reader === "dotenv");
  const close = isQuote ? closingQuote(text, start, quote) : -1;
  if (isQuote && close > 0) {
    const content = { start: start + 1, end: close };
    const pieces =
      quote === '"'
        ? expanded(text, content, reader, true)
        : plain(text.slice(content.start, content.end), content, true);
    const quotes = quote === '"' ? "double" : "single";
    return { span: { start, end: close + 1 }, pieces, quotes, text: textOf(pieces) };
  }
  const rest = text.slice(start, restSpan.end);
  // Node's readers cut at any `#`, Compose where a blank stands before it.
  const comment = rest.search(reader === "dotenv" ? /#/ : /(?:^|[ \t])#/);
  const value = (comment < 0 ? rest : rest.slice(0, comment)).trimEnd();
  const span = { start, end: start + value.length };
  const pieces = value === "" ? [] : expanded(text, span, reader, false);
  return { span, pieces, quotes: "none", text: textOf(pieces) };
}

/** Offset of the quote that ends a value, which may be lines below; -1 where none does. */
function closingQuote(text: string, open: number, quote: string): number {
  for (let at = open + 1; at < text.length && at < open + 20_000; at++) {
    if (text[at] === "\\" && quote !== "'") at++;
    else if (text[at] === quote) return at;
  }
  return -1;
}

const plain = (value: string, span: Span, quoted: boolean): readonly ShellPiece[] =>
  value === "" ? [] : [{ kind: "text", text: value, quoted, span }];

const expansion = /\$\$|\$\{([A-Za-z_]\w*)(?::?[-?+=]?[^{}]*)?\}|\$([A-Za-z_]\w*)|\$\(|\\[\s\S]|[^$\\]+|[\s\S]/g;

/** Text and `$NAME`. Compose expands them anywhere; in files of unknown readers a `$` at the front alone means a reference. */
function expanded(
  text: string,
  { start, end }: Span,
  reader: "dotenv" | "compose",
  quoted: boolean,
): readonly ShellPiece[] {
  const written = text.slice(start, end);
  if (reader === "dotenv" && !/^\$[{(\w]|\$\{\w+\}/.test(written)) {
    return plain(quoted ? written.replaceAll("\\n", "\n") : written, { start, end }, quoted);
  }
  const pieces: ShellPiece[] = [];
  for (const match of written.matchAll(expansion)) {
    const [one] = match;
    const span = { start: start + match.index, end: start + match.index + one.length };
    const name = match[1] ?? match[2];
    if (name !== undefined) pieces.push({ kind: "variable", name, quoted, span });
    else if (one === "$(") pieces.push({ kind: "output", quoted, span });
    else pieces.push({ kind: "text", text: unescaped(one, quoted), quoted, span });
  }
  return pieces;
}

function unescaped(written: string, quoted: boolean): string {
  if (written === "$$") return "$";
  if (!quoted || !written.startsWith("\\")) return written;
  return written === "\\n" ? "\n" : written === "\\r" ? "\r" : /^\\["$\\`]$/.test(written) ? written.slice(1) : written;
}
