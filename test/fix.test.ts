import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { beforeEach, describe, test } from "node:test";
import { isUnderstood } from "../src/analyzer";
import { main } from "../src/cli/main";
import { nodeWorld } from "../src/live/node";
import type { World } from "../src/live/world";
import { cwd, home, type PlainWorld, plainWorld } from "./support/world";

async function run(argv: readonly string[], world: World, directory = cwd) {
  let out = "";
  let err = "";
  const code = await main(["scan", "--fix", ...argv], {
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
    },
    color: false,
    cwd: directory,
    world,
  });
  return { code, out, err };
}

const textOf = (world: PlainWorld, file: string) => world.files.get(path.posix.resolve(cwd, file.replace("~", home)));

/** One safe fix: the argument's name. */
const misnamed = `provider "aws" {
  access_key    = var.access_key
  secret_key    = var.secret_key
  session_token = var.token
}
`;
const renamed = misnamed.replace("session_token", "token");
/** One fix for a person to look at. */
const misspelled = `provider "aws" {\n  region = "eu-cetnral-1"\n}\n`;
const prefixed = "[profile dev]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n";
const bare = prefixed.replace("profile ", "");

describe("scan --fix", () => {
  test("applies what is safe, leaves what is not, and reports what is left", async () => {
    const world = plainWorld({ files: { "a.tf": misnamed, "b/b.tf": misnamed + misspelled } });
    const { code, out, err } = await run(["--format", "json"], world);
    assert.equal(textOf(world, "a.tf"), renamed);
    assert.equal(textOf(world, "b/b.tf"), renamed + misspelled);
    assert.equal(err, "fixed 1 in a.tf\nfixed 1 in b/b.tf\n");
    assert.deepEqual(
      JSON.parse(out).findings.map(({ rule, file }: Record<string, string>) => [rule, file]),
      [["unknown-region", "b/b.tf"]],
    );
    assert.equal(code, 1);
  });

  test("with nothing left it is clean, and a second run changes and says nothing", async () => {
    const world = plainWorld({ files: { "a.tf": misnamed } });
    assert.equal((await run([], world)).code, 0);
    const again = await run(["--format", "json"], world);
    assert.deepEqual([again.code, again.err], [0, ""]);
    assert.equal(textOf(world, "a.tf"), renamed);
  });

  test("several in one file, and one that comes up only after another", async () => {
    const key = `provider "aws" {
  aws_access_key_id     = " AKIAIOSFODNN7EXAMPLE"
  aws_secret_access_key = var.secret
}
`;
    const world = plainWorld({ files: { "a.tf": key } });
    const { err } = await run([], world);
    assert.match(
      textOf(world, "a.tf") ?? "",
      /\n {2}access_key {5}= "AKIAIOSFODNN7EXAMPLE"\n {2}secret_key = var\.secret/,
    );
    assert.equal(err, "fixed 3 in a.tf\n");
  });

  test("standard output holds the report alone, in every format", async () => {
    for (const format of ["json", "sarif"]) {
      const world = plainWorld({ files: { "a.tf": misnamed + misspelled } });
      const { out } = await run(["--format", format], world);
      assert.doesNotThrow(() => JSON.parse(out), format);
      assert.doesNotMatch(out, /fixed/);
    }
    const world = plainWorld({ files: { "a.tf": misnamed + misspelled } });
    assert.match((await run(["--format", "github"], world)).out, /^::error [^\n]*\n$/);
  });

  test("what a comment silences or a baseline knows is left as it is", async () => {
    const silenced = misnamed.replace("var.token\n", "var.token # callerid-ignore wrong-argument-name: why not\n");
    const world = plainWorld({ files: { "a.tf": silenced, "b.tf": misnamed } });
    await main(["scan", "--write-baseline", "known.json"], {
      stdout: () => {},
      stderr: () => {},
      color: false,
      cwd,
      world,
    });
    const { code, err } = await run(["--baseline", "known.json"], world);
    assert.deepEqual([code, err], [0, ""]);
    assert.equal(textOf(world, "a.tf"), silenced);
    assert.equal(textOf(world, "b.tf"), misnamed);
  });

  test("a baseline is written of what is left", async () => {
    const world = plainWorld({ files: { "a.tf": misnamed + misspelled } });
    const { code, err } = await run(["--write-baseline", "known.json"], world);
    assert.equal(code, 0);
    assert.equal(err, "fixed 1 in a.tf\n1 findings written to known.json\n");
    assert.doesNotMatch(textOf(world, "known.json") ?? "", /wrong-argument-name/);
  });

  test("variables are nobody's file", async () => {
    const world = plainWorld({ files: { "a.tf": "" }, environment: { AWS_ACCESS_KEY_ID: '"AKIAIOSFODNN7EXAMPLE"' } });
    assert.equal((await run([], world)).err, "");
  });

  test("without it nothing is written", async () => {
    const world = plainWorld({ files: { "a.tf": misnamed, "~/.aws/credentials": prefixed } });
    const silent = { stdout: () => {}, stderr: () => {}, color: false, cwd };
    await main(["scan"], { ...silent, world: { ...world, writeEdits: () => assert.fail("a write") } });
    assert.equal(textOf(world, "a.tf"), misnamed);
  });
});

describe("the user's AWS files", () => {
  const given = () => plainWorld({ files: { "a.tf": misnamed, "~/.aws/credentials": prefixed } });

  test("stay as they are, and file and profile are named", async () => {
    const world = given();
    const { err } = await run([], world);
    assert.equal(textOf(world, "~/.aws/credentials"), prefixed);
    assert.equal(err, "fixed 1 in a.tf\nleft 1 in ~/.aws/credentials (profile dev): --fix-home fixes it\n");
  });

  test("are changed with --fix-home, as private files", async () => {
    const world = given();
    const isPrivate: Record<string, boolean> = {};
    const { err } = await run(["--fix-home"], {
      ...world,
      writeEdits: (source, edits, one) => {
        isPrivate[source.path] = one;
        return world.writeEdits(source, edits, one);
      },
    });
    assert.equal(textOf(world, "~/.aws/credentials"), bare);
    assert.match(err, /^fixed 1 in ~\/\.aws\/credentials$/m);
    assert.deepEqual(isPrivate, { [`${cwd}/a.tf`]: false, [`${home}/.aws/credentials`]: true });
  });

  for (const [title, argv, files, environment] of [
    ["named as a path", [`${home}/.aws/credentials`], { "~/.aws/credentials": prefixed }, {}],
    ["named as a path, and left out otherwise", ["--no-home", home], { "~/.aws/credentials": prefixed }, {}],
    ["of another home", ["--home", "fake"], { "fake/.aws/credentials": prefixed }, {}],
    ["the real ones beside another home", ["--home", "fake", home], { "~/.aws/credentials": prefixed }, {}],
    ["in the folder", ["."], { keys: prefixed }, { AWS_SHARED_CREDENTIALS_FILE: `${cwd}/keys` }],
  ] as const) {
    test(`stay as they are: ${title}`, async () => {
      const world = plainWorld({ files: { ...files, "fake/x.tf": "" }, environment });
      const before = new Map(world.files);
      const { err } = await run(argv, world);
      assert.deepEqual(world.files, before);
      assert.match(err, /^left 1 in \S+ \(profile dev\): --fix-home fixes it$/m);
      await run(["--fix-home", ...argv], world);
      assert.notDeepEqual(world.files, before);
    });
  }

  test("a repository's own .aws folder is the repository's", async () => {
    const world = plainWorld({ files: { ".aws/credentials": prefixed } });
    assert.equal((await run([], world)).err, "fixed 1 in .aws/credentials\n");
  });

  test("--fix-home alone is wrong usage", async () => {
    const world = given();
    let err = "";
    const stderr = (text: string) => {
      err += text;
    };
    assert.equal(await main(["scan", "--fix-home"], { stdout: () => {}, stderr, color: false, cwd, world }), 2);
    assert.equal(err, "callerid: --fix-home goes with --fix\n");
  });
});

describe("what cannot be written", () => {
  const cases = [
    [{ status: "conflict" }, "another program changed it in the meantime"],
    [{ status: "failed", reason: "the disk is full" }, "the disk is full"],
  ] as const;
  for (const [answer, words] of cases) {
    test(`ends in 3 with its name, and the others are fixed: ${words}`, async () => {
      const world = plainWorld({ files: { "a\u001b.tf": misnamed, "b.tf": misnamed } });
      let tries = 0;
      const { code, out, err } = await run(["--format", "json"], {
        ...world,
        writeEdits: (source, edits, isPrivate) => {
          if (source.path.endsWith("b.tf")) return world.writeEdits(source, edits, isPrivate);
          tries++;
          return answer;
        },
      });
      assert.equal(code, 3);
      assert.equal(err, `fixed 1 in b.tf\ncallerid: a\\u001b.tf was not fixed: ${words}\n`);
      assert.equal(JSON.parse(out).findings.length, 1);
      assert.equal(tries, 1);
    });
  }

  test("fixes that never hold come to an end", async () => {
    const world = plainWorld({ files: { "a.tf": misnamed } });
    let writes = 0;
    const { code } = await run([], {
      ...world,
      writeEdits: () => {
        writes++;
        return { status: "ok" };
      },
    });
    assert.equal(writes, 5);
    assert.equal(code, 1);
  });
});

describe("on a disk", { skip: process.platform === "win32" }, () => {
  let root: string;
  let world: World;

  beforeEach(() => {
    const outer = fs.mkdtempSync(path.join(os.tmpdir(), "callerid-fix-"));
    process.on("exit", () => fs.rmSync(outer, { recursive: true, force: true }));
    root = path.join(outer, "work");
    fs.mkdirSync(path.join(root, "modules"), { recursive: true });
    fs.mkdirSync(path.join(outer, "home", ".aws"), { recursive: true });
    world = { ...nodeWorld(isUnderstood), home: path.join(outer, "home"), environment: {} };
  });

  const put = (file: string, content: string | Buffer, mode: number) => {
    fs.writeFileSync(path.join(root, file), content);
    fs.chmodSync(path.join(root, file), mode);
  };
  const get = (file: string) => fs.readFileSync(path.join(root, file));
  const modeOf = (file: string) => fs.statSync(path.join(root, file)).mode & 0o777;

  test("bytes, modes and links stay", async () => {
    const windows = misnamed.replaceAll("\n", "\r\n").replace("{", "{ # \u00fc");
    put("latin.tf", Buffer.from(windows, "latin1"), 0o644);
    put("wide.tf", Buffer.from(`\ufeff${windows}`, "utf16le"), 0o664);
    put("modules/real.tf", windows, 0o640);
    fs.symlinkSync("modules/real.tf", path.join(root, "link.tf"));
    put("../home/.aws/credentials", prefixed, 0o644);
    const { code, err } = await run(["--fix-home"], world, root);
    const fixed = windows.replace("session_token", "token");
    assert.deepEqual(get("latin.tf"), Buffer.from(fixed, "latin1"));
    assert.deepEqual(get("wide.tf"), Buffer.from(`\ufeff${fixed}`, "utf16le"));
    assert.equal(get("modules/real.tf").toString(), fixed);
    assert.ok(fs.lstatSync(path.join(root, "link.tf")).isSymbolicLink());
    assert.equal(get("../home/.aws/credentials").toString(), bare);
    assert.deepEqual(
      ["latin.tf", "wide.tf", "modules/real.tf", "../home/.aws/credentials"].map(modeOf),
      [0o644, 0o664, 0o640, 0o600],
    );
    // One file by two names is one file.
    assert.equal(err.match(/fixed 1 in /g)?.length, 4, err);
    assert.notEqual(code, 3);
    assert.deepEqual(fs.readdirSync(root).sort(), ["latin.tf", "link.tf", "modules", "wide.tf"]);
  });

  test("a file of keys that others can read is made private, when the user says so", async () => {
    const keys = "[dev]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n";
    put("../home/.aws/credentials", keys, 0o644);
    const without = await run([], world, root);
    assert.match(without.err, /left 1 in ~\/\.aws\/credentials/);
    assert.equal(modeOf("../home/.aws/credentials"), 0o644);
    const { err } = await run(["--fix-home"], world, root);
    assert.match(err, /made ~\/\.aws\/credentials private/);
    assert.equal(modeOf("../home/.aws/credentials"), 0o600);
    assert.equal(get("../home/.aws/credentials").toString(), keys);
  });

  test("an AWS file in UTF-16 becomes UTF-8, when the user says so", async () => {
    const config = "[profile b\u00fccher]\r\ncredential_process = /bin/keys\r\n";
    put("../home/.aws/config", Buffer.from(`\ufeff${config}`, "utf16le"), 0o600);
    const before = get("../home/.aws/config");
    assert.match((await run([], world, root)).err, /left 1 in ~\/\.aws\/config/);
    assert.deepEqual(get("../home/.aws/config"), before);
    const { err } = await run(["--fix-home"], world, root);
    assert.match(err, /saved ~\/\.aws\/config as UTF-8/);
    assert.equal(get("../home/.aws/config").toString("utf8"), config);
    assert.equal(modeOf("../home/.aws/config"), 0o600);
  });

  test("a section is not renamed to one that is there already", async () => {
    const both = `${prefixed}\n[dev]\naws_access_key_id = AKIAI44QH8DHBEXAMPLE\naws_secret_access_key = y\n`;
    put("../home/.aws/credentials", both, 0o600);
    await run(["--fix-home"], world, root);
    assert.equal(get("../home/.aws/credentials").toString(), both);
  });

  test("AWS files that a link in the folder leads to are the user's still", async () => {
    const dotfiles = path.join(root, ".aws");
    fs.mkdirSync(dotfiles);
    put(".aws/credentials", prefixed, 0o600);
    fs.symlinkSync(path.join(dotfiles, "credentials"), path.join(root, "../home/.aws/credentials"));
    const { err } = await run([], world, root);
    assert.equal(get(".aws/credentials").toString(), prefixed);
    assert.match(err, /--fix-home fixes it/);
    assert.doesNotMatch(err, /fixed \d/);
  });
});
