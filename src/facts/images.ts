import { secretKeyShape, sessionTokenShape } from "../aws/accessKey";
import type { DockerfileDocument, DockerInstruction, DockerStage } from "../documents/dockerfile";
import type { ShellAssignment } from "../documents/shell";
import type { CredentialSet } from "../model/credentials";
import type { Location, SourceFile, Span, TextEdit } from "../model/text";
import { isEmulator } from "./containers";
import { baseName, isTemplate } from "./envFiles";
import { buildSecrets } from "./imageRepairs";
import { namedSecrets } from "./namedSecrets";
import { settingNamed } from "./names";
import { onceForEach } from "./remembered";
import { variablesSet } from "./variables";

/** A secret that stays in an image, where whoever has the image can read it. */
export interface BakedIn {
  /** A value written out, one that comes with the build, an argument of the build, AWS files that are copied. */
  readonly kind: "value" | "passed" | "argument" | "files";
  readonly what: "secret key" | "session token" | "AWS files";
  /** The variable's or the file's name. */
  readonly name: string;
  readonly at: Location;
  /** Whether it is in the image that the build ends in, not only in a stage before. */
  readonly isFinal: boolean;
  readonly repair: readonly TextEdit[];
}

const secretName = /^AWS_(?:SECRET_ACCESS_KEY|SECRET_KEY|SESSION_TOKEN|SECURITY_TOKEN)$/;

/** The stages as credential sets. */
export const imageSets = onceForEach(({ source, stages }: DockerfileDocument): readonly CredentialSet[] =>
  stages.flatMap((stage, index) => {
    const set = variablesSet({
      of: "image",
      name: stage.name
        ? `stage ${stage.name}`
        : stages.length > 1
          ? `stage ${index}`
          : `image of ${baseName(source.path)}`,
      source,
      assignments: stage.instructions.filter(({ keyword }) => keyword === "ENV").flatMap((one) => one.assignments),
      lineOf: () => undefined,
      isOpen: true,
    });
    return set ?? [];
  }),
);

/** The user that programs of the image run as; undefined where the base image decides. */
export function imageUserOf({ stages }: DockerfileDocument, target: string | undefined): string | undefined {
  const stage = target === undefined ? stages.at(-1) : stages.find(({ name }) => name === target);
  return stage?.instructions.findLast(({ keyword }) => keyword === "USER")?.words[0]?.text;
}

/** `isConfigOnly` tells whether a directory of AWS files is known to hold no keys. */
export function bakedIn(document: DockerfileDocument, isConfigOnly: (path: string) => boolean): readonly BakedIn[] {
  const { source, stages } = document;
  if (
    isTemplate(source.path) ||
    stages.some(({ image }) => isEmulator(image)) ||
    /localstack|moto|minio|dynamodb-local/i.test(source.text)
  )
    return [];
  const final = finalStages(stages);
  return stages.flatMap((stage) => {
    const isFinal = final.has(stage);
    return [...variablesOf(stage, source, isFinal), ...filesOf(stage, source, isFinal, isConfigOnly)];
  });
}

/** The last stage, and those it is built on. */
function finalStages(stages: readonly DockerStage[]): ReadonlySet<DockerStage> {
  const found = new Set<DockerStage>();
  let stage = stages.at(-1);
  while (stage && !found.has(stage)) {
    found.add(stage);
    const { image } = stage;
    stage = stages.find((one) => one.name !== undefined && one.name === image);
  }
  return found;
}

/** One finding for a stage: the variables of one key belong together. */
function variablesOf(stage: DockerStage, source: SourceFile, isFinal: boolean): readonly BakedIn[] {
  const found = writtenOut(stage, source.text) ?? takenFromBuild(stage) ?? argumentOf(stage);
  if (!found) return [];
  const { name, span, kind } = found;
  return [
    {
      kind,
      what: /TOKEN$/.test(name) ? "session token" : "secret key",
      name,
      at: { path: source.path, span },
      isFinal,
      repair: buildSecrets(stage, source),
    },
  ];
}

interface Found {
  readonly kind: BakedIn["kind"];
  readonly name: string;
  readonly span: Span;
}

function writtenOut({ instructions }: DockerStage, text: string): Found | undefined {
  for (const { keyword, span: whole, assignments, commands } of instructions) {
    const all = [
      ...assignments,
      ...commands.flatMap((command) => [...command.assignments, ...configured(command.words)]),
      ...(keyword === "RUN" ? namedSecrets(text, whole) : []),
    ];
    for (const { name, value } of all) {
      if (!isSecret(name, value.text)) continue;
      const [first, last] = [value.pieces[0], value.pieces.at(-1)];
      return {
        kind: "value",
        name,
        span: first && last ? { start: first.span.start, end: last.span.end } : value.span,
      };
    }
  }
  return undefined;
}

function isSecret(name: string, text: string | undefined): boolean {
  const setting = settingNamed(name, "environment") ?? settingNamed(name, "aws-file");
  if (text === undefined) return false;
  if (setting === "secretAccessKey") return secretKeyShape(text).kind === "secret-key";
  return setting === "sessionToken" && sessionTokenShape(text).kind === "session-token";
}

/** `aws configure set NAME VALUE` writes the value into a file of the image. */
function configured(words: DockerInstruction["commands"][number]["words"]): readonly ShellAssignment[] {
  const [configure, set, name, value] = words;
  if (configure?.text !== "configure" || set?.text !== "set" || !name?.text || !value) return [];
  return [{ name: name.text, nameSpan: name.span, value, span: { start: name.span.start, end: value.span.end } }];
}

/** `ENV AWS_SECRET_ACCESS_KEY=$AWS_SECRET_ACCESS_KEY`. */
function takenFromBuild({ instructions }: DockerStage): Found | undefined {
  const declared = new Set(instructions.flatMap(({ names }) => names.map(({ text }) => text)));
  for (const { keyword, assignments } of instructions) {
    if (keyword !== "ENV") continue;
    for (const { name, nameSpan, value } of assignments) {
      const comesFrom = value.pieces.find((piece) => piece.kind === "variable");
      if (secretName.test(name) && comesFrom?.kind === "variable" && declared.has(comesFrom.name)) {
        return { kind: "passed", name, span: nameSpan };
      }
    }
  }
  return undefined;
}

function argumentOf({ instructions }: DockerStage): Found | undefined {
  const argument = instructions.flatMap(({ names }) => names).find(({ text }) => secretName.test(text));
  return argument && { kind: "argument", name: argument.text, span: argument.span };
}

function filesOf(
  stage: DockerStage,
  source: SourceFile,
  isFinal: boolean,
  isConfigOnly: (path: string) => boolean,
): readonly BakedIn[] {
  return stage.instructions.flatMap(({ keyword, words }): BakedIn[] => {
    if (keyword !== "COPY" && keyword !== "ADD") return [];
    const target = words.at(-1)?.text ?? "";
    const copied = words.slice(0, -1).find(({ text }) => holdsKeys(text, target) && !isConfigOnly(text));
    if (!copied) return [];
    const at = { path: source.path, span: copied.span };
    return [{ kind: "files", what: "AWS files", name: copied.text, at, isFinal, repair: [] }];
  });
}

function holdsKeys(from: string, to: string): boolean {
  if (/example|sample|dummy|fake|mock|test|template|localstack/i.test(from)) return false;
  if (/(?:^|\/)\.aws(?:\/credentials)?\/?$/.test(from)) return true;
  return /(?:^|\/)\.aws\/credentials$/.test(to) || (/(?:^|\/)\.aws\/?$/.test(to) && /(?:^|\/)credentials$/.test(from));
}
