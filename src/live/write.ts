import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { applyEdits, type Piece, rebaseEdits, renderPieces, type SourceFile, type TextEdit } from "../model/text";
import { decode, encode } from "./decode";

/** What came of a write. A conflict means that the file is no longer what the edits were made for. */
export type WriteResult =
  | { readonly status: "ok" }
  | { readonly status: "conflict" }
  | { readonly status: "failed"; readonly reason: string };

export interface WriteOptions {
  /** One of the user's AWS files: nobody else gets to read it, and other programs write it at any time. */
  readonly isPrivate?: boolean;
  readonly io?: Io;
  /** Written as UTF-8, whatever it was in. */
  readonly reencode?: boolean;
}

/** The calls that a write is made of, so that tests can let each of them fail. */
export interface Io {
  realpath(file: string): string;
  open(file: string, flags: number, mode?: number): number;
  stat(handle: number): fs.BigIntStats;
  read(handle: number, buffer: Buffer, offset: number, length: number, position: number): number;
  write(handle: number, bytes: Buffer, offset: number, length: number): number;
  chown(handle: number, owner: number, group: number): void;
  chmod(handle: number, mode: number): void;
  sync(handle: number): void;
  close(handle: number): void;
  /** Throws where this process may not write. */
  access(file: string): void;
  rename(from: string, to: string): void;
  remove(file: string): void;
  list(directory: string): readonly string[];
  isRunning(pid: number): boolean;
  pause(ms: number): void;
}

const { O_CREAT, O_EXCL, O_NONBLOCK = 0, O_RDONLY, O_RDWR, W_OK } = fs.constants;

export const nodeIo: Io = {
  realpath: (file) => fs.realpathSync(file),
  open: (file, flags, mode) => fs.openSync(file, flags, mode),
  stat: (handle) => fs.fstatSync(handle, { bigint: true }),
  read: (handle, buffer, offset, length, position) => fs.readSync(handle, buffer, offset, length, position),
  write: (handle, bytes, offset, length) => fs.writeSync(handle, bytes, offset, length),
  chown: (handle, owner, group) => fs.fchownSync(handle, owner, group),
  chmod: (handle, mode) => fs.fchmodSync(handle, mode),
  sync: (handle) => fs.fsyncSync(handle),
  close: (handle) => fs.closeSync(handle),
  access: (file) => fs.accessSync(file, W_OK),
  rename: (from, to) => fs.renameSync(from, to),
  remove: (file) => fs.unlinkSync(file),
  list: (directory) => fs.readdirSync(directory),
  isRunning: (pid) => {
    try {
      return process.kill(pid, 0);
    } catch (error) {
      return codeOf(error) === "EPERM";
    }
  },
  pause: (ms) => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  },
};

const maxAttempts = 4;
/** Between the moment the AWS CLI has read the file and the moment it has written it back; it takes no lock. */
const settleMs = 25;
/** Far more than is ever read, and little enough to hold three times. */
const maxSize = 64 * 1024 * 1024;

/**
 * Applies edits to the file they were made for, whole or not at all, whatever fails. Its other bytes, its mode and a
 * link to it stay. What another program writes in the meantime stays as well: the edits go on top of it, or the answer
 * is a conflict.
 */
export function writeEdits(
  file: string,
  expected: SourceFile,
  edits: readonly TextEdit[],
  { isPrivate = false, io = nodeIo, reencode = false }: WriteOptions = {},
): WriteResult {
  return answerOf(() => {
    /** What another program still wrote into the file that ours, `written`, had just replaced. */
    let late: Buffer | undefined;
    let written: Buffer | undefined;
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const target = found(() => io.realpath(file));
      const original = target === undefined ? undefined : found(() => new Original(target, io));
      if (target === undefined || !original) return conflict;
      try {
        if (late && !written?.equals(original.bytes)) return conflict;
        const { text, encoding } = decode(late ?? original.bytes);
        if (attempt === 0 && text !== expected.text) return conflict;
        // Empty is also what a file is for the moment in which another program writes it.
        if (attempt === 0 && isPrivate && text === "") io.pause(settleMs);
        const moved = rebaseEdits(expected.text, text, edits);
        if (!moved && !late) return conflict;
        const edited = moved ? applyEdits({ path: expected.path, text }, moved) : text;
        const wanted = encode(edited, reencode ? undefined : encoding);
        if (!wanted) return failed("its encoding has no room for the new text");
        if (wanted.equals(original.bytes)) return moved ? ok : conflict;

        const obstacle = original.obstacle(isPrivate);
        if (obstacle) return failed(obstacle);
        const mode = isPrivate ? privateMode(original.mode) : original.mode;
        const isReplaced = replace(target, wanted, { mode, owner: original.stats }, io, () => {
          const isUnchanged = found(() => io.realpath(file)) === target && original.isUnchanged();
          original.letGo();
          return isUnchanged;
        });
        if (!isReplaced) continue;
        written = wanted;
        late = quietly(() => original.laterBytes());
        if (!late && isPrivate) {
          io.pause(settleMs);
          late = quietly(() => original.laterBytes());
        }
        if (late) continue;
        if (!moved) return conflict;
        const after = isPrivate ? quietly(() => Original.read(target, io)) : undefined;
        const answer = after ? survival({ text, edits: moved, edited }, decode(after).text) : ok;
        if (answer) return answer;
      } finally {
        original.close();
      }
    }
    return conflict;
  });
}

/** Writes a new file, or replaces one with its mode kept; whole or not at all. */
export function writeWhole(file: string, text: string, io: Io = nodeIo): WriteResult {
  return answerOf(() => {
    const bytes = encode(text);
    if (!bytes) return failed("it is no Unicode text");
    const target = found(() => io.realpath(file));
    if (target === undefined) {
      replace(file, bytes, undefined, io);
      return ok;
    }
    const original = new Original(target, io);
    try {
      const obstacle = original.obstacle(false);
      if (obstacle) return failed(obstacle);
      replace(target, bytes, { mode: original.mode, owner: original.stats }, io);
      return ok;
    } finally {
      original.close();
    }
  });
}

const draftName = /^\.callerid-(\d+)-[0-9a-f]{12}\.tmp$/;

/** Removes what a process that was killed left beside a file. */
export function sweepDrafts(file: string, io: Io = nodeIo): void {
  const directory = quietly(() => path.dirname(io.realpath(file)));
  if (directory === undefined) return;
  for (const name of quietly(() => io.list(directory)) ?? []) {
    const pid = Number(draftName.exec(name)?.[1]);
    // One of this process's own is not under way either: a write ends before another begins.
    if (pid === process.pid || (pid > 0 && !io.isRunning(pid))) quietly(() => io.remove(path.join(directory, name)));
  }
}

const ok: WriteResult = { status: "ok" };
const conflict: WriteResult = { status: "conflict" };
const failed = (reason: string): WriteResult => ({ status: "failed", reason });

/** A file that is about to be replaced, held open: so what is written into it too late does not get lost. */
class Original {
  readonly bytes: Buffer;
  readonly stats: fs.BigIntStats;
  readonly #target: string;
  readonly #io: Io;
  #handle: number | undefined;

  constructor(target: string, io: Io) {
    this.#target = target;
    this.#io = io;
    const handle = io.open(target, O_RDONLY | O_NONBLOCK);
    this.#handle = handle;
    try {
      this.stats = io.stat(handle);
      this.bytes = this.stats.isFile() ? readWhole(handle, this.stats, io) : Buffer.alloc(0);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  static read(target: string, io: Io): Buffer {
    const one = new Original(target, io);
    one.close();
    return one.bytes;
  }

  get mode(): number {
    return Number(this.stats.mode & 0o7777n);
  }

  /** Why it may not be replaced. */
  obstacle(isPrivate: boolean): string | undefined {
    if (!this.stats.isFile()) return "it is not a regular file";
    if (this.stats.nlink > 1n) return "it has a second name (a hard link) that would keep the old text";
    // A read-only AWS file is one that is kept safe, and stays read-only; elsewhere it is one to leave alone.
    if (!isPrivate) this.#io.access(this.#target);
    return undefined;
  }

  /** Whether the same file still stands there with the same content. */
  isUnchanged(): boolean {
    const now = found(() => new Original(this.#target, this.#io));
    now?.close();
    return now !== undefined && isSame(now.stats, this.stats) && now.bytes.equals(this.bytes);
  }

  /** What was written into it since it was read, once the writer has paused. */
  laterBytes(): Buffer | undefined {
    const handle = this.#handle;
    if (handle === undefined) return undefined;
    let last = this.bytes;
    for (let look = 0; ; look++) {
      const now = readWhole(handle, this.#io.stat(handle), this.#io);
      // Whoever writes in place empties the file first.
      if (now.equals(last) && (now.length > 0 || look > 20)) return now.equals(this.bytes) ? undefined : now;
      last = now;
      this.#io.pause(5);
    }
  }

  /** Windows may refuse to replace a file that is open, and keeps others from writing one that is replaced. */
  letGo(): void {
    if (process.platform === "win32") this.close();
  }

  close(): void {
    const handle = this.#handle;
    this.#handle = undefined;
    if (handle !== undefined) quietly(() => this.#io.close(handle));
  }
}

const isSame = (a: fs.BigIntStats, b: fs.BigIntStats) =>
  a.dev === b.dev && a.ino === b.ino && a.mtimeNs === b.mtimeNs && a.size === b.size;

function readWhole(handle: number, { size }: fs.BigIntStats, io: Io): Buffer {
  if (size > maxSize) throw ioError("EFBIG");
  let buffer = Buffer.alloc(Number(size) + 1);
  for (let at = 0; ; ) {
    const read = io.read(handle, buffer, at, buffer.length - at, at);
    if (read === 0) return buffer.subarray(0, at);
    at += read;
    if (at === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
  }
}

/** No more than the user's own to read and write, and less where it was less. */
const privateMode = (mode: number) => ((mode & ~0o600) === 0 ? mode : 0o600);

interface Ownership {
  readonly mode: number;
  readonly owner: { readonly uid: bigint; readonly gid: bigint };
}

/** A draft beside the target, flushed and read back, takes its name; false if `mayReplace` says no at the last moment. */
function replace(
  target: string,
  bytes: Buffer,
  ownership: Ownership | undefined,
  io: Io,
  mayReplace: () => boolean = () => true,
): boolean {
  const directory = path.dirname(target);
  sweepDrafts(target, io);
  const draft = path.join(directory, `.callerid-${process.pid}-${randomBytes(6).toString("hex")}.tmp`);
  const handle = io.open(draft, O_RDWR | O_CREAT | O_EXCL, ownership ? 0o600 : 0o666);
  try {
    try {
      fill(handle, bytes, io);
      const stats = io.stat(handle);
      if (stats.size !== BigInt(bytes.length) || !readWhole(handle, stats, io).equals(bytes)) throw ioError("EIO");
      if (ownership) {
        const { mode, owner } = ownership;
        if (owner.uid !== stats.uid || owner.gid !== stats.gid) io.chown(handle, Number(owner.uid), Number(owner.gid));
        if (BigInt(mode) !== (stats.mode & 0o7777n)) io.chmod(handle, mode);
      }
      io.sync(handle);
    } finally {
      io.close(handle);
    }
    if (!mayReplace()) {
      io.remove(draft);
      return false;
    }
    io.rename(draft, target);
  } catch (error) {
    quietly(() => io.remove(draft));
    throw error;
  }
  // It stands there by now; not every system lets a directory be flushed.
  quietly(() => {
    const opened = io.open(directory, O_RDONLY);
    try {
      io.sync(opened);
    } finally {
      io.close(opened);
    }
  });
  return true;
}

/** A write may take less than it is given, and say so only by its return value. */
function fill(handle: number, bytes: Buffer, io: Io): void {
  for (let at = 0; at < bytes.length; ) {
    const written = io.write(handle, bytes, at, bytes.length - at);
    if (written === 0) throw ioError("ENOSPC");
    at += written;
  }
}

interface Edited {
  readonly text: string;
  readonly edits: readonly TextEdit[];
  readonly edited: string;
}

/** What became of our edits when another program, which may have read the file before, wrote it after us. */
function survival({ text, edits, edited }: Edited, now: string): WriteResult | undefined {
  if (now === edited) return ok;
  const isThere = rebaseEdits(edited, now, asWritten(text, edits)) !== undefined;
  const isUndone = rebaseEdits(text, now, edits) !== undefined;
  if (isThere === isUndone) return conflict;
  // Undone: once more, on top of what the other one wrote.
  return isThere ? ok : undefined;
}

/** Where the edits' results stand in the edited text. */
function asWritten(text: string, edits: readonly TextEdit[]): readonly TextEdit[] {
  let shift = 0;
  return [...edits]
    .sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
    .map((edit) => {
      const { length } = renderPieces(text, edit.pieces);
      const start = edit.span.start + shift;
      shift += length - (edit.span.end - edit.span.start);
      const pieces: readonly Piece[] = [];
      return { ...edit, span: { start, end: start + length }, pieces };
    });
}

/** Failures of the disk as an answer; anything else is a bug and goes on. */
function answerOf(work: () => WriteResult): WriteResult {
  try {
    return work();
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    return failed(reasons[code] ?? "it cannot be written");
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "no permission to write there",
  EPERM: "no permission to write there",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk is full",
  EFBIG: "it is larger than a file may be here",
  EISDIR: "a directory stands where a file should be",
  ELOOP: "it is a link that leads back to itself",
  ENOENT: "there is no such directory",
  ENOTDIR: "there is no such directory",
};

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;

const ioError = (code: string) => Object.assign(new Error(code), { code });

/** Undefined where there is no such file. */
function found<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** What need not succeed. */
function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
