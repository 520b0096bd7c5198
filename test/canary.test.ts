import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { inspect } from "node:util";
import { analyze, type Report } from "../src/analyzer";
import { scanGithub } from "../src/cli/formats/github";
import { type ScanResult, scanJson } from "../src/cli/formats/json";
import { scanSarif } from "../src/cli/formats/sarif";
import { scanText } from "../src/cli/formats/text";
import { main } from "../src/cli/main";
import { statusDetails, statusText } from "../src/explain/status";
import { verdictOf } from "../src/explain/verdict";
import { loadWorkspace } from "../src/live/load";
import { fetchKeys } from "../src/live/sources";
import { assumeRole, getCallerIdentity } from "../src/live/sts";
import { verify } from "../src/live/verify";
import type { Finding } from "../src/model/finding";
import { lineStarts, positionAt } from "../src/model/text";
import { rules } from "../src/rules";
import { type Canary, encodings, plant, sweep } from "./support/canary";
import { type FakeSts, fakeKey, startFakeSts } from "./support/fakeSts";
import { type Fixture, now, readFixture } from "./support/fixture";
import { sourcesOf } from "./support/verifying";
import { cwd, home, type PlainWorld, placed, plainWorld } from "./support/world";

let sts: FakeSts;
const warnings: string[] = [];

before(async () => {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  process.on("warning", (warning) => warnings.push(inspect(warning, { showHidden: true })));
  sts = await startFakeSts();
});

after(async () => {
  await sts.close();
  assert.deepEqual(warnings, []);
});

const everything = { depth: Number.POSITIVE_INFINITY, showHidden: true, maxArrayLength: null, maxStringLength: null };

/** Every case of the repository: fixtures, examples of the rules, and the examples to try out. */
function allCases(): [string, Fixture][] {
  const folders = [
    ...["test/fixtures/clean", "examples"].flatMap(foldersIn),
    ...foldersIn("test/fixtures/rules").flatMap(foldersIn),
  ];
  const read = folders.map((folder): [string, Fixture] => [folder, readFixture(path.resolve(folder))]);
  const atHome = read
    .filter(([, fixture]) => Object.keys(fixture).some((file) => file.startsWith(".aws/")))
    .map(([name, fixture]): [string, Fixture] => [`${name}, at home`, movedHome(fixture)]);
  const documented = rules.flatMap((rule) =>
    Object.entries(rule.examples).map(([name, files]): [string, Fixture] => [`${rule.id}: ${name}`, files]),
  );
  return [...read, ...atHome, ...documented];
}

function foldersIn(folder: string): string[] {
  const entries = fs.readdirSync(path.resolve(folder), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => `${folder}/${entry.name}`);
}

const movedHome = (fixture: Fixture): Fixture =>
  Object.fromEntries(Object.entries(fixture).map(([file, text]) => [file.replace(/^\.aws\//, "home/.aws/"), text]));

interface Seen {
  readonly world: PlainWorld;
  readonly report: Report;
  readonly textOf: (path: string) => string;
}

function see(fixture: Fixture): Seen {
  const world = plainWorld({
    ...placed(fixture),
    answer: getCallerIdentity,
    assume: assumeRole,
    fetch: (question) => fetchKeys(question, sourcesOf(world)),
  });
  const { workspace, textOf } = loadWorkspace(world, [cwd], { environmentOwner: "this process" });
  return { world, report: analyze(workspace), textOf };
}

/** All that the command line prints. */
async function printed(world: PlainWorld): Promise<string> {
  let output = "";
  const print = (text: string) => {
    output += text;
  };
  const commands = [
    ...["text", "json", "sarif", "github"].map((format) => ["scan", "--format", format]),
    ["scan", "--write-baseline", "baseline.json"],
    ["verify"],
    ...["text", "json"].map((format) => ["verify", "--yes", "--endpoint", sts.url, "--format", format]),
    ["verify", "--profile", "nobody"],
    ["scan", "--fix", "--fix-home", "--format", "json"],
  ];
  for (const argv of commands) {
    await main(argv, { stdout: print, stderr: print, color: argv.length === 1, cwd, world });
  }
  return output + (world.files.get(`${cwd}/baseline.json`) ?? "");
}

/** What both surfaces say about every set, after asking; and what they were given, which holds key ids. */
async function said({ world, report, textOf }: Seen): Promise<{ words: string; objects: string }> {
  const words: string[] = [];
  const objects: string[] = [];
  const placeOf = (at: { path: string; span: { start: number } }) =>
    `${at.path}:${positionAt(lineStarts(textOf(at.path)), at.span.start).line + 1}`;
  for (const set of report.facts.sets) {
    const verification = await verify(report.facts, set, world, { mayUseFoundKeys: true, endpoint: sts.url });
    objects.push(inspect(verification, everything), JSON.stringify(verification));
    words.push(JSON.stringify(verdictOf(verification)));
    for (const outdated of [false, true]) {
      const state = { kind: "answered", verification, outdated } as const;
      words.push(JSON.stringify(statusText(state, now)), ...statusDetails(state, placeOf));
    }
  }
  return { words: words.join("\n"), objects: objects.join("\n") };
}

/** Makes every other key of a report a good one, so that both kinds of answer occur. */
function registerKeys({ report }: Seen): void {
  report.facts.sets.forEach((set, index) => {
    const keys = report.chainOf(set).winner?.keys;
    if (!keys || index % 2 === 1) return;
    const { accessKeyId: id, secretAccessKey, sessionToken } = keys;
    const token = sessionToken ? { token: sessionToken.reveal() } : {};
    sts.keys.set(id, { ...fakeKey(), id, secret: secretAccessKey.reveal(), ...token });
  });
}

const secretOnes = (canaries: readonly Canary[]) => canaries.filter(({ isKeyId }) => !isKeyId);

describe("no output holds a secret", () => {
  for (const documented of [false, true]) {
    const shape = documented ? "documented" : "real";
    const cases = allCases().map(([name, fixture]) => ({ name, ...plant(fixture, { documented }) }));

    test(`the cases with ${shape} keys are many, and most hold some`, () => {
      assert.ok(cases.length > 80, `${cases.length}`);
      assert.ok(cases.filter(({ canaries }) => secretOnes(canaries).length > 0).length > cases.length / 3);
      for (const { fixture, canaries } of cases) {
        const all = Object.values(fixture).join("\n");
        assert.doesNotMatch(all, /wJalrXUtnFEMI|je7MtGbClwBF|AKIAIOSFODNN7EXAMPLE/);
        if (canaries.length > 0) assert.notDeepEqual(sweep(all, canaries), []);
      }
    });

    for (const { name, fixture, canaries } of cases) {
      test(`${name}, with ${shape} keys`, async () => {
        const seen = see(fixture);
        registerKeys(seen);
        const { facts, findings } = seen.report;
        assert.deepEqual(sweep(await printed(seen.world), canaries), [], "the command line");
        const { words, objects } = await said(seen);
        assert.deepEqual(sweep(words, canaries), [], "verdicts and details");
        assert.deepEqual(sweep(objects, secretOnes(canaries)), [], "verifications");
        assert.deepEqual(sweep(inspect(findings, everything), canaries), [], "the findings");
        assert.deepEqual(
          sweep(inspect([facts.sets, facts.literals], everything), secretOnes(canaries)),
          [],
          "the facts",
        );
      });
    }
  }
});

describe("outside the workspace no problem lies on a secret's line", () => {
  for (const [name, original] of allCases()) {
    test(name, () => {
      const { fixture, canaries } = plant(original);
      const { report, textOf } = see(fixture);
      const lineAt = (at: Finding["at"]) => {
        const starts = lineStarts(textOf(at.path));
        const { line } = positionAt(starts, at.span.start);
        const last = positionAt(starts, at.span.end).line;
        return textOf(at.path).slice(starts[line], starts[last + 1]);
      };
      const secrets = secretOnes(canaries);
      for (const finding of report.findings) {
        for (const { at } of [finding, ...(finding.related ?? [])]) {
          if (!at.path.startsWith(`${home}/`)) continue;
          const line = lineAt(at);
          assert.ok(!secrets.some(({ text }) => line.includes(text)), `${finding.rule} (${finding.severity})`);
        }
      }
    });
  }

  test("and everywhere a problem lies on one line", () => {
    for (const [name, fixture] of allCases()) {
      const { report, textOf } = see(fixture);
      for (const { rule, at } of report.findings) {
        const starts = lineStarts(textOf(at.path));
        assert.equal(positionAt(starts, at.span.start).line, positionAt(starts, at.span.end).line, `${name}: ${rule}`);
      }
    }
  });
});

describe("the sweep itself", () => {
  const source = {
    "main.tf": `provider "aws" {
  access_key = "AKIAIOSFODNN7EXAMPLE"
  secret_key = "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"
  token      = "AQoEXAMPLEH4aoAH0gNCAPyJxz4BlCFFxWNE1OPTgk5TthT+/=="
}
`,
  };
  const { fixture, canaries } = plant(source);
  const secret = canaries.find(({ text }) => text.startsWith("CANARY"))?.text ?? "";

  test("plants other values of the same shape, new each time", () => {
    assert.equal(canaries.length, 3);
    assert.match(secret, /^CANARY[A-Za-z0-9+/]{34}$/);
    assert.match(fixture["main.tf"] ?? "", /access_key = "AKIA[A-Z2-7]{16}"/);
    assert.equal(fixture["main.tf"]?.length, source["main.tf"].length);
    assert.notEqual(plant(source).fixture["main.tf"], fixture["main.tf"]);
  });

  for (const [name, encode] of Object.entries(encodings)) {
    test(`finds what leaks as ${name}`, () => {
      for (const form of encode(secret)) assert.notDeepEqual(sweep(`x=${form};`, canaries), [], form.slice(0, 0));
    });
  }

  test("finds base64 of a longer text around it", () => {
    for (const around of ["", "a", "ab", "abc"]) {
      const encoded = Buffer.from(`${around}key=${secret}\n`).toString("base64");
      assert.notDeepEqual(sweep(encoded, canaries), []);
    }
  });

  test("finds nine characters, and not the four and four of a masked id", () => {
    assert.notDeepEqual(sweep(`…${secret.slice(12, 21)}…`, canaries), []);
    const id = canaries.find(({ isKeyId }) => isKeyId)?.text ?? "";
    assert.deepEqual(sweep(`${id.slice(0, 4)}…${id.slice(-4)} and other words, CANARY included`, canaries), []);
  });

  test("finds a rule that quotes the file, through every format", () => {
    const { report, textOf } = see(fixture);
    const text = fixture["main.tf"] ?? "";
    const start = text.indexOf(secret);
    const at = { path: `${cwd}/main.tf`, span: { start, end: start + secret.length } };
    const leaking: Finding[] = [
      { rule: "hardcoded-secret", severity: "error", message: `${text.slice(start, start + 12)}… is a secret`, at },
      { rule: "hardcoded-secret", severity: "error", message: "A secret.", at, related: [{ message: secret, at }] },
      {
        rule: "hardcoded-secret",
        severity: "error",
        message: "A secret.",
        at,
        fixes: [{ title: `Remove ${secret}`, safety: "safe", edits: [] }],
      },
    ];
    const result = (findings: readonly Finding[]): ScanResult => ({
      findings,
      skipped: [],
      fileCount: 1,
      text: textOf,
      cwd,
      home,
    });
    const formats: [string, (one: ScanResult) => string, readonly number[]][] = [
      ["text", (one) => scanText(one, [], false), [0, 1, 2]],
      ["json", scanJson, [0, 1, 2]],
      ["sarif", (one) => scanSarif(one, rules, "0"), [0, 1]],
      ["github", scanGithub, [0]],
    ];
    for (const [name, format, caught] of formats) {
      assert.deepEqual(sweep(format(result(report.findings)), canaries), [], name);
      for (const index of caught) {
        assert.notDeepEqual(sweep(format(result(leaking.slice(index, index + 1))), canaries), [], `${name} ${index}`);
      }
    }
    const edited = { ...leaking[1], fixes: [{ title: "x", safety: "safe", edits: [{ ...at, pieces: [secret] }] }] };
    assert.notDeepEqual(sweep(inspect(edited, everything), canaries), []);
  });
});
