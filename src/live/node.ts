import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { SourceFile } from "../model/text";
import type { Found, Skipped, World } from "./world";

/** Limits of one scan; what lies beyond them is named, never dropped in silence. */
export const maxFileSize = 1024 * 1024;
const maxFiles = 5000;
const maxEntries = 200_000;
const maxTotalSize = 64 * 1024 * 1024;
const maxDepth = 32;

const passedOver = new Set([".git", "node_modules", ".terraform", ".terragrunt-cache", ".hg", ".svn", ".vscode-test"]);

/** The machine this process runs on. `understands` picks the files worth reading by their path. */
export function nodeWorld(understands: (path: string) => boolean): World {
  return {
    home: forwardSlashes(process.env.HOME || os.homedir()),
    environment: { ...process.env },
    now: () => new Date(),
    find: (root) => findFiles(root, understands),
    read: readRegularFile,
    exists: (file) => fs.existsSync(file),
    writeText: (file, text) => fs.writeFileSync(file, text),
    callerIdentity: async (request) => (await import("./sts")).getCallerIdentity(request),
  };
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
    if (!fs.fstatSync(handle).isFile()) return { path: file, reason: "not a regular file" };
    const buffer = Buffer.alloc(Math.min(maxFileSize, fs.fstatSync(handle).size) + 1);
    let size = 0;
    for (;;) {
      const read = fs.readSync(handle, buffer, size, buffer.length - size, null);
      size += read;
      if (read === 0 || size === buffer.length) break;
    }
    if (size > maxFileSize) return { path: file, reason: "larger than 1 MiB" };
    return { path: file, text: buffer.toString("utf8", 0, size) };
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
  const take = (file: string) => {
    if (files.length >= maxFiles || total >= maxTotalSize) {
      skipped.push({
        path: file,
        reason: files.length >= maxFiles ? `more than ${maxFiles} files` : "more than 64 MiB in all",
      });
      return;
    }
    const read = readRegularFile(file);
    if (!read) return;
    if ("reason" in read) skipped.push(read);
    else {
      files.push(read);
      total += read.text.length;
    }
  };
  const stat = fs.statSync(root, { throwIfNoEntry: false });
  if (stat && !stat.isDirectory()) {
    take(forwardSlashes(root));
    return { files, skipped };
  }
  const real = stat ? fs.realpathSync(root) : root;
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
      } else if (understands(file)) {
        if (entry.isFile()) take(file);
        else if (!entry.isSymbolicLink()) skipped.push({ path: file, reason: "not a regular file" });
        else if (staysInside(file, real)) take(file);
        else skipped.push({ path: file, reason: "a link that leaves the folder" });
      }
    }
  };
  if (stat) walk(forwardSlashes(root).replace(/(?<=.)\/+$/, ""), 0);
  return { files, skipped };
}

function staysInside(file: string, root: string): boolean {
  try {
    const relative = path.relative(root, fs.realpathSync(file));
    return relative !== "" && !relative.startsWith("..") && !path.isAbsolute(relative);
  } catch {
    return false;
  }
}
