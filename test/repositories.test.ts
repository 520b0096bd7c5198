import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { main } from "../src/cli/main";
import { cwd, type PlainWorld, plainWorld } from "./support/world";

const astray = 'provider "aws" {\n  region = "mars-west-1"\n}\n';
const sound = 'provider "aws" {\n  region  = "eu-west-1"\n  profile = "nowhere"\n}\n';

const world = (list: string, more: Readonly<Record<string, string>> = {}) =>
  plainWorld({
    files: {
      "org/list.txt": list,
      "org/network/main.tf": astray,
      "org/network/more.tf": astray,
      "org/app/main.tf": sound,
      "elsewhere/main.tf": astray,
      "~/.aws/credentials": "[nobody\n",
      ...more,
    },
    environment: { AWS_REGION: "mars-west-1" },
  });

async function scan(given: PlainWorld, ...argv: readonly string[]) {
  let out = "";
  let err = "";
  const code = await main(["scan", "--repos", "org/list.txt", ...argv], {
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
    },
    color: false,
    cwd,
    world: given,
  });
  return { code, out, err };
}

describe("scan --repos", () => {
  test("scans each repository of a list by itself, and nothing of this machine", async () => {
    const { code, out, err } = await scan(
      world("# ours\nnetwork\r\n\napp\n../elsewhere\nnetwork/\n"),
      "--format",
      "json",
    );
    const { version, findings, files, repositories } = JSON.parse(out);
    assert.deepEqual([code, err, version, files], [1, "", 1, 4]);
    assert.deepEqual(
      findings.map((one: { file: string; rule: string; line: number }) => [one.file, one.rule, one.line]),
      [
        ["org/network/main.tf", "unknown-region", 2],
        ["org/network/more.tf", "unknown-region", 2],
        ["elsewhere/main.tf", "unknown-region", 2],
      ],
    );
    assert.deepEqual(repositories, [
      { repository: "org/network", findings: { error: 2, warning: 0, info: 0, hint: 0 }, files: 2 },
      { repository: "org/app", findings: { error: 0, warning: 0, info: 0, hint: 0 }, files: 1 },
      { repository: "elsewhere", findings: { error: 1, warning: 0, info: 0, hint: 0 }, files: 1 },
    ]);
  });

  test("in words: the findings of each, then a line for each", async () => {
    const { out } = await scan(world("network\napp\n"));
    assert.equal(
      out,
      `org/network

org/network/main.tf
   2:13  error    mars-west-1 is not an AWS region.  unknown-region

org/network/more.tf
   2:13  error    mars-west-1 is not an AWS region.  unknown-region

2 errors in 2 files.

Repositories
  org/network  2 errors in 2 files.
  org/app      Nothing wrong in 1 file.
`,
    );
  });

  test("each repository has its own configuration, or the one that is given", async () => {
    const off = '{"rules": {"unknown-region": "off"}}';
    const given = world("network\n../elsewhere\n", {
      "org/network/.callerid.json": off,
      ".callerid.json": off,
      "one.json": off,
    });
    const named = async (...argv: readonly string[]) =>
      JSON.parse((await scan(given, "--format", "json", ...argv)).out).findings.map(
        (one: { file: string }) => one.file,
      );
    assert.deepEqual(await named(), ["elsewhere/main.tf"]);
    assert.deepEqual(await named("--config", "one.json"), []);
    assert.equal((await named("--no-config")).length, 3);
  });

  test("one that cannot be scanned is told, and the others are scanned", async () => {
    const given = world("gone\napp\nbad\n", { "org/bad/.callerid.json": '{"rulez": 1}' });
    const { code, out, err } = await scan(given, "--format", "json");
    assert.equal(code, 3);
    assert.equal(
      err,
      'callerid: org/gone: it does not exist\ncallerid: org/bad: org/bad/.callerid.json:1:2: There is no key "rulez"; did you mean "rules"?\n',
    );
    assert.deepEqual(
      JSON.parse(out).repositories.map((one: { failure?: string }) => one.failure !== undefined),
      [true, false, true],
    );
    assert.match((await scan(given)).out, /org\/gone {2}could not be scanned\n {2}org\/app {3}Nothing wrong/);
  });

  test("a baseline holds for all of them", async () => {
    const given = world("network\n../elsewhere\n");
    const written = await scan(given, "--write-baseline", "base.json");
    assert.deepEqual([written.code, written.err], [0, "3 findings written to base.json\n"]);
    assert.equal((await scan(given, "--baseline", "base.json")).code, 0);
  });

  test("SARIF and annotations hold all findings", async () => {
    const given = world("network\n../elsewhere\n");
    const { runs } = JSON.parse((await scan(given, "--format", "sarif")).out);
    assert.equal(runs[0].results.length, 3);
    assert.equal((await scan(given, "--format", "github")).out.split("\n").length, 4);
  });

  test("wrong use is told", async () => {
    const given = world("network\n");
    for (const more of [["app"], ["--staged"], ["--since", "main"], ["--fix"]])
      assert.equal((await scan(given, ...more)).code, 2);
    for (const list of ["", "# nothing\n"]) {
      const { code, err } = await scan(world(list));
      assert.deepEqual([code, err], [3, "callerid: org/list.txt lists no repository\n"]);
    }
  });
});
