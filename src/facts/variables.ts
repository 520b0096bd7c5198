import type { ShellAssignment, ShellPiece, ShellWord } from "../documents/shell";
import type { CredentialSet, Endpoint, Setting, SettingName, Surroundings, VariablePlace } from "../model/credentials";
import type { Location, SourceFile, Span } from "../model/text";
import { endpointKind } from "./environment";
import { keySetting } from "./keySetting";
import { directoryOf } from "./locations";
import { settingNamed, spellingsOf } from "./names";

/** Variables that one place sets for one program. */
export interface Variables {
  readonly of: VariablePlace;
  /** The place in words that fit into a sentence. */
  readonly name: string;
  readonly source: SourceFile;
  /** What stands for the place; without it the first credential variable does. */
  readonly at?: Span;
  /** In the order they are written; of one name the last counts. */
  readonly assignments: readonly ShellAssignment[];
  /** How one more line like this one is written. */
  readonly lineOf: (assignment: ShellAssignment) => LineForm | undefined;
  readonly isOpen: boolean;
  /** Whose names these are, where it is not the environment's. */
  readonly spelledAs?: "action";
  /** Where the place itself does not tell where its calls go. */
  readonly endpoint?: CredentialSet["endpoint"];
}

export type LineForm = Pick<Surroundings, "lineEnd" | "indent" | "newline" | "signs">;

/** The variables as a credential set; undefined where none of them is about credentials. */
export function variablesSet(place: Variables): CredentialSet | undefined {
  const { source, of, name } = place;
  const settings: Partial<Record<SettingName, Setting>> = {};
  const empty: Partial<Record<SettingName, Setting>> = {};
  for (const assignment of lastOfEach(place.assignments)) {
    const known = settingNamed(assignment.name, place.spelledAs ?? "environment");
    if (!known || isLess(assignment.name, settings[known])) continue;
    const setting = variableSetting(known, assignment, place);
    if (assignment.value.text === "") empty[known] ??= setting;
    else settings[known] = setting;
  }
  const first = settings.accessKeyId ?? settings.secretAccessKey ?? settings.sessionToken ?? Object.values(settings)[0];
  if (!first) return undefined;
  const misnamed = oldToken(place, settings);
  return {
    origin: { kind: "variables", of, name },
    at: place.at ? { path: source.path, span: place.at } : first.nameAt,
    directory: directoryOf(source.path),
    settings,
    empty,
    misnamed,
    roles: [],
    endpoint: place.endpoint ?? endpointOf(place.assignments),
    redirections: redirectionsOf(place),
    isOpen: place.isOpen,
  };
}

function lastOfEach(assignments: readonly ShellAssignment[]): readonly ShellAssignment[] {
  return [...new Map(assignments.map((one) => [one.name, one])).values()];
}

/** Whether another variable that means the same comes first. */
function isLess(name: string, other: Setting | undefined): boolean {
  if (!other) return false;
  const order = spellingsOf(other.name, "environment");
  return order.indexOf(other.spelling) < order.indexOf(name);
}

function oldToken({ source, assignments }: Variables, { accessKeyId, sessionToken }: CredentialSet["settings"]) {
  const old = assignments.findLast((one) => one.name === "AWS_SECURITY_TOKEN" && one.value.text !== "");
  if (!old || !accessKeyId || sessionToken) return [];
  const at = { path: source.path, span: old.nameSpan };
  return [{ spelling: old.name, expected: "AWS_SESSION_TOKEN", at, nameAt: at }];
}

/** One variable as a setting: a literal, or a reference whose text says nothing but names. */
export function variableSetting(name: SettingName, assignment: ShellAssignment, place: Variables): Setting {
  const { value, nameSpan, span } = assignment;
  const { path, text } = place.source;
  const locate = (one: Span): Location => ({ path, span: one });
  const content = contentOf(value);
  const written = {
    name,
    spelling: assignment.name,
    nameAt: locate(nameSpan),
    valueAt: locate(content),
    wholeAt: locate(span),
    surroundings: surroundingsOf(assignment, place),
  };
  if (value.text === undefined) {
    const fallback =
      value.pieces.length === 1 && value.pieces[0]?.kind === "variable" ? value.pieces[0].fallback : undefined;
    const candidates = fallback?.text ? [literal({ ...assignment, value: fallback }, fallback.text)] : [];
    const expression = expressionOf(value.pieces);
    return {
      ...written,
      at: locate(nameSpan),
      value: { kind: "reference", expression },
      ...(candidates.length > 0 ? { candidates } : {}),
    };
  }
  return literal(assignment, value.text);

  function literal(one: ShellAssignment, known: string): Setting {
    const inner = contentOf(one.value);
    return keySetting({
      ...written,
      valueAt: locate(inner),
      at: locate(known === "" ? nameSpan : inner),
      text: known,
      raw: text.slice(inner.start, inner.end),
    });
  }
}

function surroundingsOf(assignment: ShellAssignment, { lineOf, spelledAs }: Variables): Surroundings {
  const { nameSpan } = assignment;
  const nowhere: LineForm = {
    lineEnd: undefined,
    indent: { start: nameSpan.start, end: nameSpan.start },
    newline: "\n",
  };
  return { syntax: spelledAs ?? "variable", ...(lineOf(assignment) ?? nowhere) };
}

/** Between the quotes, where there is one pair of them. */
function contentOf({ span, quotes, pieces }: ShellWord): Span {
  if (quotes === "mixed") return span;
  const [first, last] = [pieces[0], pieces.at(-1)];
  if (first && last) return { start: first.span.start, end: last.span.end };
  return quotes === "none" ? span : { start: span.start + 1, end: Math.max(span.start + 1, span.end - 1) };
}

function expressionOf(pieces: readonly ShellPiece[]): string {
  const names = pieces.flatMap((piece) => (piece.kind === "variable" ? [`$${piece.name}`] : []));
  return names.length > 0 ? names.join(" ") : "what a command prints";
}

const configured = /^AWS_ENDPOINT_URL(?:_([A-Z0-9_]+))?$/;

/** The addresses that the SDKs take from the variables. https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
function redirectionsOf(place: Variables): readonly Endpoint[] {
  const locate = (span: Span): Location => ({ path: place.source.path, span });
  if (place.assignments.some(({ name, value }) => name === ignoring && value.text?.toLowerCase() === "true")) return [];
  return lastOfEach(place.assignments).flatMap((assignment) => {
    const { name: spelling, nameSpan, value, span } = assignment;
    const match = configured.exec(spelling);
    if (!match || value.text === "") return [];
    const at = locate(contentOf(value));
    return {
      service: match[1]?.toLowerCase() ?? "",
      spelling,
      url:
        value.text === undefined
          ? { kind: "reference" as const, expression: expressionOf(value.pieces) }
          : { kind: "literal" as const, text: value.text },
      listAt: locate(nameSpan),
      at,
      nameAt: locate(nameSpan),
      wholeAt: locate(span),
      surroundings: surroundingsOf(assignment, place),
    };
  });
}

const ignoring = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS";

/** Names by which programs are sent to another place than AWS. */
const endpointName =
  /ENDPOINT|(?:^|_)(?:AWS|S3|STS|SQS|SNS|DYNAMODB)_(?:URL|HOST|SERVER)$|LOCALSTACK|MINIO|CEPH|WASABI|BACKBLAZE|(?:^|_)(?:R2|B2|DO|SPACES)_/i;

/** Where a place's own variables send calls. One that is not known may be anything but AWS. */
export function endpointOf(assignments: readonly ShellAssignment[]): CredentialSet["endpoint"] {
  const kinds = assignments.flatMap(({ name, value }) => {
    if (!endpointName.test(name) || value.text === "") return [];
    if (!/ENDPOINT|URL|HOST|SERVER/i.test(name)) return ["other" as const];
    return value.text === undefined ? ["other" as const] : [endpointKind(value.text)];
  });
  return kinds.find((kind) => kind === "emulator") ?? kinds.find((kind) => kind === "other") ?? "aws";
}
