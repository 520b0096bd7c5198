import type { DockerInstruction, DockerStage } from "../documents/dockerfile";
import type { SourceFile, TextEdit } from "../model/text";
import { endOfLine } from "./lineForms";

const keyVariable = /^AWS_(?:ACCESS_KEY_ID|ACCESS_KEY|SECRET_ACCESS_KEY|SECRET_KEY|SESSION_TOKEN|SECURITY_TOKEN)$/;

/**
 * The key variables of a stage as secrets of the build, which no layer keeps: their `ARG` and `ENV` lines go, and each
 * `RUN` that calls AWS mounts them. Nothing where that cannot be done line by line.
 * https://docs.docker.com/build/building/secrets/
 */
export function buildSecrets({ instructions }: DockerStage, source: SourceFile): readonly TextEdit[] {
  const declaring = instructions.filter(({ keyword, assignments, names }) => {
    return (
      (keyword === "ARG" || keyword === "ENV") &&
      [...assignments.map(({ name }) => name), ...names.map(({ text }) => text)].some((name) => keyVariable.test(name))
    );
  });
  const declared = declaring.flatMap(({ assignments, names }) => [
    ...assignments.map(({ name }) => name),
    ...names.map(({ text }) => text),
  ]);
  const names = [...new Set(declared)];
  const using = instructions.filter(
    (one) => one.keyword === "RUN" && one.commands.some((command) => callsAws(command, names)),
  );
  if (declaring.length === 0 || using.length === 0 || !names.every((name) => keyVariable.test(name))) return [];
  const mounts = names.map((name) => ` --mount=type=secret,id=${name},env=${name}`).join("");
  const removals = declaring.map((one) => removal(one, source));
  const additions = using.map(({ keywordSpan: { end } }) => ({
    path: source.path,
    span: { start: end, end },
    pieces: [mounts],
  }));
  return [...removals, ...additions].sort((a, b) => a.span.start - b.span.start);
}

function callsAws(
  { name, words, assignments }: DockerInstruction["commands"][number],
  names: readonly string[],
): boolean {
  const pieces = [...words, ...assignments.map(({ value }) => value)].flatMap((word) => word.pieces);
  return (
    /(?:^|\/)(?:aws|terraform|tofu|terragrunt|cdk|sam|serverless|s3cmd)$/.test(name) ||
    pieces.some((piece) => piece.kind === "variable" && names.includes(piece.name))
  );
}

function removal({ span }: DockerInstruction, { path, text }: SourceFile): TextEdit {
  const end = endOfLine(text, span.end);
  const lineBreak = /^(?:\r\n|\n|\r)/.exec(text.slice(end))?.[0].length ?? 0;
  return { path, span: { start: span.start, end: end + lineBreak }, pieces: [] };
}
