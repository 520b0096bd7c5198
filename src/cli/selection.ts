import path from "node:path";
import { isUnderstood } from "../analyzer";
import { isConfiguration } from "../live/configuration";
import { decode } from "../live/decode";
import { outsideOf } from "../live/load";
import { forwardSlashes, maxFileSize } from "../live/node";
import type { World } from "../live/world";
import type { SourceFile } from "../model/text";
import { absolute, type Console, existing, FailureError, UsageError } from "./console";
import type { Look } from "./fix";

export interface SelectionOptions {
  readonly staged?: boolean;
  readonly since?: string;
  readonly fix?: boolean;
  readonly writeBaseline?: string;
}

/** What a scan looks at, and what of it is reported. */
export interface Selection {
  readonly world: World;
  readonly roots: readonly string[];
  /** The folder up to which configurations count. */
  readonly top: string;
  readonly narrow: (look: Look) => Look;
}

export async function selectionOf(
  paths: readonly string[],
  options: SelectionOptions,
  console: Console,
): Promise<Selection> {
  const { world, cwd } = console;
  if (options.staged && options.since !== undefined)
    throw new UsageError("--staged and --since each choose the files: give one of them");
  if (options.staged) {
    // Fixes and baselines are of files, and what is staged is none.
    if (options.fix || options.writeBaseline !== undefined)
      throw new UsageError("--staged only looks: --fix and --write-baseline go without it");
    return stagedSelection(
      paths.map((one) => absolute(one, console)),
      console,
    );
  }
  const roots = paths.map((one) => existing(one, console));
  if (options.since === undefined) return { world, roots, top: cwd, narrow: (look) => look };
  const { since } = options;
  const { top, isChanged } = await withGit(({ changedSince }) =>
    changedSince(since, { cwd, environment: world.environment }),
  );
  const known = new Map<string, boolean>();
  const isReported = (file: string) => {
    const name = path.posix.relative(forwardSlashes(top), file);
    const answer = known.get(name) ?? isChanged(name);
    known.set(name, answer);
    return answer;
  };
  return { world, roots, top: cwd, narrow: (look) => narrowed(look, isReported) };
}

/** The index as the disk: all of it is looked at, because what is staged may lean on what is not. */
async function stagedSelection(asked: readonly string[], console: Console): Promise<Selection> {
  const { world, cwd } = console;
  const place = { cwd, environment: world.environment };
  const staged = await withGit(({ stagedFiles }) => stagedFiles(place, isUnderstood, maxFileSize));
  const top = forwardSlashes(staged.top);
  const nameOf = (name: string) => `${top === "/" ? "" : top}/${name}`;
  const files = new Map(
    [...staged.files].map(([name, bytes]): [string, SourceFile] => [
      nameOf(name),
      { path: nameOf(name), ...decode(bytes) },
    ]),
  );
  const skipped = [...staged.skipped].map(([name, reason]) => ({ path: nameOf(name), reason }));
  const changed = new Set([...staged.changed].map(nameOf));
  const isAsked = (file: string) =>
    asked.some((root) => file === root || file.startsWith(root === "/" ? root : `${root}/`));
  const own = outsideOf(world, "").awsFiles;
  const notStaged = (file: string) => ({ path: file, reason: "not staged" });
  const index: World = {
    ...world,
    find: () => ({ files: [...files.values()], skipped: skipped.filter((one) => changed.has(one.path)) }),
    read: (file) => files.get(file) ?? (own.includes(file) || !world.exists(file) ? world.read(file) : notStaged(file)),
  };
  return {
    world: index,
    roots: [top],
    top,
    narrow: (look) => narrowed(look, (file) => changed.has(file) && isAsked(file)),
  };
}

/** What has to do with these files: a finding in one of them, or one elsewhere that comes from there. */
function narrowed({ loaded, report, result }: Look, isReported: (file: string) => boolean): Look {
  const ofFiles = loaded.workspace.files.filter((file) => !isConfiguration(file.path) && isReported(file.path));
  return {
    loaded,
    report: { ...report, blocks: report.blocks.filter(({ at }) => isReported(at.path)) },
    result: {
      ...result,
      findings: result.findings.filter(({ at, related = [] }) =>
        [at, ...related.map((one) => one.at)].some((one) => isReported(one.path)),
      ),
      fileCount: ofFiles.length,
    },
  };
}

/** `git` is only loaded, and only runs, for those who ask for it. */
async function withGit<T>(ask: (git: typeof import("./git")) => T): Promise<T> {
  try {
    return ask(await import("./git"));
  } catch (error) {
    if (error instanceof Error && error.name === "GitError") throw new FailureError(error.message);
    throw error;
  }
}
