// npm test: everything from nothing. Types, lint, unit tests, the editor suite, and a smoke run of the packed extension.
import { join } from "node:path";
import { prepareEditor, runEditorSuite, runSmoke } from "./editor.mjs";
import { build, install, root } from "./project.mjs";
import { program, run, Stop, step } from "./steps.mjs";
import { runUnitTests } from "./unit.mjs";

const none = { passed: 0, failed: 0, skipped: 0 };

await program(import.meta.url, async () => {
  const installing = install();
  const preparing = prepareEditor();
  preparing.catch(() => {}); // told by the first run that needs it
  await installing;

  const parts = await Promise.all([
    attempt("types", () => step("tsc", () => mustPass("typescript/bin/tsc", []))),
    attempt("lint", () => step("biome check", () => mustPass("@biomejs/biome/bin/biome", ["check", "."]))),
    attempt("build", build),
  ]);
  heading("Unit tests");
  parts.push(await attempt("unit tests", runUnitTests));
  heading("Editor tests");
  parts.push(await attempt("editor tests", async () => runEditorSuite(await preparing, { grep: "^(?!restricted )" })));
  heading("Editor tests in a folder that is not trusted");
  parts.push(
    await attempt("untrusted folder", async () =>
      runEditorSuite(await preparing, { grep: "^restricted ", restricted: true }),
    ),
  );
  heading("Smoke test of the packed extension");
  parts.push(await attempt("smoke test", async () => runSmoke(await preparing)));

  const total = (outcome) => parts.reduce((sum, counts) => sum + counts[outcome], 0);
  const skipped = total("skipped") > 0 ? `, ${total("skipped")} skipped` : "";
  console.log(`\n${total("passed")} passed, ${total("failed")} failed${skipped}`);
  return total("failed") > 0 ? 1 : 0;
});

/** Runs one part; when it breaks, its reason is printed and it counts as one failure. */
async function attempt(part, work) {
  try {
    return (await work()) ?? none;
  } catch (error) {
    console.error(`FAIL ${part}: ${error instanceof Stop ? error.message : error.stack}`);
    return { ...none, failed: 1 };
  }
}

function heading(title) {
  console.log(`\n${title}\n`);
}

async function mustPass(tool, args) {
  const { code, output } = await run(process.execPath, [join(root, "node_modules", tool), ...args], { cwd: root });
  if (code !== 0) throw new Stop(`\n${output.trim()}`);
}
