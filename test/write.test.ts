import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, before, beforeEach, describe, type TestContext, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { nodeWorld, readRegularFile } from "../src/live/node";
import { isSkipped } from "../src/live/world";
import {
  type Io,
  nodeIo,
  sweepDrafts,
  type WriteOptions,
  type WriteResult,
  writeEdits,
  writeWhole,
} from "../src/live/write";
import type { Piece, SourceFile, TextEdit } from "../src/model/text";

const oldText = "[one]\nkey = OLD\n\n[two]\nkey = CANARYtwo\n";
const newText = oldText.replace("OLD", "NEW!");

const isRoot = process.getuid?.() === 0;
const isPosix = process.platform !== "win32";

let outer: string;
let folder: string;
let file: string;

beforeEach(() => {
  outer = fs.mkdtempSync(path.join(os.tmpdir(), "callerid-write-"));
  folder = path.join(outer, "aws");
  fs.mkdirSync(folder);
  file = path.join(folder, "credentials");
  put(oldText);
});

afterEach(() => fs.rmSync(outer, { recursive: true, force: true }));

function put(content: string | Buffer, mode = 0o600): void {
  fs.writeFileSync(file, content);
  fs.chmodSync(file, mode);
}

const read = () => fs.readFileSync(file, "utf8");
const modeOf = (one = file) => fs.statSync(one).mode & 0o7777;
const drafts = () => fs.readdirSync(folder).filter((name) => name.startsWith(".callerid-"));

function sourceOf(one = file): SourceFile {
  const source = readRegularFile(one);
  assert.ok(source && !isSkipped(source));
  return source;
}

/** An edit that puts `pieces` in the place of the first `word`. */
function edit(source: SourceFile, word: string, ...pieces: readonly Piece[]): TextEdit {
  const start = source.text.indexOf(word);
  assert.ok(start >= 0);
  return { path: source.path, span: { start, end: start + word.length }, pieces };
}

/** OLD becomes NEW! in the file as it is now. */
function write(options: WriteOptions = { isPrivate: true }): WriteResult {
  const source = sourceOf();
  return writeEdits(file, source, [edit(source, "OLD", "NEW!")], options);
}

/** The machine's calls, with something else instead of or around each of them. */
function ioWith(around: (name: keyof Io, call: () => unknown, args: unknown[]) => unknown): Io {
  return new Proxy(nodeIo, {
    get: (target, name: keyof Io) => {
      const call = target[name] as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => around(name, () => call(...args), args);
    },
  });
}

/** Something happens at the n-th call of a name, before or after it. */
function ioAt(name: keyof Io, happens: () => void, n = 1, when: "before" | "after" = "before"): Io {
  let count = 0;
  return ioWith((one, call) => {
    const isIt = one === name && ++count === n;
    if (isIt && when === "before") happens();
    const result = call();
    if (isIt && when === "after") happens();
    return result;
  });
}

const failure = (code: string) => Object.assign(new Error(`${code}: CANARYtwo`), { code });

describe("a write", () => {
  test("changes what it is told to and keeps every other byte, no final line break included", () => {
    const text = "\ufeff# OLD \r\n\r\n; kept\r\r\n\t[a]\0\u2028 = x \n\nlast";
    put(text);
    assert.deepEqual(write(), { status: "ok" });
    assert.equal(read(), text.replace("OLD", "NEW!"));
    assert.deepEqual(drafts(), []);
  });

  const encodings: [string, BufferEncoding, string, boolean][] = [
    ["UTF-8 with a mark", "utf8", "\ufeff[ü]\r\nkey = OLD\r\n", false],
    ["UTF-16 with a mark", "utf16le", "\ufeff[ü→]\r\nkey = OLD\r\n", false],
    ["UTF-16 with a mark, big end first", "utf16le", "\ufeff[ü→]\r\nkey = OLD\r\n", true],
    ["UTF-16 without a mark", "utf16le", "[dev]\r\nkey = OLD", false],
    ["Latin-1", "latin1", "[ü]\nkey = OLD\n", false],
  ];
  for (const [title, encoding, text, isSwapped] of encodings) {
    test(`keeps ${title}`, () => {
      const bytes = (one: string) => (isSwapped ? Buffer.from(one, encoding).swap16() : Buffer.from(one, encoding));
      put(bytes(text));
      assert.deepEqual(write(), { status: "ok" });
      assert.deepEqual(fs.readFileSync(file), bytes(text.replace("OLD", "NEW!")));
    });
  }

  test("text that the encoding has no character for is refused", () => {
    const bytes = Buffer.from("[ü]\nkey = OLD\n", "latin1");
    put(bytes);
    const source = sourceOf();
    const answer = writeEdits(file, source, [edit(source, "OLD", "→")]);
    assert.deepEqual(answer, { status: "failed", reason: "its encoding has no room for the new text" });
    assert.deepEqual(fs.readFileSync(file), bytes);
  });

  test("copies and swaps pieces of the file", () => {
    const source = sourceOf();
    const [a, b] = [edit(source, "OLD"), edit(source, "CANARYtwo")];
    const answer = writeEdits(file, source, [
      { ...a, pieces: [b.span] },
      { ...b, pieces: ["<", a.span, ">"] },
    ]);
    assert.deepEqual(answer, { status: "ok" });
    assert.equal(read(), "[one]\nkey = CANARYtwo\n\n[two]\nkey = <OLD>\n");
  });

  test("that changes nothing does not touch the file", () => {
    const source = sourceOf();
    const { mtimeNs, ino } = fs.statSync(file, { bigint: true });
    assert.deepEqual(writeEdits(file, source, [edit(source, "OLD", "OLD")]), { status: "ok" });
    const after = fs.statSync(file, { bigint: true });
    assert.deepEqual([after.mtimeNs, after.ino], [mtimeNs, ino]);
  });

  test("goes through a link and leaves it one", { skip: !isPosix }, () => {
    const real = path.join(outer, "dotfiles");
    fs.mkdirSync(real);
    fs.renameSync(file, path.join(real, "real"));
    fs.symlinkSync("../dotfiles/real", path.join(folder, "step"));
    fs.symlinkSync("step", file);
    assert.deepEqual(write(), { status: "ok" });
    assert.equal(fs.readlinkSync(file), "step");
    assert.equal(fs.readFileSync(path.join(real, "real"), "utf8"), newText);
    assert.deepEqual(fs.readdirSync(real), ["real"]);
    assert.deepEqual(drafts(), []);
  });

  test("a second name keeps nothing old", () => {
    fs.linkSync(file, path.join(folder, "other"));
    const answer = write();
    assert.equal(answer.status, "failed");
    assert.equal(read(), oldText);
  });

  test("gives an AWS file no more than 0600, whatever it had", { skip: !isPosix }, () => {
    for (const [before, after] of [
      [0o600, 0o600],
      [0o400, 0o400],
      [0o644, 0o600],
      [0o660, 0o600],
      [0o700, 0o600],
      [0o666, 0o600],
    ] as const) {
      put(oldText, before);
      assert.deepEqual(write(), { status: "ok" });
      assert.equal(modeOf(), after, before.toString(8));
      fs.rmSync(file);
    }
  });

  test("leaves a read-only file alone, but for an AWS file, which is kept safe by that", () => {
    const io = ioAt("access", () => {
      throw failure("EACCES");
    });
    assert.deepEqual(write({ io }), { status: "failed", reason: "no permission to write there" });
    assert.equal(read(), oldText);
    assert.deepEqual(write({ isPrivate: true, io }), { status: "ok" });
  });

  test("keeps the mode of any other file, whatever the umask", { skip: !isPosix }, () => {
    const umask = process.umask(0o077);
    try {
      for (const mode of [0o644, 0o600, 0o664, 0o755, 0o646]) {
        put(oldText, mode);
        assert.deepEqual(write({}), { status: "ok" });
        assert.equal(modeOf(), mode);
      }
    } finally {
      process.umask(umask);
    }
  });

  test("the draft is for the user's eyes alone from its first moment on", { skip: !isPosix }, () => {
    for (const mode of [0o600, 0o644]) {
      put(oldText, mode);
      const umask = process.umask(0);
      const seen: number[] = [];
      const io = ioWith((name, call) => {
        for (const draft of drafts()) seen.push(modeOf(path.join(folder, draft)));
        assert.ok(name !== "rename" || seen.length > 3);
        return call();
      });
      assert.deepEqual(write({ isPrivate: true, io }), { status: "ok" });
      process.umask(umask);
      assert.deepEqual(new Set(seen), new Set([0o600]));
    }
  });

  test("keeps the owner", (t: TestContext) => {
    if (!isRoot) return t.skip("only the superuser may give a file away");
    fs.chownSync(file, 1234, 4321);
    assert.deepEqual(write(), { status: "ok" });
    const { uid, gid } = fs.statSync(file);
    assert.deepEqual([uid, gid], [1234, 4321]);
  });

  test("edits that overlap are a bug and leave nothing behind", () => {
    const source = sourceOf();
    const one = edit(source, "OLD", "x");
    assert.throws(() => writeEdits(file, source, [one, one]), RangeError);
    assert.equal(read(), oldText);
    assert.deepEqual(drafts(), []);
  });
});

describe("a conflict", () => {
  test("the text is no longer what the edits were made for", () => {
    const source = sourceOf();
    const theirs = `${oldText}# more\n`;
    put(theirs);
    assert.deepEqual(writeEdits(file, source, [edit(source, "OLD", "x")]), { status: "conflict" });
    assert.equal(read(), theirs);
  });

  test("the file is gone, or something else stands there", () => {
    const source = sourceOf();
    const edits = [edit(source, "OLD", "x")];
    fs.rmSync(file);
    assert.deepEqual(writeEdits(file, source, edits), { status: "conflict" });
    fs.mkdirSync(file);
    assert.deepEqual(writeEdits(file, source, edits), { status: "conflict" });
    assert.deepEqual(fs.readdirSync(folder), ["credentials"]);
  });
});

/** What another program does to the file, at the moments where it hurts. */
describe("another program", () => {
  const appended = `${oldText}\n[three]\nkey = theirs\n`;
  const both = appended.replace("OLD", "NEW!");

  for (const name of ["sync", "stat", "write"] as const) {
    test(`adds a profile before the last look (${name}): both stay`, () => {
      const io = ioAt(name, () => fs.writeFileSync(file, appended), name === "stat" ? 2 : 1);
      assert.deepEqual(write({ isPrivate: true, io }), { status: "ok" });
      assert.equal(read(), both);
      assert.deepEqual(drafts(), []);
    });
  }

  test("inserts lines above: the edit moves along, with what it copies", () => {
    const theirs = `# a line\r\n# and another\n${oldText}`;
    const source = sourceOf();
    const edits = [edit(source, "OLD", edit(source, "CANARYtwo").span)];
    const io = ioAt("sync", () => fs.writeFileSync(file, theirs));
    assert.deepEqual(writeEdits(file, source, edits, { io }), { status: "ok" });
    assert.equal(read(), theirs.replace("OLD", "CANARYtwo"));
  });

  test("puts the same text there anew: written on the second try", () => {
    const theirs = ioAt("sync", () => {
      fs.writeFileSync(`${file}.theirs`, oldText);
      fs.renameSync(`${file}.theirs`, file);
    });
    let renames = 0;
    let draftsMade = 0;
    const io = new Proxy(theirs, {
      get: (target, name: keyof Io) => {
        if (name === "rename") renames++;
        if (name === "write") draftsMade++;
        return target[name];
      },
    });
    assert.deepEqual(write({ io }), { status: "ok" });
    assert.equal(read(), newText);
    assert.deepEqual([draftsMade, renames], [2, 1]);
  });

  test("changes the very line: theirs stays", () => {
    for (const theirs of [oldText.replace("OLD", "XYZ"), oldText.replace("OLD", "OLDER"), "", "[one]"]) {
      put(oldText);
      const io = ioAt("sync", () => fs.writeFileSync(file, theirs));
      assert.deepEqual(write({ io }), { status: "conflict" });
      assert.equal(read(), theirs);
      assert.deepEqual(drafts(), []);
    }
  });

  test("never stops: given up, theirs stays", () => {
    let count = 0;
    const io = ioWith((name, call) => {
      if (name === "sync") fs.writeFileSync(file, `${oldText}# ${++count}\n`);
      return call();
    });
    assert.deepEqual(write({ io }), { status: "conflict" });
    assert.equal(read(), `${oldText}# ${count}\n`);
    assert.ok(count >= 3);
    assert.deepEqual(drafts(), []);
  });

  test("removes the file: it is not put back", () => {
    const io = ioAt("sync", () => fs.rmSync(file));
    assert.deepEqual(write({ io }), { status: "conflict" });
    assert.deepEqual(fs.readdirSync(folder), []);
  });

  test("turns the link to another file: neither is harmed", { skip: !isPosix }, () => {
    const [a, b] = [path.join(folder, "a"), path.join(folder, "b")];
    fs.renameSync(file, a);
    fs.writeFileSync(b, "other\n");
    fs.symlinkSync("a", file);
    const io = ioAt("sync", () => {
      fs.rmSync(file);
      fs.symlinkSync("b", file);
    });
    assert.deepEqual(write({ io }), { status: "conflict" });
    assert.equal(fs.readFileSync(a, "utf8"), oldText);
    assert.equal(fs.readFileSync(b, "utf8"), "other\n");
  });

  describe("writes in place what ours has just replaced", { skip: !isPosix }, () => {
    /** Has the file open before the rename and writes after it, as who takes no lock may. */
    const late = (text: string) => {
      let handle = 0;
      return ioWith((name, call) => {
        if (name !== "rename" || handle !== 0) return call();
        handle = fs.openSync(file, "r+");
        fs.ftruncateSync(handle);
        call();
        fs.writeSync(handle, text);
        fs.closeSync(handle);
      });
    };

    test("both stay", () => {
      for (const isPrivate of [true, false]) {
        put(oldText);
        assert.deepEqual(write({ isPrivate, io: late(appended) }), { status: "ok" });
        assert.equal(read(), both);
        assert.deepEqual(drafts(), []);
      }
    });

    test("and changes the very line: theirs stays", () => {
      const theirs = oldText.replace("OLD", "XYZ");
      assert.deepEqual(write({ io: late(theirs) }), { status: "conflict" });
      assert.equal(read(), theirs);
    });

    test("while a third one writes ours: the last one's stays", () => {
      const handle = fs.openSync(file, "r+");
      const io = ioWith((name, call) => {
        const result = call();
        if (name === "rename") fs.writeSync(handle, appended, 0);
        if (name === "pause") fs.writeFileSync(file, "[third]\n");
        return result;
      });
      assert.deepEqual(write({ io }), { status: "conflict" });
      fs.closeSync(handle);
      assert.equal(read(), "[third]\n");
    });

    test("and takes a while: it is waited for", () => {
      const handle = fs.openSync(file, "r+");
      let pauses = 0;
      const io = ioWith((name, call) => {
        if (name === "rename") fs.ftruncateSync(handle);
        if (name === "pause" && ++pauses === 6) fs.writeSync(handle, appended, 0);
        return call();
      });
      assert.deepEqual(write({ isPrivate: true, io }), { status: "ok" });
      fs.closeSync(handle);
      assert.equal(read(), both);
    });

    test("and empties it for good: theirs stays", () => {
      assert.deepEqual(write({ io: late("") }), { status: "conflict" });
      assert.equal(read(), "");
    });
  });

  test("had read the file before ours came and writes it after: ours is put on top", () => {
    const io = ioAt("pause", () => fs.writeFileSync(file, appended));
    assert.deepEqual(write({ isPrivate: true, io }), { status: "ok" });
    assert.equal(read(), both);
  });

  test("adds to what ours wrote: both stay", () => {
    const io = ioAt("pause", () => fs.writeFileSync(file, both));
    assert.deepEqual(write({ isPrivate: true, io }), { status: "ok" });
    assert.equal(read(), both);
  });

  test("undoes ours and more: theirs stays", () => {
    for (const theirs of ["", oldText.replace("OLD", "XYZ"), "[four]\n"]) {
      put(oldText);
      const io = ioAt("pause", () => fs.writeFileSync(file, theirs));
      assert.deepEqual(write({ isPrivate: true, io }), { status: "conflict" });
      assert.equal(read(), theirs);
    }
  });

  test("undoes a removed and an added line, which looks the same from both ends: at least no loss is hidden", () => {
    put("[a]\nx\nx\nx\n");
    const source = sourceOf();
    const io = ioAt("pause", () => put("[a]\nx\nx\nx\n[b]\n"));
    const remove = { path: file, span: { start: 4, end: 6 }, pieces: [] };
    const answer = writeEdits(file, source, [remove], { isPrivate: true, io });
    assert.ok(answer.status === "conflict" || read() === "[a]\nx\nx\n[b]\n");
  });
});

describe("failures", () => {
  const codes = ["EIO", "ENOSPC", "EACCES", "EROFS", "ENOENT", "EMFILE"];

  /** Runs a write whose n-th call fails, for every n there is. */
  function failEach(
    options: { isPrivate: boolean; forGood: boolean; code: string },
    judge: (answer: WriteResult) => void,
  ) {
    for (let n = 1; ; n++) {
      put(oldText, 0o640);
      let count = 0;
      const io = ioWith((name, call) => {
        if (name === "pause") return call();
        count++;
        if (count === n || (options.forGood && count > n)) throw failure(options.code);
        return call();
      });
      const answer = write({ isPrivate: options.isPrivate, io });
      // A failure is one: the file is as it was.
      assert.equal(read(), answer.status === "ok" ? newText : oldText, `call ${n}: ${answer.status}`);
      assert.doesNotMatch(JSON.stringify(answer), /CANARY|OLD|NEW|credentials/);
      judge(answer);
      if (count < n) {
        assert.deepEqual(answer, { status: "ok" });
        assert.ok(n > 20, `${n} calls`);
        return;
      }
    }
  }

  for (const isPrivate of [true, false]) {
    const whose = isPrivate ? "an AWS file" : "another file";
    for (const code of codes) {
      test(`${code} at each call for ${whose}: old or new, and no draft`, () => {
        failEach({ isPrivate, code, forGood: false }, () => assert.deepEqual(drafts(), []));
      });
    }

    test(`a disk that is gone from each call on, for ${whose}: old or new, and the next write clears up`, () => {
      let left = 0;
      failEach({ isPrivate, code: "EIO", forGood: true }, () => {
        left += drafts().length;
        sweepDrafts(file);
        assert.deepEqual(drafts(), []);
      });
      assert.ok(left > 0);
    });
  }

  const words: [keyof Io, string, string][] = [
    ["open", "EROFS", "the disk is read-only"],
    ["open", "EACCES", "no permission to write there"],
    ["write", "ENOSPC", "the disk is full"],
    ["write", "EDQUOT", "the disk is full"],
    ["write", "EFBIG", "it is larger than a file may be here"],
    ["chmod", "EPERM", "no permission to write there"],
    ["sync", "EIO", "it cannot be written"],
    ["realpath", "ELOOP", "it is a link that leads back to itself"],
  ];
  for (const [name, code, reason] of words) {
    test(`${code} is said in words`, () => {
      put(oldText, 0o644);
      const io = ioAt(name, () => {
        throw failure(code);
      });
      assert.deepEqual(write({ io }), { status: "failed", reason });
    });
  }

  test("what is no failure of the disk is a bug, and leaves nothing behind", () => {
    const io = ioAt("sync", () => {
      throw new TypeError("bug");
    });
    assert.throws(() => write({ io }), TypeError);
    assert.equal(read(), oldText);
    assert.deepEqual(drafts(), []);
  });

  test("short reads and writes are gone on with", () => {
    const io = ioWith((name, call, args) => {
      if (name === "write" || name === "read") args[3] = Math.min(args[3] as number, 3);
      return call();
    });
    assert.deepEqual(write({ io }), { status: "ok" });
    assert.equal(read(), newText);
  });

  test("a write that takes nothing, and one that lies", () => {
    const full = ioWith((name, call) => (name === "write" ? 0 : call()));
    assert.deepEqual(write({ io: full }), { status: "failed", reason: "the disk is full" });
    const liar = ioWith((name, call, args) => {
      if (name !== "write") return call();
      const claimed = args[3] as number;
      args[3] = 5;
      call();
      return claimed;
    });
    assert.deepEqual(write({ io: liar }), { status: "failed", reason: "it cannot be written" });
    assert.equal(read(), oldText);
    assert.deepEqual(drafts(), []);
  });
});

/** The writer as a process of its own, which may be killed, starved and locked out. */
describe("as a process", { skip: !isPosix }, () => {
  let program: string;

  before(async () => {
    const built = fs.mkdtempSync(path.join(os.tmpdir(), "callerid-writer-"));
    process.on("exit", () => fs.rmSync(built, { recursive: true, force: true }));
    fs.chmodSync(built, 0o755);
    program = path.join(built, "writer.js");
    const { build } = await import("esbuild");
    await build({
      entryPoints: ["test/support/dyingWriter.ts"],
      outfile: program,
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node20",
      logLevel: "error",
    });
  });

  const long = `[one]\nkey = OLD\n${"# a comment\n".repeat(300)}`;
  const longNew = long.replace("OLD", "NEW");
  const run = (...args: string[]) => spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });

  test("killed before each call: old or new, and what is left is private and swept", () => {
    put(long, 0o644);
    const whole = run(file);
    const { answer, calls } = JSON.parse(whole.stdout);
    assert.deepEqual(answer, { status: "ok" });
    assert.equal(read(), longNew);
    assert.ok(calls > 25, `${calls} calls`);
    let [old, left] = [0, 0];
    for (let n = 1; n <= calls; n++) {
      put(long, 0o644);
      assert.equal(run(file, String(n)).signal, "SIGKILL");
      assert.ok([long, longNew].includes(read()), `killed before call ${n}`);
      if (read() === long) old++;
      for (const draft of drafts()) {
        left++;
        assert.equal(modeOf(path.join(folder, draft)), 0o600);
      }
      sweepDrafts(file);
      assert.deepEqual(drafts(), []);
    }
    assert.ok(old > 10 && old < calls && left > 5, `${old} old, ${left} drafts of ${calls}`);
  });

  test("the next write sweeps as well, but not what is under way or not ours", () => {
    put(long);
    run(file, "12");
    assert.equal(drafts().length, 1);
    const [dead = ""] = drafts();
    const living = dead.replace(/-\d+-/, `-${process.ppid}-`);
    const others = [living, "callerid.tmp", ".callerid-1x-000000000000.tmp", ".callerid-99-000000000000.tmp.bak"];
    for (const name of others) fs.writeFileSync(path.join(folder, name), "");
    assert.equal(JSON.parse(run(file).stdout).answer.status, "ok");
    assert.deepEqual(fs.readdirSync(folder).sort(), [...others, "credentials"].sort());
  });

  test("the next start sweeps beside the AWS files", (t) => {
    put(long);
    run(file, "12");
    assert.equal(drafts().length, 1);
    const before = process.env.AWS_SHARED_CREDENTIALS_FILE;
    t.after(() => {
      if (before === undefined) delete process.env.AWS_SHARED_CREDENTIALS_FILE;
      else process.env.AWS_SHARED_CREDENTIALS_FILE = before;
    });
    process.env.AWS_SHARED_CREDENTIALS_FILE = file;
    nodeWorld(() => false);
    assert.deepEqual(fs.readdirSync(folder), ["credentials"]);
  });

  test("a limit of the file size: old, and no draft", () => {
    put(long);
    // Half a KiB or a whole one, by the shell.
    const { stdout } = spawnSync("sh", ["-c", `ulimit -f 1 && exec "$0" "$@"`, process.execPath, program, file], {
      encoding: "utf8",
    });
    assert.deepEqual(JSON.parse(stdout).answer, { status: "failed", reason: "it is larger than a file may be here" });
    assert.equal(read(), long);
    assert.deepEqual(drafts(), []);
  });

  test("a folder and a file of somebody else: old, and no draft", (t: TestContext) => {
    if (!isRoot) return t.skip("only the superuser may become somebody else");
    put(long, 0o644);
    fs.chmodSync(outer, 0o755);
    const asNobody = () =>
      spawnSync(process.execPath, [program, file], { encoding: "utf8", uid: 65534, gid: 65534, cwd: "/" });
    for (const mode of [0o755, 0o777]) {
      fs.chmodSync(folder, mode);
      const { stdout, stderr } = asNobody();
      assert.deepEqual(JSON.parse(stdout || stderr).answer, {
        status: "failed",
        reason: "no permission to write there",
      });
      assert.equal(read(), long);
      assert.deepEqual(drafts(), []);
    }
  });
});

describe("beside the AWS CLI", () => {
  const environment = () => ({
    PATH: process.env.PATH ?? "",
    HOME: outer,
    AWS_SHARED_CREDENTIALS_FILE: file,
    AWS_CONFIG_FILE: path.join(folder, "config"),
  });

  test("ten of its writes against ten of ours: every profile is there, or ours said conflict", async (t) => {
    const version = spawnSync("aws", ["--version"], { encoding: "utf8" });
    if (version.status !== 0) return t.skip("NOT PROVED HERE: there is no `aws` in PATH");
    put("[first]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n");
    let isDone = false;
    const theirs = (async () => {
      for (let n = 0; n < 10; n++) {
        const args = ["configure", "set", "aws_access_key_id", "AKIAIOSFODNN7EXAMPLE", "--profile", `theirs${n}`];
        const child: ChildProcess = spawn("aws", args, { env: environment(), stdio: "ignore" });
        assert.deepEqual(await once(child, "exit"), [0, null]);
      }
      isDone = true;
    })();
    const done: string[] = [];
    for (let n = 0; n < 10 || !isDone; n++) {
      await pause(n < 10 ? 150 : 400);
      const source = sourceOf();
      const first = { path: file, span: { start: 0, end: 0 }, pieces: [`[ours${n}]\nregion = eu-west-1\n\n`] };
      const answer = writeEdits(file, source, [first], { isPrivate: true });
      assert.notEqual(answer.status, "failed");
      if (answer.status === "ok") done.push(`ours${n}`);
    }
    await theirs;
    const profiles = new Set([...read().matchAll(/^\[(.*)\]$/gm)].map(([, name]) => name));
    for (let n = 0; n < 10; n++) assert.ok(profiles.has(`theirs${n}`), `theirs${n}`);
    for (const name of done) assert.ok(profiles.has(name), name);
    assert.ok(profiles.has("first"));
    assert.equal(modeOf(), 0o600);
    assert.deepEqual(drafts(), []);
    t.diagnostic(`${version.stdout.trim()}: ${done.length} of our writes done`);
  });
});

describe("writeWhole", () => {
  test("a new file has the mode every new file has", { skip: !isPosix }, () => {
    const one = path.join(folder, "new.json");
    const umask = process.umask(0o027);
    assert.deepEqual(writeWhole(one, "{}\n"), { status: "ok" });
    process.umask(umask);
    assert.equal(fs.readFileSync(one, "utf8"), "{}\n");
    assert.equal(modeOf(one), 0o640);
  });

  test("a file that is replaced keeps its mode and its link", { skip: !isPosix }, () => {
    fs.chmodSync(file, 0o640);
    fs.symlinkSync("credentials", path.join(folder, "alias"));
    assert.deepEqual(writeWhole(path.join(folder, "alias"), "ü"), { status: "ok" });
    assert.equal(read(), "ü");
    assert.equal(modeOf(), 0o640);
    assert.ok(fs.lstatSync(path.join(folder, "alias")).isSymbolicLink());
  });

  test("what cannot be written says why", () => {
    assert.deepEqual(writeWhole(path.join(folder, "no/such/x"), ""), {
      status: "failed",
      reason: "there is no such directory",
    });
    assert.deepEqual(writeWhole(folder, ""), { status: "failed", reason: "it is not a regular file" });
    assert.deepEqual(writeWhole(file, "\ud800"), { status: "failed", reason: "it is no Unicode text" });
    assert.equal(read(), oldText);
  });
});
