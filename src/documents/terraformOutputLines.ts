import type { Span } from "../model/text";

/** One line of an output as its program wrote it: without colours, boxes and what CI systems put in front. */
export interface OutputLine {
  readonly text: string;
  /** Where it stands in the text that was given. */
  readonly span: Span;
  /** The first or the last line of a box that Terraform draws around a diagnostic. */
  readonly edge?: "top" | "bottom";
  /** Inside such a box. */
  readonly boxed: boolean;
  /** A line of a log, which `TF_LOG` asks for. */
  readonly isLog: boolean;
}

/** An escape character that a log wrote out as text. */
const written = "(?:\\u241b|\\^\\[|\\\\u001b|\\\\033|\\\\x1b|\\\\e)";
/** Operating system commands (titles, links), control sequences, and colours that have lost their escape character. */
const ansi = new RegExp(
  [
    "\\u001b\\][^\\u0007\\u001b]*(?:\\u0007|\\u001b\\\\)?",
    "(?:\\u001b\\[?|\\u009b)[0-9;?]*[ -/]*[A-Za-z]",
    `${written}?\\[\\d{0,3}(?:;\\d{1,3})*m`,
  ].join("|"),
  "g",
);
const mayHoldAnsi = new RegExp(`[\\u001b\\u009b]|${written}|\\[\\d{1,3}[;m]`);

/** Box characters that went through a wrong code page. */
const mojibake: readonly (readonly [RegExp, string])[] = [
  [/â”‚|Γöé|Ôöé/g, "│"],
  [/â•·|Γò╖|Ôò╖/g, "╷"],
  [/â•µ|Γò╡|Ôò╡/g, "╵"],
];

const entities: Readonly<Record<string, string>> = {
  "&quot;": '"',
  "&#34;": '"',
  "&#39;": "'",
  "&lt;": "<",
  "&gt;": ">",
  "&amp;": "&",
};

const time = "\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d+)?";
const zone = "(?:Z|UTC|[+-]\\d\\d:?\\d\\d)?";
/** What stands in front of a line: time stamps, agents' commands, names of steps, quotation marks. */
const prefix = new RegExp(
  `^(?:${[
    `\\[?\\d{4}[-/]\\d\\d[-/]\\d\\d[T ]${time} ?${zone}\\]?:?`,
    `\\[?${time}\\]?(?:[A-Z](?=[:\\s]))?:?`,
    "[A-Z][a-z]{2} +\\d{1,2} \\d\\d:\\d\\d:\\d\\d [\\w.-]+ [\\w./-]+(?:\\[\\d+\\])?:",
    "##\\[\\w+\\]",
    "##vso\\[[^\\]]{0,200}\\]",
    "::(?:error|warning|notice|debug)(?: [^:]{0,200})?::",
    "\\[Step \\d+/\\d+\\]",
    "aws: \\[\\w+\\]:",
    "\\[(?:Container|terragrunt|terraform|tofu|Pipeline)\\](?: \\[[^\\]]{0,200}\\])?",
    "\\[(?:[Ee]rror|ERROR|[Ii]nfo|INFO|[Ww]arn(?:ing)?|WARN(?:ING)?|[Dd]ebug|DEBUG|FATAL|err|out|std(?:out|err)|STDOUT|STDERR)\\]:?",
    "\\[[\\w./@:~=-]{1,120}\\](?= )",
    "(?:ERRO|WARN|INFO|DEBU|TRAC|FATA)\\[\\d+\\]",
    "(?:STDOUT|STDERR|ERROR|INFO|WARN|DEBUG)(?= +(?:\\[|terraform:|tofu:|[│╷╵]|Error:))",
    "(?:terraform|tofu|terragrunt|[Ss]tderr|STDERR):",
    '(?:module|null_resource|aws_|data)[\\w.\\[\\]"-]{1,200} \\((?:local|remote)-exec\\):',
    "(?:> ?)+",
    "\\((?:local|remote)-exec\\):",
  ].join("|")}) *\\t*`,
);
/** Cheaper than the prefixes themselves, which most lines do not have. */
const mayHavePrefix =
  /^(?:[\d[#:>(]|[A-Z][a-z]{2} +\d|(?:ERRO|WARN|INFO|DEBU|TRAC|FATA|STDOUT|STDERR)|(?:terraform|tofu|terragrunt|[Ss]tderr|aws):)/;

const logLine = /^\[?\d{4}[-/]\d\d[-/]\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)? +\[(?:TRACE|DEBUG|INFO|WARN|ERROR)\]/;
/** The rest of a log entry that goes over several lines. */
const logRest = /^ {1,4}\| |^ +http\.(?:request|response|duration|status)/;

const boxCharacter = /[╷│╵┃]/;
const deepest = 8;

/** The lines of a text, cleaned; copying may have made one line of many. */
export function outputLines(text: string): readonly OutputLine[] {
  const raws = [...rawLines(text)].flatMap(({ raw, span }) =>
    unquoted(plain(raw)).map((one) => ({ raw: withoutPrefixes(one).text, span })),
  );
  const columns = columnsOf(raws.map(({ raw }) => raw));
  const lines: OutputLine[] = [];
  let inLog = false;
  raws.forEach(({ raw, span }, index) => {
    if (inLog && logRest.test(raw)) {
      lines.push({ text: raw.trim(), span, boxed: false, isLog: true });
      return;
    }
    const first = lines.length;
    for (const line of splitLine(raw.slice(columns[index] ?? 0), span)) lines.push(line);
    inLog = lines[first]?.isLog === true;
  });
  return lines;
}

/** The lines of an output that a program has written into a string of its own log. */
function unquoted(raw: string): readonly string[] {
  return /\\n(?:\\n|[╷│╵]| *Error)/.test(raw) ? raw.replaceAll('\\"', '"').split("\\n") : [raw];
}

/** The lines of a text with their places; each ends at a line feed, a carriage return or both. */
export function* rawLines(text: string): Iterable<{ readonly raw: string; readonly span: Span }> {
  const end = /\r\n?|\n|\u2028/g;
  let start = 0;
  for (const match of text.matchAll(end)) {
    yield { raw: text.slice(start, match.index), span: { start, end: match.index } };
    start = match.index + match[0].length;
  }
  if (start < text.length) yield { raw: text.slice(start), span: { start, end: text.length } };
}

function splitLine(raw: string, span: Span): readonly OutputLine[] {
  const { text, isLog } = withoutPrefixes(raw);
  if (isLog) return [{ text, span, boxed: false, isLog }];
  if (/^\|(?: |$)/.test(text)) return [{ text: text.slice(1).trim(), span, boxed: true, isLog }];
  const [front = "", ...pieces] = text.split(/(?=[╷│╵┃])/);
  const isBox = boxCharacter.test(front);
  const lines: OutputLine[] = [];
  if (!isBox && (front.trim() !== "" || pieces.length === 0))
    lines.push({ text: front.trim(), span, boxed: false, isLog });
  for (const piece of isBox ? [front, ...pieces] : pieces) {
    const [edge] = piece;
    const inner = withoutPrefixes(piece.slice(1)).text.trim();
    if (edge === "╷") lines.push({ text: "", span, edge: "top", boxed: true, isLog });
    if (edge === "╵") lines.push({ text: "", span, edge: "bottom", boxed: true, isLog });
    if (edge === "│" || edge === "┃" || inner !== "") lines.push({ text: inner, span, boxed: edge !== "╵", isLog });
  }
  return lines;
}

/** A line without colours, with plain quotation marks. */
export function plain(raw: string): string {
  let text = mayHoldAnsi.test(raw) ? raw.replace(ansi, "") : raw;
  if (/[âΓÔ]/.test(text)) for (const [wrong, right] of mojibake) text = text.replace(wrong, right);
  if (/[\u00a0\u200b\ufeff“”„‘’]/.test(text)) {
    text = text
      .replace(/\u00a0/g, " ")
      .replace(/[\u200b\ufeff]/g, "")
      .replace(/[“”„]/g, '"')
      .replace(/[‘’]/g, "'");
  }
  if (text.includes("&")) text = text.replace(/&(?:quot|#34|#39|lt|gt|amp);/g, (one) => entities[one] ?? one);
  // A message that was written as a literal of some programming language.
  return text.includes("\\n") ? text.replace(/(?:\\n)+(?:\\t)+|(?:\\n)+(?= *(?:status code|caused by))/g, " ") : text;
}

function withoutPrefixes(line: string): { readonly text: string; readonly isLog: boolean } {
  let text = line.trimEnd();
  for (let round = 0; round < deepest; round++) {
    const trimmed = text.trimStart();
    if (!mayHavePrefix.test(trimmed) && !trimmed.includes("-exec):")) break;
    if (logLine.test(trimmed)) return { text: trimmed, isLog: true };
    const found = prefix.exec(trimmed);
    if (!found) break;
    text = trimmed.slice(found[0].length);
  }
  return { text, isLog: false };
}

/**
 * How many characters of each line are a column of their own: line numbers that go up, or the name of a container or a
 * pod, again and again. One line alone never has one, for it could be part of what is said.
 */
function columnsOf(lines: readonly string[]): readonly number[] {
  const numbers = lines.map((line) => /^ *(\d{1,6})(?: *\||:|-(?=\d{4}-\d\d-\d\d)) ?/.exec(line));
  const names = lines.map((line) => /^([\w./-]{2,60})(?: +\| ?| *(?=[╷│╵┃])| {2,})/.exec(line));
  const counts = new Map<string, number>();
  for (const name of names) if (name?.[1]) counts.set(name[1], (counts.get(name[1]) ?? 0) + 1);
  return lines.map((_, index) => {
    const number = numbers[index];
    if (number && isCounted(numbers, index)) return number[0].length;
    const name = names[index];
    // A name is a column where most lines have it, or where boxes follow it.
    const isColumn = name?.[1] !== undefined && (counts.get(name[1]) ?? 0) > Math.max(1, lines.length / 2);
    return name && (isColumn || isBeforeBoxes(lines, index, name)) ? name[0].length : 0;
  });
}

/** Whether the lines around have numbers too, so that they go up: the rest of a broken line may begin with one as well. */
function isCounted(numbers: readonly (RegExpExecArray | null)[], index: number): boolean {
  const own = Number(numbers[index]?.[1]);
  const follows = (one: number, other: number | undefined) => other !== undefined && one < other && other - one <= 50;
  const numberAt = (at: number) => (numbers[at] ? Number(numbers[at][1]) : undefined);
  const isFirst = index === 0;
  const isLast = index === numbers.length - 1;
  const before = isFirst ? undefined : follows(numberAt(index - 1) ?? Number.NaN, own);
  const after = isLast ? undefined : follows(own, numberAt(index + 1));
  return before !== false && after !== false && !(isFirst && isLast);
}

function isBeforeBoxes(lines: readonly string[], index: number, name: RegExpExecArray): boolean {
  const starts = (line: string | undefined) =>
    line?.startsWith(name[0]) === true && boxCharacter.test(line.charAt(name[0].length));
  return starts(lines[index]) && (starts(lines[index - 1]) || starts(lines[index + 1]));
}
