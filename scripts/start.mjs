// npm start [-- [--report] [--port N] [--browser] FOLDER]: the findings of FOLDER here, then the extension on it in VS Code.
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { cache, freePort, installExtension, installHost, startServer } from "./host.mjs";
import { build, install, pack, root, vsixFile } from "./project.mjs";
import { program, run, Stop, step } from "./steps.mjs";

const usage = `npm start [-- [--report] [--port N] [--browser] FOLDER]

  FOLDER      what to look at (default: examples)
  --report    print the report and exit with its code
  --port N    where VS Code in the browser listens (default: 8123)
  --browser   use VS Code in the browser even where "code" is installed`;

/** npm runs us in the project's folder; the arguments are meant from where the user stands. */
const standing = process.env.INIT_CWD ?? process.cwd();

await program(import.meta.url, async (argv) => {
  const wanted = readArguments(argv);
  if (wanted.help) return console.log(usage);

  await install();
  await build();
  const findings = await report(wanted);
  if (wanted.report) return findings;

  const desktop = wanted.browser ? undefined : desktopCode();
  if (desktop && (await openDesktop(desktop, wanted.folder))) return 0;
  return serve(wanted);
});

function readArguments(argv) {
  let parsed;
  try {
    parsed = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        report: { type: "boolean", default: false },
        port: { type: "string", default: "8123" },
        browser: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    throw new Stop(`${error.message}\n\n${usage}`, 2);
  }
  const { values, positionals } = parsed;
  if (positionals.length > 1) throw new Stop(`One folder at a time, please.\n\n${usage}`, 2);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Stop(`${values.port} is not a port number.`, 2);

  const shown = positionals[0] ?? join(root, "examples");
  const folder = resolve(standing, shown);
  if (!values.help && !existsSync(folder)) throw new Stop(`There is no folder ${folder}.`, 2);
  if (!values.help && !statSync(folder).isDirectory()) throw new Stop(`${folder} is a file; a folder is wanted.`, 2);
  return { ...values, port, folder };
}

async function report({ folder }) {
  console.log();
  const { code } = await run(process.execPath, [join(root, "dist", "cli.js"), "scan", folder], {
    cwd: standing,
    show: true,
  });
  console.log();
  return code;
}

/** The `code` of a desktop VS Code that can show a window here. */
function desktopCode() {
  const insideRemote = process.env.VSCODE_IPC_HOOK_CLI !== undefined;
  const noScreen = process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
  if (insideRemote || noScreen) return undefined;
  const names = process.platform === "win32" ? ["code.cmd"] : ["code"];
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path));
}

async function openDesktop(code, folder) {
  await pack();
  const args = [`--extensionDevelopmentPath=${root}`, "--new-window", folder];
  const opened =
    process.platform === "win32"
      ? await run("cmd.exe", ["/d", "/s", "/c", code, ...args])
      : await run(code, args).catch((error) => ({ code: 1, output: error.message }));
  if (opened.code === 0) console.log(`CallerID is open on ${folder} in a new window of VS Code.`);
  else console.log(`${code} failed (${opened.output.trim() || opened.code}); using VS Code in the browser.`);
  return opened.code === 0;
}

/** VS Code in the browser, as the user and with the user's own files, until Ctrl-C. */
async function serve({ folder, port: wantedPort }) {
  const [content, host] = await Promise.all([pack(), installHost()]);
  const data = join(cache, "session");
  prepareSession(data);
  await installOnce({ content, host, data });

  const next = Array.from({ length: 20 }, (_, i) => wantedPort + 1 + i).filter((each) => each <= 65_535);
  const port = await freePort(wantedPort, ...next, 0);
  if (port !== wantedPort) console.log(`Port ${wantedPort} is in use; taking ${port}.`);

  // Whoever reaches this port could act as the user, so the address carries a secret of its own.
  const token = join(data, "token");
  if (!existsSync(token)) writeFileSync(token, randomBytes(16).toString("hex"), { mode: 0o600 });
  const trusted = folder === join(root, "examples") ? ["--disable-workspace-trust"] : [];
  const args = ["--connection-token-file", token, ...trusted];
  const server = await step("start VS Code", () => startServer({ host, data, port, args, env: process.env }));

  const query = new URLSearchParams({ tkn: readFileSync(token, "utf8"), folder });
  console.log(`\nCallerID is open on ${folder} in VS Code. Show it in a browser at\n`);
  console.log(`  http://127.0.0.1:${port}/?${query}\n\nCtrl-C stops it.`);
  process.removeAllListeners("SIGINT").once("SIGINT", () => {
    console.log("\nStopped.");
    process.exit(0);
  });
  await server.exited;
  throw new Stop(`VS Code ended by itself; its log is ${server.log}.`);
}

/** A first start without greetings; what the user changes later stays. */
function prepareSession(data) {
  const settings = join(data, "data", "User", "settings.json");
  if (existsSync(settings)) return;
  mkdirSync(join(settings, ".."), { recursive: true });
  const quiet = {
    "workbench.startupEditor": "none",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "chat.disableAIFeatures": true,
    "git.openRepositoryInParentFolders": "never",
    "remote.autoForwardPorts": false,
    "telemetry.telemetryLevel": "off",
  };
  writeFileSync(settings, `${JSON.stringify(quiet, null, 2)}\n`);
}

async function installOnce({ content, host, data }) {
  const stamp = join(data, "extension.sha256");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === content) return;
  await step("install the extension", () => installExtension({ host, data, vsix: vsixFile, env: process.env }));
  writeFileSync(stamp, content);
}
