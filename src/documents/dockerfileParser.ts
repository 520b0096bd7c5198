import type { Instruction, Property, PropertyInstruction, Run } from "dockerfile-ast";
import { lineStarts, type SourceFile, type Span } from "../model/text";
import type { DockerfileDocument, DockerInstruction, DockerStage, DockerWord } from "./dockerfile";
import { hashSuppressions } from "./hashComments";
import { parsers } from "./parsers";
import { type ShellAssignment, type ShellCommand, type ShellPiece, textOf } from "./shell";
import { shellCommands } from "./shellParser";

type Range = ReturnType<Instruction["getRange"]>;

/**
 * Reads a Dockerfile, its scripts and here-documents included, when its stages are asked for: of most only a Compose file
 * wants to know something. Never throws: what cannot be read is left out.
 */
export function parseDockerfile(source: SourceFile): DockerfileDocument {
  let stages: readonly DockerStage[] | undefined;
  return {
    kind: "dockerfile",
    source,
    get stages() {
      stages ??= stagesOf(source.text);
      return stages;
    },
    problems: [],
    suppressions: hashSuppressions(source.text),
  };
}

function stagesOf(text: string): readonly DockerStage[] {
  try {
    return new Reader(text).stages();
  } catch {
    return [];
  }
}

class Reader {
  readonly #text: string;
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.#text = text;
    this.#starts = lineStarts(text);
  }

  stages(): readonly DockerStage[] {
    const stages: (DockerStage & { instructions: DockerInstruction[] })[] = [];
    for (const one of parsers.dockerfile().DockerfileParser.parse(this.#text).getInstructions()) {
      const instruction = this.#instruction(one);
      if (instruction.keyword === "FROM" || stages.length === 0) stages.push(stageOf(instruction));
      if (instruction.keyword !== "FROM") stages.at(-1)?.instructions.push(instruction);
    }
    return stages;
  }

  #instruction(instruction: Instruction): DockerInstruction {
    const keyword = instruction.getKeyword();
    const isProperty = keyword === "ENV" || keyword === "ARG";
    const properties = isProperty ? (instruction as PropertyInstruction).getProperties() : [];
    // `ARG A B=1` looks like the old form of ENV.
    const isList = keyword === "ARG" && properties.some((one) => !one.getAssignmentOperator() && one.getValueRange());
    const flags = "getFlags" in instruction ? (instruction as Run).getFlags() : [];
    return {
      keyword,
      keywordSpan: this.#span(instruction.getInstructionRange()),
      span: this.#span(instruction.getRange()),
      words: isProperty || keyword === "RUN" ? [] : this.#words(instruction),
      flags: flags.map((flag) => ({ text: flag.toString(), span: this.#span(flag.getRange()) })),
      assignments: isList ? [] : properties.flatMap((one) => this.#assignment(one)),
      names: isList
        ? instruction.getArguments().flatMap((word) => this.#bareName(word.getValue(), word.getRange()))
        : properties
            .filter((one) => keyword === "ARG" && one.getAssignmentOperator() === null)
            .map((one) => ({ text: one.getName(), span: this.#span(one.getNameRange()) })),
      commands: keyword === "RUN" ? this.#commands(instruction as Run) : [],
    };
  }

  #words(instruction: Instruction): readonly DockerWord[] {
    const range = instruction.getArgumentsRange();
    const whole = range && this.#span(range);
    if (!whole || this.#text[whole.start] !== "[") {
      return instruction.getArguments().map((word) => {
        const span = this.#span(word.getRange());
        return { text: word.getValue().replace(/^(["'])(.*)\1$/s, "$2"), span };
      });
    }
    const strings = this.#text.slice(whole.start, whole.end).matchAll(/"((?:\\.|[^"\\])*)"/g);
    return [...strings].map(({ index, 0: { length }, 1: text = "" }) => {
      const start = whole.start + index + 1;
      return { text, span: { start, end: start + length - 2 } };
    });
  }

  #assignment(property: Property): readonly ShellAssignment[] {
    const range = property.getValueRange();
    const name = property.getName();
    if (!range || !/^[A-Za-z_]\w*$/.test(name)) return [];
    const [nameSpan, valueSpan] = [this.#span(property.getNameRange()), this.#span(range)];
    const value = dockerValue(this.#text, valueSpan);
    return [{ name, nameSpan, value, span: { start: nameSpan.start, end: valueSpan.end } }];
  }

  #bareName(word: string, range: Range): readonly DockerWord[] {
    return /^[A-Za-z_]\w*$/.test(word) ? [{ text: word, span: this.#span(range) }] : [];
  }

  #commands(run: Run): readonly ShellCommand[] {
    const heredocs = run.getHeredocs().flatMap((one) => one.getContentRange() ?? []);
    if (heredocs.length > 0) return heredocs.flatMap((range) => this.#script(this.#span(range)));
    const flags = run.getFlags();
    const start =
      flags.length > 0
        ? this.#span(flags.at(-1)?.getRange() ?? run.getRange()).end
        : this.#span(run.getInstructionRange()).end;
    const span = { start, end: this.#span(run.getRange()).end };
    return /^\s*\[/.test(this.#text.slice(span.start, span.end)) ? [] : this.#script(span);
  }

  /** Comment lines between continued lines are nothing to Docker, and would end the command in a shell. */
  #script({ start, end }: Span): readonly ShellCommand[] {
    const text = this.#text
      .slice(start, end)
      .replace(/(?<=\n)[ \t]*#[^\r\n]*/g, (line) => `${" ".repeat(line.length - 1)}\\`);
    return shellCommands(text, start);
  }

  #span({ start, end }: Range): Span {
    const offset = ({ line, character }: Range["start"]) => (this.#starts[line] ?? this.#text.length) + character;
    return { start: Math.min(offset(start), this.#text.length), end: Math.min(offset(end), this.#text.length) };
  }
}

function stageOf({ words, keywordSpan }: DockerInstruction): DockerStage & { instructions: DockerInstruction[] } {
  const [image, as, name] = words;
  return {
    at: keywordSpan,
    ...(image ? { image: image.text } : {}),
    ...(as && /^as$/i.test(as.text) && name ? { name: name.text } : {}),
    instructions: [],
  };
}

/** A value of `ENV` or `ARG`: quotes, backslashes and `$NAME` as Docker takes them. */
function dockerValue(text: string, span: Span): ShellAssignment["value"] {
  const pieces: ShellPiece[] = [];
  let quote = "";
  let quotes: "none" | "single" | "double" | "mixed" = "none";
  const pattern = /\\[\s\S]|\$\{([A-Za-z_]\w*)[^}]*\}|\$([A-Za-z_]\w*)|["']|[^\\$"']+|[\s\S]/g;
  pattern.lastIndex = span.start;
  while (pattern.lastIndex < span.end) {
    const start = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) break;
    const at = { start, end: Math.min(span.end, pattern.lastIndex) };
    const written = match[0].slice(0, at.end - at.start);
    const quoted = quote !== "";
    if ((written === '"' || written === "'") && (!quoted || quote === written)) {
      quotes = start === span.start ? (written === '"' ? "double" : "single") : quotes === "none" ? "mixed" : quotes;
      quote = quoted ? "" : written;
      continue;
    }
    const variable = quote === "'" ? undefined : (match[1] ?? match[2]);
    if (variable !== undefined) pieces.push({ kind: "variable", name: variable, quoted, span: at });
    else pieces.push({ kind: "text", text: unescaped(written, quote), quoted, span: at });
  }
  const known = textOf(pieces);
  return { span, pieces, quotes, text: known };
}

function unescaped(written: string, quote: string): string {
  if (!written.startsWith("\\") || written.length < 2 || quote === "'") return written;
  if (/[\r\n]/.test(written[1] ?? "")) return "";
  return quote === '"' && !/^\\["$\\]$/.test(written) ? written : written.slice(1);
}
