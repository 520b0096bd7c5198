// npm run test:unit [-- [--update] PATTERN]: the tests outside VS Code. PATTERN picks files by name, else tests by title.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { install, root } from "./project.mjs";
import { program, run } from "./steps.mjs";
import { unasked } from "./tally.mjs";

const limitMs = 240_000;

/** Bundles and runs test/*.test.ts in an empty home, and returns the counts. */
export async function runUnitTests({ pattern = "", update = false } = {}) {
  const all = testFiles("test");
  const named = all.filter((file) => file.includes(pattern));
  const titles = named.length === 0 ? ["--test-name-pattern", pattern] : [];
  const files = named.length === 0 ? all : named;

  const bundles = temporary("unit-");
  const home = join(bundles, "home");
  const tallied = join(bundles, "tally.json");
  mkdirSync(home);
  try {
    const { buildTests } = await import("../esbuild.mjs");
    await buildTests(files, bundles);
    const reporters = [
      ...["--test-reporter", "spec", "--test-reporter-destination", "stdout"],
      ...["--test-reporter", join(root, "scripts", "tally.mjs"), "--test-reporter-destination", tallied],
    ];
    const compiled = readdirSync(bundles).filter((name) => name.endsWith(".test.js"));
    const args = [
      "--enable-source-maps",
      "--test",
      ...reporters,
      ...titles,
      ...compiled.map((name) => join(bundles, name)),
    ];
    const show = titles.length === 0 || ((line) => !line.includes(unasked));
    const options = { cwd: root, env: testEnvironment(home, update), show, signal: AbortSignal.timeout(limitMs) };
    const { code } = await run(process.execPath, args, options);
    const counts = JSON.parse(readFileSync(tallied, "utf8"));
    return code === 0 ? counts : { ...counts, failed: Math.max(counts.failed, 1) };
  } finally {
    rmSync(bundles, { recursive: true, force: true });
  }
}

/** The tests of a folder, by path. */
export function testFiles(folder) {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => `${folder}/${name}`);
}

/** A folder of this run alone below dist-test/, where bundles still find node_modules. */
export function temporary(prefix) {
  const parent = join(root, "dist-test");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, prefix));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function testEnvironment(home, update) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS_|TF_VAR_|FORCE_COLOR$|NO_COLOR$)/.test(name));
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    USERPROFILE: home,
    TZ: "UTC",
    ...(update ? { UPDATE: "1" } : {}),
  };
}

await program(import.meta.url, async (args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { update: { type: "boolean", default: false } },
  });
  await install();
  const { failed } = await runUnitTests({ pattern: positionals[0], update: values.update });
  return failed > 0 ? 1 : 0;
});
