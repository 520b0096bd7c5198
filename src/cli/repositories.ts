import path from "node:path";
import { isSkipped } from "../live/world";
import type { Location } from "../model/text";
import { absolute, type Console, FailureError } from "./console";
import type { ScanResult } from "./formats/json";
import { type Looking, lookAt } from "./look";
import { displayPath } from "./output";

export interface Repository {
  /** As people say it. */
  readonly name: string;
  readonly root: string;
}

/** What came of one repository. */
export interface ScannedRepository extends Repository {
  readonly result: ScanResult;
  /** Why it could not be scanned. */
  readonly failure?: readonly string[];
}

/** A folder on each line, seen from the file's own; blank lines and those that start with `#` say nothing. */
export function repositoriesIn(file: string, console: Console): readonly Repository[] {
  const list = absolute(file, console);
  const source = console.world.read(list);
  if (!source) throw new FailureError(`${file} does not exist`);
  if (isSkipped(source)) throw new FailureError(`${file}: ${source.reason}`);
  const lines = source.text.split(/\r\n|\n|\r/).map((line) => line.trim());
  const folders = lines.filter((line) => line !== "" && !line.startsWith("#"));
  if (folders.length === 0) throw new FailureError(`${file} lists no repository`);
  const roots = folders.map((folder) => absolute(path.resolve(path.dirname(list), folder), console));
  return [...new Set(roots)].map((root) => ({ root, name: displayPath(root, console.cwd, console.world.home) }));
}

export function scanned(
  repository: Repository,
  lookingAt: (root: string) => Looking,
  console: Console,
): ScannedRepository {
  const { root } = repository;
  const { world, cwd } = console;
  try {
    if (!world.exists(root)) throw new FailureError("it does not exist");
    const selection = { world, roots: [root], top: root, narrow: <T>(look: T) => look };
    const { result } = lookAt(selection, lookingAt(root), console);
    return { ...repository, result: { ...result, text: textsNamed(result) } };
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    const nothing = { findings: [], skipped: [], fileCount: 0, text: () => "", cwd, home: world.home };
    return { ...repository, result: nothing, failure: error.lines };
  }
}

/** Only the texts that findings stand in: a list may be long, and its repositories large. */
function textsNamed({ findings, text }: ScanResult): ScanResult["text"] {
  const places: readonly Location[] = findings.flatMap(({ at, related = [] }) => [at, ...related.map((one) => one.at)]);
  const kept = new Map(places.map((at) => [at.path, text(at.path)]));
  return (file) => kept.get(file) ?? "";
}

/** All repositories as one result. */
export function together(repositories: readonly ScannedRepository[], { cwd, world }: Console): ScanResult {
  const results = repositories.map(({ result }) => result);
  return {
    findings: results.flatMap(({ findings }) => findings),
    skipped: results.flatMap(({ skipped }) => skipped),
    fileCount: results.reduce((sum, { fileCount }) => sum + fileCount, 0),
    text: (file) => repositories.find(({ root }) => file.startsWith(`${root}/`))?.result.text(file) ?? "",
    cwd,
    home: world.home,
  };
}
