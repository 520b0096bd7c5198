import assert from "node:assert/strict";
import { type ExecFileSyncOptions, execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { parse, parseAllDocuments } from "yaml";
import manifest from "../package.json";
import { commandsOf } from "../src/cli/main";
import { cwd, plainWorld } from "./support/world";

const read = (file: string) => fs.readFileSync(file, "utf8");

/** What hands `callerid` to teams. */
const files = [".pre-commit-hooks.yaml", "action.yml", "templates/callerid.yml", "docs/ci.md"];

const astray = 'provider "aws" {\n  region = "mars-west-1"\n}\n';
const sound = 'provider "aws" {\n  region = "eu-west-1"\n}\n';

let folder: string;
let bin: string;

/** The package as it is published, installed into an empty folder without a network. */
before(() => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "callerid-npm-")));
  const quiet: ExecFileSyncOptions = { stdio: ["ignore", "pipe", "pipe"], shell: process.platform === "win32" };
  execFileSync(process.execPath, ["scripts/npm.mjs", folder], quiet);
  const installed = path.join(folder, "installed");
  fs.mkdirSync(installed);
  const archive = path.join(folder, `callerid-${manifest.version}.tgz`);
  const flags = ["--offline", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", installed];
  execFileSync("npm", ["install", ...flags, archive], { ...quiet, cwd: installed });
  bin = path.join(installed, "node_modules", ".bin");
  // What `npx --yes callerid@VERSION` comes to.
  fs.writeFileSync(
    path.join(bin, "npx"),
    `#!/bin/sh\n[ "$1 $2" = "--yes callerid@${manifest.version}" ] || exit 9\nshift 2\nexec callerid "$@"\n`,
  );
  fs.writeFileSync(path.join(bin, "npm"), "#!/bin/sh\n");
  for (const name of ["npx", "npm"]) fs.chmodSync(path.join(bin, name), 0o755);
});

after(() => fs.rmSync(folder, { recursive: true, force: true }));

let count = 0;

/** A repository with one commit. */
function repository(committed: Readonly<Record<string, string>>): { top: string; git: (...args: string[]) => string } {
  const top = path.join(folder, `repository ${++count}`);
  fs.mkdirSync(top);
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=A", "-c", "user.email=a@example.com", ...args], {
      cwd: top,
      encoding: "utf8",
    });
  git("init", "-q", "-b", "main");
  write(top, committed);
  git("add", "-A");
  git("commit", "-qm", "first");
  return { top, git };
}

function write(top: string, texts: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(texts)) {
    fs.mkdirSync(path.dirname(path.join(top, name)), { recursive: true });
    fs.writeFileSync(path.join(top, name), text);
  }
}

/** Runs a script as a pipeline does. */
function shell(script: string, top: string, variables: Readonly<Record<string, string>> = {}) {
  const PATH = [bin, path.dirname(process.execPath), process.env.PATH].join(path.delimiter);
  const { status, stdout, stderr } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
    cwd: top,
    encoding: "utf8",
    env: { PATH, HOME: folder, ...variables },
  });
  return { code: status, out: stdout, err: stderr };
}

describe("the npm package", () => {
  test("holds the command line, its licence and nothing that runs at installation", () => {
    const root = path.join(bin, "..", "callerid");
    const {
      scripts,
      dependencies,
      devDependencies,
      bin: programs,
      private: isPrivate,
    } = JSON.parse(read(path.join(root, "package.json")));
    assert.deepEqual([scripts, dependencies, devDependencies, isPrivate], [undefined, undefined, undefined, undefined]);
    assert.deepEqual(programs, { callerid: "cli.js" });
    const shipped = read(".vscodeignore").matchAll(/^!dist\/(\S+\.js)$/gm);
    const bundles = [...shipped].map(([, name]) => name ?? "").filter((name) => name !== "extension.js");
    assert.deepEqual(
      fs.readdirSync(root).sort(),
      ["CHANGELOG.md", "LICENSE", "README.md", "package.json", ...bundles].sort(),
    );
  });

  test("runs: every bundle finds the others", () => {
    const { top, git } = repository({
      "main.tf": astray,
      "compose.yaml": "services:\n  a:\n    environment:\n      AWS_REGION: mars-west-1\n",
    });
    assert.deepEqual(shell("callerid --version", top), { code: 0, out: `${manifest.version}\n`, err: "" });
    const { code, out } = shell("callerid scan --no-home --no-env --format json", top);
    assert.equal(code, 1);
    assert.ok(JSON.parse(out).findings.length >= 1);
    git("rm", "-q", "--cached", "main.tf");
    assert.equal(shell("callerid scan --staged --no-home --no-env", top).code, 0);
  });
});

describe("pre-commit", () => {
  const hooks: readonly Record<string, unknown>[] = parse(read(".pre-commit-hooks.yaml"));
  const entry = (id: string) => String(hooks.find((one) => one.id === id)?.entry);

  test("the hook judges what is staged", () => {
    const { top, git } = repository({ "main.tf": sound, "old.tf": astray });
    write(top, { "main.tf": astray });
    assert.equal(shell(entry("callerid"), top).code, 0);
    git("add", "-A");
    write(top, { "main.tf": sound });
    const { code, out } = shell(entry("callerid"), top);
    assert.equal(code, 1);
    assert.match(out, /^main\.tf\n.*unknown-region/);
    assert.doesNotMatch(out, /old\.tf/);
  });

  test("the other one judges all files", () => {
    assert.equal(shell(entry("callerid-all"), repository({ "old.tf": astray }).top).code, 1);
    assert.equal(shell(entry("callerid-all"), repository({ "old.tf": sound }).top).code, 0);
  });

  test("the hooks need Node and nothing that a repository installs", () => {
    for (const hook of hooks) assert.deepEqual([hook.language, hook.pass_filenames], ["system", false]);
  });
});

describe("the GitHub action", () => {
  const action = parse(read("action.yml"));
  const [scan, upload, end] = action.runs.steps;
  const defaults: Record<string, string> = Object.fromEntries(
    Object.entries<{ default: string }>(action.inputs).map(([name, one]) => [name, String(one.default)]),
  );

  function run(top: string, given: Readonly<Record<string, string>> = {}) {
    const inputs: Record<string, string> = { ...defaults, ...given };
    const variables = Object.entries<string>(scan.env).map(([name, value]) => [
      name,
      value.replace(/^\$\{\{ inputs\.([a-z-]+) \}\}$/, (_, input) => inputs[input] ?? "missing"),
    ]);
    const output = path.join(folder, `output-${++count}`);
    fs.writeFileSync(output, "");
    const temp = { RUNNER_TEMP: folder, GITHUB_OUTPUT: output };
    const { code, out } = shell(scan.run, top, { ...Object.fromEntries(variables), ...temp });
    const outputs = Object.fromEntries(
      read(output)
        .trim()
        .split("\n")
        .map((line) => line.split("=")),
    );
    return { code, out, outputs };
  }

  const files = ({ sarif = "" }: { sarif?: string }) =>
    JSON.parse(read(sarif)).runs[0].results.map(
      (one: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }) =>
        decodeURIComponent(one.locations[0]?.physicalLocation.artifactLocation.uri ?? ""),
    );

  test("annotates, writes SARIF, and leaves the verdict to its last step", () => {
    const { top } = repository({ "a b/main.tf": astray, "c.tf": sound });
    const { code, out, outputs } = run(top);
    assert.deepEqual([code, outputs.code], [0, "1"]);
    assert.match(out, /^::error file=a b\/main\.tf,line=2/);
    assert.deepEqual(files(outputs), ["a b/main.tf"]);
    assert.equal(upload.with.sarif_file, "${{ steps.scan.outputs.sarif }}");
    assert.equal(end.run, "exit 1");
    assert.equal(end.if, "${{ steps.scan.outputs.code != '0' }}");
  });

  test("takes its inputs as data", () => {
    const { top, git } = repository({ "a b/main.tf": astray, "c.tf": astray, "-d.tf": sound });
    assert.deepEqual(files(run(top, { path: "a b\n-d.tf\n" }).outputs), ["a b/main.tf"]);
    assert.equal(run(top, { path: "$(touch owned)`touch owned`" }).code, 3);
    assert.ok(!fs.existsSync(path.join(top, "owned")));
    assert.equal(run(top, { path: "" }).outputs.code, "1");
    assert.equal(run(top, { since: "HEAD" }).outputs.code, "0");
    assert.equal(run(top, { since: "nowhere" }).code, 3);
    assert.equal(run(top, { "fail-on": "fatal" }).code, 2);
    write(top, { "off.json": '{"rules": {"unknown-region": "off"}}' });
    assert.equal(run(top, { config: "off.json" }).outputs.code, "0");
    shell("callerid scan --no-home --no-env --write-baseline base.json", top);
    assert.equal(run(top, { baseline: "base.json" }).outputs.code, "0");
    git("status");
    assert.doesNotMatch(scan.run, /\$\{\{/, "no expression is part of the script");
  });
});

describe("the GitLab template", () => {
  const [head, body] = parseAllDocuments(read("templates/callerid.yml")).map((one) => one.toJS());
  const job = body.callerid;

  function run(top: string, given: Readonly<Record<string, string>>, variables: Readonly<Record<string, string>> = {}) {
    const inputs = Object.entries<{ default: string }>(head.spec.inputs).map(([name, one]) => [
      name,
      given[name] ?? one.default,
    ]);
    const filled = (text: string) =>
      text.replace(/\$\[\[ inputs\.([a-z-]+) \]\]/g, (_, name) =>
        String(Object.fromEntries(inputs)[name] ?? "missing"),
      );
    const path_ = filled(job.variables.CALLERID_PATH);
    return shell(job.script.map(filled).join("\n"), top, { CALLERID_PATH: path_, ...variables });
  }

  test("fails on findings and keeps them", () => {
    const { top } = repository({ "a b/main.tf": astray });
    const { code, out } = run(top, {});
    assert.equal(code, 1);
    assert.match(out, /unknown-region/);
    assert.equal(JSON.parse(read(path.join(top, job.artifacts.paths[0]))).runs[0].results.length, 1);
    assert.equal(run(top, { path: "a b" }).code, 1);
    assert.equal(run(repository({ "main.tf": sound }).top, {}).code, 0);
    assert.equal(run(top, { path: "gone" }).code, 1, "a job that could not scan is no success");
  });

  test("a merge request fails on what it changes", () => {
    const { top, git } = repository({ "old.tf": astray });
    const base = git("rev-parse", "HEAD").trim();
    write(top, { "new.tf": sound });
    git("add", "-A");
    git("commit", "-qm", "second");
    assert.equal(run(top, {}).code, 1);
    assert.equal(run(top, {}, { CI_MERGE_REQUEST_DIFF_BASE_SHA: base }).code, 0);
  });
});

test("all of them name this version and options that exist", () => {
  const quiet = () => {};
  const program = commandsOf({ stdout: quiet, stderr: quiet, color: false, cwd, world: plainWorld() }, quiet);
  const options = program.commands.find((one) => one.name() === "scan")?.options.map(({ long }) => long);
  const others = ["--yes", "--global", "--ignore-scripts", "--all-files", "--rm"];
  for (const file of files) {
    const text = read(file);
    for (const [, version] of text.matchAll(/(?:callerid@v?|\bv)(\d+\.\d+\.\d+)/g))
      assert.equal(version, manifest.version, file);
    for (const [flag] of text.matchAll(/(?<![\w-])--[a-z][a-z-]+/g)) {
      assert.ok(options?.includes(flag) || others.includes(flag), `${file}: ${flag}`);
    }
  }
  assert.equal(parse(read("action.yml")).inputs.version.default, manifest.version);
  assert.equal(
    parseAllDocuments(read("templates/callerid.yml"))[0]?.toJS().spec.inputs.version.default,
    manifest.version,
  );
});
