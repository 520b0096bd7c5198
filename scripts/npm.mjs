// npm run package:npm [-- FOLDER]: the command line as a package for npm, callerid-<version>.tgz in dist/ or in FOLDER.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { install, root } from "./project.mjs";
import { npm, program, step } from "./steps.mjs";

/** Builds and stages what the command line needs: no dependency, no script, nothing of the editor's. */
async function stage(folder) {
  const { buildProduct } = await import("../esbuild.mjs");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await buildProduct({ minify: true, outdir: folder });
  rmSync(join(folder, "extension.js"));
  const bundles = readdirSync(folder);
  const texts = ["README.md", "CHANGELOG.md", "LICENSE"];
  for (const file of texts) copyFileSync(join(root, file), join(folder, file));
  const manifest = manifestOf([...bundles, "CHANGELOG.md"]);
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
  return manifest;
}

function manifestOf(files) {
  const { name, version, description, license, repository, bugs, homepage, keywords, engines } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  );
  return {
    ...{ name, version, description, license, repository, bugs, homepage, keywords },
    engines: { node: engines.node },
    bin: { callerid: "cli.js" },
    files,
  };
}

await program(import.meta.url, async ([to = "dist"]) => {
  await install();
  const target = resolve(root, to);
  const folder = join(target, "npm");
  const { name, version } = await step("build", () => stage(folder));
  await step("npm pack", () => npm(["pack", "--pack-destination", target], folder));
  console.log(join(target, `${name}-${version}.tgz`));
});
