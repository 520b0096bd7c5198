import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, test } from "node:test";
import { analyze, isUnderstood } from "../src/analyzer";
import { main } from "../src/cli/main";
import { environmentOf } from "../src/facts/environment";
import { nodeWorld } from "../src/live/node";
import type { World } from "../src/live/world";
import { covers, globOf } from "../src/model/glob";
import { analyzeFixture, type Fixture, now } from "./support/fixture";
import { cwd, plainWorld } from "./support/world";

const astray = `provider "aws" {
  region = "mars-west-1"
}
`;
const keysAt = (endpoint: string) => `provider "aws" {
  access_key = "AKIAIOSFODNN7EXAMPLE"
  secret_key = "${["CANARYPtYgjmUhBel31i", "El2hpChYgCfrL1spNxny"].join("")}"

  endpoints {
    sts = "${endpoint}"
  }
}
`;

const found = (files: Fixture) =>
  analyzeFixture(files).findings.map((one) => `${one.at.path} ${one.rule} ${one.severity}`);
const problems = (text: string, name = ".callerid.json") =>
  analyzeFixture({ [name]: text }).configurationProblems.map(({ message, at }) => [
    message,
    text.slice(at.span.start, at.span.end),
  ]);

async function scan(argv: readonly string[], world: World, from = cwd) {
  let out = "";
  let err = "";
  const code = await main(["scan", "--no-home", "--no-env", ...argv], {
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
    },
    color: false,
    cwd: from,
    world,
  });
  return { code, out, err };
}

describe("rules", () => {
  test("are turned off, and given another severity", () => {
    assert.deepEqual(found({ "main.tf": astray }), ["main.tf unknown-region error"]);
    const configured = (level: string) =>
      found({ "main.tf": astray, ".callerid.json": `{"rules": {"unknown-region": "${level}"}}` });
    assert.deepEqual(configured("off"), []);
    assert.deepEqual(configured("on"), ["main.tf unknown-region error"]);
    assert.deepEqual(configured("hint"), ["main.tf unknown-region hint"]);
  });

  test("the nearest file wins as a whole", () => {
    const files = {
      ".callerid.json": '{"rules": {"unknown-region": "off"}}',
      "main.tf": astray,
      "near/.callerid.jsonc": "{ /* nothing is off here */ }",
      "near/main.tf": astray,
      "near/below/main.tf": astray,
      "nearby/main.tf": astray,
    };
    assert.deepEqual(found(files), ["near/below/main.tf unknown-region error", "near/main.tf unknown-region error"]);
  });

  test("of a folder say nothing of the environment", () => {
    const files = { ".callerid.json": '{"rules": {"unknown-region": "off"}}', environment: "AWS_REGION=mars-west-1\n" };
    assert.deepEqual(found(files), ["environment unknown-region error"]);
  });

  test("the user's settings have the last word, below their folders", () => {
    const report = (roots: readonly string[]) =>
      analyze({
        files: [
          { path: "/one/.callerid.json", text: '{"rules": {"unknown-region": "off"}, "exclude": ["other.tf"]}' },
          { path: "/one/main.tf", text: astray },
          { path: "/one/other.tf", text: astray },
        ],
        home: "/home/me",
        environment: environmentOf({}, "this process"),
        awsFilesRead: false,
        settings: { source: { path: "settings", text: '{"rules": {"unknown-region": "warning"}}' }, roots },
        now,
      }).findings.map(({ at, severity }) => [at.path, severity]);
    assert.deepEqual(report(["/one"]), [["/one/main.tf", "warning"]]);
    assert.deepEqual(report(["/two"]), []);
  });
});

describe("exclude", () => {
  const cases: readonly [string, readonly string[], readonly string[]][] = [
    ["main.tf", ["main.tf", "a/main.tf"], ["other.tf", "main.tfvars"]],
    ["/main.tf", ["main.tf"], ["a/main.tf"]],
    ["examples", ["examples/a/b.tf", "x/examples/a.tf"], ["example/a.tf"]],
    ["examples/", ["examples/a.tf"], ["a.tf", "examples"]],
    ["[a-c]x[!0-9-].tf", ["bxy.tf"], ["dxy.tf", "bx1.tf", "bx-.tf"]],
    ["a\\*.tf", ["a*.tf"], ["ab.tf"]],
    ["examples/**", ["examples/a.tf", "examples/a/b.tf"], ["x/examples/a.tf"]],
    ["**/test/*.tf", ["test/a.tf", "x/y/test/a.tf"], ["test/x/a.tf", "a.tf"]],
    ["a/**/b", ["a/b", "a/x/y/b/c.tf"], ["a/x", "b"]],
    ["*.tfvars", ["prod.tfvars", "a/b.tfvars"], ["a.tf"]],
    ["stage-?", ["stage-1/a.tf"], ["stage-10/a.tf", "stage-/a.tf"]],
    ["**", ["a.tf", "a/b.tf"], []],
    ["./a/*", ["a/b.tf"], ["b.tf"]],
    ["a*b*c.tf", ["a-b-b-c.tf"], ["a-c.tf"]],
  ];
  for (const [pattern, covered, others] of cases) {
    test(pattern, () => {
      for (const one of covered) assert.ok(covers(globOf(pattern), one), one);
      for (const one of others) assert.ok(!covers(globOf(pattern), one), one);
    });
  }

  test("no pattern takes long", () => {
    const start = performance.now();
    covers(globOf(`${"**/".repeat(80)}${"*a".repeat(120)}b`), `${"a/".repeat(2000)}${"a".repeat(250)}`);
    assert.ok(performance.now() - start < 1000);
  });

  test("is seen from its own folder, and hides findings, not what explains them", () => {
    const files = {
      "app/.callerid.json": '{"exclude": ["/variables.tf", "legacy"]}',
      "app/main.tf": 'provider "aws" {\n  region = var.region\n}\n',
      "app/variables.tf": 'variable "region" {\n  default = "mars-west-1"\n}\n',
      "app/legacy/main.tf": astray,
      "legacy/main.tf": astray,
    };
    assert.deepEqual(found(files), ["legacy/main.tf unknown-region error"]);
  });
});

describe("emulatorEndpoints", () => {
  const with_ = (emulators: string, endpoint: string) =>
    found({ "main.tf": keysAt(endpoint), ".callerid.json": `{"emulatorEndpoints": ["${emulators}"]}` });

  test("a block that talks to one may have any keys", () => {
    const strict = ["main.tf hardcoded-secret error", "main.tf placeholder-key info"];
    const endpoint = "http://aws.fake.example.com:4566";
    assert.ok(found({ "main.tf": keysAt(endpoint) }).includes(strict[0] ?? ""));
    for (const one of [
      endpoint,
      "aws.fake.example.com",
      "AWS.fake.example.com:4566",
      "http://aws.fake.example.com:4566/",
    ]) {
      assert.deepEqual(with_(one, endpoint), [], one);
    }
    for (const one of ["fake.example.com", "aws.fake.example.com:80"]) assert.ok(with_(one, endpoint).length > 0, one);
  });

  test("also where the environment names it", () => {
    const files = {
      "main.tf": keysAt("x").replace(/\n {2}endpoints[\s\S]*?\n {2}\}\n/, ""),
      environment: "AWS_ENDPOINT_URL=http://aws.fake.example.com\n",
    };
    assert.ok(found(files).length > 0);
    assert.deepEqual(found({ ...files, ".callerid.json": '{"emulatorEndpoints": ["aws.fake.example.com"]}' }), []);
  });

  test("in a file of variables as well", () => {
    const files = {
      ".env":
        "AWS_ENDPOINT_URL=http://aws.fake.example.com\nAWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nAWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n",
    };
    const rulesOf = (files: Fixture) => found(files).filter((one) => one.includes("placeholder-key"));
    assert.equal(rulesOf(files).length, 1);
    assert.deepEqual(rulesOf({ ...files, ".callerid.json": '{"emulatorEndpoints": ["aws.fake.example.com"]}' }), []);
  });

  test("AWS itself is none", () => {
    const text = '{"emulatorEndpoints": ["https://sts.eu-west-1.amazonaws.com"]}';
    assert.deepEqual(problems(text), [
      ["This host is AWS's own, and no emulator.", '"https://sts.eu-west-1.amazonaws.com"'],
    ]);
  });
});

describe("a bad configuration", () => {
  const cases: readonly [string, string, string][] = [
    ['{"rulez": {}}', 'There is no key "rulez"; did you mean "rules"?', '"rulez"'],
    ['{"elephants": {}}', 'There is no key "elephants".', '"elephants"'],
    [
      '{"rules": {"hardcoded-secrets": "off"}}',
      'There is no rule "hardcoded-secrets"; did you mean "hardcoded-secret"?',
      '"hardcoded-secrets"',
    ],
    ['{"rules": {"hardcoded-secret": "warn"}}', "A level is one of off, on, error, warning, info, hint.", '"warn"'],
    [
      '{"rules": {"hardcoded-secret": "warnig"}}',
      'A level is one of off, on, error, warning, info, hint; did you mean "warning"?',
      '"warnig"',
    ],
    ['{"rules": {"hardcoded-secret": 1}}', "A level is one of off, on, error, warning, info, hint.", "1"],
    ['{"rules": []}', "`rules` is an object of rules and levels.", "[]"],
    ['{"exclude": "a"}', "`exclude` is a list of texts.", '"a"'],
    ['{"exclude": ["a", 1]}', "`exclude` is a list of texts.", "1"],
    ['{"exclude": ["../a"]}', "A pattern stays below this file's folder.", '"../a"'],
    ['{"exclude": ["*.{a,b}"]}', "A pattern knows `*`, `?`, `[…]` and `**`; write one for each case.", '"*.{a,b}"'],
    [
      '{"emulatorEndpoints": ["ftp://a/b"]}',
      "An emulator's endpoint is a host, or a URL without a path.",
      '"ftp://a/b"',
    ],
    ["[]", "A configuration is an object: `{ … }`.", "[]"],
    ['{"a key with = signs": 1}', "There is no key of that name.", '"a key with = signs"'],
  ];
  for (const [text, message, at] of cases) test(text, () => assert.deepEqual(problems(text), [[message, at]]));

  test("comments and a last comma are for .jsonc", () => {
    const text = '{\n  // why\n  "exclude": ["a",],\n}\n';
    assert.deepEqual(problems(text, ".callerid.jsonc"), []);
    assert.equal(problems(text)[0]?.[0], "JSON has no comments; name the file .callerid.jsonc.");
  });

  test("two in one folder", () => {
    const report = analyzeFixture({ ".callerid.json": "{}", ".callerid.jsonc": "{}" });
    assert.match(report.configurationProblems[0]?.message ?? "", /keep one/);
  });

  test("any text is read to its end", () => {
    for (const text of ["", "{", '{"rules": {"', "[".repeat(100_000), '{"rules": '.repeat(10_000), "\ufeff{}"]) {
      problems(text);
    }
  });

  test("what can be understood of it holds", () => {
    assert.deepEqual(
      found({ "main.tf": astray, ".callerid.json": '{"a": 1, "rules": {"unknown-region": "off"}}' }),
      [],
    );
  });
});

describe("scan", () => {
  const off = '{"rules": {"unknown-region": "off"}}';

  test("goes by the files from the scanned one up to the working directory", async () => {
    const files = {
      ".callerid.json": off,
      "a/b/main.tf": astray,
      "/elsewhere/.callerid.json": off,
      "/elsewhere/a/main.tf": astray,
    };
    for (const root of [".", "a", "a/b", "a/b/main.tf", "/elsewhere"]) {
      assert.deepEqual(await scan([root], plainWorld({ files })).then(({ code }) => code), 0, root);
    }
    assert.equal((await scan(["/elsewhere/a"], plainWorld({ files }))).code, 1);
  });

  test("names file, line and column of each mistake, and reports nothing", async () => {
    const files = { "main.tf": astray, "a/.callerid.json": '{\n  "rulez": {},\n  "exclude": 1\n}\n' };
    assert.deepEqual(await scan([], plainWorld({ files })), {
      code: 3,
      out: "",
      err: 'callerid: a/.callerid.json:2:3: There is no key "rulez"; did you mean "rules"?\ncallerid: a/.callerid.json:3:14: `exclude` is a list of texts.\n',
    });
  });

  test("--no-config heeds none, --config one for all", async () => {
    const files = { ".callerid.json": off, "main.tf": astray, "a/main.tf": astray, "team.json": '{"exclude": ["/a"]}' };
    const world = plainWorld({ files });
    assert.equal((await scan(["--no-config"], world)).code, 1);
    const { out } = await scan(["--config", "team.json", "--format", "json"], world);
    assert.deepEqual(
      JSON.parse(out).findings.map(({ file }: { file: string }) => file),
      ["main.tf"],
    );
    const gone = await scan(["--config", "gone.json"], world);
    assert.deepEqual([gone.code, gone.err], [3, "callerid: gone.json does not exist\n"]);
    const bad = await scan(["--config", "bad.json"], plainWorld({ files: { "bad.json": "{" } }));
    assert.match(bad.err, /^callerid: bad\.json:1:2: /);
  });

  test("is no file among those that were looked at", async () => {
    const { out } = await scan(
      ["--format", "json"],
      plainWorld({ files: { ".callerid.json": off, "main.tf": astray } }),
    );
    assert.equal(JSON.parse(out).files, 1);
  });

  test("no link leads it out of the folder", { skip: process.platform === "win32" }, async () => {
    const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "callerid-")));
    try {
      for (const folder of ["project/a", "project/shared", "outside"])
        fs.mkdirSync(path.join(root, folder), { recursive: true });
      fs.writeFileSync(path.join(root, "project/a/main.tf"), astray);
      fs.writeFileSync(path.join(root, "project/shared/all.json"), off);
      fs.writeFileSync(path.join(root, "outside/x.json"), off);
      const project = path.join(root, "project");
      const link = path.join(project, ".callerid.json");
      for (const [target, code] of [
        ["../outside/x.json", 1],
        ["shared/all.json", 0],
      ] as const) {
        fs.symlinkSync(target, link);
        for (const where of [".", "a"]) {
          assert.equal((await scan([where], nodeWorld(isUnderstood), project)).code, code, `${target} ${where}`);
        }
        fs.rmSync(link);
      }
    } finally {
      fs.rmSync(root, { recursive: true });
    }
  });
});
