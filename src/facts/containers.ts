import type { ShellAssignment } from "../documents/shell";
import type { CredentialSet, Setting } from "../model/credentials";
import type { Location, SourceFile, Span, TextEdit } from "../model/text";
import type { Service, Volume } from "./compose";
import type { DockerRun } from "./dockerRun";
import { keyKind } from "./shapes";
import { type Variables, variablesSet } from "./variables";

/** A container and what it gets: a service of a Compose file, or one that a script starts. */
export interface Container {
  /** In words that fit into a sentence. */
  readonly name: string;
  readonly source: SourceFile;
  readonly image?: string;
  readonly set: CredentialSet | undefined;
  readonly assignments: readonly ShellAssignment[];
  readonly volumes: readonly Volume[];
  readonly user?: { readonly text: string; readonly span: Span };
  /** Set where the image is built from a Dockerfile of this workspace, or nobody knows from what. */
  readonly build?: Service["build"];
  /** One more variable taken over from who starts it. */
  readonly passAlong: (name: string, like: Setting) => TextEdit | undefined;
  readonly isOpen: boolean;
}

/** Images that play AWS. */
const emulator =
  /localstack|minio|moto|dynamodb-local|dynamodb-admin|elasticmq|s3mock|s3-?ninja|goaws|fake-?s3|fakes3|kinesalite|sqs-?local|garage|ministack|floci|seaweedfs|zenko|cloudserver|adobe\/s3|ceph/i;

export const isEmulator = (image: string | undefined) => image !== undefined && emulator.test(image);

/** The services of one Compose file as containers; where one of them plays AWS, made-up keys are meant for it. */
export function composeContainers(
  services: readonly Service[],
  isKnownFile: (path: string) => boolean,
): readonly Container[] {
  const hasEmulator = services.some(({ image, name }) => isEmulator(image) || isEmulator(name));
  return services.map((service) => {
    const { name, source, at, image, build, assignments, lines, envFiles, volumes, user } = service;
    const isOpen = service.isOpen || envFiles.some(({ path }) => !isKnownFile(path)) || envFiles.length > 0;
    const place: Variables = {
      of: "container",
      name: `service ${name}`,
      source,
      at,
      assignments,
      lineOf: (assignment) => lines.get(assignment),
      isOpen,
      ...(isEmulator(image) ? { endpoint: "emulator" as const } : {}),
    };
    const set = variablesSet(place);
    return {
      name: place.name,
      source,
      ...(image ? { image } : {}),
      ...(build ? { build } : {}),
      set: set && hasEmulator && !hasRealKey(set) ? { ...set, endpoint: "emulator" as const } : set,
      assignments,
      volumes,
      ...(user ? { user } : {}),
      passAlong: (variable, like) => lineLike(variable, like, source),
      isOpen,
    };
  });
}

function hasRealKey({ settings }: CredentialSet): boolean {
  const kind = settings.accessKeyId?.shape?.kind;
  return kind === "long-term-key-id" || kind === "temporary-key-id";
}

/** A line like that of another variable which is taken over: `- NAME`, `NAME: ${NAME}`. */
function lineLike(
  name: string,
  { spelling, surroundings, wholeAt }: Setting,
  { path, text }: SourceFile,
): TextEdit | undefined {
  const { lineEnd, indent, newline, signs } = surroundings;
  if (lineEnd === undefined || !signs) return undefined;
  const written = text.slice(wholeAt.span.start, wholeAt.span.end);
  const rest = written.slice(spelling.length).trim();
  const isBare = rest === "" || rest === ":";
  const value = isBare ? rest : `${signs.separator}\${${name}:-}`;
  return { path, span: { start: lineEnd, end: lineEnd }, pieces: [newline, indent, `${name}${value}${signs.closing}`] };
}

/** A container that a script starts. */
export function runContainer(run: DockerRun): Container {
  const { source, at, image, assignments, ends, envFiles, volumes, user } = run;
  const isOpen = envFiles.length > 0;
  const name = "this container";
  const set = variablesSet({
    of: "container",
    name,
    source,
    at,
    assignments,
    lineOf: () => undefined,
    isOpen,
    ...(isEmulator(image) ? { endpoint: "emulator" as const } : {}),
  });
  return {
    name,
    source,
    ...(image ? { image } : {}),
    set,
    assignments,
    volumes,
    ...(user ? { user } : {}),
    passAlong: (variable, like) => {
      const end = [...ends].find(([{ nameSpan }]) => nameSpan.start === like.nameAt.span.start)?.[1];
      return end === undefined
        ? undefined
        : { path: source.path, span: { start: end, end }, pieces: [` -e ${variable}`] };
    },
    isOpen,
  };
}

/** A container that takes the two keys over from who starts it, and not the token that temporary ones have. */
export interface TokenGap {
  readonly container: string;
  readonly at: Location;
  /** Whether the keys it takes over are known to be temporary. */
  readonly isTemporary: boolean;
  readonly repair: readonly TextEdit[];
}

/** What the variables hold where the container is started: the shape of the key id, and whether there is a token. */
export type HostKey = "temporary" | "long-term" | "unknown";

export function tokenGap({ name, set, isOpen, volumes, passAlong }: Container, host: HostKey): TokenGap | undefined {
  if (!set || isOpen || set.endpoint !== "aws" || host === "long-term") return undefined;
  const { accessKeyId, secretAccessKey, sessionToken, profile } = set.settings;
  if (!accessKeyId || !secretAccessKey || sessionToken || profile || set.empty.sessionToken) return undefined;
  if (set.misnamed.length > 0 || !isTakenOver(accessKeyId) || !isTakenOver(secretAccessKey)) return undefined;
  if (volumes.some(({ source, target }) => /\.aws\b/.test(source + target))) return undefined;
  const edit = passAlong("AWS_SESSION_TOKEN", secretAccessKey);
  return { container: name, at: accessKeyId.nameAt, isTemporary: host === "temporary", repair: edit ? [edit] : [] };
}

/** Whether the variable has the value that the variable of the same name has outside. */
export function isTakenOver({ value, spelling, candidates }: Setting): boolean {
  return value.kind === "reference" && value.expression === `$${spelling}` && !candidates;
}

export function hostKeyOf(id: Setting | undefined): HostKey {
  const kind = id && keyKind(id);
  return kind === "temporary-key-id" ? "temporary" : kind === "long-term-key-id" ? "long-term" : "unknown";
}
