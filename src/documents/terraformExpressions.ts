import type { Span } from "../model/text";
import type { Entry, Expression, Step } from "./terraform";
import {
  AMPERSAND,
  BANG,
  COLON,
  COMMA,
  DOT,
  END,
  EQUALS,
  GREATER,
  isDigit,
  LEFT_BRACE,
  LEFT_PAREN,
  LEFT_SQUARE,
  LESS,
  type Lexer,
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
  TOO_DEEP,
} from "./terraformLexer";
import { belongs, type Opener, parseValue, readWord, skipJunkToken } from "./terraformParser";
import { parseHeredoc, parseQuoted } from "./terraformTemplates";

export function parseExpression(lexer: Lexer): Expression {
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
export function atHeight(lexer: Lexer, partsHeight: number, expression: Expression): Expression {
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

export function parsePrimary(lexer: Lexer): Expression {
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
export function readForHead(lexer: Lexer): boolean {
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
  const opener: Opener = { type: "", start: lexer.position, indentation: lexer.indentation(), indents: undefined };
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
