import { setTimeout as sleep } from "node:timers/promises";
import { env, UIKind, version } from "vscode";
import { announce, type Result, report, Skipped } from "./bridge";
import { suites } from "./suites";

const limitMs = 30_000;

/** What both hosts call (`extensionTestsPath`): every test in turn; rejects when one failed or none ran. */
export async function run(): Promise<void> {
  const wanted = new RegExp(process.env.CALLERID_TEST_GREP ?? "");
  const results: Result[] = [];
  const kind = env.uiKind === UIKind.Web ? "in the browser" : "on the desktop";
  await announce(`VS Code ${version} ${kind}, Node ${process.versions.node}`);
  for (const [suite, tests] of Object.entries(suites)) {
    for (const [title, test] of Object.entries(tests)) {
      const name = `${suite} › ${title}`;
      if (!wanted.test(name)) continue;
      const result = await tried(name, test);
      results.push(result);
      await report(result);
    }
  }
  const failed = results.filter(({ outcome }) => outcome === "failed").length;
  if (failed > 0) throw new Error(`${failed} of ${results.length} tests failed`);
  if (results.length === 0) throw new Error("no test ran");
}

async function tried(name: string, test: () => Promise<void>): Promise<Result> {
  const began = Date.now();
  const end = (outcome: Result["outcome"], detail?: string): Result => ({
    name,
    outcome,
    ms: Date.now() - began,
    ...(detail === undefined ? {} : { detail }),
  });
  const timer = new AbortController();
  try {
    await Promise.race([test(), tooLong(timer.signal)]);
    return end("passed");
  } catch (error) {
    if (error instanceof Skipped) return end("skipped", error.message);
    return end("failed", error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    timer.abort();
  }
}

async function tooLong(signal: AbortSignal): Promise<never> {
  await sleep(limitMs, undefined, { signal });
  throw new Error(`took longer than ${limitMs / 1000} s`);
}
