import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";

/** Who may import whom; docs/ARCHITECTURE.md says why. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  model: [],
  aws: ["model"],
  documents: ["model", "jsonc-parser", "ini", "yaml", "dockerfile-ast", "unbash"],
  facts: ["model", "aws", "documents"],
  rules: ["model", "aws", "facts"],
  analyzer: ["model", "documents", "facts", "rules"],
  explain: ["model", "aws", "documents", "facts"],
  live: ["model", "aws", "facts", "analyzer", "node:", "@aws-sdk/", "@smithy/"],
  cli: ["model", "rules", "analyzer", "explain", "live", "node:", "commander", "picocolors", "package.json"],
  vscode: ["model", "analyzer", "explain", "live", "vscode", "node:path", "node:os"],
};

/** The rooms above `live`: synchronous, deterministic, without the world. */
const pure = ["model", "aws", "documents", "facts", "rules", "analyzer", "explain"];

const sources = fs
  .readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => ({ file: path.posix.join("src", file), text: fs.readFileSync(path.join("src", file), "utf8") }));

const roomOf = (file: string) => file.split("/")[1]?.replace(/\.ts$/, "") ?? "";

function importsOf(text: string): string[] {
  const pattern =
    /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*"([^"]+)"|\b(?:import|require)\(\s*"([^"]+)"\s*\)|(?:^|\n)import\s*"([^"]+)"/g;
  return [...text.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

test("every file of src stands in a room", () => {
  for (const { file } of sources) assert.ok(roomOf(file) in mayImport, file);
});

test("a room imports only what it may", () => {
  const wrong: string[] = [];
  for (const { file, text } of sources) {
    const room = roomOf(file);
    for (const target of importsOf(text)) {
      const resolved = target.startsWith(".") ? path.posix.join(path.posix.dirname(file), target) : target;
      const wanted = resolved.startsWith("src/") ? roomOf(resolved) : resolved;
      if (wanted === room) continue;
      const allowed = mayImport[room] ?? [];
      if (!allowed.some((one) => wanted === one || (/[:/]$/.test(one) && wanted.startsWith(one)))) {
        wrong.push(`${file} → ${target}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

test("the pure rooms do not look at the world", () => {
  const banned = [
    /(?<![.\w])process\./,
    /\bDate\.now\b/,
    /new Date\(\)/,
    /\basync\b/,
    /\bawait\b/,
    /\bconsole\./,
    /\bMath\.random\b/,
  ];
  const wrong = sources
    .filter(({ file }) => pure.includes(roomOf(file)))
    .flatMap(({ file, text }) => banned.filter((one) => one.test(codeOf(text))).map((one) => `${file}: ${one}`));
  assert.deepEqual(wrong, []);
});

/** A source without its comments, its strings emptied. */
function codeOf(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*|`[\s\S]*?`|"(?:\\.|[^"\\])*"/g, (one) =>
    one.startsWith("/") ? "" : '""',
  );
}

test("secrets are revealed in live/ alone", () => {
  const wrong = sources.filter(({ file, text }) => /\.reveal\(\)/.test(text) && roomOf(file) !== "live");
  assert.deepEqual(
    wrong.map(({ file }) => file),
    [],
  );
});

test("two files start processes, and one other each loads them when it is asked for", () => {
  const naming = (pattern: RegExp) => sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file);
  assert.deepEqual(naming(/child_process|\bprocess\.binding\b/), ["src/cli/git.ts", "src/live/sources/process.ts"]);
  const loading = sources.filter(({ text }) => importsOf(text).includes("./git"));
  assert.deepEqual(
    loading.map(({ file }) => file),
    ["src/cli/selection.ts"],
  );
  assert.match(loading[0]?.text ?? "", /await import\("\.\/git"\)/);
  assert.doesNotMatch(loading[0]?.text ?? "", /from "\.\/git"/);
  const fetching = sources.filter(({ text }) => importsOf(text).some((one) => one.endsWith("sources/process")));
  assert.deepEqual(
    fetching.map(({ file }) => file),
    ["src/live/sources.ts"],
  );
  assert.doesNotMatch(fetching[0]?.text ?? "", /from "\.\/sources\/process"/);
});

test("no default exports and no drawers", () => {
  for (const { file, text } of sources) {
    assert.doesNotMatch(text, /\bexport default\b/, file);
    assert.doesNotMatch(file, /(?:utils?|helpers?|common|shared|misc|manager|service)(?:\.ts|\/)/i);
  }
});

test("every rule file is listed under its own name", async () => {
  const { rules } = await import("../src/rules");
  const files = fs
    .readdirSync("src/rules")
    .filter((file) => !["index.ts", "rule.ts"].includes(file))
    .map((file) => file.replace(/\.ts$/, ""));
  assert.deepEqual(
    rules.map((rule) => rule.id),
    files.sort(),
  );
});
