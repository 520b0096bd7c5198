import type { Span } from "../model/text";
import { isGoBlank } from "./awsIniTerraform";

/** `end` follows the last token of the file. */
export type TokenKind = "literal" | "bracket" | "comma" | "operator" | "blank" | "newline" | "comment" | "end";

export interface Token extends Span {
  readonly kind: TokenKind;
  readonly quoted: boolean;
}

/** Undefined where a quotation mark stays open: the SDK then takes the file for an empty one. */
export function tokenize(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let start = 0; start < text.length; ) {
    const token = tokenAt(text, start);
    if (!token) return undefined;
    tokens.push(token);
    start = token.end;
  }
  tokens.push({ kind: "end", quoted: false, start: text.length, end: text.length });
  return tokens;
}

function tokenAt(text: string, start: number): Token | undefined {
  const code = text.charCodeAt(start);
  const character = text.charAt(start);
  const make = (kind: TokenKind, end: number, quoted = false): Token => ({ kind, quoted, start, end });
  if (isLegacyBlank(code)) {
    let end = start + 1;
    while (end < text.length && isLegacyBlank(text.charCodeAt(end))) end++;
    return make("blank", end);
  }
  if (character === ",") return make("comma", start + 1);
  if (character === "#" || character === ";") {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    return make("comment", text[end - 1] === "\r" && newline >= 0 ? end - 1 : end);
  }
  const newline = newlineLength(text, start);
  if (newline > 0) return make("newline", start + newline);
  if (character === "[" || character === "]") return make("bracket", start + 1);
  if (character === "=" || character === ":") return make("operator", start + 1);
  if (character === '"') {
    const end = quotedEnd(text, start);
    return end === undefined ? undefined : make("literal", end, true);
  }
  return make("literal", literalEnd(text, start));
}

/** Numbers and truth values are tokens of their own, after which a blank or a mark means what it does between tokens. */
function literalEnd(text: string, start: number): number {
  const special = /(?:true|false)|-?\d+(?:\.\d+)?(?=\s|$)/iy;
  special.lastIndex = start;
  const match = special.exec(text);
  if (match) return start + match[0].length;
  let end = start;
  while (end < text.length && !":=[] \n".includes(text.charAt(end)) && newlineLength(text, end) === 0) end++;
  return end;
}

function newlineLength(text: string, at: number): number {
  if (text[at] === "\n") return 1;
  return text[at] === "\r" && text[at + 1] === "\n" ? 2 : 0;
}

/** Any blank but those that end lines. */
export function isLegacyBlank(code: number): boolean {
  return isGoBlank(code) && code !== 10 && code !== 13;
}

function quotedEnd(text: string, start: number): number | undefined {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '"' && text[i - 1] !== "\\") return i + 1;
  }
  return undefined;
}
