// A real VS Code from the npm registry alone: its server and browser workbench as packed by code-server, run by Node 24.
// Nothing is compiled and no install script runs. All of it lies in .vscode-host/, each part complete or absent.
import { spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "./project.mjs";
import { npm, run, Stop, step } from "./steps.mjs";

const versions = { node: "24.21.0", codeServer: "4.139.1", chromium: "153.0.0" };

/** The folder of everything downloaded or kept between runs. */
export const cache = join(root, ".vscode-host");

/** Prepares VS Code and returns what is needed to start it. */
export async function installHost() {
  const [node, vscode] = await Promise.all([installNode(), installVsCode()]);
  return { node, vscode, server: join(vscode, "out", "server-main.js") };
}

/** code-server's native parts are built for Node 24. */
async function installNode() {
  if (process.versions.node.startsWith("24.")) return process.execPath;
  const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const folder = await part(`node-${versions.node}`, `Node ${versions.node} from npm`, (target) =>
    npmInstall(target, `${name}@${versions.node}`),
  );
  const bin = join(folder, "node_modules", name, "bin");
  return join(bin, process.platform === "win32" ? "node.exe" : "node");
}

/** Only the VS Code inside code-server is used, so only its packages are installed. */
async function installVsCode() {
  const { codeServer } = versions;
  const folder = await part(`code-server-${codeServer}`, "VS Code from npm (about 150 MB, once)", async (target) => {
    await npm(["pack", `code-server@${codeServer}`, "--pack-destination", target], target);
    const archive = join(target, `code-server-${codeServer}.tgz`);
    const { code, output } = await run("tar", ["-xzf", archive, "-C", target, "package/lib/vscode"]);
    if (code !== 0) throw new Stop(`VS Code could not be unpacked: ${output.trim()}`);
    rmSync(archive);
    await npm(["install", "--omit=dev"], join(target, "package", "lib", "vscode"));
  });
  return join(folder, "package", "lib", "vscode");
}

/** Finds a Chromium on the machine, else unpacks the one on npm; returns its path and what its environment needs. */
export async function installChromium({ node }) {
  const candidates = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const found = [process.env.CHROMIUM, ...candidates].find((path) => path && existsSync(path));
  if (found) return { path: found, env: {} };
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Stop("The editor tests need a Chromium: set CHROMIUM to the path of one.");
  }
  const folder = await part(
    `chromium-${versions.chromium}`,
    "Chromium from npm (about 65 MB, once)",
    async (target) => {
      await npmInstall(target, `@sparticuz/chromium@${versions.chromium}`);
      // It unpacks into the temporary folder, and its own libraries only where it believes to be on Amazon Linux.
      const env = { ...process.env, TMPDIR: target, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x" };
      const script = `import chromium from "@sparticuz/chromium"; await chromium.executablePath();`;
      const unpacked = await run(node, ["--input-type=module", "--eval", script], { cwd: target, env });
      if (unpacked.code !== 0) throw new Stop(`Chromium could not be unpacked: ${unpacked.output.trim()}`);
      rmSync(join(target, "node_modules"), { recursive: true });
      writeFileSync(join(target, "fonts", "fonts.conf"), fontsBeside);
    },
  );
  const path = join(folder, "chromium");
  const own = { LD_LIBRARY_PATH: join(folder, "al2023", "lib") };
  const fonts = hasFonts() ? {} : { FONTCONFIG_PATH: join(folder, "fonts") };
  for (const env of [fonts, { ...fonts, ...own }]) {
    const { code } = await run(path, ["--version"], { env: { ...process.env, ...env } });
    if (code === 0) return { path, env };
  }
  throw new Stop("The Chromium from npm does not start on this machine: set CHROMIUM to the path of another.");
}

/** Without a single font Chromium draws nothing at all; one comes with it. */
const hasFonts = () => existsSync("/etc/fonts/fonts.conf") && existsSync("/usr/share/fonts");

const fontsBeside = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">fonts</dir></fontconfig>
`;

/** A folder of the cache that is there completely or not at all, whoever else is making it meanwhile. */
async function part(name, title, make) {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}.draft`;
  await step(title, async () => {
    mkdirSync(draft, { recursive: true });
    removeStale(name);
    try {
      await make(draft);
      if (!existsSync(folder)) renameSync(draft, folder);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  });
  return folder;
}

/** Drafts and older versions that runs before this one left behind. */
function removeStale(name) {
  const kind = name.replace(/-[\d.]+$/, "");
  for (const entry of readdirSync(cache, { withFileTypes: true })) {
    const pid = /\.(\d+)\.draft$/.exec(entry.name)?.[1];
    const stale = pid ? !isRunning(Number(pid)) : entry.name !== name && entry.name.replace(/-[\d.]+$/, "") === kind;
    if (stale && entry.isDirectory()) rmSync(join(cache, entry.name), { recursive: true, force: true });
  }
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

async function npmInstall(folder, spec) {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  await npm(["install", spec], folder);
}

/** Serves VS Code on loopback, keeping its state in `data`; resolves when it answers. */
export async function startServer({ host, data, port, args = [], env }) {
  mkdirSync(data, { recursive: true });
  const log = join(data, "server.log");
  const output = openSync(log, "w");
  const listen = ["--host", "127.0.0.1", "--port", String(port), "--server-data-dir", data];
  const quiet = ["--accept-server-license-terms", "--telemetry-level", "off"];
  const server = spawn(host.node, [host.server, ...listen, ...quiet, ...args], {
    env: withoutOurs(env),
    stdio: ["ignore", output, output],
    detached: process.platform !== "win32",
  });
  closeSync(output);
  const exited = new Promise((resolve) => server.once("exit", resolve));
  const stop = () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    try {
      if (process.platform === "win32") server.kill();
      else process.kill(-server.pid, "SIGTERM");
    } catch {
      // It has just ended by itself.
    }
  };
  process.on("exit", stop);

  const deadline = Date.now() + 60_000;
  while (!(await answers(`http://127.0.0.1:${port}/version`))) {
    if (server.exitCode !== null || Date.now() > deadline) {
      stop();
      throw new Stop(`VS Code did not start:\n${readFileSync(log, "utf8").slice(-2_000)}`);
    }
    await sleep(50);
  }
  return { exited, stop, log };
}

const answers = (url) =>
  fetch(url).then(
    () => true,
    () => false,
  );

/** Installs a packed extension among those of `data`. */
export async function installExtension({ host, data, vsix, env }) {
  const args = ["--install-extension", vsix, "--force", "--server-data-dir", data, "--accept-server-license-terms"];
  const { code, output } = await run(host.node, [host.server, ...args], { env: withoutOurs(env) });
  if (code !== 0 || !/successfully installed/.test(output)) {
    throw new Stop(`VS Code refused the packed extension:\n${output.trim()}`);
  }
}

/** The environment without what npm and an editor around us put there for their own children. */
function withoutOurs(env) {
  const ours = /^(npm_.*|INIT_CWD|NODE_OPTIONS|ELECTRON_RUN_AS_NODE|VSCODE_.*)$/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.test(name)));
}

/** The first free port of those given; 0 stands for any. */
export async function freePort(...candidates) {
  for (const candidate of candidates) {
    const port = await new Promise((resolve) => {
      const probe = createServer();
      probe.once("error", () => resolve(undefined));
      probe.listen(candidate, "127.0.0.1", () => {
        const { port: bound } = probe.address();
        probe.close(() => resolve(bound));
      });
    });
    if (port !== undefined) return port;
  }
  throw new Stop("No free port was found on 127.0.0.1.");
}
