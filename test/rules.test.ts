import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { Finding } from "../src/model/finding";
import { applyEdits } from "../src/model/text";
import { rules } from "../src/rules";
import { analyzeFixture, asLines, claimsOf, type Fixture, findingsAsClaims, readFixture } from "./support/fixture";

const fixtures = path.resolve("test/fixtures");

/** Claims and findings match both ways; then each fix, applied alone, makes its finding go and brings no worse one. */
function check(fixture: Fixture): void {
  const report = analyzeFixture(fixture);
  assert.deepEqual(asLines(findingsAsClaims(report, fixture)), asLines(claimsOf(fixture)));
  for (const finding of report.findings) {
    assertNoSecretBeside(finding, fixture);
    for (const fix of finding.fixes ?? []) {
      const fixed = Object.fromEntries(
        Object.entries(fixture).map(([file, text]) => [
          file,
          applyEdits({ path: file, text }, fix.edits, (one) => fixture[one] ?? ""),
        ]),
      );
      if (fix.makePrivate !== undefined) {
        fixed.attributes = (fixture.attributes ?? "")
          .replace(`${fix.makePrivate} mode=644`, `${fix.makePrivate} mode=600`)
          .replace(`${fix.makePrivate} mode=640`, `${fix.makePrivate} mode=600`);
      }
      if (fix.reencode !== undefined) {
        fixed.attributes = (fixture.attributes ?? "").replace(
          new RegExp(`^(${fix.reencode}) encoding=\\S+`, "m"),
          "$1 ",
        );
      }
      assert.notDeepEqual(fixed, fixture, `«${fix.title}» changes nothing`);
      const after = analyzeFixture(fixed).findings.filter((one) => one.rule === finding.rule);
      const before = report.findings.filter((one) => one.rule === finding.rule);
      assert.ok(after.length < before.length, `«${fix.title}» leaves its finding`);
    }
  }
}

const secrets = /wJalrXUtnFEMI|je7MtGbClwBF|AQoEXAMPLE|CANARY[A-Za-z]*[a-z0-9/+]{8}/;

/** Editors' assistants read the lines of problems: in the user's AWS files none may hold a secret. */
function assertNoSecretBeside({ at, related = [], severity }: Finding, fixture: Fixture): void {
  if (severity !== "error" && severity !== "warning") return;
  for (const { path: file, span } of [at, ...related.map((one) => one.at)]) {
    const text = fixture[file] ?? "";
    if (!file.startsWith("home/.aws/")) continue;
    const start = Math.max(text.lastIndexOf("\n", span.start - 1), text.lastIndexOf("\r", span.start - 1)) + 1;
    const line = text.slice(start).split(/[\r\n]/, 1)[0] ?? "";
    assert.doesNotMatch(line, secrets, `a problem on a secret's line of ${file}`);
  }
}

for (const rule of rules) {
  const examples = Object.entries(rule.examples);
  for (const [name, files] of examples) test(`${rule.id}: ${name}`, () => check(files));

  test(`${rule.id} has an example that fires and one that does not`, () => {
    const fires = (files: Fixture) => claimsOf(files).some((claim) => claim.rule === rule.id);
    assert.ok(examples.some(([, files]) => fires(files)));
    assert.ok(examples.some(([, files]) => !fires(files)));
  });

  const cases = path.join(fixtures, "rules", rule.id);
  for (const name of fs.existsSync(cases) ? fs.readdirSync(cases) : []) {
    test(`${rule.id}: fixture ${name}`, () => check(readFixture(path.join(cases, name))));
  }
}

for (const name of fs.readdirSync(path.join(fixtures, "clean"))) {
  test(`clean: ${name}`, () => {
    const fixture = readFixture(path.join(fixtures, "clean", name));
    assert.deepEqual(asLines(claimsOf(fixture)), [], "a clean fixture claims nothing");
    check(fixture);
  });
}

for (const name of fs.readdirSync("examples")) {
  test(`examples/${name}`, () => check(readFixture(path.resolve("examples", name))));
}

test("every fixture directory of rules belongs to a rule", () => {
  const ids = rules.map((rule) => rule.id);
  for (const name of fs.readdirSync(path.join(fixtures, "rules"))) assert.ok(ids.includes(name), name);
});
