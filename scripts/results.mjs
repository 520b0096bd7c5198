// The listening end of test/editor/bridge.ts: prints and counts what the tests report and does what they ask.
import { copyFileSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { createInterface } from "node:readline";
import { stripVTControlCharacters } from "node:util";
import { root } from "./project.mjs";

/** Listens on loopback. `browser.page` is set once it is open; tests that need one are skipped where there is none. */
export async function listen({ shots, browser }) {
  const results = [];
  const operations = {
    announce: ({ host }) => console.log(`  ${host}`),
    report: async ({ result }) => {
      results.push(result);
      print(result);
      if (result.outcome === "failed") {
        const path = join(shots, `failed-${fileName(result.name)}.png`);
        await browser?.page?.screenshot({ path }).catch(() => {});
      }
    },
    ...(browser ? handsAndEyes(() => browser.page, shots) : {}),
  };

  const server = createServer((socket) => {
    createInterface({ input: socket }).on("line", async (line) => {
      const request = JSON.parse(line);
      socket.write(`${JSON.stringify({ id: request.id, ...(await answer(operations, request)) })}\n`);
    });
    socket.on("error", () => {});
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: server.address().port, results, close: () => server.close() };
}

async function answer(operations, request) {
  const operation = operations[request.operation];
  if (!operation) return { skipped: "no browser is driven here" };
  try {
    return { value: await operation(request) };
  } catch (error) {
    const why = stripVTControlCharacters(error.message).split("\n", 1)[0];
    return { error: [request.operation, request.selector, why].filter(Boolean).join(" ") };
  }
}

function handsAndEyes(page, shots) {
  const timeout = 8_000;
  const first = ({ selector }) => page().locator(selector).first();
  return {
    press: ({ key }) => page().keyboard.press(key),
    type: ({ text }) => page().keyboard.type(text),
    click: (request) => first(request).click({ timeout }),
    hover: (request) => first(request).hover({ timeout }),
    moveAway: () => page().mouse.move(0, 0),
    // biome-ignore lint/performance/useDomNodeTextContent: what is shown is asked for, not what is in the page
    text: (request) => first(request).innerText({ timeout }),
    texts: ({ selector }) => page().locator(selector).allInnerTexts(),
    attribute: (request) => first(request).getAttribute(request.name, { timeout }),
    wait: ({ selector, state, ms }) => page().locator(selector).first().waitFor({ state, timeout: ms }),
    aria: (request) => first(request).ariaSnapshot({ timeout }),
    screenshot: async (request) => {
      const target = request.selector ? first(request) : page();
      await target.screenshot({ path: join(shots, `${fileName(request.name)}.png`) });
    },
    resize: ({ width, height }) => page().setViewportSize({ width, height }),
  };
}

const fileName = (name) => name.replace(/[^\w.-]+/g, "-");

function print({ name, outcome, ms, detail }) {
  const word = { passed: "ok  ", failed: "FAIL", skipped: "skip" }[outcome];
  console.log(`  ${word} ${name} (${outcome === "skipped" ? detail : `${ms} ms`})`);
  if (outcome === "failed") console.log(inSources(detail).replace(/^/gm, "       "));
}

/** A stack with the places of the bundle turned into those of the sources. */
function inSources(stack) {
  const maps = new Map();
  return stack.replace(/(\/[^\s()]*\/run\.js):(\d+):(\d+)/g, (place, file, line, column) => {
    if (!maps.has(file)) maps.set(file, sourceMap(file));
    const origin = maps.get(file)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (!origin?.originalSource) return place;
    const source = relative(root, join(dirname(file), origin.originalSource));
    return `${source}:${origin.originalLine + 1}:${origin.originalColumn + 1}`;
  });
}

function sourceMap(file) {
  const inline = /\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\s*$/.exec(readFileSync(file, "utf8"));
  return inline ? new SourceMap(JSON.parse(Buffer.from(inline[1], "base64").toString("utf8"))) : undefined;
}

/** How many passed, failed and were skipped. A run that ended without its tests has failed. */
export function count(results, completed = true) {
  const of = (outcome) => results.filter((result) => result.outcome === outcome).length;
  const failed = of("failed");
  return { passed: of("passed"), failed: completed ? failed : Math.max(failed, 1), skipped: of("skipped") };
}

/** Copies pictures for the documents to media/ when asked to, and those of failures where they outlive the run. */
export function keepShots(shots) {
  const names = readdirSync(shots);
  const media = process.env.UPDATE_MEDIA === "1" ? names.filter((name) => name.startsWith("media-")) : [];
  for (const name of media) copyFileSync(join(shots, name), join(root, "media", name.slice("media-".length)));
  const failed = names.filter((name) => name.startsWith("failed-"));
  const wanted = process.env.KEEP_SHOTS === "1" ? names : failed;
  if (wanted.length === 0) return;
  const folder = mkdtempSync(join(tmpdir(), "callerid-shots-"));
  for (const name of wanted) copyFileSync(join(shots, name), join(folder, name));
  console.log(`  screenshots: ${folder}`);
}
