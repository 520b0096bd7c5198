import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { explainOutput } from "../src/explain/explainOutput";
import { samples } from "./support/outputs";

const pages = fs.readdirSync("docs/beliefs").filter((file) => file !== "README.md");
const list = fs.readFileSync("docs/beliefs/README.md", "utf8");
const steps = samples.flatMap(({ text }) => explainOutput(text).flatMap(({ next }) => next));

test("every page on a belief is listed, and every link in a step leads to one", () => {
  assert.deepEqual([...list.matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, page]) => page).sort(), pages.sort());
  const linked = steps.flatMap((step) => /docs\/beliefs\/([\w-]+\.md)$/.exec(step)?.[1] ?? []);
  assert.ok(linked.length > 0);
  for (const page of linked) assert.ok(pages.includes(page), page);
});

test("a page names the belief, what is true, where it comes from and what to do, with sources", () => {
  for (const page of pages) {
    const text = fs.readFileSync(`docs/beliefs/${page}`, "utf8");
    assert.match(text, /^# .+\n\n\*\*Often (?:advised|assumed|said):\*\*/, page);
    for (const part of ["**What is true.**", "**Where the belief comes from.**", "**What to do.**", "\n- <https://"])
      assert.ok(text.includes(part), `${page}: ${part}`);
  }
});

test("no step gives advice that does not help", () => {
  const wrong = [
    /(?:grant|allow|add) .*GetCallerIdentity/i,
    /(?:rm|delete|clear|remove) .*cli\/cache/i,
    /(?:re)?generate .*(?:until|special)/i,
    /url-?encode/i,
  ];
  for (const step of steps) for (const one of wrong) assert.doesNotMatch(step.replace(/^Why .*/, ""), one);
});
