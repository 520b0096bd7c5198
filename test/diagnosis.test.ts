import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { manualOf } from "../src/analyzer";
import { main } from "../src/cli/main";
import { diagnose } from "../src/explain/diagnosis";
import { besideTheDiagnosis, diagnosisSteps } from "../src/explain/diagnosisSteps";
import type { Verification } from "../src/model/credentials";
import { rules } from "../src/rules";
import { analyzeFixture, type Fixture, now } from "./support/fixture";
import { cwd, plainWorld } from "./support/world";

function diagnosed(fixture: Fixture, ask?: (set: Verification["set"], chain: Verification["chain"]) => Verification) {
  const report = analyzeFixture(fixture);
  const verifications = ask && report.blocks.map((set) => ask(set, report.chainOf(set)));
  return diagnose({
    ...report,
    remedyOf: (rule) => manualOf(rule)?.remedy,
    ...(verifications ? { verifications } : {}),
  });
}

const failed = (diagnosis: ReturnType<typeof diagnose>) =>
  diagnosis.steps.flatMap(({ id, result }) => (result === "failed" ? id : []));

const healthy = {
  "main.tf": 'provider "aws" {\n  region  = "eu-west-1"\n  profile = "dev"\n}\n',
  "home/.aws/config": "[profile dev]\ncredential_process = /usr/local/bin/keys dev\n",
};

test("every rule has its place in the diagnosis, or is none of its", () => {
  const placed = [...diagnosisSteps.flatMap((step) => step.rules), ...besideTheDiagnosis];
  assert.deepEqual([...placed].sort(), rules.map(({ id }) => id).sort());
});

describe("without AWS", () => {
  test("nothing wrong: every step passes or says what it takes", () => {
    const diagnosis = diagnosed(healthy);
    assert.deepEqual(failed(diagnosis), []);
    assert.deepEqual(
      diagnosis.steps.flatMap(({ id, result }) => (result === "skipped" ? id : [])),
      ["backend", "role", "expiry", "containers-and-ci", "caller", "clock", "identity"],
    );
    assert.match(diagnosis.verdict, /^Nothing here explains a refusal; .*--live\.$/);
    for (const { because } of diagnosis.steps) assert.notEqual(because, "");
  });

  test("a profile that is missing is the verdict, with what to do", () => {
    const diagnosis = diagnosed({
      "main.tf": healthy["main.tf"],
      "home/.aws/config": "[profile prod]\nregion = eu-west-1\n",
    });
    assert.deepEqual(failed(diagnosis), ["profile", "chain"]);
    const step = diagnosis.steps.find(({ id }) => id === "profile");
    assert.deepEqual(step?.findings, ["profile-not-found"]);
    assert.equal(step?.at?.path, "main.tf");
    assert.match(diagnosis.verdict, /^Profile dev is in neither the credentials nor the config file\. ./);
  });

  test("an error comes before a warning of an earlier step", () => {
    const diagnosis = diagnosed({
      ...healthy,
      "main.tf": 'provider "aws" {\n  region  = "eu-wset-1"\n  profile = "dev"\n}\n',
      "home/.aws/config": "[profile dev]\ncredential_process = keys dev\nregion = eu-west-1\nregion = eu-west-1\n",
    });
    assert.ok(failed(diagnosis).indexOf("files") < failed(diagnosis).indexOf("region"));
    assert.match(diagnosis.verdict, /eu-wset-1/);
  });

  test("no credentials at all is said of the block", () => {
    const { steps, verdict } = diagnosed({ "main.tf": 'provider "aws" {\n  region = "eu-west-1"\n}\n' });
    const step = steps.find(({ id }) => id === "chain");
    assert.equal(step?.result, "failed");
    assert.match(step?.because ?? "", /^Provider aws: none found here/);
    assert.match(verdict, /Name a profile/);
  });
});

describe("with AWS", () => {
  const observed =
    (answer: NonNullable<Verification["observation"]>["answer"], clockSkewSeconds: number) =>
    (set: Verification["set"], chain: Verification["chain"]): Verification => ({
      set,
      chain,
      region: "eu-west-1",
      observation: {
        of: "",
        answer,
        host: "sts.eu-west-1.amazonaws.com",
        region: "eu-west-1",
        at: now,
        chain,
        clockSkewSeconds,
      },
    });

  test("a valid identity is the verdict", () => {
    const identity = { account: "123456789012", arn: "arn:aws:iam::123456789012:user/x", userId: "AIDAX" };
    const diagnosis = diagnosed(healthy, observed({ status: "valid", identity }, 2));
    assert.deepEqual(failed(diagnosis), []);
    assert.match(diagnosis.verdict, /^Nothing is wrong: Provider aws is account 123456789012/);
  });

  test("a clock that is off is the cause before the refusal it brings", () => {
    const diagnosis = diagnosed(healthy, observed({ status: "rejected", code: "SignatureDoesNotMatch" }, 900));
    assert.deepEqual(failed(diagnosis), ["clock", "identity"]);
    assert.match(diagnosis.verdict, /^It is 15 minutes behind AWS's/);
  });

  test("no answer is no verdict on the keys", () => {
    const diagnosis = diagnosed(healthy, (set, chain) => ({
      set,
      chain,
      region: "eu-west-1",
      notAsked: { kind: "keys-out-of-reach", because: "The keys are not in a file." },
    }));
    assert.deepEqual(failed(diagnosis), []);
    assert.match(diagnosis.verdict, /^Nothing here explains a refusal\. The keys are not in a file\.$/);
  });
});

test("the command prints the contract's document and ends in 1 where a step failed", async () => {
  const printed = async (files: Readonly<Record<string, string>>, ...argv: readonly string[]) => {
    let out = "";
    const code = await main(["diagnose", ...argv], {
      stdout: (text) => {
        out += text;
      },
      stderr: () => {},
      color: false,
      cwd,
      world: plainWorld({ files, environment: {} }),
    });
    return { code, out };
  };
  const files = {
    "main.tf": healthy["main.tf"],
    "~/.aws/config": "[profile dev]\ncredential_process = /usr/local/bin/keys dev\n",
  };
  const good = await printed(files, "--format", "json");
  const document = JSON.parse(good.out);
  assert.deepEqual(Object.keys(document), ["version", "steps", "verdict"]);
  assert.equal(document.version, 1);
  for (const step of document.steps) {
    assert.deepEqual(Object.keys(step).slice(0, 6), ["id", "title", "result", "because", "findings", "next"]);
    assert.match(step.result, /^(?:passed|failed|skipped)$/);
  }
  assert.equal(good.code, 0);
  const bad = await printed({ "main.tf": files["main.tf"] }, "--format", "json");
  const failure = JSON.parse(bad.out).steps.find(({ id }: { id: string }) => id === "profile");
  assert.deepEqual([failure.result, failure.file, failure.line, bad.code], ["failed", "main.tf", 3, 1]);
  const { out } = await printed({ "main.tf": files["main.tf"] });
  assert.match(out, /^✗ Profiles exist and give credentials {2}main\.tf:3$/m);
  assert.match(out, /\n\nProfile dev does not exist: .* Correct the name.*\n$/);
});
