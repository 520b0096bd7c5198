import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { isUnderstood } from "../src/analyzer";
import { main } from "../src/cli/main";
import { nodeWorld } from "../src/live/node";

const astray = 'provider "aws" {\n  region = "mars-west-1"\n}\n';
const sound = 'provider "aws" {\n  region = "eu-west-1"\n}\n';

let root: string;
let top: string;

before(() => {
  root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "callerid-git-")));
});

after(() => fs.rmSync(root, { recursive: true, force: true }));

let count = 0;

beforeEach(() => {
  top = path.join(root, `repository-${++count}`);
  fs.mkdirSync(top);
  git("init", "-q", "-b", "main");
});

/** Git as the user of these tests has it, without their own configuration. */
function git(...args: string[]): string {
  return execFileSync("git", args, {
    cwd: top,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH,
      HOME: root,
      GIT_CONFIG_NOSYSTEM: "1",
      ...Object.fromEntries(
        ["AUTHOR", "COMMITTER"].flatMap((who) => [
          [`GIT_${who}_NAME`, "A"],
          [`GIT_${who}_EMAIL`, "a@example.com"],
        ]),
      ),
    },
  });
}

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(top, name)), { recursive: true });
    fs.writeFileSync(path.join(top, name), text);
  }
}

function commit(files: Readonly<Record<string, string>>): void {
  write(files);
  git("add", "-A");
  git("commit", "-qm", "a change", "--no-verify");
}

interface Run {
  readonly code: number;
  readonly files: readonly string[];
  readonly count: number;
  readonly skipped: readonly { file: string; reason: string }[];
  readonly err: string;
}

async function scan(
  argv: readonly string[],
  { cwd = top, environment = {} }: { cwd?: string; environment?: Record<string, string | undefined> } = {},
): Promise<Run> {
  let out = "";
  let err = "";
  const world = nodeWorld(isUnderstood);
  const code = await main(["scan", "--no-home", "--no-env", "--format", "json", ...argv], {
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
    },
    color: false,
    cwd,
    world: { ...world, environment: { ...world.environment, GIT_CONFIG_NOSYSTEM: "1", HOME: root, ...environment } },
  });
  const { findings = [], files = 0, skipped = [] } = out === "" ? {} : JSON.parse(out);
  return { code, files: findings.map((one: { file: string }) => one.file), count: files, skipped, err };
}

describe("scan --staged", () => {
  test("judges what is staged, not the working copy", async () => {
    commit({ "main.tf": sound, "other.tf": astray });
    write({ "main.tf": astray });
    git("add", "main.tf");
    write({ "main.tf": sound });
    assert.deepEqual(await scan(["--staged"]), { code: 1, files: ["main.tf"], count: 1, skipped: [], err: "" });
    git("add", "main.tf");
    write({ "main.tf": astray });
    assert.deepEqual(await scan(["--staged"]), { code: 0, files: [], count: 0, skipped: [], err: "" });
  });

  test("works before the first commit, for deleted files, and for names of any kind", async () => {
    write({ "a b/ü\n\"'.tf": astray, "gone.tf": astray });
    git("add", "-A");
    fs.rmSync(path.join(top, "gone.tf"));
    assert.deepEqual((await scan(["--staged"])).files, ["a b/ü\n\"'.tf", "gone.tf"]);
    git("commit", "-qm", "first");
    git("rm", "-q", "--cached", "gone.tf");
    assert.deepEqual((await scan(["--staged"])).files, []);
  });

  test("a staged value is found in the unstaged block that uses it", async () => {
    commit({ "main.tf": 'provider "aws" {\n  region = var.region\n}\n', "variables.tf": 'variable "region" {}\n' });
    write({ "terraform.tfvars": 'region = "mars-west-1"\n', "main.tf": sound });
    git("add", "terraform.tfvars");
    assert.equal((await scan(["--staged"])).code, 1);
    git("reset", "-q");
    git("add", "main.tf");
    assert.equal((await scan(["--staged"])).code, 0);
  });

  test("the staged configuration counts, up to the top of the repository", async () => {
    commit({ "infra/main.tf": sound });
    write({ ".callerid.json": '{"rules": {"unknown-region": "off"}}', "infra/main.tf": astray });
    git("add", "infra/main.tf");
    const cwd = path.join(top, "infra");
    assert.deepEqual((await scan(["--staged"], { cwd })).files, ["main.tf"]);
    git("add", "-A");
    assert.deepEqual((await scan(["--staged"], { cwd })).files, []);
  });

  test("paths narrow what is reported", async () => {
    write({ "a/main.tf": astray, "b/main.tf": astray });
    git("add", "-A");
    assert.deepEqual((await scan(["--staged", "a"])).files, ["a/main.tf"]);
    assert.deepEqual((await scan(["--staged", "b/main.tf"])).files, ["b/main.tf"]);
    assert.deepEqual((await scan(["--staged"], { cwd: path.join(top, "b") })).files, ["main.tf"]);
  });

  test("goes by the index that Git names in a hook", async () => {
    commit({ "main.tf": sound });
    const index = path.join(top, ".git", "other-index");
    fs.copyFileSync(path.join(top, ".git", "index"), index);
    write({ "main.tf": astray });
    git("add", "main.tf");
    assert.equal((await scan(["--staged"], { environment: { GIT_INDEX_FILE: index } })).code, 0);
    const named = { GIT_DIR: ".git", GIT_INDEX_FILE: ".git/index", GIT_PREFIX: "" };
    assert.equal((await scan(["--staged"], { environment: named })).code, 1);
  });

  test("links, submodules and what is too large are left out", async () => {
    fs.symlinkSync("/etc/passwd", path.join(top, "link.tf"));
    write({ "large.tf": `${astray}#${"x".repeat(1024 * 1024)}` });
    git("add", "-A");
    git("update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},module.tf`);
    const { files, skipped } = await scan(["--staged"]);
    assert.deepEqual(files, []);
    assert.deepEqual(skipped, [{ file: "large.tf", reason: "larger than 1 MiB" }]);
  });

  test("does not go with what writes", async () => {
    for (const other of [["--fix"], ["--write-baseline", "b.json"], ["--since", "main"]]) {
      assert.equal((await scan(["--staged", ...other])).code, 2, other[0]);
    }
  });

  test("SHA-256 repositories are like any other", async () => {
    fs.rmSync(path.join(top, ".git"), { recursive: true });
    git("init", "-q", "-b", "main", "--object-format=sha256");
    commit({ "main.tf": sound, "same.tf": astray });
    write({ "main.tf": astray });
    assert.deepEqual((await scan(["--since", "HEAD"])).files, ["main.tf"]);
    git("add", "-A");
    assert.deepEqual((await scan(["--staged"])).files, ["main.tf"]);
  });
});

describe("scan --since", () => {
  test("reports the working copies that changed since the branch left, new ones too", async () => {
    commit({ "old.tf": astray, "main.tf": sound, "mains.tf": sound });
    git("switch", "-qc", "topic");
    commit({ "main.tf": astray, "a/committed.tf": astray });
    write({ "a/new.tf": astray });
    git("switch", "-q", "main");
    write({ "mains.tf": `${sound}\n` });
    git("commit", "-qam", "on main");
    git("switch", "-q", "topic");
    assert.deepEqual(await scan(["--since", "main"]), {
      code: 1,
      files: ["a/committed.tf", "a/new.tf", "main.tf"],
      count: 3,
      skipped: [],
      err: "",
    });
    assert.deepEqual((await scan(["--since", "HEAD"])).files, ["a/new.tf"]);
    assert.deepEqual((await scan(["--since", "main", "a"])).files, ["a/committed.tf", "a/new.tf"]);
    assert.deepEqual((await scan(["--since", "main"], { cwd: path.join(top, "a") })).files, ["committed.tf", "new.tf"]);
  });

  test("neither other line ends nor files that Git ignores are changes", async () => {
    commit({ "main.tf": astray, ".gitignore": "ignored.tf\n" });
    write({ "main.tf": astray.replaceAll("\n", "\r\n"), "ignored.tf": astray });
    assert.deepEqual((await scan(["--since", "HEAD"])).files, []);
  });

  test("a revision that is none is named", async () => {
    commit({ "main.tf": sound });
    for (const revision of ["nowhere", "--output=x", "HEAD~9", "HEAD:main.tf"]) {
      const { code, err } = await scan([`--since=${revision}`]);
      assert.deepEqual([code, err], [3, `callerid: there is no commit ${revision} in this repository\n`]);
    }
    assert.ok(!fs.existsSync(path.join(top, "x")));
  });
});

describe("what cannot be done is said", () => {
  test("outside a repository", async () => {
    const { code, err } = await scan(["--staged"], {
      cwd: root,
      environment: { GIT_CEILING_DIRECTORIES: path.dirname(root) },
    });
    assert.equal(code, 3);
    assert.match(err, /^callerid: git rev-parse failed: not a git repository/);
  });

  test("in a bare one, and below a working copy's .git", async () => {
    const bare = path.join(top, "bare");
    git("init", "-q", "--bare", bare);
    for (const cwd of [bare, path.join(top, ".git")]) {
      const { code, err } = await scan(["--staged"], { cwd });
      assert.equal(code, 3);
      assert.match(err, /^callerid: (?:git rev-parse failed: cannot use bare repository|this is not the working copy)/);
    }
  });

  test("without git", async () => {
    for (const PATH of ["", top, "bin"]) {
      const { code, err } = await scan(["--staged"], { environment: { PATH } });
      assert.deepEqual([code, err], [3, "callerid: git is not on the PATH; --staged and --since need it\n"]);
    }
  });
});

test("nothing that a repository configures is run", { skip: process.platform === "win32" }, async () => {
  const marker = path.join(root, "was-run");
  const trap = path.join(top, "trap.sh");
  commit({ "main.tf": sound, "a.tf": sound });
  git("tag", "before");
  write({
    "main.tf": astray,
    "new.tf": astray,
    ".gitattributes": "* filter=trap diff=trap merge=trap text eol=crlf\n",
  });
  git("add", "-A");
  write({ "trap.sh": `#!/bin/sh\necho "$0 $*" >> '${marker}'\nexit 1\n`, "a.tf": `${sound}# more\n` });
  fs.chmodSync(trap, 0o755);
  fs.mkdirSync(path.join(top, "hooks"));
  for (const hook of [
    "post-index-change",
    "fsmonitor-watchman",
    "pre-commit",
    "post-checkout",
    "reference-transaction",
  ]) {
    fs.copyFileSync(trap, path.join(top, "hooks", hook));
    fs.copyFileSync(trap, path.join(top, ".git", "hooks", hook));
  }
  const settings = {
    "core.fsmonitor": trap,
    "core.hooksPath": path.join(top, "hooks"),
    "core.pager": trap,
    "core.editor": trap,
    "core.sshCommand": trap,
    "core.gitProxy": trap,
    "core.askPass": trap,
    "core.alternateRefsCommand": trap,
    "pager.rev-parse": trap,
    "pager.ls-files": trap,
    "diff.external": trap,
    "diff.trap.command": trap,
    "diff.trap.textconv": trap,
    "filter.trap.clean": trap,
    "filter.trap.smudge": trap,
    "filter.trap.process": trap,
    "filter.trap.required": "true",
    "merge.trap.driver": trap,
    "credential.helper": `!${trap}`,
    "gpg.program": trap,
    "alias.ls-files": `!${trap}`,
    "uploadpack.packObjectsHook": trap,
    "extensions.partialClone": "origin",
    "remote.origin.url": `ext::${trap}`,
    "remote.origin.promisor": "true",
    "remote.origin.uploadpack": trap,
    "protocol.ext.allow": "always",
  };
  // An object that only the remote has: to ask for it would be to start its helper.
  git("update-index", "--add", "--cacheinfo", `100644,${"1".repeat(40)},absent.tf`);
  git("config", "core.repositoryFormatVersion", "1");
  for (const [name, value] of Object.entries(settings)) git("config", name, value);
  fs.rmSync(marker, { force: true });

  const { files, skipped } = await scan(["--staged"]);
  assert.deepEqual(files, ["main.tf", "new.tf"]);
  assert.deepEqual(skipped, [{ file: "absent.tf", reason: "its content is not in this clone" }]);
  assert.deepEqual((await scan(["--since", "before"])).files, ["main.tf", "new.tf"]);
  assert.equal((await scan(["--since", "1".repeat(40)])).code, 3);
  assert.equal(fs.existsSync(marker) ? fs.readFileSync(marker, "utf8") : "", "");

  // The traps are real: Git's own commands fall into them.
  assert.throws(() => git("cat-file", "-p", "1".repeat(40)));
  assert.match(fs.readFileSync(marker, "utf8"), /trap\.sh/);
});
