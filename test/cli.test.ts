import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { after, before, describe, type TestContext, test } from "node:test";
import { analyze } from "../src/analyzer";
import { type ScanResult, scanJson } from "../src/cli/formats/json";
import { scanSarif } from "../src/cli/formats/sarif";
import { main } from "../src/cli/main";
import { displayPath, jsonText, plainLine, printable } from "../src/cli/output";
import { environmentOf } from "../src/facts/environment";
import type { IdentityRequest } from "../src/live/world";
import type { Answer } from "../src/model/credentials";
import { severities } from "../src/model/finding";
import { rules } from "../src/rules";
import { now } from "./support/fixture";
import { golden } from "./support/golden";
import { cwd, home, type PlainWorld, plainWorld } from "./support/world";

const esc = "\u001b";
const colours = new RegExp(`${esc}\\[\\d+m`, "g");

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** One command line on a machine of plain objects. */
async function run(argv: readonly string[], world: PlainWorld = plainWorld(), color = false): Promise<Run> {
  let out = "";
  let err = "";
  const code = await main(argv, {
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
    },
    color,
    cwd,
    world,
  });
  return { code, out, err };
}

const temporaryKey = `provider "aws" {
  region     = "eu-west-1"
  access_key = "ASIAIOSFODNN7EXAMPLE"
  secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
}
`;
const documentedKey = temporaryKey.replace("ASIA", "AKIA");
const misspelled = `provider "aws" {
  region = "eu-cetnral-1"
}
`;
const sound = `provider "aws" {
  region = "eu-west-1"
}
`;

/** Every kind of place a finding can stand in: below the working directory, at home, elsewhere, in the environment. */
const everywhere = () =>
  plainWorld({
    files: {
      "main.tf": `${temporaryKey}
provider "aws" {
  alias   = "east"
  profile = "devel"
}
`,
      "stacks/network/backend.tf": `terraform {
  backend "s3" {
    bucket     = "states"
    key        = "app.tfstate"
    region     = "eu-west-1a"
    secret_key = var.secret
  }
}
`,
      "stacks/network/variables.tf": `variable "secret" {
  default = "CANARYVmihA/2O76UMFxFkM/R5Kjp1vRt+1fjORS"
}
`,
      "~/.aws/credentials": `[profile dev]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
`,
      "/etc/aws/config": "[profile dev]\nregion = us-east-1a\n",
    },
    environment: {
      AWS_CONFIG_FILE: "/etc/aws/config",
      AWS_REGION: "us-esat-1",
      AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
    },
  });

/** Names that a terminal, a CI system, a link or a viewer could take for more than names. */
const hostile = () => {
  const missing = (name: string) => `provider "aws" {\n  region  = "eu-west-1"\n  profile = "${name}"\n}\n`;
  return plainWorld({
    files: {
      "esc/\u001b]0;owned\u0007\u009b31m.tf": missing("\\u001b[2J\\u009b31m\\u0007"),
      "::error::name.tf": missing("::error::profile"),
      "line\nbreak/::set-output name=x::y.tf": missing("a\\n::error::b\\r\\n##[error]c"),
      "azure/##vso[task.setvariable variable=PATH]evil.tf": missing("##vso[task.setvariable variable=PATH]evil"),
      "percent%0a,colon:/a%0Ab.tf": missing("%0A::error::x"),
      "bidi/\u202egpj.tf": missing("dev\u202e\u2066x\u200b"),
      "separators/\u2028\u2029\u0085.tf": missing("a\u2028b\u0085c"),
      "tags/\u{e0041}.tf": missing("\u{e0041}"),
      "links/[x](command:y) ü#?.tf": missing("[x](https://evil.example/p.png)"),
      "html/<img src=x onerror=y>.tf": missing("<img src=x onerror=y>"),
      "section_start:0:x.tf": missing("section_start:0:x"),
      "~/.aws/config": "[::error::one]\nregion = us-east-1\n\n[two\u202e\u001b[31m]\nregion = us-east-1a\n",
    },
  });
};

const cases = { everywhere, hostile };
const formats = ["text", "json", "sarif", "github"] as const;
const extension = { text: "txt", json: "json", sarif: "sarif.json", github: "github.txt" };

describe("scan, as it is printed", () => {
  for (const [name, world] of Object.entries(cases)) {
    for (const format of formats) {
      test(`${name}: ${format}`, async () => {
        const { code, out, err } = await run(["scan", "--format", format], world());
        golden(`test/fixtures/cli/${name}/scan.${extension[format]}`, out);
        assert.equal(code, 1);
        assert.equal(err, "");
      });
    }
  }

  for (const format of formats) {
    test(`${format} lets nothing through that acts on a terminal or in a log`, async () => {
      const { out } = await run(["scan", "--format", format], hostile());
      for (const line of out.split("\n")) {
        assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
        assert.doesNotMatch(line, /##(?:\[|vso\[)/);
        if (format !== "github") assert.doesNotMatch(line, /^\s*::|^\s*section_start/);
        else
          assert.match(
            line,
            /^$|^::(?:error|warning|notice) file=[^:,]+,line=\d+,col=\d+,endLine=\d+,endColumn=\d+,title=CallerID [a-z-]+::[^\n]+$/,
          );
      }
    });
  }

  test("nothing wrong is one line, and no finding in the other formats", async () => {
    const world = plainWorld({ files: { "main.tf": sound } });
    assert.deepEqual(await run(["scan"], world), {
      code: 0,
      out: `Credentials Terraform would use\n  provider aws main.tf:1 → none found here in eu-west-1\n\nNothing wrong in 1 file.\n`,
      err: "",
    });
    assert.deepEqual(JSON.parse((await run(["scan", "--format", "json"], world)).out), {
      version: 1,
      findings: [],
      files: 1,
      skipped: [],
    });
    assert.equal((await run(["scan", "--format", "github"], world)).out, "");
    assert.deepEqual(JSON.parse((await run(["scan", "--format", "sarif"], world)).out).runs[0].results, []);
  });

  test("colours only where they are wanted", async () => {
    const coloured = await run(["scan"], everywhere(), true);
    const plain = await run(["scan"], everywhere());
    assert.match(coloured.out, colours);
    assert.ok(!plain.out.includes(esc));
    assert.equal(coloured.out.replace(colours, ""), plain.out);
    for (const format of ["json", "sarif", "github"]) {
      assert.ok(!(await run(["scan", "--format", format], everywhere(), true)).out.includes(esc));
    }
  });

  test("files that were left out are named with the reason", async () => {
    const world = plainWorld({ files: { "main.tf": sound } });
    const reason = "larger than 1 MiB";
    const found = { ...world.find(cwd), skipped: [{ path: `${cwd}/big\u202e.tf`, reason }] };
    const seen = { ...world, find: () => found };
    assert.match((await run(["scan"], seen)).out, /^not scanned: big\\u202e\.tf: larger than 1 MiB$/m);
    assert.deepEqual(JSON.parse((await run(["scan", "--format", "json"], seen)).out).skipped, [
      { file: "big\u202e.tf", reason },
    ]);
  });
});

interface JsonFinding {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly related: readonly { file: string; line: number }[];
  readonly fixes: readonly { title: string; safety: string }[];
}

const scanned = async (argv: readonly string[], world: PlainWorld) =>
  JSON.parse((await run(["scan", "--format", "json", ...argv], world)).out).findings as JsonFinding[];

const filesOf = (findings: readonly JsonFinding[]) => [...new Set(findings.map(({ file }) => file))].sort();

describe("scan's JSON", () => {
  test("has exactly the members of the contract", async () => {
    const { out } = await run(["scan", "--format", "json"], everywhere());
    const document = JSON.parse(out);
    assert.deepEqual(Object.keys(document), ["version", "findings", "files", "skipped"]);
    assert.equal(document.version, 1);
    assert.ok(document.findings.some((one: JsonFinding) => one.related.length > 0));
    assert.ok(document.findings.some((one: JsonFinding) => one.fixes.length > 0));
    for (const finding of document.findings) {
      assert.deepEqual(
        Object.keys(finding).sort(),
        "column endColumn endLine file fixes help line message related rule severity".split(" "),
      );
      assert.ok(severities.includes(finding.severity));
      assert.ok(rules.some((rule) => rule.id === finding.rule));
      assert.match(finding.help, new RegExp(`/docs/rules/${finding.rule}\\.md$`));
      for (const one of finding.related) assert.deepEqual(Object.keys(one), ["message", "file", "line", "column"]);
      for (const fix of finding.fixes) {
        assert.deepEqual(Object.keys(fix), ["title", "safety"]);
        assert.match(fix.safety, /^(?:safe|review)$/);
      }
    }
  });

  test("counts lines and columns from one, with the end exclusive, as an editor does", async () => {
    const world = plainWorld({ files: { "main.tf": temporaryKey.replaceAll("\n", "\r\n") } });
    const [finding] = (await scanned([], world)).filter(({ rule }) => rule === "temporary-key-without-token");
    const { line, column, endLine, endColumn } = finding ?? {};
    assert.deepEqual({ line, column, endLine, endColumn }, { line: 3, column: 17, endLine: 3, endColumn: 37 });
  });

  test("names files relative below the working directory, else from home, else in full", async () => {
    assert.deepEqual(filesOf(await scanned([], everywhere())), [
      "/etc/aws/config",
      "environment",
      "main.tf",
      "stacks/network/backend.tf",
      "stacks/network/variables.tf",
      "~/.aws/credentials",
    ]);
  });

  test("one file has one name and is read once, however it is reached", async () => {
    const world = plainWorld({ files: { "a/main.tf": misspelled, "../other/main.tf": misspelled } });
    for (const argv of [
      ["a"],
      ["./a"],
      ["a/"],
      ["a/../a"],
      [`${cwd}/a`],
      ["a/main.tf"],
      ["a", "./a", "a/main.tf"],
      ["."],
    ]) {
      const findings = await scanned(argv, world);
      assert.deepEqual(
        findings.map(({ file }) => file),
        ["a/main.tf"],
        argv.join(" "),
      );
    }
    assert.deepEqual(filesOf(await scanned(["../other"], world)), ["/other/main.tf"]);
  });

  test("the AWS files below a path are the user's own, not a repository's", async () => {
    const world = plainWorld({
      files: {
        "~/.aws/credentials":
          "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = 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\n",
      },
    });
    for (const root of [home, `${home}/.aws`, "../home/me"]) {
      const findings = await scanned([root], world);
      assert.ok(!findings.some(({ rule }) => rule === "hardcoded-secret"), root);
    }
  });
});

describe("displayPath", () => {
  const table: [string, string, string, string][] = [
    ["/project/a.tf", "/project", "/home/me", "a.tf"],
    ["/project-2/a.tf", "/project", "/home/me", "/project-2/a.tf"],
    ["/home/me/.aws/config", "/project", "/home/me", "~/.aws/config"],
    ["/home/me2/a", "/project", "/home/me", "/home/me2/a"],
    ["/home/me/project/a", "/home/me/project", "/home/me", "a"],
    ["/a.tf", "/", "/root", "/a.tf"],
    ["/a.tf", "/project", "", "/a.tf"],
    ["environment", "/project", "/home/me", "environment"],
  ];
  for (const [file, where, whose, shown] of table) {
    test(`${file} in ${where}`, () => assert.equal(displayPath(file, where, whose), shown));
  }
});

describe("text from outside", () => {
  test("shows what does not print as escapes", () => {
    assert.equal(
      printable("a\u0000\u001b[31m\r\n\t\u007f\u009b\u202e\u2066\u200b\ufeff\u2028\u{e0041}\ud800é😀"),
      "a\\u0000\\u001b[31m\\u000d\\u000a\\u0009\\u007f\\u009b\\u202e\\u2066\\u200b\\ufeff\\u2028\\u{e0041}\\ud800é😀",
    );
  });

  test("is no command of a CI system", () => {
    for (const line of [
      "::error::x",
      "  ::error::x",
      "\u001b::error::x",
      "##[error]x",
      "x ##vso[y]",
      "section_end:1:x",
    ]) {
      assert.doesNotMatch(plainLine(line), /^\s*(?:::|section_)|##[[v]/);
    }
    for (const line of ["main.tf", "a::b", "## heading"]) assert.equal(plainLine(line), line);
  });

  test("is JSON that reads back as it was", () => {
    const content = { "\u202e": ["\u009b\u2028\u{e0041}\ud800", "##vso[x]##[y] ## z", "a\nb\tc"] };
    const text = jsonText(content);
    assert.deepEqual(JSON.parse(text), content);
    assert.doesNotMatch(text.replaceAll("\n", ""), /[\p{Cc}\p{Cf}\p{Cs}\u2028]|##[[v]/u);
  });
});

describe("scan's options", () => {
  test("--fail-on sets the worst that passes", async () => {
    const byKind: [PlainWorld, (typeof severities)[number]][] = [
      [plainWorld({ files: { "main.tf": temporaryKey } }), "error"],
      [
        plainWorld({
          files: {
            "~/.aws/credentials":
              "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n",
          },
        }),
        "warning",
      ],
      [plainWorld({ files: { "main.tf": documentedKey } }), "info"],
    ];
    for (const [world, severity] of byKind) {
      const { findings } = JSON.parse((await run(["scan", "--format", "json"], world)).out);
      assert.deepEqual(
        findings.map((one: { severity: string }) => one.severity),
        [severity],
      );
      for (const threshold of severities) {
        const { code } = await run(["scan", "--fail-on", threshold], world);
        assert.equal(
          code,
          severities.indexOf(severity) <= severities.indexOf(threshold) ? 1 : 0,
          `${severity} ${threshold}`,
        );
      }
      const { code } = await run(["scan"], world);
      assert.equal(code, severity === "info" ? 0 : 1, "the default is warning");
    }
  });

  test("--no-home leaves the AWS files out, and then no profile is missing", async () => {
    const findings = await scanned(["--no-home"], everywhere());
    assert.deepEqual(filesOf(findings), [
      "environment",
      "main.tf",
      "stacks/network/backend.tf",
      "stacks/network/variables.tf",
    ]);
    assert.ok(!findings.some(({ rule }) => rule === "profile-not-found"));
  });

  test("--no-env leaves the environment out, and with it where it puts the AWS files", async () => {
    assert.deepEqual(filesOf(await scanned(["--no-env"], everywhere())), [
      "main.tf",
      "stacks/network/backend.tf",
      "stacks/network/variables.tf",
      "~/.aws/credentials",
    ]);
  });

  test("--home reads another home's files", async () => {
    const world = plainWorld({
      files: {
        "fake/.aws/config": "[profile a]\nregion = us-east-1a\n",
        "~/.aws/config": "[profile b]\nregion = us-east-1a\n",
      },
    });
    for (const dir of ["fake", "./fake/", `${cwd}/fake`]) {
      assert.deepEqual(filesOf(await scanned(["--home", dir, "fake"], world)), ["fake/.aws/config"], dir);
    }
  });

  test("a path that is not there ends in 3 and is named", async () => {
    assert.deepEqual(await run(["scan", "nowhere"]), { code: 3, out: "", err: "callerid: nowhere does not exist\n" });
    assert.equal((await run(["scan", ".", "no\u001bwhere"])).err, "callerid: no\\u001bwhere does not exist\n");
    assert.equal((await run(["verify", "nowhere"])).code, 3);
  });
});

describe("baseline", () => {
  const world = () => plainWorld({ files: { "main.tf": misspelled, "b/main.tf": temporaryKey } });
  const write = async (one: PlainWorld) => {
    const written = await run(["scan", "--write-baseline", "baseline.json"], one);
    assert.deepEqual(written, { code: 0, out: "", err: "2 findings written to baseline.json\n" });
  };
  const scan = (one: PlainWorld, ...more: string[]) =>
    run(["scan", "--baseline", "baseline.json", "--format", "json", ...more], one);

  test("what it holds is not reported again, and where it holds it is a line's business", async () => {
    const one = world();
    await write(one);
    assert.equal((await scan(one)).code, 0);
    one.files.set(`${cwd}/main.tf`, `# one line more\n\n${misspelled}`);
    const { code, out } = await scan(one);
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(out).findings, []);
    assert.doesNotMatch(one.files.get(`${cwd}/baseline.json`) ?? "", /"(?:line|column)"|EXAMPLE|wJalr/);
  });

  test("lines that change places change nothing in it", async () => {
    const [first, second] = [misspelled, misspelled.replace("cetnral", "centrall")];
    const texts = [first + second, second + first].map(async (text) => {
      const one = plainWorld({ files: { "main.tf": text, "b/main.tf": temporaryKey } });
      await run(["scan", "--write-baseline", "x.json"], one);
      return one.files.get(`${cwd}/x.json`);
    });
    const [before, now] = await Promise.all(texts);
    assert.equal(now, before);
    assert.deepEqual(
      JSON.parse(before ?? "").findings.map(({ file }: JsonFinding) => file),
      ["b/main.tf", "main.tf", "main.tf"],
    );
  });

  test("a new finding is reported, also where another file has the same", async () => {
    const one = world();
    await write(one);
    one.files.set(`${cwd}/c/main.tf`, misspelled);
    const { code, out } = await scan(one);
    assert.equal(code, 1);
    assert.deepEqual(filesOf(JSON.parse(out).findings), ["c/main.tf"]);
  });

  test("each entry accounts for one finding", async () => {
    const one = world();
    await write(one);
    one.files.set(`${cwd}/main.tf`, misspelled + misspelled.replace("{", '{\n  alias = "x"'));
    const { out } = await scan(one);
    assert.deepEqual(
      JSON.parse(out).findings.map(({ line }: JsonFinding) => line),
      [6],
    );
  });

  test("what is repaired may stay in it", async () => {
    const one = world();
    await write(one);
    one.files.set(`${cwd}/main.tf`, sound);
    assert.equal((await scan(one)).code, 0);
  });

  test("it is no secret's hiding place", async () => {
    const one = plainWorld({
      files: {
        "main.tf": `provider "aws" {\n  access_key = var.id\n  secret_key = "CANARYPtYgjmUhBel31iEl2hpChYgCfrL1spNxny"\n}\n`,
      },
    });
    await run(["scan", "--write-baseline", "x.json"], one);
    assert.match(one.files.get(`${cwd}/x.json`) ?? "", /hardcoded-secret/);
    assert.doesNotMatch(one.files.get(`${cwd}/x.json`) ?? "", /CANARY/);
  });

  const bad: [string, string | undefined, RegExp][] = [
    ["is not there", undefined, /does not exist/],
    ["is empty", "", /is not JSON/],
    ["is not JSON", "version: 1\nsecret-looking text", /is not JSON/],
    ["is null", "null", /not a baseline/],
    ["is a list", "[]", /not a baseline/],
    ["is of another version", '{"version": 2, "findings": []}', /not a baseline/],
    ["is a scan without findings", '{"version": 1}', /not a baseline/],
  ];
  for (const [title, text, message] of bad) {
    test(`one that ${title} ends in 3 with its name`, async () => {
      const one = world();
      if (text !== undefined) one.files.set(`${cwd}/old/baseline.json`, text);
      const { code, out, err } = await run(["scan", "--baseline", "old/baseline.json"], one);
      assert.equal(code, 3);
      assert.equal(out, "");
      assert.match(err, message);
      assert.match(err, /^callerid: old\/baseline\.json/);
      assert.doesNotMatch(err, /secret-looking/);
    });
  }

  test("entries that are none are passed over", async () => {
    const one = world();
    one.files.set(
      `${cwd}/baseline.json`,
      '{"version": 1, "findings": [null, 1, "x", {}, {"rule": "a"}, [], {"__proto__": {}}]}',
    );
    assert.equal(JSON.parse((await scan(one)).out).findings.length, 2);
  });

  test("a place that takes no file ends in 3", async () => {
    const one = world();
    const full = {
      ...one,
      writeText: () => {
        throw Object.assign(new Error("ENOSPC: /somewhere/else"), { code: "ENOSPC" });
      },
    };
    assert.deepEqual(await run(["scan", "--write-baseline", "a.json"], full), {
      code: 3,
      out: "",
      err: "callerid: a.json cannot be written\n",
    });
  });
});

describe("SARIF", () => {
  interface Sarif {
    readonly $schema: string;
    readonly version: string;
    readonly runs: readonly {
      readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly Record<string, unknown>[] } };
      readonly columnKind: string;
      readonly results: readonly SarifResult[];
    }[];
  }
  interface SarifResult {
    readonly ruleId: string;
    readonly ruleIndex: number;
    readonly level: string;
    readonly message: { readonly text: string };
    readonly locations: readonly SarifLocation[];
    readonly relatedLocations?: readonly (SarifLocation & { id: number })[];
    readonly partialFingerprints: Readonly<Record<string, string>>;
  }
  interface SarifLocation {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string };
      readonly region: Readonly<Record<string, number>>;
    };
  }
  const sarif = async (world: PlainWorld): Promise<Sarif> =>
    JSON.parse((await run(["scan", "--format", "sarif"], world)).out);

  for (const [name, world] of Object.entries(cases)) {
    test(`${name} has what version 2.1.0 requires`, async () => {
      const log = await sarif(world());
      assert.equal(log.version, "2.1.0");
      assert.equal(new URL(log.$schema).protocol, "https:");
      assert.equal(log.runs.length, 1);
      const [only] = log.runs;
      assert.ok(only);
      assert.equal(only.tool.driver.name, "CallerID");
      assert.equal(only.columnKind, "utf16CodeUnits");
      assert.deepEqual(
        only.tool.driver.rules.map(({ id }) => id),
        rules.map(({ id }) => id),
      );
      for (const rule of only.tool.driver.rules) {
        assert.match(String(rule.helpUri), /^https:/);
        assert.equal(typeof (rule.shortDescription as { text: string }).text, "string");
      }
      assert.ok(only.results.length > 0);
      for (const result of only.results) {
        assert.equal(rules[result.ruleIndex]?.id, result.ruleId);
        assert.match(result.level, /^(?:error|warning|note)$/);
        assert.notEqual(result.message.text, "");
        assert.equal(result.locations.length, 1);
        assert.match(result.partialFingerprints["callerid/v1"] ?? "", /^[0-9a-f]{32}$/);
        const related = result.relatedLocations ?? [];
        assert.deepEqual(
          related.map(({ id }) => id),
          related.map((_, index) => index),
        );
        for (const { physicalLocation } of [...result.locations, ...related]) {
          const { uri } = physicalLocation.artifactLocation;
          assert.match(uri, /^(?:file:\/\/\/)?[\w%~.!'()*/-]+$/);
          assert.doesNotMatch(uri, /home/);
          const { startLine = 0, startColumn = 0, endLine = 0, endColumn = 0 } = physicalLocation.region;
          assert.ok(startLine >= 1 && startColumn >= 1 && endLine >= startLine);
          assert.ok(endLine > startLine || endColumn >= startColumn);
        }
      }
    });

    test(`${name} quotes no file and offers no text`, async () => {
      const { out } = await run(["scan", "--format", "sarif"], world());
      assert.doesNotMatch(out, /"(?:snippet|contextRegion|insertedContent|fixes|rendered|contents|artifacts)"/);
    });
  }

  test("a file's name is its URI, and reads back", async () => {
    const { runs } = await sarif(hostile());
    const names = runs[0]?.results.map(({ locations }) =>
      decodeURIComponent(locations[0]?.physicalLocation.artifactLocation.uri ?? ""),
    );
    for (const file of hostile().files.keys()) assert.ok(names?.includes(displayPath(file, cwd, home)), file);
  });

  test("no foreign name is a link in a message", async () => {
    const { runs } = await sarif(hostile());
    const texts = runs[0]?.results.map(({ message }) => message.text) ?? [];
    assert.ok(texts.some((text) => text.includes("\\[x](https://evil.example")));
    for (const text of texts) assert.doesNotMatch(text, /(?<!\\)\[[^\]]*\]\(/);
  });

  test("a name that is no Unicode is still written", () => {
    const report = analyze({
      files: [{ path: "\ud800.tf", text: temporaryKey }],
      home,
      environment: environmentOf({}, "this process"),
      awsFilesRead: false,
      now,
    });
    const result: ScanResult = {
      findings: report.findings,
      skipped: [],
      fileCount: 1,
      text: () => temporaryKey,
      cwd,
      home,
    };
    assert.match(scanSarif(result, rules, "0"), /"uri": "%EF%BF%BD.tf"/);
    assert.equal(JSON.parse(scanJson(result)).findings[0].file, "\ud800.tf");
  });

  test("fingerprints outlive a move and tell alike findings apart", async () => {
    const prints = async (text: string) =>
      (await sarif(plainWorld({ files: { "main.tf": text } }))).runs[0]?.results.map(
        (one) => one.partialFingerprints["callerid/v1"],
      ) ?? [];
    const twice = misspelled + misspelled;
    const before = await prints(twice);
    assert.equal(new Set(before).size, 2);
    assert.deepEqual(await prints(`\n\n${twice}`), before);
  });
});

const answered = (answer: Answer) => (_: IdentityRequest) => ({ answer, host: "sts.eu-west-1.amazonaws.com" });
const valid = answered({
  status: "valid",
  identity: { account: "123456789012", arn: "arn:aws:iam::123456789012:user/x", userId: "AIDAX" },
});
const refused = answered({ status: "rejected", code: "InvalidClientTokenId", requestId: "1-2" });
const unknown = answered({ status: "unknown", reason: "timeout" });

const profiles = `[dev]
aws_access_key_id = AKIAI44QH8DHBEXAMPLE
aws_secret_access_key = je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY
region = eu-west-1
`;

describe("verify", () => {
  const world = (
    answer?: (request: IdentityRequest) => ReturnType<typeof valid>,
    main = `provider "aws" {\n  profile = "dev"\n}\n`,
  ) => plainWorld({ files: { "main.tf": main, "~/.aws/credentials": profiles }, ...(answer ? { answer } : {}) });

  test("exit codes: who it is, refused, nobody knows", async () => {
    assert.equal((await run(["verify"], world(valid))).code, 0);
    assert.equal((await run(["verify"], world(refused))).code, 1);
    assert.equal((await run(["verify"], world(unknown))).code, 3);
    assert.equal((await run(["verify"], plainWorld())).code, 3);
  });

  test("a refusal outweighs what is unknown", async () => {
    const main = `provider "aws" {\n  profile = "dev"\n}\nprovider "aws" {\n  alias = "x"\n  profile = "none"\n}\n`;
    assert.equal((await run(["verify"], world(refused, main))).code, 1);
    assert.equal((await run(["verify"], world(valid, main))).code, 3);
  });

  for (const [name, answer] of Object.entries({ valid, refused, unknown })) {
    test(`as it is printed: ${name}`, async () => {
      const { out } = await run(["verify"], world(answer));
      golden(`test/fixtures/cli/verify/${name}.txt`, out);
      golden(`test/fixtures/cli/verify/${name}.json`, (await run(["verify", "--format", "json"], world(answer))).out);
    });
  }

  test("an ARN from anywhere is one harmless line", async () => {
    const identity = {
      account: "123456789012",
      arn: "arn:aws:iam::123456789012:user/\u001b[2J##vso[x]",
      userId: "AIDAX",
    };
    const { out } = await run(["verify"], world(answered({ status: "valid", identity })));
    assert.match(out, /\\u001b\[2J#·#vso/);
    const json = (await run(["verify", "--format", "json"], world(answered({ status: "valid", identity })))).out;
    assert.equal(JSON.parse(json).results[0].arn, identity.arn);
    assert.ok(!json.includes(esc) && !json.includes("##vso"));
  });

  test("the JSON has the members of the contract", async () => {
    const members = async (answer: typeof valid) => {
      const document = JSON.parse((await run(["verify", "--format", "json"], world(answer))).out);
      assert.deepEqual(Object.keys(document), ["version", "results"]);
      return Object.keys(document.results[0]).sort().join(" ");
    };
    assert.equal(await members(valid), "account arn block endpoint meaning next region source status userId");
    assert.equal(await members(refused), "block code endpoint findings meaning next region source status");
    assert.equal(await members(unknown), "block endpoint meaning next reason region source status");
  });

  test("blocks are chosen by kind and name", async () => {
    const main = `terraform {
  backend "s3" {
    profile = "dev"
  }
}
provider "aws" {
  profile = "dev"
}
provider "aws" {
  alias   = "east"
  profile = "dev"
}
`;
    const blocks = async (...flags: string[]) => {
      const { out } = await run(["verify", "--format", "json", ...flags], world(valid, main));
      return JSON.parse(out).results.map((one: { block: string }) => one.block);
    };
    assert.deepEqual(await blocks("--backend"), ['backend "s3"']);
    assert.deepEqual(await blocks("--provider", "aws"), ["provider aws"]);
    assert.deepEqual(await blocks("--provider", "aws.east"), ["provider aws.east"]);
    assert.deepEqual(await blocks("--profile", "dev"), ["profile dev"]);
    assert.equal((await blocks()).length, 3);
  });

  test("a key of the workspace is sent with --yes only", async () => {
    const one = world(valid, documentedKey);
    const { code, out } = await run(["verify"], one);
    assert.equal(code, 3);
    assert.match(out, /--yes/);
    assert.equal(one.asked.length, 0);
    assert.equal((await run(["verify", "--yes"], one)).code, 0);
    assert.equal(one.asked.length, 1);
  });

  test("--endpoint and --region are handed on, and the host is told", async () => {
    const one = world(valid);
    const { err } = await run(["verify", "--endpoint", "http://localhost:4566", "--region", "us-east-2"], one);
    assert.equal(err, "asking localhost:4566 instead of AWS\n");
    assert.deepEqual(
      one.asked.map(({ endpoint, region }) => ({ endpoint, region })),
      [{ endpoint: "http://localhost:4566", region: "us-east-2" }],
    );
  });

  test("a target that is not there ends in 3", async () => {
    for (const [flags, message] of [
      [["--profile", "DEV"], "callerid: there is no profile DEV; did you mean dev?\n"],
      [["--profile", "x\u001b"], "callerid: there is no profile x\\u001b\n"],
      [["--provider", "aws.west"], "callerid: there is no provider aws.west in this directory\n"],
      [["--backend"], "callerid: there is no S3 backend in this directory\n"],
    ] as const) {
      assert.deepEqual(await run(["verify", ...flags], world()), { code: 3, out: "", err: message });
    }
  });

  test("two targets at once are wrong usage", async () => {
    const { code, err } = await run(["verify", "--backend", "--profile", "dev"], world());
    assert.equal(code, 2);
    assert.match(err, /give one of them/);
  });
});

describe("rules", () => {
  test("the catalogue has one line for each", async () => {
    const { code, out } = await run(["rules"]);
    assert.equal(code, 0);
    assert.deepEqual(
      out
        .trim()
        .split("\n")
        .map((line) => line.split(" ")[0]),
      rules.map(({ id }) => id),
    );
  });

  test("the JSON has the members of the contract", async () => {
    for (const argv of [["rules"], ["rules", "partial-keys"]]) {
      const { out } = await run([...argv, "--format", "json"]);
      const document = JSON.parse(out);
      assert.deepEqual(Object.keys(document), ["version", "rules"]);
      assert.equal(document.rules.length, argv.length === 1 ? rules.length : 1);
      for (const rule of document.rules) {
        assert.deepEqual(Object.keys(rule), ["id", "title", "severity", "why", "remedy", "links"]);
      }
    }
  });

  test("one rule's page says why and what to do", async () => {
    const { code, out } = await run(["rules", "partial-keys"]);
    assert.equal(code, 0);
    assert.match(out, /^partial-keys \(\w+\)\n/);
    assert.match(out, /\nWhat to do: /);
    assert.match(out, /\/docs\/rules\/partial-keys\.md\n$/);
  });
});

describe("wrong usage ends in 2", () => {
  const table: [string[], RegExp][] = [
    [[], /Usage: callerid/],
    [["scna"], /unknown command 'scna'\n\(Did you mean scan\?\)/],
    [["scan", "--fromat", "json"], /unknown option '--fromat'\n\(Did you mean --format\?\)/],
    [["scan", "--format", "xml"], /Allowed choices are text, json, sarif, github/],
    [["scan", "--fail-on", "fatal"], /Allowed choices are error, warning, info, hint/],
    [["scan", "--baseline"], /argument missing/],
    [["verify", "--format", "sarif"], /Allowed choices are text, json/],
    [["verify", "--endpoint", "nonsense"], /not a URL/],
    [["verify", "a", "b"], /too many arguments/],
    [["rules", "patial-keys"], /^callerid: there is no rule patial-keys; did you mean partial-keys\?\n$/],
    [["rules", "zzzzzz"], /^callerid: there is no rule zzzzzz; callerid rules lists them\n$/],
  ];
  for (const [argv, message] of table) {
    test(`callerid ${argv.join(" ")}`, async () => {
      const { code, out, err } = await run(argv);
      assert.equal(code, 2);
      assert.equal(out, "");
      assert.match(err, message);
    });
  }

  test("an argument is no way to write to the terminal", async () => {
    for (const argv of [
      ["\u001b[2J"],
      ["scan", "--\u001b[2J"],
      ["scan", "--format", "\u202e"],
      ["rules", "\u001b[2J"],
    ]) {
      const { code, err } = await run(argv);
      assert.equal(code, 2);
      assert.doesNotMatch(err.replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u);
    }
  });
});

describe("help and version end in 0", () => {
  for (const argv of [
    ["--help"],
    ["--version"],
    ["help", "scan"],
    ["scan", "--help"],
    ["verify", "--help"],
    ["rules", "--help"],
  ]) {
    test(`callerid ${argv.join(" ")}`, async () => {
      const { code, out, err } = await run(argv);
      assert.equal(code, 0);
      assert.notEqual(out, "");
      assert.equal(err, "");
    });
  }
});

describe("as a process", () => {
  let program: string;
  let tree: string;

  before(async () => {
    const parent = path.resolve("dist-test");
    fs.mkdirSync(parent, { recursive: true });
    const folder = fs.mkdtempSync(path.join(parent, "cli-"));
    program = path.join(folder, "cli.js");
    tree = path.join(folder, "tree");
    const { build } = await import("esbuild");
    await build({
      entryPoints: ["src/cli/bin.ts"],
      outfile: program,
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node20",
      packages: "external",
      logLevel: "error",
    });
    // More findings than a pipe holds.
    for (let index = 0; index < 1200; index++) {
      fs.mkdirSync(path.join(tree, `stack-${index}`), { recursive: true });
      fs.writeFileSync(path.join(tree, `stack-${index}`, "main.tf"), temporaryKey);
    }
  });

  after(() => fs.rmSync(path.dirname(program), { recursive: true, force: true }));

  function start(t: TestContext, argv: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const child = spawn(process.execPath, [program, ...argv], {
      cwd: tree,
      env: { PATH: process.env.PATH ?? "", HOME: path.join(tree, "nobody"), ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    t.after(() => child.kill("SIGKILL"));
    return child;
  }

  const textOf = async (stream: NodeJS.ReadableStream) => {
    let text = "";
    for await (const chunk of stream) text += chunk;
    return text;
  };

  test("everything arrives in a pipe, and then the exit code", async (t) => {
    const child = start(t, ["scan", "--format", "json", "--no-home"]);
    const [out, [code]] = await Promise.all([textOf(child.stdout), once(child, "exit")]);
    assert.equal(code, 1);
    assert.equal(JSON.parse(out).findings.length, 1200);
  });

  test("a reader that goes away early ends it without a word", async (t) => {
    const child = start(t, ["scan", "--format", "json"]);
    child.stdout.once("data", () => child.stdout.destroy());
    const [err, [code, signal]] = await Promise.all([textOf(child.stderr), once(child, "exit")]);
    assert.equal(err, "");
    assert.equal(signal, null);
    assert.equal(code, 0);
  });

  test("no colours in a pipe, with or without NO_COLOR", async (t) => {
    for (const environment of [{}, { NO_COLOR: "1" }]) {
      const child = start(t, ["scan", "stack-1"], environment);
      assert.ok(!(await textOf(child.stdout)).includes(esc));
    }
  });

  test("no colours on a terminal with NO_COLOR", async (t) => {
    const script = (environment: Record<string, string>) => {
      const child = spawn("script", ["-qec", `${process.execPath} ${program} scan stack-1`, "/dev/null"], {
        cwd: tree,
        env: { PATH: process.env.PATH ?? "", HOME: tree, ...environment },
        stdio: ["ignore", "pipe", "ignore"],
      });
      t.after(() => child.kill("SIGKILL"));
      return Promise.race([textOf(child.stdout), once(child, "error").then(() => undefined)]);
    };
    const coloured = await script({});
    if (coloured === undefined || coloured === "") return t.skip("script(1) is not here to make a terminal");
    assert.match(coloured, colours);
    assert.doesNotMatch((await script({ NO_COLOR: "1" })) ?? "", colours);
  });

  test("what cannot be written ends in 3, and what is written is whole", async (t) => {
    const folder = start(t, ["scan", "--write-baseline", "stack-1"]);
    const [err, [code]] = await Promise.all([textOf(folder.stderr), once(folder, "exit")]);
    assert.equal(code, 3);
    assert.equal(err, "callerid: stack-1 cannot be written\n");
    const file = start(t, ["scan", "stack-1", "--write-baseline", "known.json"]);
    assert.deepEqual(await once(file, "exit"), [0, null]);
    assert.equal(JSON.parse(fs.readFileSync(path.join(tree, "known.json"), "utf8")).findings.length, 1);
    assert.deepEqual(
      fs.readdirSync(tree).filter((name) => name.endsWith(".tmp")),
      [],
    );
  });
});
