// Running long things with a word about each: what it is, how long it takes, and one sentence when it cannot be done.
import { spawn } from "node:child_process";
import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

/** An end the user can do something about: printed as its sentence, without a stack. */
export class Stop extends Error {
  constructor(sentence, exitCode = 1) {
    super(sentence);
    this.exitCode = exitCode;
  }
}

/** Runs `body` when `url` is the program that was started, and turns its result into the exit code. */
export async function program(url, body) {
  if (url !== pathToFileURL(realpathSync(process.argv[1])).href) return;
  try {
    process.exitCode = (await body(process.argv.slice(2))) ?? 0;
  } catch (error) {
    console.error(error instanceof Stop ? error.message : error);
    process.exit(error.exitCode ?? 1); // and with it whatever is still running beside
  }
}

const active = new Map();
const live = process.stdout.isTTY;
let ticker;

/** Announces a step, keeps saying that it goes on, and says how long it took. */
export async function step(title, work) {
  const key = Symbol(title);
  active.set(key, { title, began: Date.now() });
  if (!live) console.log(`… ${title}`);
  ticker ??= setInterval(tick, live ? 1_000 : 10_000).unref();
  if (live) tick();
  try {
    const result = await work();
    finish(key, "✓");
    return result;
  } catch (error) {
    finish(key, "✗");
    throw error;
  }
}

function tick() {
  const words = [...active.values()].map(({ title, began }) => `${title} ${seconds(began)}`);
  if (live) process.stdout.write(`\r\x1b[K… ${words.join(" · ").slice(0, (process.stdout.columns ?? 80) - 3)}`);
  else console.log(`… ${words.join(" · ")}`);
}

function finish(key, mark) {
  const { title, began } = active.get(key);
  active.delete(key);
  console.log(`${live ? "\r\x1b[K" : ""}${mark} ${title} ${seconds(began)}`);
  if (active.size > 0) return;
  clearInterval(ticker);
  ticker = undefined;
}

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** What is running, with the signal that ends it. */
const children = new Map();
process.on("exit", () => {
  for (const [child, signal] of children) child.kill(signal);
});
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
]) {
  process.on(signal, () => process.exit(code));
}

/**
 * Runs a program to its end. `show` lets its output through, or those lines of it that a function picks; otherwise the
 * output is returned. `signal` ends it.
 */
export function run(command, args, { cwd, env = process.env, show = false, signal, killSignal } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = show === true ? "inherit" : ["ignore", "pipe", "pipe"];
    const child = spawn(command, args, { cwd, env, stdio, signal, killSignal });
    children.set(child, killSignal);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      if (typeof show === "function") {
        createInterface({ input: stream }).on("line", (line) => show(line) && console.log(line));
      } else {
        stream?.setEncoding("utf8").on("data", (text) => {
          output += text;
        });
      }
    }
    child.on("error", (error) => {
      const slow = error.name === "AbortError" && signal.reason?.name === "TimeoutError";
      reject(slow ? new Stop(`${command} ${args[0]} took too long and was stopped.`) : error);
    });
    child.on("close", (code, by) => {
      children.delete(child);
      resolve({ code: code ?? (by ? 1 : 0), output });
    });
  });
}

/** Runs npm, the same one that runs us where there is one, and says in one sentence why it failed. */
export async function npm(args, cwd) {
  const { command, before } = npmProgram();
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
  const retries = ["--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"];
  // Told to end politely, npm goes on for a while and would still be writing when the next run begins.
  const options = { cwd, env: outsideNpm(), killSignal: "SIGKILL" };
  const start = (more, signal) => run(command, [...before, ...more, ...quiet], { ...options, signal });

  // Without a network npm tries every package in turn, for minutes: after a while the registry is asked once.
  const giveUp = new AbortController();
  let why;
  const watch = setTimeout(async () => {
    const ping = await start(["ping", "--fetch-retries=0"]);
    if (ping.code === 0 || !noNetwork.test(ping.output)) return;
    why = whyNpmFailed(args, ping.output);
    giveUp.abort();
  }, 15_000);
  try {
    const { code, output } = await start([...args, ...retries], giveUp.signal);
    if (code !== 0) throw new Stop(whyNpmFailed(args, output));
    return output;
  } catch (error) {
    throw why ? new Stop(why) : error;
  } finally {
    clearTimeout(watch);
  }
}

function npmProgram() {
  const { npm_execpath: running } = process.env;
  if (running?.endsWith(".js")) return { command: process.execPath, before: [running] };
  if (process.platform !== "win32") return { command: "npm", before: [] };
  const require = createRequire(process.execPath);
  return { command: process.execPath, before: [require.resolve("./node_modules/npm/bin/npm-cli.js")] };
}

/** Our environment without what the npm that started us says about this project: another folder is meant. */
function outsideNpm() {
  const inherited = /^(npm_package_|npm_lifecycle_|npm_config_local_prefix$|npm_config_prefix$|INIT_CWD$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !inherited.test(name)));
}

const noNetwork = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT)\b/;

function whyNpmFailed(args, output) {
  const what = `npm ${args.filter((arg) => !arg.startsWith("-")).join(" ")}`;
  const code = noNetwork.exec(output)?.[0];
  if (code) return `No network: "${what}" could not reach the npm registry (${code}). Connect once and run this again.`;
  if (/\bENOSPC\b/.test(output)) return `The disk is full: "${what}" could not finish.`;
  const denied = /\b(?:EACCES|EROFS|EPERM)\b.*/.exec(output)?.[0];
  if (denied) return `"${what}" may not write where it must: ${denied}`;
  return `"${what}" failed:\n${output.trim()}`;
}
