import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { main } from "../src/cli/main";
import { explainOutput } from "../src/explain/explainOutput";
import { disguises, embedded } from "./support/disguises";
import { healthyOutputs } from "./support/healthyOutputs";
import { samples } from "./support/outputs";
import { cwd, type PlainWorld, plainWorld } from "./support/world";

const idsOf = (text: string) => explainOutput(text)[0]?.causes.map(({ id }) => id as string) ?? [];

describe("an output's error", () => {
  for (const { name, code, stage, cause, text } of samples) {
    test(`${name}: ${code} of ${stage}`, () => {
      const explanations = explainOutput(text);
      assert.deepEqual(
        explanations.map(({ error }) => `${error.code} ${error.stage}`),
        [`${code} ${stage}`],
      );
      assert.ok(idsOf(text).slice(0, 2).includes(cause), `${cause} is not among the first two of ${idsOf(text)}`);
    });
  }

  test("has steps to take, each said once", () => {
    for (const { name, text } of samples) {
      for (const { next, summary } of explainOutput(text)) {
        assert.ok(next.length > 0 && new Set(next).size === next.length, name);
        assert.match(summary, /^\S.*\.$/, name);
      }
    }
  });
});

describe("an error stays what it is in", () => {
  // Marks of a CI system are knowledge of their own, so only the first cause has to be the same.
  const told = (text: string) =>
    explainOutput(text).map(({ error, causes }) => `${error.code} ${error.stage} ${causes[0]?.id}`);
  for (const [disguise, wear] of Object.entries(disguises)) {
    test(disguise, () => {
      for (const { name, text } of samples) {
        // A machine's lines are never in a box.
        if (text.startsWith("{") && disguise.includes("box")) continue;
        assert.deepEqual(told(wear(text)), told(text), name);
      }
    });
  }

  test("the same place that the output names", () => {
    const [first] = samples.filter(({ name }) => name === "region typo");
    for (const wear of Object.values(disguises)) {
      const [found] = explainOutput(wear(first?.text ?? ""));
      assert.deepEqual([found?.error.file, found?.error.line, found?.error.region], ["backend.tf", 6, "us-east2"]);
    }
  });
});

test("an output without such an error has no explanation", () => {
  const healthy = ["", embedded("Apply complete! Resources: 3 added, 0 changed, 0 destroyed."), ...healthyOutputs];
  for (const text of healthy) assert.deepEqual(explainOutput(text), [], text.slice(0, 80));
});

describe("callerid explain", () => {
  const run = async (argv: readonly string[], world: PlainWorld) => {
    let out = "";
    let err = "";
    const code = await main(["explain", ...argv], {
      stdout: (text) => {
        out += text;
      },
      stderr: (text) => {
        err += text;
      },
      color: false,
      cwd,
      world,
    });
    return { code, out, err };
  };
  const sampleOf = (name: string) => samples.find((one) => one.name === name)?.text ?? "";
  const matchesOf = async (argv: readonly string[], world: PlainWorld) =>
    JSON.parse((await run([...argv, "--format", "json"], world)).out).matches;

  test("reads standard input or a file, and ends in 1", async () => {
    const text = sampleOf("region typo");
    const piped = await run([], plainWorld({ input: text }));
    const asked = await run(["-"], plainWorld({ input: text }));
    const read = await run(["job.log"], plainWorld({ files: { "job.log": text } }));
    assert.equal(piped.code, 1);
    assert.deepEqual([asked, read], [piped, piped]);
    assert.match(piped.out, /^InvalidRegion {2}/);
    assert.match(piped.out, /backend\.tf:6/);
  });

  test("ends in 0 where there is nothing to explain, and in 3 where there is no file", async () => {
    assert.equal((await run([], plainWorld({ input: "Apply complete!\n" }))).code, 0);
    assert.deepEqual(await matchesOf([], plainWorld({ input: "Apply complete!\n" })), []);
    assert.deepEqual(await run(["nowhere.log"], plainWorld()), {
      code: 3,
      out: "",
      err: "callerid: nowhere.log does not exist\n",
    });
    assert.equal((await run(["--dir", "nowhere"], plainWorld())).code, 3);
  });

  const backend = (lines: string) =>
    `terraform {\n  backend "s3" {\n    bucket = "states"\n    key    = "app.tfstate"\n    region = "eu-west-1"\n${lines}  }\n}\n`;
  const temporary =
    '    access_key = "ASIAIOSFODNN7EXAMPLE"\n    secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"\n';

  test("what the files prove comes first, with its place", async () => {
    const files = { "stack/main.tf": backend(temporary) };
    const [match] = await matchesOf(["--dir", "stack"], plainWorld({ files, input: sampleOf("sts invalid") }));
    const [first] = match.causes;
    assert.deepEqual(
      [first.id, first.likelihood, first.file, first.line],
      ["session-token-missing", "certain", "stack/main.tf", 6],
    );
    assert.match(first.evidence, /temporary/);
  });

  test("what other blocks have wrong is no evidence", async () => {
    const files = { "main.tf": `provider "aws" {\n  region = "eu-west-1"\n${temporary}}\n${backend("")}` };
    const [match] = await matchesOf([], plainWorld({ files, input: sampleOf("sts invalid") }));
    assert.equal(match.causes[0].id, "bad-key-material");
    assert.ok(match.causes.every((cause: { file?: string }) => cause.file === undefined));
  });

  test("a header in the wrong form counts for the profile that was asked for", async () => {
    const files = {
      "~/.aws/credentials": "[profile prefixed]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n",
      "main.tf": backend('    profile = "prefixed"\n'),
    };
    const [match] = await matchesOf([], plainWorld({ files, input: sampleOf("missing profile") }));
    assert.equal(match.causes[0].id, "credentials-file-profile-prefix");
    assert.deepEqual([match.profile, match.causes[0].file], ["prefixed", "~/.aws/credentials"]);
    const other = { ...files, "~/.aws/credentials": "[profile else]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n" };
    const [second] = await matchesOf([], plainWorld({ files: other, input: sampleOf("missing profile") }));
    assert.equal(second.causes[0].id, "profile-missing");
  });

  test("a secret in a name's place is no name", async () => {
    const input = "Error: failed to get shared config profile, wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n";
    const { out } = await run(["--format", "json"], plainWorld({ input }));
    assert.match(out, /SharedConfigProfile/);
    assert.doesNotMatch(out, /wJalr/);
  });

  test("nothing of a pasted secret is printed", async () => {
    for (const { name, text } of samples) {
      for (const format of ["text", "json"]) {
        const { out } = await run(["--format", format], plainWorld({ input: text }));
        assert.doesNotMatch(out, /wJalr|ASIAIOSFODNN7|AKIAIOSFODNN7/, name);
      }
    }
  });
});
