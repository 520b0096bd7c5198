import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

/** Thrown by a test that cannot be asked here; it counts as skipped. */
export class Skipped extends Error {
  override name = "Skipped";
}

/** What a test did, as the program outside prints and counts it. */
export interface Result {
  name: string;
  outcome: "passed" | "failed" | "skipped";
  ms: number;
  /** The stack of a failure, the reason of a skip. */
  detail?: string;
}

interface Answer {
  id: number;
  value?: unknown;
  error?: string;
  skipped?: string;
}

const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
let socket: Promise<Socket> | undefined;
let last = 0;

/** One connection to the program that started this host; a plain socket, since VS Code reroutes HTTP. */
function connection(): Promise<Socket> {
  socket ??= (async () => {
    const port = Number(process.env.CALLERID_TEST_PORT);
    if (!port) throw new Skipped("nobody outside is listening");
    const opened = connect(port, "127.0.0.1");
    await once(opened, "connect");
    createInterface({ input: opened }).on("line", (line) => settle(JSON.parse(line) as Answer));
    return opened;
  })();
  return socket;
}

function settle({ id, value, error, skipped }: Answer): void {
  const request = waiting.get(id);
  waiting.delete(id);
  if (skipped) request?.reject(new Skipped(skipped));
  else if (error) request?.reject(new Error(error));
  else request?.resolve(value);
}

async function ask<T>(operation: string, args: object = {}): Promise<T> {
  const open = await connection();
  const id = ++last;
  const answer = new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }));
  open.write(`${JSON.stringify({ id, operation, ...args })}\n`);
  try {
    return (await answer) as T;
  } catch (error) {
    if (error instanceof Error) Error.captureStackTrace(error, ask);
    throw error;
  }
}

/** Has the program outside print which host this is. */
export const announce = (host: string): Promise<void> => ask("announce", { host });

/** Tells the program outside what became of a test. */
export const report = (result: Result): Promise<void> => ask("report", { result });

/**
 * What a user's hands and eyes do in the workbench. Selectors are Playwright's and mean the first match; each waits a
 * few seconds for it. A host without a driven browser skips the test at its first call.
 */
export const ui = {
  /** `Control+Period`, `F1`, `Escape`. */
  press: (key: string) => ask<void>("press", { key }),
  type: (text: string) => ask<void>("type", { text }),
  click: (selector: string) => ask<void>("click", { selector }),
  hover: (selector: string) => ask<void>("hover", { selector }),
  /** Moves the pointer out of the way of hovers. */
  moveAway: () => ask<void>("moveAway"),
  text: (selector: string) => ask<string>("text", { selector }),
  texts: (selector: string) => ask<string[]>("texts", { selector }),
  attribute: (selector: string, name: string) => ask<string | null>("attribute", { selector, name }),
  wait: (selector: string, state: "visible" | "hidden" | "attached" | "detached" = "visible", ms = 8_000) =>
    ask<void>("wait", { selector, state, ms }),
  /** What a screen reader is told, as YAML. */
  aria: (selector: string) => ask<string>("aria", { selector }),
  /** Saves `<name>.png`; with UPDATE_MEDIA=1 a `media-<name>` becomes media/<name>.png. */
  screenshot: (name: string, selector?: string) => ask<void>("screenshot", { name, selector }),
  /** The size of the window from here on; 1280 × 800 at first. */
  resize: (width: number, height: number) => ask<void>("resize", { width, height }),
};

/** Polls until `condition` gives something truthy, and returns that. */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  ms = 10_000,
): Promise<Exclude<T, undefined | null | false | 0 | "">> {
  const deadline = Date.now() + ms;
  for (;;) {
    const value = await condition();
    if (value) return value as Exclude<T, undefined | null | false | 0 | "">;
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${ms} ms`);
    await sleep(25);
  }
}
