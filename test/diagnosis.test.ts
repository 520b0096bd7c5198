import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { manualOf } from "../src/analyzer";
import { diagnose } from "../src/explain/diagnosis";
import { besideTheDiagnosis, diagnosisSteps } from "../src/explain/diagnosisSteps";
import type { Verification } from "../src/model/credentials";
import { rules } from "../src/rules";
import { analyzeFixture, type Fixture, now } from "./support/fixture";

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
      ["caller", "clock", "identity"],
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
