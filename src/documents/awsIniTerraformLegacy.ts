import type { Span } from "../model/text";
import { type AwsIniDocument, headersByBracket, trimSpan } from "./awsIni";
import type { Reading } from "./awsIniReading";
import { type GoSection, type GoSetting, goLowerCase, isGoBlank, lookUpSections } from "./awsIniTerraform";
import { isLegacyBlank, type Token, type TokenKind, tokenize } from "./awsIniTerraformTokens";

class Rejected {
  constructor(
    readonly message: string,
    readonly span: Span,
  ) {}
}

/** Reads as AWS SDK for Go v2 did up to config v1.26.5: a grammar over tokens that rejects what it does not expect. */
export function readAsLegacyTerraform(document: AwsIniDocument): Reading {
  const { text } = document.source;
  const tokens = tokenize(text);
  if (!tokens) return { reader: "terraform-legacy", sections: [] };
  const read = new LegacyParser(document).parse(tokens);
  if (read instanceof Rejected) {
    return { reader: "terraform-legacy", sections: [], failure: { message: read.message, span: read.span } };
  }
  return { reader: "terraform-legacy", sections: lookUpSections(document.role, read) };
}

/**
 * What the parser is in the middle of. `start` stands between statements, `skipped` and `section` too, but after one;
 * `word` has read words that may become a key, `assignment` the separator, `value` a part of the value,
 * `bracket` an opening bracket, `header` a part of the name.
 */
type State = "start" | "comment" | "skipped" | "section" | "word" | "assignment" | "value" | "bracket" | "header";

class LegacyParser {
  readonly #text: string;
  readonly #treeHeaders: ReturnType<typeof headersByBracket>;
  readonly #sections = new Map<string, GoSection>();
  #scope = "";
  #state: State = "start";
  #skipping = false;
  #previous: TokenKind = "end";
  #opened = 0;
  #words: Span = { start: 0, end: 0 };
  #key: Span = { start: 0, end: 0 };
  #value: Span = { start: 0, end: 0 };
  #isQuoted = false;
  /** The SDK parses everything before it looks at words without a value, so such an error comes last. */
  #late: Rejected | undefined;

  constructor(document: AwsIniDocument) {
    this.#text = document.source.text;
    this.#treeHeaders = headersByBracket(document);
  }

  parse(tokens: readonly Token[]): ReadonlyMap<string, GoSection> | Rejected {
    for (const token of tokens) {
      if (this.#isSkipped(token)) {
        if (token.kind === "end") break;
        continue;
      }
      const problem = this.#accept(token);
      if (problem) return new Rejected(problem, token);
    }
    return this.#late ?? this.#sections;
  }

  /** After a line without a value, the lines that a blank starts are skipped. */
  #isSkipped(token: Token): boolean {
    if (this.#skipping && this.#previous === "newline" && token.kind !== "blank") {
      this.#skipping = false;
      this.#previous = "end";
      return false;
    }
    this.#previous = token.kind;
    return this.#skipping;
  }

  #skip(): void {
    this.#state = "skipped";
    this.#skipping = true;
  }

  /** Returns what is wrong with the token, if anything. */
  #accept(token: Token): string | undefined {
    switch (this.#state) {
      case "start":
      case "comment":
      case "skipped":
      case "section":
        return this.#acceptBetween(token);
      case "word":
        return this.#acceptAfterWord(token);
      case "assignment":
        return this.#acceptAssignment(token);
      case "value":
        return this.#acceptInValue(token);
      case "bracket":
      case "header":
        return this.#acceptInHeader(token);
    }
  }

  #acceptBetween(token: Token): string | undefined {
    switch (token.kind) {
      case "literal":
        this.#state = "word";
        this.#words = token;
        return undefined;
      case "bracket":
        return this.#openHeader(token);
      case "comment":
        this.#state = "comment";
        return undefined;
      case "operator":
      case "comma":
        return "A line must not begin with a separator or a comma.";
      default:
        return undefined;
    }
  }

  #acceptAfterWord(token: Token): string | undefined {
    switch (token.kind) {
      case "operator":
        this.#key = trimSpan(this.#text, this.#words, isLegacyBlank);
        this.#state = "assignment";
        return undefined;
      case "literal":
      case "blank":
        this.#words = { start: this.#words.start, end: token.end };
        return undefined;
      case "newline":
        this.#skip();
        return undefined;
      case "comma":
        return "A comma must not stand in the name of a setting.";
      default:
        this.#late ??= new Rejected("Words without a value must not end here.", this.#words);
        if (token.kind === "bracket") return this.#openHeader(token);
        this.#state = "comment";
        return undefined;
    }
  }

  #acceptAssignment(token: Token): string | undefined {
    switch (token.kind) {
      case "literal":
      case "bracket":
      case "operator":
        this.#value = token;
        this.#isQuoted = token.quoted;
        this.#state = "value";
        return undefined;
      case "blank":
        return undefined;
      case "newline":
        this.#skip();
        return undefined;
      default:
        return "A setting must have a value before a comment, a comma or the end of the file.";
    }
  }

  #acceptInValue(token: Token): string | undefined {
    switch (token.kind) {
      case "literal":
      case "bracket":
      case "operator":
      case "blank":
        // After a quoted beginning the rest of the line is lost.
        if (!this.#isQuoted) this.#value = { start: this.#value.start, end: token.end };
        return undefined;
      case "comma":
        // The setting is lost with what follows the comma.
        this.#skip();
        return undefined;
      default:
        this.#store();
        this.#state = token.kind === "comment" ? "comment" : "start";
        return undefined;
    }
  }

  #acceptInHeader(token: Token): string | undefined {
    const isNamed = this.#state === "header";
    switch (token.kind) {
      case "bracket":
        return this.#text[token.start] === "]" ? this.#closeHeader(isNamed) : "A header must not hold a bracket.";
      case "newline":
        return undefined;
      case "blank":
        if (isNamed) this.#words = { start: this.#words.start, end: token.end };
        return undefined;
      case "literal":
        this.#words = isNamed ? { start: this.#words.start, end: token.end } : token;
        this.#state = "header";
        return undefined;
      case "operator":
        if (!isNamed) break;
        this.#words = { start: this.#words.start, end: token.end };
        return undefined;
      case "comment":
      case "end":
        if (isNamed) break;
        this.#late ??= new Rejected("A header must have a name and a closing bracket.", token);
        this.#state = "comment";
        return undefined;
      default:
        break;
    }
    return "A header must have a name and a closing bracket.";
  }

  #openHeader(token: Token): string | undefined {
    if (this.#text[token.start] !== "[") return "A closing bracket must not stand here.";
    this.#opened = token.start;
    this.#state = "bracket";
    return undefined;
  }

  #closeHeader(isNamed: boolean): undefined {
    this.#state = "section";
    if (!isNamed) {
      this.#late ??= new Rejected("A header must have a name.", { start: this.#opened, end: this.#opened + 1 });
      return;
    }
    const span = trimSpan(this.#text, trimSpan(this.#text, this.#words, isLegacyBlank), isGoBlank);
    const written = this.#text.slice(span.start, span.end);
    const name = written.startsWith("profile ") ? `profile ${written.slice(8).replace(/^ +/, "")}` : written;
    const header = this.#treeHeaders.get(this.#opened)?.nameSpan ?? span;
    const known = this.#sections.get(name);
    if (known) known.headers.push(header);
    else this.#sections.set(name, { name, headers: [header], settings: new Map() });
    this.#scope = name;
  }

  #store(): void {
    const { start, end } = this.#value;
    const valueSpan = this.#isQuoted
      ? { start: start + 1, end: end - 1 }
      : trimSpan(this.#text, this.#value, (code) => code === 32 || code === 10);
    const value = this.#text.slice(valueSpan.start, valueSpan.end);
    const name = goLowerCase(this.#text.slice(this.#key.start, this.#key.end));
    const setting: GoSetting = {
      name,
      value: this.#isQuoted ? decodeEscapes(value) : value,
      keySpan: this.#key,
      valueSpan,
      lineSpan: { start: this.#key.start, end: this.#isQuoted ? end : valueSpan.end },
    };
    const scope = this.#sections.get(this.#scope) ?? { name: this.#scope, headers: [], settings: new Map() };
    this.#sections.set(this.#scope, scope);
    scope.settings.set(name, setting);
  }
}

/** A decoded backslash may itself begin the next escape. */
function decodeEscapes(value: string): string {
  const decoded: string[] = [];
  for (const character of value) {
    if (decoded.at(-1) !== "\\" || !"'\"nt\\".includes(character)) decoded.push(character);
    else decoded[decoded.length - 1] = character === "n" ? "\n" : character === "t" ? "\t" : character;
  }
  return decoded.join("");
}
