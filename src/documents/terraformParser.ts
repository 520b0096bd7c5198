import type { SourceFile, Span } from "../model/text";
import type { SyntaxProblem } from "./document";
import type { Attribute, Block, Body, Expression, Label, TerraformDocument } from "./terraform";
import { parseExpression, parsePrimary } from "./terraformExpressions";
import {
  COLON,
  COMMA,
  END,
  EQUALS,
  isLineBreak,
  LEFT_BRACE,
  LEFT_PAREN,
  LEFT_SQUARE,
  LESS,
  Lexer,
  LINE_FEED,
  QUOTE,
  RIGHT_BRACE,
  suppressionsIn,
  TOO_DEEP,
} from "./terraformLexer";
import { readTemplate, templateExpression } from "./terraformTemplates";

/** How many times the file's length may be read in attempts that fail; keeps the time linear in any file. */
const MAX_REREADING = 2;

interface Items {
  readonly attributes: Attribute[];
  readonly blocks: Block[];
}

/** A block or object being read: what tells whether a line still belongs to it. */
export interface Opener {
  readonly type: string;
  readonly start: number;
  /** Of the line that opens it. */
  readonly indentation: number;
  /** Whether what it holds starts on the opening line or deeper than it; undefined before that. */
  indents: boolean | undefined;
}

/** Reads HCL native syntax. Never throws: what cannot be read becomes a problem, and reading goes on behind it. */
export function parseTerraform(source: SourceFile): TerraformDocument {
  const lexer = new Lexer(source.text);
  const items: Items = { attributes: [], blocks: [] };
  let rereading = 0;
  for (let code = lexer.skipLines(); code !== END; code = lexer.skipLines()) {
    if (code === RIGHT_BRACE) {
      lexer.problem("This `}` closes nothing.", lexer.position, ++lexer.position);
      continue;
    }
    const start = lexer.mark();
    const { attributes, blocks } = items;
    const before = { attributes: attributes.length, blocks: blocks.length };
    // What is valid is read by the grammar alone, whatever its layout. Only in damage does the layout decide.
    if (rereading < MAX_REREADING * source.text.length) {
      parseItem(lexer, items);
      if (lexer.failures === start.failures) continue;
      rereading += lexer.position - start.position;
      lexer.reset(start);
      attributes.length = before.attributes;
      blocks.length = before.blocks;
    }
    lexer.recovering = true;
    parseItem(lexer, items);
    lexer.recovering = false;
  }
  return {
    kind: "terraform",
    syntax: "hcl",
    source,
    problems: inOrder(lexer.problems),
    suppressions: suppressionsIn(source.text, lexer.comments),
    body: { ...items, span: { start: 0, end: source.text.length } },
  };
}

/** By place, and one per place. */
export function inOrder(problems: readonly SyntaxProblem[]): SyntaxProblem[] {
  const sorted = problems.toSorted((a, b) => a.span.start - b.span.start);
  return sorted.filter((problem, index) => problem.span.start !== sorted[index - 1]?.span.start);
}

/** The template between `lexer.position` and `lexer.limit`, without any quotes or escapes. */
export function parseBareTemplate(lexer: Lexer, span: Span): Expression {
  const contentSpan = { start: lexer.position, end: lexer.limit };
  return templateExpression(lexer, readTemplate(lexer, "bare"), contentSpan, span, false);
}

/** One attribute or block, or whatever else stands where one should; answers where it ends and always moves on. */
function parseItem(lexer: Lexer, items: Items): number {
  const start = lexer.position;
  const code = lexer.peek();
  const name = readItemName(lexer, code);
  if (name === undefined) {
    if (code === LEFT_BRACE) {
      lexer.problem("This `{` belongs to no block.", start, ++lexer.position);
      return lexer.position;
    }
    lexer.problem("An attribute or a block should stand here.", start, start + 1);
    if (code === EQUALS) {
      lexer.position++;
      if (lexer.skip() !== LINE_FEED) parseExpression(lexer);
    }
    return skipJunk(lexer);
  }
  const next = lexer.skip();
  if (next === EQUALS || next === COLON) return parseAttribute(lexer, name, items);
  if (next === LEFT_BRACE || next === QUOTE || lexer.startsIdentifier(next)) return parseBlock(lexer, name, items);
  lexer.problem("After a name comes `=` and a value, or a block's labels and `{`.", name.span.start, name.span.end);
  return skipJunk(lexer);
}

function readItemName(lexer: Lexer, code: number): Label | undefined {
  if (code === QUOTE) {
    lexer.problem("A name stands here without quotes.", lexer.position, lexer.position + 1);
    return readQuotedLabel(lexer);
  }
  return readWord(lexer);
}

export function readWord(lexer: Lexer): Label | undefined {
  const start = lexer.position;
  const end = lexer.identifierEnd();
  if (end === start) return undefined;
  lexer.position = end;
  return { text: lexer.text.slice(start, end), span: { start, end } };
}

function parseAttribute(lexer: Lexer, name: Label, items: Items): number {
  if (lexer.peek() === COLON) lexer.problem("`=` should stand here.", lexer.position, lexer.position + 1);
  lexer.position++;
  const value = parseValue(lexer, lexer.position);
  const end = endItem(lexer, value.span.end);
  const isEmpty = value.kind === "unknown" && value.span.start === value.span.end && end > value.span.end;
  const covered: Expression = isEmpty ? { kind: "unknown", span: { start: value.span.start, end } } : value;
  items.attributes.push({
    name: name.text,
    nameSpan: name.span,
    value: covered,
    span: { start: name.span.start, end: covered.span.end },
  });
  return end;
}

/** The value after the `=` that ends at `after`; it has to start on the same line. */
export function parseValue(lexer: Lexer, after: number): Expression {
  let code = lexer.skip();
  while (code === EQUALS) {
    lexer.problem("There is one `=` too many here.", lexer.position, ++lexer.position);
    code = lexer.skip();
  }
  if (code !== LINE_FEED && code !== END && code !== RIGHT_BRACE && code !== COMMA) return parseExpression(lexer);
  lexer.problem("A value is missing after `=`.", after - 1, after);
  lexer.height = 0;
  const start = lexer.text.charAt(after) === " " && after < lexer.limit ? after + 1 : after;
  return { kind: "unknown", span: { start, end: start } };
}

function parseBlock(lexer: Lexer, type: Label, items: Items): number {
  const labels: Label[] = [];
  const opener: Opener = {
    type: type.text,
    start: type.span.start,
    indentation: lexer.indentation(),
    indents: undefined,
  };
  let headerEnd = type.span.end;
  for (;;) {
    const code = lexer.skip();
    const label = code === QUOTE ? readQuotedLabel(lexer) : readWord(lexer);
    if (label !== undefined) {
      labels.push(label);
      headerEnd = lexer.position;
    } else if (code === EQUALS) {
      lexer.problem("A block takes no `=`.", lexer.position, ++lexer.position);
    } else {
      break;
    }
  }
  const header = { type: type.text, typeSpan: type.span, labels };
  const start = type.span.start;
  if (!findBlockOpening(lexer, type, headerEnd)) {
    const end = lexer.peek() === LINE_FEED || lexer.peek() === END ? headerEnd : skipJunk(lexer);
    const body: Body = { attributes: [], blocks: [], span: { start: headerEnd, end: headerEnd } };
    items.blocks.push({ ...header, body, span: { start, end: headerEnd } });
    return end;
  }
  const { body, end } = parseBlockBody(lexer, type, opener);
  items.blocks.push({ ...header, body, span: { start, end } });
  return endItem(lexer, end);
}

/** Stops at the block's `{`, or where it should be when only the brace is missing; false for a mere header. */
function findBlockOpening(lexer: Lexer, type: Label, headerEnd: number): boolean {
  if (lexer.peek() === LEFT_BRACE) return true;
  const header = lexer.mark();
  const indentation = lexer.indentation();
  lexer.problem("This block has no `{` behind it.", type.span.start, type.span.end);
  if (lexer.peek() !== LINE_FEED) return false;
  const code = lexer.skipLines();
  if (code === LEFT_BRACE) return true;
  const isIndented = code !== END && lexer.isFirstOnLine() && lexer.indentation() > indentation;
  lexer.position = header.position;
  lexer.lineStart = header.lineStart;
  if (isIndented) lexer.position = headerEnd;
  return isIndented;
}

function parseBlockBody(lexer: Lexer, type: Label, opener: Opener): { readonly body: Body; readonly end: number } {
  const items: Items = { attributes: [], blocks: [] };
  const open = lexer.position;
  if (!lexer.hasRoom()) {
    lexer.problem(TOO_DEEP, open, open + 1);
    lexer.skipBracket();
    return { body: { ...items, span: { start: open, end: lexer.position } }, end: lexer.position };
  }
  const { multiline } = lexer;
  lexer.multiline = false;
  lexer.closers.push(RIGHT_BRACE);
  if (lexer.peek() === LEFT_BRACE) lexer.position++;
  const start = lexer.position;
  let end = start;
  let bodyEnd: number | undefined;
  for (;;) {
    const code = lexer.skipLines();
    if (code === END || !belongs(lexer, opener, code)) break;
    if (code === RIGHT_BRACE) {
      bodyEnd = lexer.position++;
      end = lexer.position;
      break;
    }
    end = parseItem(lexer, items);
  }
  if (bodyEnd === undefined) {
    lexer.problem("This block is not closed: `}` is missing.", type.span.start, type.span.end);
    lexer.giveBackLines();
  }
  lexer.closers.pop();
  lexer.multiline = multiline;
  return { body: { ...items, span: { start, end: bodyEnd ?? end } }, end };
}

/** Does what stands here still belong to the open block or object, or was its brace forgotten? */
export function belongs(lexer: Lexer, opener: Opener, code: number): boolean {
  if (!lexer.isFirstOnLine()) {
    opener.indents ??= true;
    return true;
  }
  const indentation = lexer.indentation();
  if (code === RIGHT_BRACE) {
    const hasParent = lexer.closers.indexOf(RIGHT_BRACE) !== lexer.closers.lastIndexOf(RIGHT_BRACE);
    return !lexer.recovering || !hasParent || indentation >= opener.indentation;
  }
  const mayBeRoot = (indentation === 0 || lexer.recovering) && opener.type !== "check";
  if (mayBeRoot && lexer.startsRootBlock()) return false;
  if (!lexer.recovering) return true;
  opener.indents ??= indentation > opener.indentation || followsBlankLine(lexer, opener);
  return indentation > opener.indentation || (opener.indentation === 0 && !opener.indents);
}

/** Without indentation nobody leaves a line blank behind the brace: what comes after one is no part of an empty body. */
const followsBlankLine = ({ text, lineStart }: Lexer, { start }: Opener) =>
  /\n[ \t]*\r?\n/.test(text.slice(start, lineStart));

export function lineStartBefore(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && !isLineBreak(text.charCodeAt(start - 1))) start--;
  return start;
}

/** Sees to it that nothing follows an item on its line. */
function endItem(lexer: Lexer, end: number): number {
  const code = lexer.skip();
  if (code === LINE_FEED || code === END || code === RIGHT_BRACE) return end;
  if (code === COMMA) {
    lexer.problem("No comma stands between attributes, only a line break.", lexer.position, ++lexer.position);
    return lexer.position;
  }
  const start = lexer.position;
  lexer.problem("A line break should stand here.", start, start + 1);
  if (lexer.startsAttribute() || lexer.blockHeader()) return end;
  return skipJunk(lexer);
}

/** Moves to the end of the line, or of the brackets opened on it; answers where the last of it ends. */
function skipJunk(lexer: Lexer): number {
  let end = lexer.position;
  for (;;) {
    const code = lexer.skip();
    if (code === LINE_FEED || code === END || code === RIGHT_BRACE) return end;
    if (code === LEFT_BRACE) {
      const opener: Opener = { type: "", start: lexer.position, indentation: lexer.indentation(), indents: undefined };
      parseBlockBody(lexer, { text: "", span: { start: lexer.position, end: lexer.position + 1 } }, opener);
    } else {
      skipJunkToken(lexer, code);
    }
    end = lexer.position;
  }
}

export function skipJunkToken(lexer: Lexer, code: number): void {
  const start = lexer.position;
  const isOpening = code === QUOTE || code === LEFT_PAREN || code === LEFT_SQUARE || code === LEFT_BRACE;
  if (isOpening || code === LESS) parsePrimary(lexer);
  else lexer.position = lexer.identifierEnd();
  if (lexer.position === start) lexer.position++;
}

/** A label in quotes; one that is not closed ends before the blank, quote or brace that cannot be part of it. */
function readQuotedLabel(lexer: Lexer): Label {
  const start = lexer.position + 1;
  let end = lexer.labelEnd(start);
  if (lexer.text.charCodeAt(end) === QUOTE && end < lexer.limit) {
    lexer.position = end + 1;
  } else {
    lexer.problem('This label is not closed: `"` is missing.', start - 1, end);
    end = start;
    while (end < lexer.limit && /[\w./:*@-]/.test(lexer.text.charAt(end))) end++;
    lexer.position = end;
  }
  const text = lexer.text.slice(start, end);
  if (text.includes("${") || text.includes("%{")) lexer.problem("A label is fixed text.", start, end);
  return { text, span: { start, end } };
}
