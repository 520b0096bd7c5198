import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { SourceFile } from "../model/text";
import { cachedLogins } from "./caches";
import { decode } from "./decode";
import { outsideOf } from "./load";
import { readOutput } from "./output";
import { routeFrom } from "./route";
import { throttle } from "./throttle";
import { type Found, isSkipped, type Skipped, type World } from "./world";
import { sweepDrafts, writeEdits, writeWhole } from "./write";

/** Limits of one scan; what lies beyond them is named, never dropped in silence. */
export const maxFileSize = 1024 * 1024;
const maxFiles = 5000;
const maxEntries = 200_000;
const maxTotalSize = 64 * 1024 * 1024;
const maxDepth = 32;

const passedOver = new Set([".git", "node_modules", ".terraform", ".terragrunt-cache", ".hg", ".svn", ".vscode-test"]);

/**
 * The machine this process runs on. `understands` picks the files worth reading by their path. `takesProxies` goes by
 * `HTTPS_PROXY` and `AWS_CA_BUNDLE` as Terraform does; in the editor its host decides.
 */
export function nodeWorld(understands: (path: string) => boolean, { takesProxies = false } = {}): World {
  const route = () => (takesProxies ? { route: routeFrom(process.env, readText) } : {});
  const world: World = {
    home: forwardSlashes(process.env.HOME || os.homedir()).replace(/(?<=.)\/+$/, ""),
    environment: { ...process.env },
    now: () => new Date(),
    find: (root) => findFiles(root, understands),
    read: readRegularFile,
    readOutput: (file) => (file === undefined ? readOutput("-", process.stdin) : readOutput(file)),
    exists: (file) => fs.existsSync(file),
    realPath: (file) => {
      try {
        return forwardSlashes(fs.realpathSync(file));
      } catch {
        return file;
      }
    },
    writeText: (file, text) => {
      const written = writeWhole(file, text);
      if (written.status !== "ok") throw new Error("not written");
    },
    makePrivate: (file) => {
      try {
        fs.chmodSync(file, fs.statSync(file).mode & 0o700);
        return true;
      } catch {
        return false;
      }
    },
    cachedLogins: (home) => cachedLogins(home, process.env.AWS_LOGIN_CACHE_DIRECTORY, readText),
    writeEdits: (source, edits, isPrivate, reencode = false) =>
      writeEdits(source.path, source, edits, { isPrivate, reencode }),
    callerIdentity: throttle(async (request) => (await import("./sts")).getCallerIdentity({ ...request, ...route() })),
    fetchKeys: async (question) =>
      (await import("./sources")).fetchKeys(question, {
        home: world.home,
        environment: world.environment,
        now: () => world.now(),
        read: readText,
        replace: replacePrivate,
        ...route(),
      }),
    assumeRole: async (request) => (await import("./sts")).assumeRole({ ...request, ...route() }),
  };
  // A draft of a credentials file holds what the file does.
  for (const file of outsideOf(world, "").awsFiles) sweepDrafts(file);
  return world;
}

/** A file of the user's own whole and new; nothing where it has gone meanwhile. */
function replacePrivate(file: string, text: string): void {
  const read = readRegularFile(file);
  if (!read || isSkipped(read)) return;
  const whole = { path: file, span: { start: 0, end: read.text.length }, pieces: [text] };
  writeEdits(file, read, [whole], { isPrivate: true });
}

function readText(file: string): string | undefined {
  const read = readRegularFile(file);
  return read && !isSkipped(read) ? read.text : undefined;
}

/** Paths are kept with `/` on every system. */
export function forwardSlashes(one: string): string {
  return path.sep === "\\" ? one.replaceAll("\\", "/") : one;
}

/**
 * A file's text, if it is a regular file: opened without waiting, because a FIFO would hold one of four I/O threads for
 * ever, and judged by the open handle, because the name may have changed hands since.
 */
export function readRegularFile(file: string): SourceFile | Skipped | undefined {
  let handle: number | undefined;
  try {
    handle = fs.openSync(file, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0));
    const stats = fs.fstatSync(handle);
    if (!stats.isFile()) return { path: file, reason: "not a regular file" };
    let buffer = Buffer.alloc(Math.min(maxFileSize, stats.size) + 1);
    let size = 0;
    for (;;) {
      const read = fs.readSync(handle, buffer, size, buffer.length - size, null);
      size += read;
      if (read === 0 || size > maxFileSize) break;
      // It holds more than it said.
      if (size === buffer.length) buffer = Buffer.concat([buffer], maxFileSize + 1);
    }
    if (size > maxFileSize) return { path: file, reason: "larger than 1 MiB" };
    const { text, encoding } = decode(buffer.subarray(0, size));
    return {
      path: file,
      text,
      ...(encoding === "utf-8" ? {} : { encoding }),
      ...(path.sep === "\\" ? {} : { mode: stats.mode & 0o7777 }),
    };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === "ENOENT" || code === "ENOTDIR" ? undefined : { path: file, reason: reasonFor(code) };
  } finally {
    if (handle !== undefined) fs.closeSync(handle);
  }
}

function reasonFor(code: string | undefined): string {
  if (code === "EACCES" || code === "EPERM") return "no permission to read it";
  if (code === "EISDIR") return "a directory stands where a file should be";
  return code === "ELOOP" ? "a link that leads back to itself" : "it cannot be read";
}

/** Walks a tree without following directory links; a file link counts when it stays inside `root`. */
function findFiles(root: string, understands: (path: string) => boolean): Found {
  const files: SourceFile[] = [];
  const skipped: Skipped[] = [];
  let entries = 0;
  let total = 0;
  let isFull = false;
  const take = (file: string) => {
    if (isFull) return;
    isFull = files.length >= maxFiles || total >= maxTotalSize;
    if (isFull) {
      const limit = files.length >= maxFiles ? `more than ${maxFiles} files` : "more than 64 MiB in all";
      skipped.push({ path: file, reason: `${limit}; it and all that follow are left out` });
      return;
    }
    const read = readRegularFile(file);
    if (!read) skipped.push({ path: file, reason: "nothing can be opened by this name" });
    else if ("reason" in read) skipped.push(read);
    else {
      files.push(read);
      total += read.text.length;
    }
  };
  let real: string;
  try {
    real = fs.realpathSync(root);
    if (!fs.statSync(real).isDirectory()) {
      take(forwardSlashes(root));
      return { files, skipped };
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return { files, skipped: code === "ENOENT" ? [] : [{ path: root, reason: reasonFor(code) }] };
  }
  /** Of what `terraform init` makes, only the backend's settings are worth reading. */
  const takeInitCache = (directory: string) => {
    const entry = statOf(`${directory}/terraform.tfstate`);
    if (entry?.isFile() && understands(`${directory}/terraform.tfstate`)) take(`${directory}/terraform.tfstate`);
  };
  const walk = (directory: string, depth: number) => {
    if (depth > maxDepth) {
      skipped.push({ path: directory, reason: `deeper than ${maxDepth} directories` });
      return;
    }
    let list: fs.Dirent[];
    try {
      list = fs.readdirSync(directory, { withFileTypes: true });
    } catch (error) {
      skipped.push({ path: directory, reason: reasonFor((error as NodeJS.ErrnoException).code) });
      return;
    }
    list.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of list) {
      if (++entries > maxEntries) {
        if (entries === maxEntries + 1)
          skipped.push({ path: directory, reason: `more than ${maxEntries} directory entries` });
        return;
      }
      const file = directory === "." ? entry.name : `${directory}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!passedOver.has(entry.name)) walk(file, depth + 1);
        else if (entry.name === ".terraform") takeInitCache(file);
      } else if (understands(file)) {
        const reason = entry.isFile() ? undefined : obstacleOf(file, entry, real);
        if (reason === undefined) take(file);
        else skipped.push({ path: file, reason });
      }
    }
  };
  walk(forwardSlashes(root).replace(/(?<=.)\/+$/, ""), 0);
  return { files, skipped };
}

function statOf(file: string): fs.Stats | undefined {
  try {
    return fs.lstatSync(file);
  } catch {
    return undefined;
  }
}

/** Why what stands where a file is expected is not read; undefined for a link to something inside `root`. */
function obstacleOf(file: string, entry: fs.Dirent, root: string): string | undefined {
  if (!entry.isSymbolicLink()) return "not a regular file";
  try {
    const relative = path.relative(root, fs.realpathSync(file));
    const leaves = relative === ".." || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative);
    return leaves ? "a link that leaves the folder" : undefined;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === "ENOENT" ? "a link to nothing" : reasonFor(code);
  }
}
