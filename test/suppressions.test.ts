import assert from "node:assert/strict";
import { test } from "node:test";
import { analyzeFixture, readFixture } from "./support/fixture";

test("in files of every kind it is the comment that keeps a finding away", () => {
  const fixture = readFixture("test/fixtures/clean/ignored-with-a-reason");
  const unmarked = Object.fromEntries(
    Object.entries(fixture).map(([file, text]) => [file, text.replaceAll("callerid-ignore", "callerid-noticed")]),
  );
  const found = new Set(analyzeFixture(unmarked).findings.map(({ at }) => at.path));
  assert.deepEqual([...found].sort(), Object.keys(fixture).sort());
  assert.deepEqual(analyzeFixture(fixture).findings, []);
});
