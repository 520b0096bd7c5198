// npm run bench [-- --corpus DIR] [--rounds N] [--write]: how fast, beside other programs and beside itself on more of the same.
// Whole processes, medians after one warm-up; --write puts the tables into docs/performance.md.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build, install, root } from "./project.mjs";
import { program, Stop, step } from "./steps.mjs";

const cli = join(root, "dist", "cli.js");

/** The given folder, else as much as the repository's own fixtures make, many times over. */
function corpusIn(scratch, given) {
  if (given !== undefined) {
    if (!existsSync(given)) throw new Stop(`There is no folder ${given}.`, 2);
    return { path: given, ...measured(given), title: "the folder of `--corpus`" };
  }
  const path = join(scratch, "corpus");
  for (let copy = 0; copy < 60; copy++)
    cpSync(join(root, "test", "fixtures", "clean"), join(path, `${copy}`), { recursive: true });
  return { path, ...measured(path), title: "the clean fixtures of this repository, 60 times over" };
}

function measured(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = files.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
  return { files: files.length, bytes };
}

/** Walks and reads everything and looks for a name of ours in the bytes: what nothing that reads each file can beat in Node. */
const floor = `
const fs = require("fs"), path = require("path");
let hits = 0;
(function walk(folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) walk(file);
    else if (entry.isFile() && /aws_|access_key|AKIA|ASIA/i.test(fs.readFileSync(file, "latin1"))) hits++;
  }
})(process.argv[1]);
`;

const ids = "A[KS]IA[A-Z2-7]{16}";
const names = `${ids}|access_key|secret_key|aws_access_key_id|aws_secret_access_key|AWS_PROFILE|profile`;

function besideOthers(scratch, { path }, rounds) {
  const others = [
    ["floor: a Node program that reads every file", process.execPath, ["-e", floor, path]],
    ["`callerid scan`, every rule", process.execPath, [cli, "scan", "--no-home", "--no-env", "--format", "json", path]],
    ["`grep -rnE`, key ids", "grep", ["-rnE", ids, path]],
    ["ripgrep, ids and argument names", "rg", ["-n", "-i", "--no-ignore", "--hidden", names, path]],
    ["secretlint, its AWS rule", ...secretlint(scratch, path)],
    ["gitleaks", "gitleaks", ["dir", path, "--no-banner"]],
    [
      "trufflehog, its AWS detector, offline",
      "trufflehog",
      ["filesystem", path, "--no-verification", "--include-detectors=aws"],
    ],
  ];
  const rows = others.map(([title, command, args, cwd]) => ({ title, ...timed(command, args, rounds, cwd) }));
  const base = rows[0].ms;
  return table(
    "Scan, beside other programs on the same files",
    ["program", "wall time, median", "against the floor", "peak memory"],
    rows.map(({ title, ms, kib }) =>
      ms === undefined
        ? [title, "not found here", "", ""]
        : [title, `${(ms / 1000).toFixed(2)} s`, (ms / base).toFixed(2), kib ? `${Math.round(kib / 1024)} MiB` : ""],
    ),
  );
}

function secretlint(scratch, path) {
  const folder = join(scratch, "secretlint");
  mkdirSync(folder);
  const packages = ["secretlint@13", "@secretlint/secretlint-rule-aws@13"];
  const made = spawnSync("npm", ["install", "--no-audit", "--no-fund", "--prefix", folder, ...packages], {
    stdio: "ignore",
  });
  writeFileSync(
    join(folder, ".secretlintrc.json"),
    JSON.stringify({ rules: [{ id: "@secretlint/secretlint-rule-aws" }] }),
  );
  const command = made.status === 0 ? join(folder, "node_modules", ".bin", "secretlint") : "secretlint-is-not-here";
  return [command, ["--secretlintrc", join(folder, ".secretlintrc.json"), `${path}/**/*`], folder];
}

/** The median wall time in milliseconds and the peak memory; nothing where the program is not there. */
function timed(command, args, rounds, cwd = root) {
  const samples = [];
  const memory = [];
  const hasTime = existsSync("/usr/bin/time");
  for (let round = -1; round < rounds; round++) {
    const began = performance.now();
    const options = { cwd, encoding: "utf8", maxBuffer: 1 << 30, stdio: ["ignore", "ignore", "pipe"] };
    const { error, status, stderr } = hasTime
      ? spawnSync("/usr/bin/time", ["-f", "%M", command, ...args], options)
      : spawnSync(command, args, options);
    if (error || status === 127) return {};
    if (round < 0) continue;
    samples.push(performance.now() - began);
    memory.push(Number(/(\d+)\s*$/.exec(stderr)?.[1] ?? 0));
  }
  return { ms: median(samples), kib: hasTime ? Math.max(...memory) : 0 };
}

function median(samples) {
  return samples.sort((a, b) => a - b)[Math.floor(samples.length / 2)];
}

/** `scan` reads no more in one go, and says so. */
const mostFiles = 5000;

function growth(scratch, { path }, rounds) {
  const sizes = [1, 2, 10];
  const rows = sizes.map((size) => {
    const folder = join(scratch, `times-${size}`);
    for (let copy = 0; copy < size; copy++) cpSync(path, join(folder, `${copy}`), { recursive: true });
    const { files } = measured(folder);
    const result = timed(process.execPath, [cli, "scan", "--no-home", "--no-env", "--format", "json", folder], rounds);
    rmSync(folder, { recursive: true });
    return { files, ...result };
  });
  const whole = rows.filter(({ files }, index) => index === 0 || files <= mostFiles);
  const [first, last] = [whole[0], whole.at(-1)];
  const exponent = Math.log(last.ms / first.ms) / Math.log(last.files / first.files);
  return table(
    `Growth: time goes with the number of files to the power of ${exponent.toFixed(2)}`,
    ["files", "wall time, median", "peak memory"],
    rows.map(({ files, ms, kib }) => [
      files > mostFiles ? `${files}, of which ${mostFiles} are read` : String(files),
      `${(ms / 1000).toFixed(2)} s`,
      kib ? `${Math.round(kib / 1024)} MiB` : "",
    ]),
  );
}

async function inProcess() {
  const { buildTests } = await import("../esbuild.mjs");
  const outdir = join(root, "dist-test", "bench");
  await buildTests(["test/bench/inProcess.ts"], outdir);
  const { stdout, status } = spawnSync(process.execPath, [join(outdir, "inProcess.js")], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) throw new Stop("The measurement inside one process failed.");
  const found = JSON.parse(stdout);
  const row = (title, { median: half, p95 }, goal) => [title, `${half.toFixed(1)} ms`, `${p95.toFixed(1)} ms`, goal];
  return table(
    "Inside one process, as in the editor",
    ["what", "median", "95 of 100", "goal"],
    [
      row("a keystroke in a file of 2,000 lines to the findings of 3,000 files", found.keystroke, "16 ms"),
      row("the same in a file of 20,000 lines", found.longKeystroke, "60 ms"),
      row("a changed credentials file to the findings of 50 files", found.awsFileChanged, "50 ms"),
      row("the chains of 200 blocks, none of them known yet", found.chains.cold, "150 ms"),
      row("the chains of 200 blocks after an edit of one file, analysis included", found.chains.afterEdit, "5 ms"),
      row("an output of 5,000 lines explained", found.explained, "50 ms"),
    ],
  );
}

function startAndSizes(scratch, rounds) {
  const folder = join(scratch, "small");
  mkdirSync(folder);
  writeFileSync(join(folder, "main.tf"), 'provider "aws" {\n  region = "eu-west-1"\n}\n');
  const node = timed(process.execPath, ["-e", "0"], rounds).ms;
  const scan = timed(process.execPath, [cli, "scan", "--no-home", folder], rounds).ms;
  const size = (file) => `${Math.round(statSync(join(root, "dist", file)).size / 1000)} kB`;
  return table(
    "Start and sizes",
    ["what", "measured", "goal"],
    [
      ["`callerid scan` of one small folder, against `node -e 0`", (scan / node).toFixed(2), "2"],
      ["`dist/extension.js`, minified, without what is loaded later", size("extension.js"), "150 kB"],
      ["`dist/cli.js`", size("cli.js"), ""],
    ],
  );
}

function table(title, head, rows) {
  return [
    `## ${title}`,
    "",
    `| ${head.join(" | ")} |`,
    `|${head.map(() => "---").join("|")}|`,
    ...rows.map((row) => `| ${row.join(" | ")} |`),
    "",
  ].join("\n");
}

function page({ title, files, bytes }, rounds, tables) {
  return [
    "# Speed",
    "",
    "Made by `npm run bench -- --write`. Times are of one machine on one day; what counts is how they stand to each other.",
    "",
    `${cpus().length} cores (${cpus()[0]?.model.trim()}), Node ${process.versions.node}; ${title}: ${files} files, ${(bytes / 1e6).toFixed(1)} MB; medians of ${rounds} after a warm-up.`,
    "",
    ...tables,
  ].join("\n");
}

await program(import.meta.url, async (argv) => {
  const { values } = parseArgs({
    args: argv,
    options: { corpus: { type: "string" }, rounds: { type: "string", default: "5" }, write: { type: "boolean" } },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Stop("--rounds takes a number of rounds.", 2);
  await install();
  await build();
  const scratch = mkdtempSync(join(tmpdir(), "callerid-bench-"));
  try {
    const corpus = await step("corpus", async () => corpusIn(scratch, values.corpus));
    const tables = [
      await step("scan beside other programs", async () => besideOthers(scratch, corpus, rounds)),
      await step("growth", async () => growth(scratch, corpus, rounds)),
      await step("in one process", async () => inProcess()),
      await step("start and sizes", async () => startAndSizes(scratch, rounds)),
    ];
    const text = page(corpus, rounds, tables);
    console.log(text);
    if (values.write) writeFileSync(join(root, "docs", "performance.md"), text);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});
