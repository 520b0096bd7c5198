// What both `npm start` and `npm test` need first: the packages, a build, and the packed extension.
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { npm, run, Stop, step } from "./steps.mjs";

export const root = dirname(import.meta.dirname);

/** Where the packed extension is written; .vscodeignore keeps it out of the next one. */
export const vsixFile = join(root, "dist", "callerid.vsix");

/** Installs the packages of package-lock.json unless node_modules already holds exactly those. */
export async function install() {
  assertWritable();
  if (!isInstalled()) await step("npm ci", () => npm(["ci"], root));
}

function assertWritable() {
  try {
    rmdirSync(mkdtempSync(join(root, ".writable-")));
  } catch (error) {
    throw new Stop(`The project folder ${root} cannot be written (${error.code}); packages and builds go there.`);
  }
}

function isInstalled() {
  const installed = readPackages(join(root, "node_modules", ".package-lock.json"));
  const wanted = readPackages(join(root, "package-lock.json"));
  return Object.entries(wanted ?? {}).every(([path, { version, optional, devOptional }]) => {
    if (path === "") return true;
    const there = installed?.[path];
    return there ? there.version === version : Boolean(installed && (optional || devOptional));
  });
}

function readPackages(lockfile) {
  return existsSync(lockfile) ? JSON.parse(readFileSync(lockfile, "utf8")).packages : undefined;
}

/** Builds dist/ as it is shipped. */
export async function build() {
  const { buildProduct } = await import("../esbuild.mjs");
  await step("build", () => orStop(buildProduct({ minify: true })));
}

async function orStop(building) {
  try {
    return await building;
  } catch (error) {
    throw new Stop(error.errors ? "The build failed." : error.message);
  }
}

/** Packs what .vscodeignore lets through, unless the package at hand was made of the same bytes; returns their hash. */
export async function pack() {
  const { listFiles } = await import("@vscode/vsce");
  const files = await listFiles({ cwd: root, dependencies: false });
  const hash = createHash("sha256");
  for (const file of files.sort()) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  const content = hash.digest("hex");

  const stamp = `${vsixFile}.sha256`;
  if (existsSync(vsixFile) && existsSync(stamp) && readFileSync(stamp, "utf8") === content) return content;
  await step("package the extension", async () => {
    const vsce = join(root, "node_modules", "@vscode", "vsce", "vsce");
    const args = ["package", "--no-dependencies", "--allow-missing-repository", "--out", vsixFile];
    const { code, output } = await run(process.execPath, [vsce, ...args], { cwd: root });
    if (code !== 0)
      throw new Stop(`The extension could not be packaged:\n${output.slice(output.indexOf("ERROR")).trim()}`);
  });
  writeFileSync(stamp, content);
  return content;
}
