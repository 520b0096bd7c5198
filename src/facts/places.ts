import type { DockerfileDocument } from "../documents/dockerfile";
import type { Document } from "../documents/document";
import type { EnvFileReader } from "../documents/envFileReadings";
import { ignoredBy } from "../documents/gitignore";
import { namesKeys } from "../documents/mentions";
import type { CredentialSet } from "../model/credentials";
import type { SourceFile } from "../model/text";
import type { ChangedValue } from "./changedValue";
import { type Service, servicesOf } from "./compose";
import { type Container, composeContainers, hostKeyOf, runContainer, type TokenGap, tokenGap } from "./containers";
import type { DockerRun } from "./dockerRun";
import type { DroppedToken } from "./droppedTokens";
import { devContainer, editorSets } from "./editorSettings";
import { type EnvFileReaders, envFileSet } from "./envFiles";
import type { Profile } from "./facts";
import { composeHost, scriptHost } from "./hostKeys";
import { type BakedIn, bakedIn, imageSets, imageUserOf } from "./images";
import { directoryOf, resolvePath } from "./locations";
import { mergedByName } from "./mergedServices";
import { type UnreachableFiles, unreachableFiles } from "./mounts";
import { type Pipelines, pipelinesOf } from "./pipelines";
import type { RiskyUse } from "./riskyUses";
import { scriptFacts } from "./scriptFacts";

/** What files around Terraform's do with environment variables and AWS files. */
export interface Places {
  readonly sets: readonly CredentialSet[];
  /** Whether Git leaves a file out; undefined where no ignore file speaks of it. */
  readonly isIgnored: (path: string) => boolean | undefined;
  readonly changedValues: readonly ChangedValue[];
  readonly droppedTokens: readonly DroppedToken[];
  readonly riskyUses: readonly RiskyUse[];
  readonly bakedIn: readonly BakedIn[];
  readonly tokenGaps: readonly TokenGap[];
  readonly unreachableFiles: readonly UnreachableFiles[];
  readonly pipelines: Pipelines;
}

interface Outside {
  readonly profiles: ReadonlyMap<string, Profile>;
  /** The process's own variables, which a shell hands on. */
  readonly environment: CredentialSet | undefined;
}

export function placesOf(documents: readonly Document[], { profiles, environment }: Outside): Places {
  const ofKind = <K extends Document["kind"]>(kind: K) =>
    documents.filter((one): one is Extract<Document, { kind: K }> => one.kind === kind);
  const [envFiles, files, images, settings, ignores] = [
    ofKind("envFile"),
    ofKind("script"),
    ofKind("dockerfile"),
    ofKind("jsonc"),
    ofKind("gitignore"),
  ];
  const pipelines = pipelinesOf(ofKind("yaml"), ofKind("jenkinsfile"));
  const steps = new Map(pipelines.scripts.map((one) => [one.script, one]));
  const services = ofKind("yaml")
    .filter(({ dialect }) => dialect === "compose")
    .flatMap(servicesOf);
  const withKeys = images.filter(({ source }) => namesKeys(source.text));
  const ofScripts = [
    ...files.map((script) => ({ ...scriptFacts(script), hostOfStep: undefined })),
    ...[...steps.values()].map((one) => ({ ...scriptFacts(one.script, one), hostOfStep: one.host })),
  ];
  const readers = readersOf(
    services,
    ofScripts.flatMap(({ runs }) => runs),
  );
  const known = new Set(envFiles.map(({ source }) => source.path));
  const beside = byDirectory(envFiles);
  const host = hostKeyOf(environment?.settings.accessKeyId);

  const containers = [
    ...[...byDirectory(services)].flatMap(([directory, together]) => {
      const key = composeHost(beside.get(directory) ?? [], host);
      return composeContainers(together, (path) => known.has(path)).map((container) => ({ container, key }));
    }),
    ...ofScripts.flatMap(({ runs, sets, hostOfStep }) => {
      const own = scriptHost(sets, hostOfStep ?? host);
      // A pipeline that hands on what it has from a store hands on long-term keys.
      const key = own === "unknown" ? (hostOfStep ?? own) : own;
      return runs.map((run) => ({ container: runContainer(run), key }));
    }),
    ...settings.flatMap((document) => {
      const container = document.dialect === "devcontainer" ? devContainer(document) : undefined;
      return container ? [{ container, key: host }] : [];
    }),
  ];
  const together = mergedByName(containers.map(({ container }) => container));

  return {
    sets: distinct([
      ...envFiles.flatMap((document) => envFileSet(document, readers) ?? []),
      ...ofScripts.flatMap(({ sets }) => sets),
      ...pipelines.sets,
      ...containers.flatMap(({ container }) => container.set ?? []),
      ...withKeys.flatMap(imageSets),
      ...settings.flatMap(editorSets),
    ]),
    pipelines,
    isIgnored: ignores.length === 0 ? () => undefined : ignoredBy(ignores),
    changedValues: ofScripts.flatMap(({ changedValues }) => changedValues),
    droppedTokens: ofScripts.flatMap(({ droppedToken }) => droppedToken ?? []),
    riskyUses: ofScripts.flatMap(({ riskyUses }) => riskyUses),
    bakedIn: withKeys.flatMap((document) => bakedIn(document, configOnly(document, documents))),
    tokenGaps: containers.flatMap(({ container, key }) =>
      together.isCovered(container) ? [] : (tokenGap(container, key) ?? []),
    ),
    unreachableFiles: containers.flatMap(
      ({ container }) => unreachableFiles(together.of(container), imageUser(container, images), profiles) ?? [],
    ),
  };
}

/** Compose files of one directory are read together, with the env file that lies there. */
function byDirectory<T extends { readonly source: SourceFile }>(ones: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const one of ones) {
    const directory = directoryOf(one.source.path);
    const there = found.get(directory);
    if (there) there.push(one);
    else found.set(directory, [one]);
  }
  return found;
}

function readersOf(services: readonly Service[], runs: readonly DockerRun[]): EnvFileReaders {
  const readers = new Map<string, EnvFileReader>();
  for (const { envFiles } of services)
    for (const { path, isRaw } of envFiles) readers.set(path, isRaw ? "docker" : "compose");
  for (const { envFiles, source } of runs) {
    for (const file of envFiles) readers.set(resolvePath(directoryOf(source.path), file), "docker");
  }
  return readers;
}

function imageUser({ build }: Container, images: readonly DockerfileDocument[]): string | undefined {
  if (!build) return undefined;
  const path = resolvePath(build.context, build.dockerfile);
  const image = images.find(({ source }) => source.path === path);
  return image && imageUserOf(image, build.target);
}

/** A directory of AWS files in the build's context that has a config file and, as far as was read, no keys. */
function configOnly({ source }: DockerfileDocument, documents: readonly Document[]) {
  return (copied: string): boolean => {
    const path = resolvePath(directoryOf(source.path), copied);
    const files = documents.filter(
      (one) => one.kind === "awsIni" && (one.source.path === path || one.source.path.startsWith(`${path}/`)),
    );
    return files.length > 0 && files.every((one) => !/secret_access_key/i.test(one.source.text));
  };
}

/** Sets that stand at the same places, as anchors and branches make them, are one. */
function distinct(sets: readonly CredentialSet[]): readonly CredentialSet[] {
  const seen = new Set<string>();
  return sets.filter(({ settings, at, origin }) => {
    const { accessKeyId, secretAccessKey, sessionToken } = settings;
    const keys = [accessKeyId, secretAccessKey, sessionToken].flatMap((one) =>
      one ? `${one.valueAt.path}:${one.valueAt.span.start}` : [],
    );
    const id = keys.length > 0 ? keys.join() : `${at.path}:${at.span.start}:${origin.kind}`;
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}
