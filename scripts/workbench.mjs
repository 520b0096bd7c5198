// Runs a bundled editor suite in the VS Code of host.mjs, driven by Chromium, away from the user's files and network.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, installExtension, startServer } from "./host.mjs";
import { root } from "./project.mjs";
import { count, keepShots, listen } from "./results.mjs";

/** The built-in extensions whose languages the tests open; the other eighty-five cost seconds. */
const builtins = [
  "bat",
  "configuration-editing",
  "docker",
  "dotenv",
  "ini",
  "json",
  "powershell",
  "shellscript",
  "theme-defaults",
  "theme-seti",
  "yaml",
];

const limitMs = 180_000;

/** What this VS Code always says: natively compiled parts and an extension gallery are left out on purpose. */
const expected =
  /spdlog|watchdog|gallery|Service Worker|connection token|^Creating a socket|grace-time|PolicyGate|AgentHost/;

/**
 * Runs `suite` against the extension in this folder, or against the packed one in `vsix`, and returns the counts.
 * `restricted` leaves the workspace untrusted.
 */
export async function runInWorkbench({ host, chromium, suite, vsix, grep, restricted = false }) {
  const place = layOut(restricted);
  const browser = { page: undefined };
  const outside = await listen({ shots: place.shots, browser });
  const env = {
    ...testEnvironment({ home: place.home, port: outside.port, grep }),
    ...(process.platform === "linux" ? { XDG_RUNTIME_DIR: place.sockets } : {}),
  };
  const stops = [() => outside.close()];
  try {
    if (vsix) await installExtension({ host, data: place.data, vsix, env });
    const port = await freePort(0);
    const args = [
      "--without-connection-token",
      "--enable-smoke-test-driver",
      ...leanBuiltins(host, place),
      ...(restricted ? [] : ["--disable-workspace-trust"]),
    ];
    const server = await startServer({ host, data: place.data, port, args, env });
    stops.unshift(async () => {
      server.stop();
      await server.exited;
    });
    const chrome = await openBrowser(chromium, place);
    stops.unshift(() => chrome.close());
    browser.page = chrome.pages()[0];

    const extension = vsix ? emptyExtension(place) : root;
    const { exitCode, said } = await visit(browser.page, port, { extension, suite, workspace: place.workspace });
    const completed = exitCode === 0 || outside.results.some(({ outcome }) => outcome === "failed");
    if (!completed) {
      await browser.page.screenshot({ path: join(place.shots, "failed-run.png") }).catch(() => {});
      console.log(`  The suite ended with ${exitCode}. VS Code said:\n${said.slice(-10).join("\n")}`);
    }
    return count(outside.results, completed);
  } finally {
    for (const stop of stops) await stop();
    keepShots(place.shots);
    rmSync(place.top, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** A home, a workspace and a place for the server, all of them temporary copies. */
function layOut(restricted) {
  const top = mkdtempSync(join(tmpdir(), "callerid-editor-"));
  const place = Object.fromEntries(
    ["home", "workspace", "data", "shots", "chromium", "builtins", "extension", "sockets"].map((name) => [
      name,
      join(top, name),
    ]),
  );
  for (const folder of Object.values(place)) mkdirSync(folder);
  for (const name of ["home", "workspace"]) {
    const fixture = join(root, "test", "editor", name);
    if (existsSync(fixture)) cpSync(fixture, place[name], { recursive: true });
  }
  const trust = restricted
    ? { "security.workspace.trust.startupPrompt": "never", "security.workspace.trust.banner": "never" }
    : { "security.workspace.trust.enabled": false };
  const user = join(place.data, "data", "User");
  mkdirSync(user, { recursive: true });
  writeFileSync(join(user, "settings.json"), JSON.stringify({ ...quietSettings(), ...trust }));
  return { top, ...place };
}

/** The settings of a VS Code that greets nobody and updates nothing. */
export const quietSettings = () =>
  JSON.parse(readFileSync(join(root, "test", "editor", "host", "settings.json"), "utf8"));

/** The environment of an extension host under test: no AWS settings, no proxy, no extension gallery, a home of its own. */
export function testEnvironment({ home, port, grep }) {
  const dropped = /^(AWS_|TF_)|^(https?|all|no)_proxy$/i;
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !dropped.test(name))),
    HOME: home,
    USERPROFILE: home,
    TZ: "UTC",
    AWS_EC2_METADATA_DISABLED: "true",
    // Of no effect without a web identity; a variable that a test can take out of the terminals.
    AWS_ROLE_SESSION_NAME: "editor-tests",
    EXTENSIONS_GALLERY: JSON.stringify({ serviceUrl: "", itemUrl: "", resourceUrlTemplate: "" }),
    CALLERID_TEST_PORT: String(port),
    CALLERID_TEST_GREP: grep ?? "",
  };
}

function leanBuiltins({ vscode }, { builtins: folder }) {
  for (const name of builtins) symlinkSync(join(vscode, "extensions", name), join(folder, name), "junction");
  return ["--builtin-extensions-dir", folder];
}

/** A test run needs some extension under development; where the packed one is tested, that is this. */
function emptyExtension({ extension }) {
  const manifest = { name: "driver", publisher: "callerid", version: "0.0.0", engines: { vscode: "*" } };
  writeFileSync(join(extension, "package.json"), JSON.stringify(manifest));
  return extension;
}

async function openBrowser(chromium, place) {
  const { chromium: launcher } = await import("playwright-core");
  const context = await launcher.launchPersistentContext(place.chromium, {
    executablePath: chromium.path,
    env: { ...process.env, ...chromium.env },
    headless: true,
    viewport: { width: 1280, height: 800 },
    args: ["--no-sandbox", "--no-proxy-server", "--disable-gpu"],
  });
  const loopback = /^(127\.0\.0\.1|localhost)$/;
  await context.route(
    ({ hostname }) => !loopback.test(hostname),
    (route) => route.abort(),
  );
  return context;
}

/** Opens the workbench so that it runs the suite, and resolves with the exit code it hands to its automation. */
async function visit(page, port, { extension, suite, workspace }) {
  const said = [];
  const exited = new Promise((resolve) => {
    page.exposeFunction("codeAutomationExit", resolve);
    setTimeout(resolve, limitMs, `time limit of ${limitMs / 1000} s`).unref();
  });
  await page.exposeFunction("codeAutomationLog", (_kind, args) => {
    const line = args.map((each) => (typeof each === "string" ? each : JSON.stringify(each))).join(" ");
    if (!expected.test(line)) said.push(line);
  });
  const remote = (path) => `vscode-remote://127.0.0.1:${port}${path}`;
  const payload = [
    ["extensionDevelopmentPath", remote(extension)],
    ["extensionTestsPath", remote(suite)],
    ["skipWelcome", "true"],
  ];
  const query = new URLSearchParams({ folder: workspace, payload: JSON.stringify(payload) });
  await page.goto(`http://127.0.0.1:${port}/?${query}`, { waitUntil: "commit" });
  return { exitCode: await exited, said };
}
