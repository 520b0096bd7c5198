import { filesWanted } from "../analyzer";
import { type Environment, environmentOf } from "../facts/environment";
import type { Workspace } from "../facts/facts";
import { awsFilePaths } from "../facts/locations";
import type { SourceFile } from "../model/text";
import { configurationsAbove, isConfiguration } from "./configuration";
import { withNamedFiles } from "./namedFiles";
import { isSkipped, type Skipped, type World } from "./world";

export interface LoadOptions {
  /** Leave the AWS files out. */
  readonly withoutHome?: boolean;
  /** Leave the environment out. */
  readonly withoutEnvironment?: boolean;
  readonly environmentOwner: string;
  /** The folder up to which configurations are looked for above a path; without it none is heeded. */
  readonly configuredBelow?: string;
  readonly settings?: Workspace["settings"];
}

export interface Loaded {
  readonly workspace: Workspace;
  readonly skipped: readonly Skipped[];
  /** How many files were looked at, the AWS files included. */
  readonly count: number;
  /** The text of a file, or of the environment as it is laid out; empty for what was not loaded. */
  readonly textOf: (path: string) => string;
}

/** A process's variables as the core reads them, and where they put the two shared files. */
export function outsideOf(world: World, owner: string): { environment: Environment; awsFiles: readonly string[] } {
  const environment = environmentOf(world.environment, owner);
  const { credentials, config } = awsFilePaths(environment, world.home);
  return { environment, awsFiles: [credentials, config] };
}

/** The files below `paths` and the AWS files in force, as one workspace. */
export function loadWorkspace(world: World, paths: readonly string[], options: LoadOptions): Loaded {
  const seen = options.withoutEnvironment ? { ...world, environment: {} } : world;
  const { environment, awsFiles } = outsideOf(seen, options.environmentOwner);
  const byPath = new Map<string, SourceFile>();
  const skipped: Skipped[] = [];
  let isPartial = false;
  for (const path of paths) {
    const above = options.configuredBelow && configurationsAbove(world, path, options.configuredBelow);
    const below = world.find(path);
    isPartial ||= below.files.some((file) => file.path === path);
    for (const found of [below, ...(above ? [above] : [])]) {
      for (const file of found.files) byPath.set(file.path, file);
      skipped.push(...found.skipped);
    }
  }
  const configurations = [...byPath.keys()].filter(isConfiguration);
  if (options.configuredBelow === undefined) for (const path of configurations) byPath.delete(path);
  if (!options.withoutHome) {
    for (const path of awsFiles) {
      const file = world.read(path);
      if (file && isSkipped(file)) skipped.push(file);
      else if (file) byPath.set(path, file);
    }
  }
  const alone = {
    files: [...byPath.values()],
    home: world.home,
    environment,
    awsFilesRead: !options.withoutHome,
    logins: options.withoutHome ? [] : world.cachedLogins(world.home),
    isPartial,
    ...(options.settings ? { settings: options.settings } : {}),
    now: world.now(),
  };
  const workspace = withNamedFiles(alone, filesWanted(alone), paths, world);
  for (const file of workspace.files) byPath.set(file.path, file);
  const others = [environment.source, ...(options.settings ? [options.settings.source] : [])];
  return {
    workspace,
    skipped,
    count: [...byPath.keys()].filter((path) => !isConfiguration(path)).length,
    textOf: (path) => (byPath.get(path) ?? others.find((one) => one.path === path))?.text ?? "",
  };
}
