import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

/*
 * The one module that starts a process: `git`, for `--staged` and `--since`. It is a file of its own in dist/.
 *
 * A repository's configuration can name programs (fsmonitor, hooks, filters, textconv, external diffs, ssh, helpers of
 * remotes). So only plumbing is asked that needs none of them: names and objects come from the index and the object
 * database, and the working copy is read and hashed here. What could start one all the same is turned off below.
 */

/** What Git could not do, in one line. This file is a bundle of its own: it is known by its name, not by its class. */
class GitError extends Error {
  override readonly name = "GitError";
}

interface Place {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

interface Repository {
  /** The top folder of the working copy, in the form of the working directory. */
  readonly top: string;
  readonly git: (args: readonly string[], input?: string) => Buffer;
}

/** The user's own words to Git are kept, for they say which repositories are trusted and, in a hook, which index counts. */
const handedOn =
  /^(?:PATH|HOME|USERPROFILE|HOMEDRIVE|HOMEPATH|XDG_CONFIG_HOME|SYSTEMROOT|TMP|TEMP|TMPDIR)$|^GIT_(?:DIR|WORK_TREE|COMMON_DIR|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|CEILING_DIRECTORIES|CONFIG_[A-Z0-9_]+)$/i;

const off = {
  GIT_ALLOW_PROTOCOL: "none",
  GIT_NO_LAZY_FETCH: "1",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_LITERAL_PATHSPECS: "1",
  GIT_TERMINAL_PROMPT: "0",
  LC_ALL: "C",
};

const options = [
  "--no-pager",
  ...[
    "core.fsmonitor=false",
    "core.untrackedCache=false",
    "protocol.allow=never",
    "safe.bareRepository=explicit",
  ].flatMap((one) => ["-c", one]),
];

const timeoutMs = 120_000;
const maxTotalSize = 64 * 1024 * 1024;

/** What the index holds of the files that are `understood`, by their names below `top`. */
export interface Staged {
  readonly top: string;
  readonly files: ReadonlyMap<string, Buffer>;
  /** Why some are left out. */
  readonly skipped: ReadonlyMap<string, string>;
  /** Those that differ from the last commit. */
  readonly changed: ReadonlySet<string>;
}

export function stagedFiles(place: Place, understood: (name: string) => boolean, maxSize: number): Staged {
  const repository = repositoryAt(place);
  const head = commitOf("HEAD", repository);
  const before = head === undefined ? new Map<string, Entry>() : filesOf(head, repository);
  const wanted = [...indexOf(repository)].filter(([name, { mode }]) => mode.startsWith("100") && understood(name));
  const { texts, skipped } = contentsOf(
    wanted.map(([, { object }]) => object),
    maxSize,
    repository,
  );
  const of = <T>(answers: ReadonlyMap<string, T>) =>
    new Map(
      wanted.flatMap(([name, { object }]): [string, T][] => {
        const answer = answers.get(object);
        return answer === undefined ? [] : [[name, answer]];
      }),
    );
  const changed = wanted.filter(([name, { object }]) => before.get(name)?.object !== object).map(([name]) => name);
  return { top: repository.top, files: of(texts), skipped: of(skipped), changed: new Set(changed) };
}

/** Whether a file's working copy is another than where this branch left `revision`; a file Git ignores never is. */
export function changedSince(revision: string, place: Place): { top: string; isChanged: (name: string) => boolean } {
  const repository = repositoryAt(place);
  const { top, git } = repository;
  const since = commitOf(revision, repository);
  if (since === undefined) throw new GitError(`there is no commit ${revision} in this repository`);
  const before = filesOf(forkPoint(since, repository), repository);
  const known = new Set([
    ...indexOf(repository).keys(),
    ...git(["ls-files", "--others", "--exclude-standard", "-z"]).toString().split("\0"),
  ]);
  const isChanged = (name: string) => {
    const entry = before.get(name);
    if (!entry) return known.has(name);
    try {
      const bytes = fs.readFileSync(path.join(top, name));
      const unix = Buffer.from(bytes.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
      // Git may have changed the line ends on their way out.
      return ![bytes, unix].some((one) => objectName(one, entry.object.length) === entry.object);
    } catch {
      return true;
    }
  };
  return { top, isChanged };
}

function repositoryAt({ cwd, environment }: Place): Repository {
  const program = gitIn(environment);
  const kept = Object.entries(environment).filter(([name]) => handedOn.test(name));
  const places = kept.map(([name, value = ""]) => [
    name,
    /^GIT_(?:DIR|WORK_TREE|COMMON_DIR)$/.test(name) ? path.resolve(cwd, value) : value,
  ]);
  const env: Record<string, string> = { ...Object.fromEntries(places), ...off };
  const gitFrom =
    (folder: string) =>
    (args: readonly string[], input = "") => {
      const { status, stdout, stderr } = spawnSync(program, [...options, ...args], {
        cwd: folder,
        env,
        input,
        maxBuffer: 256 * 1024 * 1024,
        timeout: timeoutMs,
        windowsHide: true,
      });
      if (status === 0) return stdout;
      const [why = ""] = (stderr?.toString() ?? "").split("\n");
      throw new GitError(`git ${args[0]} failed${why === "" ? "" : `: ${why.replace(/^(?:fatal|error): /, "")}`}`);
    };
  const [inside, up = ""] = gitFrom(cwd)(["rev-parse", "--is-inside-work-tree", "--show-cdup"]).toString().split("\n");
  if (inside !== "true") throw new GitError("this is not the working copy of a Git repository");
  const top = path.resolve(cwd, up);
  return { top, git: gitFrom(top) };
}

/** By its full name, because some systems look into the working directory before the PATH. */
function gitIn(environment: Place["environment"]): string {
  const search = Object.entries(environment).find(([name]) => /^PATH$/i.test(name))?.[1] ?? "";
  const name = path.sep === "\\" ? "git.exe" : "git";
  for (const folder of search.split(path.delimiter)) {
    const file = path.join(folder, name);
    if (path.isAbsolute(folder) && fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
  }
  throw new GitError("git is not on the PATH; --staged and --since need it");
}

interface Entry {
  readonly mode: string;
  readonly object: string;
}

/** Undefined where there is none of that name. */
function commitOf(revision: string, { git }: Repository): string | undefined {
  if (revision.startsWith("-")) return undefined;
  try {
    return git(["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`])
      .toString()
      .trim();
  } catch {
    return undefined;
  }
}

/** Where this branch left a commit; the commit itself where they have nothing in common, or a shallow clone hides it. */
function forkPoint(commit: string, { git }: Repository): string {
  try {
    return git(["merge-base", commit, "HEAD"]).toString().trim();
  } catch {
    return commit;
  }
}

/** Files of a commit by their names. */
const filesOf = (commit: string, { git }: Repository) =>
  entriesIn(git(["ls-tree", "-r", "-z", "--full-tree", commit]), /^(\d+) \w+ ([0-9a-f]+)\t([\s\S]+)$/);

/** Files of the index by their names; those in conflict have no one content and are left out. */
const indexOf = ({ git }: Repository) =>
  entriesIn(git(["ls-files", "--stage", "-z"]), /^(\d+) ([0-9a-f]+) 0\t([\s\S]+)$/);

function entriesIn(listing: Buffer, form: RegExp): ReadonlyMap<string, Entry> {
  const found = listing
    .toString()
    .split("\0")
    .flatMap((line): [string, Entry][] => {
      const [, mode = "", object = "", file = ""] = form.exec(line) ?? [];
      return file === "" ? [] : [[file, { mode, object }]];
    });
  return new Map(found);
}

/** The bytes of objects by their names, and why some are left out. */
function contentsOf(objects: readonly string[], maxSize: number, { git }: Repository) {
  const texts = new Map<string, Buffer>();
  const skipped = new Map<string, string>();
  const asked = [...new Set(objects)];
  if (asked.length === 0) return { texts, skipped };
  let total = 0;
  const wanted: string[] = [];
  const sizes = git(["cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)"], `${asked.join("\n")}\n`);
  for (const line of sizes.toString().trimEnd().split("\n")) {
    const [name = "", type, size] = line.split(" ");
    if (type !== "blob") skipped.set(name, "its content is not in this clone");
    else if (Number(size) > maxSize) skipped.set(name, "larger than 1 MiB");
    else if (total + Number(size) > maxTotalSize) skipped.set(name, "more than 64 MiB in all");
    else {
      total += Number(size);
      wanted.push(name);
    }
  }
  if (wanted.length === 0) return { texts, skipped };
  const answer = git(["cat-file", "--batch"], `${wanted.join("\n")}\n`);
  for (let at = 0; at < answer.length; ) {
    const end = answer.indexOf("\n", at);
    const [name = "", , size] = answer.toString("latin1", at, end).split(" ");
    const start = end + 1;
    at = start + Number(size) + 1;
    texts.set(name, answer.subarray(start, at - 1));
  }
  return { texts, skipped };
}

/** The name that Git gives to a file's content, in the hash that names of this length come from. */
function objectName(bytes: Buffer, length: number): string {
  const hash = createHash(length === 64 ? "sha256" : "sha1");
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}
