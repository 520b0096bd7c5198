// npm run test:electron: the editor suite in a desktop VS Code, where one can be downloaded and shown.
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundleEditorSuite } from "./editor.mjs";
import { build, install, root } from "./project.mjs";
import { count, listen } from "./results.mjs";
import { program, Stop, step } from "./steps.mjs";
import { quietSettings, testEnvironment } from "./workbench.mjs";

const cannot = 3;

await program(import.meta.url, async (args) => {
  const { values } = parseArgs({ args, options: { grep: { type: "string" } } });
  await install();
  await build();
  const { downloadAndUnzipVSCode, runTests } = await import("@vscode/test-electron");
  const vscodeExecutablePath = await step("VS Code from its own site", () => download(downloadAndUnzipVSCode));
  if (process.platform === "linux" && !process.env.DISPLAY) {
    throw new Stop(
      "A desktop VS Code needs a display: run this under xvfb-run, or npm run test:editor instead.",
      cannot,
    );
  }

  const top = mkdtempSync(join(tmpdir(), "callerid-desktop-"));
  const [home, workspace, user] = ["home", "workspace", "user"].map((name) => join(top, name));
  const outside = await listen({ shots: top });
  try {
    for (const name of ["home", "workspace"]) {
      const fixture = join(root, "test", "editor", name);
      mkdirSync(join(top, name));
      if (existsSync(fixture)) cpSync(fixture, join(top, name), { recursive: true });
    }
    mkdirSync(join(user, "User"), { recursive: true });
    writeFileSync(join(user, "User", "settings.json"), JSON.stringify(quietSettings()));
    const completed = await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: root,
      extensionTestsPath: await bundleEditorSuite(),
      extensionTestsEnv: onlyTest(testEnvironment({ home, port: outside.port, grep: values.grep })),
      launchArgs: [
        workspace,
        ...["--user-data-dir", user, "--extensions-dir", join(top, "extensions")],
        ...["--disable-extensions", "--disable-workspace-trust", "--skip-welcome", "--skip-release-notes"],
        ...["--disable-gpu", "--no-sandbox"],
      ],
    }).then(
      () => true,
      () => false,
    );
    const { passed, failed, skipped } = count(outside.results, completed);
    console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
    return failed > 0 ? 1 : 0;
  } finally {
    outside.close();
    rmSync(top, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
});

async function download(downloadAndUnzipVSCode) {
  const { SilentReporter } = await import("@vscode/test-electron");
  try {
    return await downloadAndUnzipVSCode({
      cachePath: join(root, ".vscode-host", "desktop"),
      reporter: new SilentReporter(),
    });
  } catch (error) {
    const why = error.code ?? error.message;
    throw new Stop(
      `VS Code cannot be downloaded here (${why}); npm run test:editor runs the same suite without it.`,
      cannot,
    );
  }
}

/** VS Code merges this over our own environment, so what must be absent is named as undefined. */
function onlyTest(env) {
  const absent = Object.keys(process.env).filter((name) => !(name in env));
  return { ...Object.fromEntries(absent.map((name) => [name, undefined])), ...env };
}
