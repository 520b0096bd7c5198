import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, type TestContext, test } from "node:test";
import { isUnderstood } from "../src/analyzer";
import { maxFileSize, nodeWorld, readRegularFile } from "../src/live/node";
import { type Found, isSkipped } from "../src/live/world";

/** Nothing here may wait for anything. */
const guard = { timeout: 5_000 };
const world = nodeWorld(isUnderstood);

let outer: string;
let root: string;

beforeEach(() => {
  outer = fs.mkdtempSync(path.join(os.tmpdir(), "callerid-world-"));
  root = path.join(outer, "work");
  fs.mkdirSync(root);
});

afterEach(() => {
  execFileSync("chmod", ["-R", "u+rwx", outer]);
  fs.rmSync(outer, { recursive: true, force: true });
});

function write(file: string, text = "x"): string {
  const whole = path.join(root, file);
  fs.mkdirSync(path.dirname(whole), { recursive: true });
  fs.writeFileSync(whole, text);
  return whole;
}

const link = (target: string, name: string) => fs.symlinkSync(target, path.join(root, name));

/** What was found and what was left out, by path below the root. */
function look(at: string = root): { files: string[]; skipped: Record<string, string> } {
  const started = performance.now();
  const found: Found = world.find(at);
  assert.ok(performance.now() - started < 2_000, "a scan waits for nothing");
  const short = (one: string) => path.relative(root, one) || ".";
  return {
    files: found.files.map((file) => short(file.path)),
    skipped: Object.fromEntries(found.skipped.map(({ path: one, reason }) => [short(one), reason])),
  };
}

describe("find", guard, () => {
  test("takes what is understood, in order, and nothing else", () => {
    for (const file of [
      "b.tf",
      "a.tf",
      "a/x.tf.json",
      "a/y.tfvars",
      "c.tofu",
      "s3.tfbackend",
      ".aws/config",
      "README.md",
      "tf",
      "x.tf.bak",
    ]) {
      write(file);
    }
    assert.deepEqual(look(), {
      files: [".aws/config", "a/x.tf.json", "a/y.tfvars", "a.tf", "b.tf", "c.tofu", "s3.tfbackend"],
      skipped: {},
    });
  });

  test("passes over what tools put there", () => {
    for (const folder of [".git", "node_modules", ".terraform", ".terragrunt-cache", ".hg", ".svn"])
      write(`${folder}/x.tf`);
    write("modules/.terraform/x.tf");
    write("git/x.tf");
    assert.deepEqual(look(), { files: ["git/x.tf"], skipped: {} });
  });

  test("a named pipe is not waited for", () => {
    execFileSync("mkfifo", [path.join(root, "x.tf")]);
    assert.deepEqual(look(), { files: [], skipped: { "x.tf": "not a regular file" } });
    assert.deepEqual(look(path.join(root, "x.tf")).skipped, { "x.tf": "not a regular file" });
  });

  test("a socket is not read", async () => {
    const server = net.createServer().listen(path.join(root, "x.tf"));
    await new Promise((resolve) => server.once("listening", resolve));
    assert.deepEqual(look().skipped, { "x.tf": "not a regular file" });
    server.close();
  });

  test("a link inside the folder counts, one that leaves does not", () => {
    fs.writeFileSync(path.join(outer, "secret.tf"), "x");
    fs.mkdirSync(path.join(outer, "work-evil"));
    fs.writeFileSync(path.join(outer, "work-evil", "x.tf"), "x");
    write("shared/provider.tf");
    write("..odd/y.tf");
    link("shared/provider.tf", "provider.tf");
    link("..odd/y.tf", "odd.tf");
    link("../secret.tf", "out.tf");
    link("../work-evil/x.tf", "prefix.tf");
    link(path.join(outer, "secret.tf"), "absolute.tf");
    link("out.tf", "in-two-steps.tf");
    assert.deepEqual(look(), {
      files: ["..odd/y.tf", "odd.tf", "provider.tf", "shared/provider.tf"],
      skipped: {
        "absolute.tf": "a link that leaves the folder",
        "in-two-steps.tf": "a link that leaves the folder",
        "out.tf": "a link that leaves the folder",
        "prefix.tf": "a link that leaves the folder",
      },
    });
  });

  test("links to devices, to nothing, to themselves and to folders", () => {
    fs.mkdirSync(path.join(root, "folder"));
    link("/dev/zero", "zero.tf");
    link("/proc/self/mem", "memory.tf");
    link("nowhere", "nothing.tf");
    link("loop.tf", "loop.tf");
    link("folder", "folder.tf");
    assert.deepEqual(look(), {
      files: [],
      skipped: {
        "zero.tf": "a link that leaves the folder",
        "memory.tf": "a link that leaves the folder",
        "nothing.tf": "a link to nothing",
        "loop.tf": "a link that leads back to itself",
        "folder.tf": "not a regular file",
      },
    });
  });

  test("a folder named like a file is a folder", () => {
    write("x.tf/inner.tf");
    assert.deepEqual(look(), { files: ["x.tf/inner.tf"], skipped: {} });
  });

  test("links to folders are not followed, so no circle has an end to look for", () => {
    write("a/x.tf");
    link("..", "a/up");
    link(".", "self");
    for (let index = 0; index < 500; index++) link("a", `farm-${index}`);
    assert.deepEqual(look(), { files: ["a/x.tf"], skipped: {} });
  });

  test("the root itself may be a link", () => {
    write("x.tf");
    const alias = path.join(outer, "alias");
    fs.symlinkSync(root, alias);
    assert.deepEqual(
      world.find(`${alias}/`).files.map((file) => file.path),
      [`${alias}/x.tf`],
    );
  });

  test("a root that is not there, or leads nowhere, is no reason to throw", () => {
    link("loop", "loop");
    assert.deepEqual(look(path.join(root, "nowhere")), { files: [], skipped: {} });
    assert.deepEqual(look(path.join(root, "loop")), {
      files: [],
      skipped: { loop: "a link that leads back to itself" },
    });
    assert.deepEqual(Object.values(look(path.join(root, "x".repeat(5000))).skipped), ["it cannot be read"]);
    assert.deepEqual(Object.values(look("\0").skipped), ["it cannot be read"]);
  });

  test("a folder or file without permission is named", (t: TestContext) => {
    if (process.getuid?.() === 0) return t.skip("the superuser may read everything");
    write("closed/x.tf");
    write("y.tf");
    fs.chmodSync(path.join(root, "closed"), 0);
    fs.chmodSync(path.join(root, "y.tf"), 0);
    const reason = "no permission to read it";
    assert.deepEqual(look(), { files: [], skipped: { closed: reason, "y.tf": reason } });
  });

  test("a file of one MiB is read, and one byte more is not", () => {
    for (const [name, size] of [
      ["less.tf", -1],
      ["just.tf", 0],
      ["more.tf", 1],
    ] as const)
      write(name, "#".repeat(maxFileSize + size));
    const sparse = fs.openSync(path.join(root, "sparse.tf"), "w");
    fs.ftruncateSync(sparse, 2 ** 40);
    fs.closeSync(sparse);
    const { files, skipped } = look();
    assert.deepEqual(files, ["just.tf", "less.tf"]);
    assert.deepEqual(skipped, { "more.tf": "larger than 1 MiB", "sparse.tf": "larger than 1 MiB" });
    const just = readRegularFile(path.join(root, "just.tf"));
    assert.equal(just && !isSkipped(just) && just.text.length, maxFileSize);
  });

  test("thirty-two folders deep is read, and one more is not", () => {
    const deep = (levels: number) => Array.from({ length: levels }, () => "d").join("/");
    write(`${deep(33)}/too-deep.tf`);
    write(`${deep(32)}/deep.tf`);
    assert.deepEqual(look(), {
      files: [`${deep(32)}/deep.tf`],
      skipped: { [deep(33)]: "deeper than 32 directories" },
    });
  });

  test("five thousand files are read, and all the others are left out with one word", () => {
    for (let index = 0; index < 5_003; index++) write(`d${index % 10}/${String(index).padStart(4, "0")}.tf`, "");
    const { files, skipped } = look();
    assert.equal(files.length, 5_000);
    assert.deepEqual(Object.entries(skipped), [
      ["d9/4979.tf", "more than 5000 files; it and all that follow are left out"],
    ]);
  });

  test("sixty-four MiB in all are read", () => {
    const first = write("00.tf", "#".repeat(maxFileSize));
    for (let index = 1; index < 66; index++)
      fs.linkSync(first, path.join(root, `${String(index).padStart(2, "0")}.tf`));
    const { files, skipped } = look();
    assert.equal(files.length, 64);
    assert.deepEqual(skipped, { "64.tf": "more than 64 MiB in all; it and all that follow are left out" });
  });

  test("names with anything in them", () => {
    const names = ["a\nb.tf", "\u202ex.tf", "-rf.tf", "$(x).tf", "ü.tf", " .tf", "::error::x.tf", "\\.tf"];
    for (const name of names) write(name);
    fs.writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0xfe]), Buffer.from(".tf")]), "x");
    const { files, skipped } = look();
    assert.deepEqual(files, names.sort());
    // A name that is no Unicode cannot be said again.
    assert.deepEqual(skipped, { "\ufffd\ufffd.tf": "nothing can be opened by this name" });
  });
});

describe("read", guard, () => {
  const textOf = (file: string) => {
    const source = world.read(file);
    assert.ok(source && !isSkipped(source));
    assert.equal(source.path, file);
    return source.text;
  };

  test("text as it stands", () => {
    const text = "\ufeffa\r\nb\rc\0é😀";
    assert.equal(textOf(write("x", text)), text);
    assert.equal(textOf(write("empty", "")), "");
  });

  test("bytes that are no UTF-8 spoil nothing else", () => {
    const file = write("x");
    fs.writeFileSync(file, Buffer.from([0x61, 0xff, 0x62, 0xc3]));
    assert.match(textOf(file), /^a.b.$/);
  });

  test("what is not there is undefined", () => {
    const file = write("file");
    for (const one of [path.join(root, "nowhere"), path.join(file, "below"), path.join(root, "a/b/c"), ""]) {
      assert.equal(world.read(one), undefined);
    }
  });

  test("what is no regular file has a reason", () => {
    execFileSync("mkfifo", [path.join(root, "pipe")]);
    link("pipe", "link-to-pipe");
    link("loop", "loop");
    for (const [file, reason] of [
      [path.join(root, "pipe"), "not a regular file"],
      [path.join(root, "link-to-pipe"), "not a regular file"],
      [path.join(root, "loop"), "a link that leads back to itself"],
      [root, "not a regular file"],
      ["/dev/zero", "not a regular file"],
      ["/dev/null", "not a regular file"],
      [path.join(root, "x".repeat(300)), "it cannot be read"],
      ["a\0b", "it cannot be read"],
    ] as const) {
      assert.deepEqual(world.read(file), { path: file, reason });
    }
  });

  test("a file that says it is empty is read to its end", (t) => {
    // The kernel's files have the size 0, like those of some network file systems.
    const file = "/proc/self/status";
    if (!fs.existsSync(file)) return t.skip("no /proc here");
    assert.match(textOf(file), /^Name:[\s\S]*\nPid:/);
  });

  test("leaves no file open", (t) => {
    if (!fs.existsSync("/proc/self/fd")) return t.skip("no /proc here");
    execFileSync("mkfifo", [path.join(root, "pipe")]);
    const open = () => fs.readdirSync("/proc/self/fd").length;
    const before = open();
    for (const file of [write("a", "x".repeat(maxFileSize + 1)), write("b"), path.join(root, "pipe"), root])
      world.read(file);
    assert.equal(open(), before);
  });
});

describe("writeText", guard, () => {
  test("writes a new file and replaces one, through a link too", () => {
    const file = path.join(root, "x.json");
    world.writeText(file, "one");
    assert.equal(fs.readFileSync(file, "utf8"), "one");
    link("x.json", "alias.json");
    world.writeText(path.join(root, "alias.json"), "two");
    assert.equal(fs.readFileSync(file, "utf8"), "two");
    assert.ok(fs.lstatSync(path.join(root, "alias.json")).isSymbolicLink());
    assert.deepEqual(fs.readdirSync(root).sort(), ["alias.json", "x.json"]);
  });

  test("what fails leaves everything as it was", () => {
    fs.mkdirSync(path.join(root, "folder"));
    assert.throws(() => world.writeText(path.join(root, "folder"), "x"));
    assert.throws(() => world.writeText(path.join(root, "no/such/x"), "x"));
    assert.deepEqual(fs.readdirSync(root), ["folder"]);
  });
});

test("the machine's own variables are copied, not shared", () => {
  assert.notEqual(world.environment, process.env);
  assert.equal(world.environment.PATH, process.env.PATH);
  assert.ok(Math.abs(world.now().getTime() - Date.now()) < 1000);
  assert.equal(world.home, process.env.HOME);
});
