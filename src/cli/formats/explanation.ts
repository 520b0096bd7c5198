import { createColors } from "picocolors";
import type { ExplainedCause, Explanation } from "../../explain/explainOutput";
import { namedInError } from "../../explain/namedInError";
import { lineStarts, positionAt } from "../../model/text";
import { displayPath, jsonText, plainLine, printable } from "../output";
import { type Places, placeOf } from "./json";

/** What it takes to name places, those of the output included. */
export interface ExplanationPlaces extends Places {
  /** The output itself, to number its lines. */
  readonly output: string;
  readonly fileOf: (name: string) => string;
}

/** The `explain` document of the command line's contract. */
export function explanationsJson(explanations: readonly Explanation[], places: ExplanationPlaces): string {
  return jsonText({ version: 1, matches: explanations.map((one) => matchOf(one, places)) });
}

function matchOf({ error, summary, keysFrom, causes, next }: Explanation, places: ExplanationPlaces) {
  const { code, stage, profile, role, region, requestId, address, file, line } = error;
  return {
    code,
    stage,
    summary: printable(summary),
    causes: causes.map((cause) => causeObject(cause, places)),
    next: next.map(printable),
    ...(keysFrom === undefined ? {} : { keysFrom: printable(keysFrom) }),
    outputLine: outputLineOf(error.span.start, places),
    profile,
    role,
    region,
    requestId,
    address,
    ...(file === undefined ? {} : { file: fileName(file, places), line }),
  };
}

function causeObject({ id, title, likelihood, evidence, at }: ExplainedCause, places: ExplanationPlaces) {
  return {
    id,
    title: printable(title),
    likelihood,
    ...(evidence === undefined ? {} : { evidence: printable(evidence) }),
    ...(at === undefined ? {} : { file: placeOf(at, places).file, line: placeOf(at, places).line }),
  };
}

const outputLineOf = (offset: number, { output }: ExplanationPlaces) => positionAt(lineStarts(output), offset).line + 1;

const fileName = (file: string, { fileOf, cwd, home }: ExplanationPlaces) => displayPath(fileOf(file), cwd, home);

/** For people: each error with its causes, the surest first, and then what to do. */
export function explanationsText(
  explanations: readonly Explanation[],
  places: ExplanationPlaces,
  color: boolean,
): string {
  if (explanations.length === 0) return "No error about AWS credentials stands in this output.\n";
  return explanations.map((one) => explanationText(one, places, color)).join("\n");
}

function explanationText(one: Explanation, places: ExplanationPlaces, color: boolean): string {
  const colors = createColors(color);
  const { error, summary, causes, next } = one;
  const named = [
    `line ${outputLineOf(error.span.start, places)} of the output`,
    ...namedInError(one, (file) => fileName(file, places)),
  ];
  const paint = { certain: colors.red, likely: colors.yellow, possible: colors.dim };
  const lines = [
    `${colors.bold(printable(error.code))}  ${printable(summary)}`,
    colors.dim(`  ${printable(named.join(", "))}`),
    "",
  ];
  for (const { title, likelihood, evidence, at } of causes) {
    lines.push(`  ${paint[likelihood](likelihood.padEnd(8))}  ${printable(title)}`);
    const place = at === undefined ? undefined : placeOf(at, places);
    const where = place === undefined ? "" : `${place.file}:${place.line}: `;
    if (evidence !== undefined) lines.push(colors.dim(`            ${plainLine(`${where}${evidence}`)}`));
  }
  if (next.length > 0) lines.push("", ...next.map((step) => `  → ${printable(step)}`));
  return `${lines.join("\n")}\n`;
}
