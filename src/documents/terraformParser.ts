import type { SourceFile, Span } from "../model/text";
import type { SyntaxProblem } from "./document";
import type {
  Attribute,
  Block,
  Body,
  Entry,
  Expression,
  Label,
  Step,
  TemplatePart,
  TerraformDocument,
} from "./terraform";
import {
  AMPERSAND,
  BACKSLASH,
  BANG,
  COLON,
  COMMA,
  DOLLAR,
  DOT,
  END,
  EQUALS,
  GREATER,
  isDigit,
  isLineBreak,
  LEFT_BRACE,
  LEFT_PAREN,
  LEFT_SQUARE,
  LESS,
  Lexer,
  LINE_FEED,
  MAX_NESTING,
  MINUS,
  PERCENT,
  PIPE,
  PLUS,
  QUESTION,
  QUOTE,
  RIGHT_BRACE,
  RIGHT_PAREN,
  RIGHT_SQUARE,
  SLASH,
  STAR,
  suppressionsIn,
  TILDE,
} from "./terraformLexer";

const TOO_DEEP = `This nests deeper than ${MAX_NESTING} levels and was not read.`;

/** How many times the file's length may be read in attempts that fail; keeps the time linear in any file. */
const MAX_REREADING = 2;

interface Items {
  readonly attributes: Attribute[];
  readonly blocks: Block[];
}

/** A block or object being read: what tells whether a line still belongs to it. */
interface Opener {
  readonly type: string;
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

function readWord(lexer: Lexer): Label | undefined {
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
function parseValue(lexer: Lexer, after: number): Expression {
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
  const opener: Opener = { type: type.text, indentation: lexer.indentation(), indents: undefined };
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
function belongs(lexer: Lexer, opener: Opener, code: number): boolean {
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
  opener.indents ??= indentation > opener.indentation;
  return indentation > opener.indentation || (opener.indentation === 0 && !opener.indents);
}

function lineStartBefore(text: string, offset: number): number {
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
      const opener: Opener = { type: "", indentation: lexer.indentation(), indents: undefined };
      parseBlockBody(lexer, { text: "", span: { start: lexer.position, end: lexer.position + 1 } }, opener);
    } else {
      skipJunkToken(lexer, code);
    }
    end = lexer.position;
  }
}

function skipJunkToken(lexer: Lexer, code: number): void {
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

function parseExpression(lexer: Lexer): Expression {
  const condition = parseBinary(lexer, 1);
  let height = lexer.height;
  if (lexer.skip() !== QUESTION) {
    lexer.height = height;
    return condition;
  }
  const question = lexer.position;
  lexer.position++;
  if (!lexer.hasRoom()) {
    lexer.problem(TOO_DEEP, question, lexer.position);
    lexer.height = 0;
    return { kind: "unknown", span: { start: condition.span.start, end: lexer.position } };
  }
  lexer.closers.push(COLON);
  const whenTrue = parseExpression(lexer);
  lexer.closers.pop();
  height = Math.max(height, lexer.height);
  if (lexer.skip() !== COLON) {
    lexer.problem("`:` and a second value are missing in this condition.", question, question + 1);
    lexer.height = 0;
    return { kind: "unknown", span: { start: condition.span.start, end: Math.max(question + 1, whenTrue.span.end) } };
  }
  lexer.position++;
  lexer.closers.push(COLON);
  const whenFalse = parseExpression(lexer);
  lexer.closers.pop();
  const span = { start: condition.span.start, end: whenFalse.span.end };
  return atHeight(lexer, Math.max(height, lexer.height), { kind: "conditional", condition, whenTrue, whenFalse, span });
}

/** The expression one level above parts of that height, or unknown where this grows too high to be walked safely. */
function atHeight(lexer: Lexer, partsHeight: number, expression: Expression): Expression {
  lexer.height = partsHeight + 1;
  if (lexer.height <= MAX_NESTING) return expression;
  lexer.problem(TOO_DEEP, expression.span.start, expression.span.end);
  lexer.height = 0;
  return { kind: "unknown", span: expression.span };
}

function parseBinary(lexer: Lexer, minimum: number): Expression {
  let left = parseUnary(lexer);
  let height = lexer.height;
  for (;;) {
    const code = lexer.skip();
    const next = lexer.peek(1);
    const precedence = precedenceOf(code, next);
    if (precedence < minimum) {
      lexer.height = height;
      return left;
    }
    const start = lexer.position;
    lexer.position += precedence < 4 || (precedence === 4 && next === EQUALS) ? 2 : 1;
    const operator = lexer.text.slice(start, lexer.position);
    const right = parseBinary(lexer, precedence + 1);
    const span = { start: left.span.start, end: right.span.end };
    left = atHeight(lexer, Math.max(height, lexer.height), { kind: "binary", operator, left, right, span });
    height = lexer.height;
  }
}

/** How tightly an operator binds; 0 for what is none. */
function precedenceOf(code: number, next: number): number {
  switch (code) {
    case PIPE:
      return next === PIPE ? 1 : 0;
    case AMPERSAND:
      return next === AMPERSAND ? 2 : 0;
    case EQUALS:
    case BANG:
      return next === EQUALS ? 3 : 0;
    case LESS:
      return next === LESS ? 0 : 4;
    case GREATER:
      return 4;
    case PLUS:
    case MINUS:
      return 5;
    case STAR:
    case SLASH:
    case PERCENT:
      return 6;
    default:
      return 0;
  }
}

function parseUnary(lexer: Lexer): Expression {
  const operators: number[] = [];
  let code = lexer.skip();
  while (code === MINUS || (code === BANG && lexer.peek(1) !== EQUALS)) {
    operators.push(lexer.position++);
    code = lexer.skip();
  }
  let operand = parseSteps(lexer);
  for (const at of operators.reverse()) {
    const span = { start: at, end: Math.max(at + 1, operand.span.end) };
    operand = atHeight(lexer, lexer.height, { kind: "unary", operator: lexer.text.charAt(at), operand, span });
  }
  return operand;
}

/** A primary and the `.name`, `[index]` and splats behind it. */
function parseSteps(lexer: Lexer): Expression {
  const base = parsePrimary(lexer);
  if (base.kind === "unknown" && base.span.start === base.span.end) return base;
  let expression = base;
  let height = lexer.height;
  let isSplat = false;
  let end = base.span.end;
  const steps: Step[] = [];
  for (;;) {
    const code = lexer.skip();
    const isDot = code === DOT && lexer.peek(1) !== DOT;
    if (!isDot && code !== LEFT_SQUARE) break;
    const step = isDot ? parseDotStep(lexer) : parseIndexStep(lexer);
    end = lexer.position;
    if (step === "none") break;
    if (step === "splat") {
      isSplat = true;
    } else if (base.kind === "reference") {
      steps.push(step);
      height = Math.max(height, step.kind === "index" ? lexer.height + 1 : 0);
    } else {
      const span = { start: base.span.start, end };
      expression = atHeight(lexer, Math.max(height, lexer.height), { kind: "access", of: expression, step, span });
      height = lexer.height;
    }
  }
  lexer.height = height;
  const span = { start: base.span.start, end };
  if (isSplat) {
    lexer.height = 0;
    return { kind: "unknown", span };
  }
  if (base.kind !== "reference") return expression;
  return atHeight(lexer, height - 1, end === base.span.end ? base : { ...base, steps, span });
}

function parseDotStep(lexer: Lexer): Step | "splat" | "none" {
  const dot = lexer.position;
  lexer.position++;
  lexer.height = 0;
  const code = lexer.skip();
  const start = lexer.position;
  if (code === STAR) {
    lexer.position++;
    return "splat";
  }
  if (isDigit(code)) {
    while (isDigit(lexer.peek())) lexer.position++;
    const span = { start, end: lexer.position };
    return { kind: "index", value: { kind: "number", value: Number(lexer.text.slice(start, span.end)), span }, span };
  }
  const name = readWord(lexer);
  if (name !== undefined) return { kind: "attribute", name: name.text, span: name.span };
  lexer.problem("A name is missing after `.`.", dot, dot + 1);
  lexer.giveBackLines();
  return "none";
}

function parseIndexStep(lexer: Lexer): Step | "splat" {
  const start = lexer.position;
  lexer.height = 0;
  if (!lexer.hasRoom()) {
    lexer.problem(TOO_DEEP, start, start + 1);
    lexer.skipBracket();
    return "splat";
  }
  const { multiline } = openBracket(lexer, RIGHT_SQUARE);
  let isSplat = false;
  let value: Expression | undefined;
  if (lexer.skip() === STAR) {
    isSplat = true;
    lexer.position++;
  } else {
    value = parseExpression(lexer);
  }
  const { height } = lexer;
  const isClosed = closeBracket(lexer, RIGHT_SQUARE, start, multiline);
  lexer.height = height;
  if (isSplat || value === undefined || !isClosed) return "splat";
  return { kind: "index", value, span: { start, end: lexer.position } };
}

/** Enters the bracket at `position`, where line breaks mean nothing. */
function openBracket(lexer: Lexer, closer: number): { readonly multiline: boolean } {
  const { multiline } = lexer;
  lexer.position++;
  lexer.closers.push(closer);
  lexer.multiline = true;
  return { multiline };
}

/** Leaves a bracket: past its closer, or past whatever stands before it, or where it should have been closed. */
function closeBracket(lexer: Lexer, closer: number, open: number, multiline: boolean): boolean {
  let isClean = true;
  for (;;) {
    const code = lexer.skip();
    if (code === closer) {
      lexer.position++;
      break;
    }
    lexer.problem("This bracket is not closed properly.", open, open + 1);
    isClean = false;
    if (code === END || code === LINE_FEED || code === RIGHT_BRACE) break;
    if ((code === RIGHT_PAREN || code === RIGHT_SQUARE) && isAwaited(lexer, code)) break;
    skipJunkToken(lexer, code);
  }
  lexer.closers.pop();
  lexer.multiline = multiline;
  return isClean;
}

/** Is there a bracket open that this one closes, in the same braces? */
function isAwaited(lexer: Lexer, closer: number): boolean {
  return lexer.closers.lastIndexOf(closer) > lexer.closers.lastIndexOf(RIGHT_BRACE);
}

function parsePrimary(lexer: Lexer): Expression {
  const code = lexer.skip();
  const start = lexer.position;
  lexer.height = 0;
  switch (code) {
    case QUOTE:
      return parseQuoted(lexer);
    case LEFT_SQUARE:
      return parseBracketed(lexer, RIGHT_SQUARE);
    case LEFT_BRACE:
      return parseBracketed(lexer, RIGHT_BRACE);
    case LEFT_PAREN:
      return parseBracketed(lexer, RIGHT_PAREN);
    case LESS:
      if (lexer.peek(1) === LESS) return parseHeredoc(lexer);
      break;
    default:
      if (isDigit(code)) return parseNumber(lexer);
      if (lexer.startsIdentifier(code)) return parseName(lexer);
  }
  const end = code === END || code === LINE_FEED ? start : start + 1;
  lexer.problem("A value should stand here.", start, end);
  return { kind: "unknown", span: { start, end: start } };
}

function parseBracketed(lexer: Lexer, closer: number): Expression {
  const start = lexer.position;
  if (!lexer.hasRoom()) {
    lexer.problem(TOO_DEEP, start, start + 1);
    lexer.skipBracket();
    return { kind: "unknown", span: { start, end: lexer.position } };
  }
  if (closer === RIGHT_PAREN) {
    const { multiline } = openBracket(lexer, closer);
    const inner = parseExpression(lexer);
    const { height } = lexer;
    closeBracket(lexer, closer, start, multiline);
    return atHeight(lexer, height, { kind: "parenthesis", inner, span: { start, end: lexer.position } });
  }
  if (startsFor(lexer)) return parseFor(lexer, closer);
  if (closer === RIGHT_BRACE) return parseObject(lexer);
  const { multiline } = openBracket(lexer, closer);
  const { items } = parseItems(lexer, closer);
  const { height } = lexer;
  const span = { start, end: finishItems(lexer, closer, start, multiline, items) };
  return atHeight(lexer, height, { kind: "list", items, span });
}

/** `for x` behind an opening bracket, so that a key named `for` is still a key. */
function startsFor(lexer: Lexer): boolean {
  const mark = lexer.mark();
  lexer.position++;
  const code = lexer.skipLines();
  let isFor = false;
  if (code === 102 && lexer.identifierEnd() === lexer.position + 3 && lexer.text.startsWith("for", lexer.position)) {
    lexer.position += 3;
    isFor = lexer.startsIdentifier(lexer.skipLines());
  }
  lexer.reset(mark);
  return isFor;
}

/** A `for` expression is read only to find its end. */
function parseFor(lexer: Lexer, closer: number): Expression {
  const start = lexer.position;
  const { multiline } = openBracket(lexer, closer);
  lexer.skip();
  lexer.position += 3;
  if (readForHead(lexer) && expectPunctuation(lexer, COLON)) {
    parseExpression(lexer);
    if (lexer.skip() === EQUALS && lexer.peek(1) === GREATER) {
      lexer.position += 2;
      parseExpression(lexer);
    }
    if (lexer.skip() === DOT && lexer.peek(1) === DOT && lexer.peek(2) === DOT) lexer.position += 3;
    if (readKeyword(lexer, "if")) parseExpression(lexer);
  }
  closeBracket(lexer, closer, start, multiline);
  lexer.height = 0;
  return { kind: "unknown", span: { start, end: lexer.position } };
}

/** `key, value in collection` of a `for`; false after a problem. */
function readForHead(lexer: Lexer): boolean {
  lexer.skip();
  let isRead = readWord(lexer) !== undefined;
  if (isRead && lexer.skip() === COMMA) {
    lexer.position++;
    lexer.skip();
    isRead = readWord(lexer) !== undefined;
  }
  if (isRead && readKeyword(lexer, "in")) {
    parseExpression(lexer);
    return true;
  }
  lexer.problem("After `for` come names, `in` and a value.", lexer.position, lexer.position);
  return false;
}

function readKeyword(lexer: Lexer, keyword: string): boolean {
  lexer.skip();
  const end = lexer.identifierEnd();
  if (end - lexer.position !== keyword.length || !lexer.text.startsWith(keyword, lexer.position)) return false;
  lexer.position = end;
  return true;
}

function expectPunctuation(lexer: Lexer, code: number): boolean {
  if (lexer.skip() === code) {
    lexer.position++;
    return true;
  }
  lexer.problem("Something is missing here.", lexer.position, lexer.position);
  return false;
}

/** Items of a list or arguments of a call, up to the closer or where it should have been. */
function parseItems(lexer: Lexer, closer: number): { readonly items: Expression[]; readonly expand: boolean } {
  const items: Expression[] = [];
  let expand = false;
  let height = 0;
  for (;;) {
    const code = lexer.skip();
    if (code === closer || code === END || code === LINE_FEED || code === RIGHT_BRACE) break;
    if (code === COMMA) {
      lexer.problem("A value is missing before this comma.", lexer.position, ++lexer.position);
      continue;
    }
    if ((code === RIGHT_PAREN || code === RIGHT_SQUARE) && isAwaited(lexer, code)) break;
    const start = lexer.position;
    const item = parseExpression(lexer);
    if (lexer.position === start) {
      skipJunkToken(lexer, code);
      continue;
    }
    items.push(item);
    height = Math.max(height, lexer.height);
    const next = lexer.skip();
    if (next === COMMA) {
      lexer.position++;
    } else if (next === DOT && closer === RIGHT_PAREN && lexer.text.startsWith("...", lexer.position)) {
      expand = true;
      lexer.position += 3;
    } else if (next !== closer && next !== END && next !== LINE_FEED && next !== RIGHT_BRACE) {
      lexer.problem("A comma is missing here.", lexer.position, lexer.position + 1);
    }
  }
  lexer.height = height;
  return { items, expand };
}

/** Closes a list or a call; one that is not closed ends with its last item, so as not to take in what follows. */
function finishItems(
  lexer: Lexer,
  closer: number,
  open: number,
  multiline: boolean,
  items: readonly Expression[],
): number {
  if (closeBracket(lexer, closer, open, multiline)) return lexer.position;
  return lexer.text.charCodeAt(lexer.position - 1) === closer ? lexer.position : (items.at(-1)?.span.end ?? open + 1);
}

function parseObject(lexer: Lexer): Expression {
  const start = lexer.position;
  const opener: Opener = { type: "", indentation: lexer.indentation(), indents: undefined };
  const { multiline } = openBracket(lexer, RIGHT_BRACE);
  lexer.multiline = false;
  const entries: Entry[] = [];
  let height = 0;
  let end = start + 1;
  let isClosed = false;
  for (;;) {
    const code = lexer.skipLines();
    if (code === END || !belongs(lexer, opener, code)) break;
    if (code === RIGHT_BRACE) {
      end = ++lexer.position;
      isClosed = true;
      break;
    }
    if (code === COMMA) {
      lexer.problem("An entry is missing before this comma.", lexer.position, ++lexer.position);
      continue;
    }
    if (lexer.recovering && lexer.blockHeader()) break;
    if ((code === RIGHT_PAREN || code === RIGHT_SQUARE) && lexer.closers.at(-2) === code) break;
    const entry = parseEntry(lexer);
    height = Math.max(height, lexer.height);
    if (entry !== undefined) entries.push(entry);
    end = endEntry(lexer, entry?.span.end ?? lexer.position);
  }
  if (!isClosed) {
    lexer.problem("This object is not closed: `}` is missing.", start, start + 1);
    lexer.giveBackLines();
  }
  lexer.closers.pop();
  lexer.multiline = multiline;
  return atHeight(lexer, height, { kind: "object", entries, span: { start, end } });
}

function parseEntry(lexer: Lexer): Entry | undefined {
  const start = lexer.position;
  const key = parseKey(lexer);
  const { height } = lexer;
  const code = lexer.skip();
  if (code !== EQUALS && code !== COLON) {
    lexer.problem("`=` and a value are missing after this key.", start, Math.max(start + 1, key.span.end));
    return undefined;
  }
  lexer.position++;
  const value = parseValue(lexer, lexer.position);
  lexer.height = Math.max(height, lexer.height);
  return { key, value, span: { start: key.span.start, end: value.span.end } };
}

function parseKey(lexer: Lexer): Expression {
  const start = lexer.position;
  const word = readWord(lexer);
  if (word !== undefined) {
    lexer.height = 0;
    const code = lexer.skip();
    if (code === COLON ? lexer.peek(1) !== COLON : code === EQUALS && lexer.peek(1) !== EQUALS) {
      return { kind: "string", text: word.text, contentSpan: word.span, heredoc: false, span: word.span };
    }
    lexer.position = start;
  }
  return parseBinary(lexer, 1);
}

/** Moves past the comma or the junk behind an entry. */
function endEntry(lexer: Lexer, entryEnd: number): number {
  let end = entryEnd;
  for (let isFirst = true; ; isFirst = false) {
    const code = lexer.skip();
    if (code === LINE_FEED || code === END || code === RIGHT_BRACE) return end;
    if ((code === RIGHT_PAREN || code === RIGHT_SQUARE) && lexer.closers.at(-2) === code) return end;
    if (code === COMMA) {
      lexer.position++;
      return end;
    }
    if (isFirst) lexer.problem("A comma or a line break should stand here.", lexer.position, lexer.position + 1);
    if (isFirst && lexer.startsAttribute()) return end;
    skipJunkToken(lexer, code);
    end = lexer.position;
  }
}

function parseNumber(lexer: Lexer): Expression {
  const start = lexer.position;
  while (isDigit(lexer.peek())) lexer.position++;
  if (lexer.peek() === DOT && isDigit(lexer.peek(1))) {
    lexer.position++;
    while (isDigit(lexer.peek())) lexer.position++;
  }
  const sign = lexer.peek(1) === PLUS || lexer.peek(1) === MINUS ? 1 : 0;
  if ((lexer.peek() === 101 || lexer.peek() === 69) && isDigit(lexer.peek(1 + sign))) {
    lexer.position += 1 + sign;
    while (isDigit(lexer.peek())) lexer.position++;
  }
  const span = { start, end: lexer.position };
  return { kind: "number", value: Number(lexer.text.slice(start, span.end)), span };
}

function parseName(lexer: Lexer): Expression {
  const start = lexer.position;
  let end = lexer.identifierEnd();
  lexer.position = end;
  while (lexer.text.startsWith("::", lexer.position)) {
    const next = lexer.identifierEnd(lexer.position + 2);
    if (next === lexer.position + 2) break;
    lexer.position = next;
    end = next;
  }
  const name = lexer.text.slice(start, end);
  const span = { start, end };
  if (lexer.skip() === LEFT_PAREN) return parseCall(lexer, name, span);
  if (name === "true" || name === "false") return { kind: "bool", value: name === "true", span };
  if (name === "null") return { kind: "null", span };
  if (name.includes(":")) {
    lexer.problem("A function's name is followed by `(`.", start, end);
    return { kind: "unknown", span };
  }
  return { kind: "reference", root: name, steps: [], span };
}

function parseCall(lexer: Lexer, name: string, nameSpan: Span): Expression {
  const open = lexer.position;
  if (!lexer.hasRoom()) {
    lexer.problem(TOO_DEEP, open, open + 1);
    lexer.skipBracket();
    return { kind: "unknown", span: { start: nameSpan.start, end: lexer.position } };
  }
  const { multiline } = openBracket(lexer, RIGHT_PAREN);
  const { items, expand } = parseItems(lexer, RIGHT_PAREN);
  const { height } = lexer;
  const span = { start: nameSpan.start, end: finishItems(lexer, RIGHT_PAREN, open, multiline, items) };
  return atHeight(lexer, height, { kind: "call", name, nameSpan, arguments: items, expand, span });
}

function parseQuoted(lexer: Lexer): Expression {
  const start = lexer.position;
  const plainEnd = plainStringEnd(lexer, start + 1);
  if (plainEnd !== undefined) {
    lexer.position = plainEnd + 1;
    const contentSpan = { start: start + 1, end: plainEnd };
    const text = lexer.text.slice(start + 1, plainEnd);
    return { kind: "string", text, contentSpan, heredoc: false, span: { start, end: plainEnd + 1 } };
  }
  lexer.position++;
  const template = readTemplate(lexer, "quoted");
  const contentSpan = { start: start + 1, end: lexer.position };
  if (lexer.peek() === QUOTE) lexer.position++;
  else lexer.problem('This string is not closed: `"` is missing.', start, lexer.position);
  return templateExpression(lexer, template, contentSpan, { start, end: lexer.position }, false);
}

/** The closing quote of a string that holds no escape and no interpolation. */
function plainStringEnd(lexer: Lexer, from: number): number | undefined {
  const { text, limit } = lexer;
  for (let at = from; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH || code === DOLLAR || code === PERCENT || isLineBreak(code)) return undefined;
  }
  return undefined;
}

function parseHeredoc(lexer: Lexer): Expression {
  const { text } = lexer;
  const start = lexer.position;
  const removesIndentation = text.charCodeAt(start + 2) === MINUS;
  lexer.position += removesIndentation ? 3 : 2;
  const marker = readWord(lexer);
  if (marker === undefined) {
    lexer.problem("A heredoc's marker is missing after `<<`.", start, start + 2);
    return { kind: "unknown", span: { start, end: lexer.position } };
  }
  const lineEnd = lexer.lineEnd(lexer.position);
  if (lineEnd > lexer.position) lexer.problem("Nothing may follow a heredoc's marker.", lexer.position, lineEnd);
  lexer.position = lineEnd;
  if (lineEnd < lexer.limit) lexer.nextLine();
  const from = lexer.position;
  const end = lexer.heredocEnd(from, marker.text);
  if (end === undefined) {
    lexer.problem("This heredoc is not closed: no line holds its marker alone.", start, marker.span.end);
    const stop = lexer.abandonedHeredocEnd(from);
    const last = stop <= from ? lineEnd : Math.max(lineEnd, beforeBreak(text, stop));
    lexer.position = last;
    lexer.lineStart = lineStartBefore(text, last);
    return { kind: "unknown", span: { start, end: last } };
  }
  const { limit } = lexer;
  lexer.limit = end.lineStart;
  const template = readTemplate(lexer, "bare");
  lexer.limit = limit;
  lexer.position = end.marker.end;
  lexer.lineStart = end.lineStart;
  const unindented = removesIndentation ? { ...template, parts: removeIndentation(template.parts) } : template;
  return templateExpression(
    lexer,
    unindented,
    { start: from, end: end.lineStart },
    { start, end: end.marker.end },
    true,
  );
}

/** The offset before the line break that ends at `lineStart`. */
function beforeBreak(text: string, lineStart: number): number {
  if (!isLineBreak(text.charCodeAt(lineStart - 1))) return lineStart;
  return text.charCodeAt(lineStart - 1) === LINE_FEED && text.charCodeAt(lineStart - 2) === 13
    ? lineStart - 2
    : lineStart - 1;
}

interface Template {
  readonly parts: readonly TemplatePart[];
  /** Holds directives or something unreadable. */
  readonly isUnknown: boolean;
  readonly height: number;
}

function templateExpression(
  lexer: Lexer,
  template: Template,
  contentSpan: Span,
  span: Span,
  heredoc: boolean,
): Expression {
  const { parts, height, isUnknown } = template;
  lexer.height = 0;
  if (isUnknown) return { kind: "unknown", span };
  const [first] = parts;
  if (first === undefined) return { kind: "string", text: "", contentSpan, heredoc, span };
  if (parts.length === 1 && first.kind === "text")
    return { kind: "string", text: first.text, contentSpan, heredoc, span };
  return atHeight(lexer, height, { kind: "template", parts, contentSpan, heredoc, span });
}

/** Reads text and interpolations: up to a quote or the end of the line, or, when bare, up to the limit. */
function readTemplate(lexer: Lexer, style: "quoted" | "bare"): Template {
  const { text } = lexer;
  const isQuoted = style === "quoted";
  const parts: TemplatePart[] = [];
  let isUnknown = false;
  let height = 0;
  let start = lexer.position;
  let pieceStart = start;
  let decoded = "";
  let stripsStart = false;
  let at = start;
  while (at < lexer.limit) {
    const code = text.charCodeAt(at);
    if (isQuoted && (code === QUOTE || isLineBreak(code))) break;
    if (isQuoted && code === BACKSLASH) {
      decoded += text.slice(pieceStart, at);
      const decodedEscape = readEscape(lexer, at);
      decoded += decodedEscape.text;
      at = decodedEscape.end;
      pieceStart = at;
      continue;
    }
    if (isLineBreak(code)) lexer.lineStart = at + 1;
    if (code !== DOLLAR && code !== PERCENT) {
      at++;
      continue;
    }
    const next = text.charCodeAt(at + 1);
    if (next === code && text.charCodeAt(at + 2) === LEFT_BRACE && at + 2 < lexer.limit) {
      decoded += `${text.slice(pieceStart, at + 1)}{`;
      at += 3;
      pieceStart = at;
      continue;
    }
    if (next !== LEFT_BRACE || at + 1 >= lexer.limit) {
      at++;
      continue;
    }
    if (!lexer.hasRoom()) {
      lexer.problem(TOO_DEEP, at, at + 2);
      isUnknown = true;
      at += 2;
      continue;
    }
    lexer.position = at;
    const sequence = readSequence(lexer, isQuoted);
    if (at > start) {
      let literal = decoded + text.slice(pieceStart, at);
      if (stripsStart) literal = stripStart(literal, isQuoted);
      if (sequence.stripsBefore) literal = stripEnd(literal, isQuoted);
      parts.push({ kind: "text", text: literal, span: { start, end: at } });
    }
    parts.push({ kind: "value", value: sequence.value, span: { start: at, end: lexer.position } });
    isUnknown ||= sequence.isUnknown;
    height = Math.max(height, lexer.height);
    stripsStart = sequence.stripsAfter;
    at = lexer.position;
    start = at;
    pieceStart = at;
    decoded = "";
  }
  at = Math.min(at, lexer.limit);
  if (at > start) {
    const literal = decoded + text.slice(pieceStart, at);
    parts.push({ kind: "text", text: stripsStart ? stripStart(literal, isQuoted) : literal, span: { start, end: at } });
  }
  lexer.position = at;
  return { parts, isUnknown, height };
}

/** In a heredoc, `~` reaches no further than the line it stands on. */
function stripStart(text: string, isQuoted: boolean): string {
  const lineEnd = isQuoted ? -1 : text.indexOf("\n");
  return lineEnd < 0 ? text.trimStart() : text.slice(0, lineEnd + 1).trimStart() + text.slice(lineEnd + 1);
}

function stripEnd(text: string, isQuoted: boolean): string {
  // The break that ends the text belongs to the line before the `~`, which is then the one to go.
  const lineEnd = isQuoted ? -1 : text.lastIndexOf("\n", text.length - 2);
  return text.slice(0, lineEnd + 1) + text.slice(lineEnd + 1).trimEnd();
}

interface Sequence {
  readonly value: Expression;
  readonly stripsBefore: boolean;
  readonly stripsAfter: boolean;
  readonly isUnknown: boolean;
}

/** `${…}` or `%{…}`. One that is not closed ends with its line, and so does not take in what follows. */
function readSequence(lexer: Lexer, isQuoted: boolean): Sequence {
  const start = lexer.position;
  const isDirective = lexer.peek() === PERCENT;
  const { multiline } = lexer;
  lexer.position += 2;
  const stripsBefore = lexer.peek() === TILDE;
  if (stripsBefore) lexer.position++;
  lexer.closers.push(RIGHT_BRACE);
  lexer.multiline = true;
  const value = isDirective ? readDirective(lexer, start) : parseExpression(lexer);
  const { height } = lexer;
  let isUnknown = isDirective;
  let code = lexer.skip();
  const stripsAfter = code === TILDE && lexer.peek(1) === RIGHT_BRACE;
  if (stripsAfter) {
    lexer.position++;
    code = RIGHT_BRACE;
  }
  if (code === RIGHT_BRACE && !closesOuterBlock(lexer, isQuoted)) {
    lexer.position++;
  } else {
    lexer.problem("This `{` inside a string is not closed.", start, start + 2);
    isUnknown = true;
    lexer.giveBackLines();
    skipToSequenceEnd(lexer, isQuoted);
  }
  lexer.closers.pop();
  lexer.multiline = multiline;
  lexer.height = height;
  return { value, stripsBefore, stripsAfter, isUnknown };
}

/** A `}` alone on its line cannot end a sequence of a quoted string, which has its own closing quote still to come. */
function closesOuterBlock(lexer: Lexer, isQuoted: boolean): boolean {
  return isQuoted && lexer.recovering && lexer.isOnNewLine() && lexer.endsLine(lexer.position + 1);
}

function skipToSequenceEnd(lexer: Lexer, isQuoted: boolean): void {
  for (; ; lexer.position++) {
    const code = lexer.peek();
    if (code === END || code === LINE_FEED || (isQuoted && code === QUOTE)) return;
    if (code === RIGHT_BRACE) {
      lexer.position++;
      return;
    }
  }
}

/** A directive is read only to find its end. */
function readDirective(lexer: Lexer, start: number): Expression {
  lexer.skip();
  const keyword = readWord(lexer);
  let end = lexer.position;
  if (keyword?.text === "if") {
    end = Math.max(end, parseExpression(lexer).span.end);
  } else if (keyword?.text === "for") {
    readForHead(lexer);
    end = lexer.position;
  }
  lexer.height = 0;
  return { kind: "unknown", span: { start, end } };
}

const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ['"', '"'],
  ["\\", "\\"],
]);

/** The escape at `at`; one that Terraform does not know stands for itself. */
function readEscape(lexer: Lexer, at: number): { readonly text: string; readonly end: number } {
  const letter = at + 1 < lexer.limit ? lexer.text.charAt(at + 1) : "";
  const simple = SIMPLE_ESCAPES.get(letter);
  if (simple !== undefined) return { text: simple, end: at + 2 };
  const digits = letter === "u" ? 4 : letter === "U" ? 8 : 0;
  const hex = lexer.text.slice(at + 2, Math.min(at + 2 + digits, lexer.limit));
  if (digits > 0 && hex.length === digits && /^[0-9A-Fa-f]+$/.test(hex)) {
    const code = Number.parseInt(hex, 16);
    if (code <= 0x10ffff) return { text: String.fromCodePoint(code), end: at + 2 + digits };
  }
  lexer.problem("Terraform knows no such escape; write `\\\\` for a backslash.", at, at + 1);
  return { text: "\\", end: at + 1 };
}

/** Takes from each line the white space that all lines of a `<<-` heredoc start with. */
function removeIndentation(parts: readonly TemplatePart[]): TemplatePart[] {
  const common = commonIndentation(parts);
  let startsLine = true;
  return parts.map((part) => {
    if (part.kind === "value") {
      startsLine = false;
      return part;
    }
    const lines = part.text.split("\n");
    const unindented = lines.map((line, index) => {
      const isWhole = index < lines.length - 1;
      if ((index === 0 && !startsLine) || (isWhole && line.trim() === "")) return line;
      return line.slice(Math.min(common, line.length - line.trimStart().length));
    });
    startsLine = part.text.endsWith("\n");
    return { ...part, text: unindented.join("\n") };
  });
}

function commonIndentation(parts: readonly TemplatePart[]): number {
  let common = Number.POSITIVE_INFINITY;
  let startsLine = true;
  for (const part of parts) {
    if (part.kind === "value") {
      if (startsLine) return 0;
      continue;
    }
    const lines = part.text.split("\n");
    for (const [index, line] of lines.entries()) {
      const isLast = index === lines.length - 1;
      if ((index === 0 && !startsLine) || (isLast && line === "") || (!isLast && line.trim() === "")) continue;
      common = Math.min(common, line.length - line.trimStart().length);
    }
    startsLine = part.text.endsWith("\n");
  }
  return common === Number.POSITIVE_INFINITY ? 0 : common;
}
