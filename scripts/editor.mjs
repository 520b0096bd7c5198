// npm run test:editor [-- [--grep RE] [--restricted] [--smoke]]: the suite of test/editor in the VS Code from npm.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { installChromium, installHost } from "./host.mjs";
import { build, install, pack, vsixFile } from "./project.mjs";
import { program } from "./steps.mjs";
import { temporary, testFiles } from "./unit.mjs";
import { runInWorkbench } from "./workbench.mjs";

const smoke = "test/editor/smoke.test.ts";

/** Fetches what the editor runs need; the same for both of them. */
export async function prepareEditor() {
  const host = await installHost();
  return { host, chromium: await installChromium(host) };
}

/** Bundles every suite but the smoke test and returns the file an extension host calls. */
export async function bundleEditorSuite() {
  return bundle(testFiles("test/editor").filter((file) => file !== smoke));
}

async function bundle(suites) {
  const { buildEditorTests } = await import("../esbuild.mjs");
  const outfile = join(temporary("editor-"), "run.js");
  await buildEditorTests(suites, outfile);
  return outfile;
}

/** Runs the suite against the extension in this folder. */
export async function runEditorSuite(editor, options) {
  return runInWorkbench({ ...editor, suite: await bundleEditorSuite(), ...options });
}

/** Packs the extension and runs the smoke test against it. */
export async function runSmoke(editor, options) {
  await pack();
  return runInWorkbench({ ...editor, suite: await bundle([smoke]), vsix: vsixFile, ...options });
}

await program(import.meta.url, async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      grep: { type: "string" },
      restricted: { type: "boolean", default: false },
      smoke: { type: "boolean", default: false },
    },
  });
  await install();
  const [editor] = await Promise.all([prepareEditor(), build()]);
  const { grep, restricted } = values;
  const { passed, failed, skipped } = await (values.smoke ? runSmoke : runEditorSuite)(editor, { grep, restricted });
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  return failed > 0 ? 1 : 0;
});
