import type { DockerfileDocument } from "../documents/dockerfile";
import type { Document } from "../documents/document";
import type { EnvFileReader } from "../documents/envFileReadings";
import { isIgnored } from "../documents/gitignore";
import type { ScriptDocument } from "../documents/shell";
import type { CredentialSet } from "../model/credentials";
import type { Change, ChangedValue } from "./changedValue";
import { changesIn } from "./changedValues";
import { type Service, servicesOf } from "./compose";
import { type Container, composeContainers, hostKeyOf, runContainer, type TokenGap, tokenGap } from "./containers";
import { type DockerRun, dockerRunOf } from "./dockerRun";
import { type DroppedToken, droppedTokenIn } from "./droppedTokens";
import { devContainer, editorSets } from "./editorSettings";
import { type EnvFileReaders, envFileSet } from "./envFiles";
import type { Profile } from "./facts";
import { composeHost, scriptHost } from "./hostKeys";
import { type BakedIn, bakedIn, imageSets, imageUserOf } from "./images";
import { directoryOf, resolvePath } from "./locations";
import { mergedByName } from "./mergedServices";
import { type UnreachableFiles, unreachableFiles } from "./mounts";
import { type Pipelines, pipelinesOf } from "./pipelines";
import { type RiskyUse, riskyUsesIn } from "./riskyUses";
import { scriptSets } from "./scripts";

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
  const scripts = [...files, ...steps.keys()];
  const projects = projectsOf(
    ofKind("yaml")
      .filter(({ dialect }) => dialect === "compose")
      .flatMap(servicesOf),
  );
  const runs = scripts.map((script) => ({ script, runs: dockerRunsIn(script) }));
  const readers = readersOf(
    projects.flatMap(({ services }) => services),
    runs.flatMap((one) => one.runs),
  );
  const known = new Set(envFiles.map(({ source }) => source.path));

  const changes = scripts.map((script) => ({ script, changes: changesIn(script) }));
  const setsByScript = new Map(
    changes.map(({ script, changes: found }) => [
      script,
      scriptSets(script, new Set(found.map((one) => one.assignment)), steps.get(script)?.name),
    ]),
  );
  const host = hostKeyOf(environment?.settings.accessKeyId);

  const containers = [
    ...projects.flatMap(({ directory, services }) => {
      const key = composeHost(directory, envFiles, host);
      return composeContainers(services, (path) => known.has(path)).map((container) => ({ container, key }));
    }),
    ...runs.flatMap(({ script, runs: found }) => {
      const own = scriptHost(setsByScript.get(script) ?? [], steps.get(script)?.host ?? host);
      // A pipeline that hands on what it has from a store hands on long-term keys.
      const key = own === "unknown" ? (steps.get(script)?.host ?? own) : own;
      return found.map((run) => ({ container: runContainer(run), key }));
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
      ...[...setsByScript.values()].flat(),
      ...pipelines.sets,
      ...containers.flatMap(({ container }) => container.set ?? []),
      ...images.flatMap(imageSets),
      ...settings.flatMap(editorSets),
    ]),
    pipelines,
    isIgnored: (path) => (ignores.length === 0 ? undefined : isIgnored(path, ignores)),
    changedValues: changes.flatMap(({ changes: found }) => found.map(withoutAssignment)),
    droppedTokens: scripts.flatMap((script) => droppedTokenIn(script, steps.get(script)?.around) ?? []),
    riskyUses: scripts.flatMap(riskyUsesIn),
    bakedIn: images.flatMap((document) => bakedIn(document, configOnly(document, documents))),
    tokenGaps: containers.flatMap(({ container, key }) =>
      together.isCovered(container) ? [] : (tokenGap(container, key) ?? []),
    ),
    unreachableFiles: containers.flatMap(
      ({ container }) => unreachableFiles(together.of(container), imageUser(container, images), profiles) ?? [],
    ),
  };
}

const withoutAssignment = ({ assignment: _, ...change }: Change): ChangedValue => change;

interface Project {
  readonly directory: string;
  readonly services: readonly Service[];
}

/** Compose files of one directory are read together. */
function projectsOf(services: readonly Service[]): readonly Project[] {
  const byDirectory = new Map<string, Service[]>();
  for (const service of services) {
    const directory = directoryOf(service.source.path);
    byDirectory.set(directory, [...(byDirectory.get(directory) ?? []), service]);
  }
  return [...byDirectory].map(([directory, found]) => ({ directory, services: found }));
}

function dockerRunsIn({ commands, source }: ScriptDocument): readonly DockerRun[] {
  return commands.flatMap((command) => dockerRunOf(command, source) ?? []);
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
