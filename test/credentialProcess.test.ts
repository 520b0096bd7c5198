import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { verdictOf } from "../src/explain/verdict";
import { obstacleToRun, safePath, shownCommand } from "../src/live/programs";
import { fetchKeys } from "../src/live/sources";
import { fetchProcess } from "../src/live/sources/process";
import { type FakeSts, fakeKey, startFakeSts } from "./support/fakeSts";
import { type Given, sourcesOf, verifiedAt, worldAt } from "./support/verifying";
import { cwd } from "./support/world";

let sts: FakeSts;
let folder: string;
const key = fakeKey("temporary");

before(async () => {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  sts = await startFakeSts({ keys: [key] });
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "callerid-"));
  const printed = { Version: 1, AccessKeyId: key.id, SecretAccessKey: key.secret, SessionToken: key.token };
  fs.writeFileSync(path.join(folder, "keys.json"), JSON.stringify(printed));
});

after(async () => {
  fs.rmSync(folder, { recursive: true });
  await sts.close();
});

const ran = (command: string, limitMs = 5_000, signal?: AbortSignal) =>
  fetchProcess(command, {
    environment: { PATH: process.env.PATH },
    directory: folder,
    now: new Date(),
    limitMs,
    ...(signal ? { signal } : {}),
  });

describe("a credential_process", () => {
  test("prints keys", async () => {
    const answer = await ran("cat keys.json");
    assert.equal(answer.status === "fetched" && answer.keys.accessKeyId, key.id);
  });

  for (const [name, command, because] of [
    ["an exit code", "echo '{}'; exit 3", /ended with exit code 3\./],
    ["no JSON", "echo hello", /printed no JSON\./],
    ["another version", `echo '{"Version":2}'`, /printed no Version 1\./],
    ["half a pair", `echo '{"Version":1,"AccessKeyId":"x"}'`, /no AccessKeyId or no SecretAccessKey\./],
    [
      "keys that are over",
      `echo '{"Version":1,"AccessKeyId":"x","SecretAccessKey":"y","Expiration":"2020-01-01T00:00:00Z"}'`,
      /have expired\./,
    ],
    ["more than keys", "yes", /printed more than keys and was ended\./],
    ["no such program", "/nonexistent/program", /ended with exit code 127\./],
  ] as const) {
    test(`that gives ${name}`, async () => {
      const answer = await ran(command);
      assert.match(answer.status === "unavailable" ? answer.because : answer.status, because);
    });
  }

  test("that hangs is ended, its children with it, and a word ends it as well", async () => {
    const started = performance.now();
    const hanging = await ran("sleep 30 | cat", 300);
    assert.match(hanging.status === "unavailable" ? hanging.because : "", /took too long and was ended\./);
    const cancelled = await ran("sleep 30", 5_000, AbortSignal.timeout(200));
    assert.deepEqual(cancelled, { status: "unknown", reason: "cancelled" });
    assert.ok(performance.now() - started < 4_000);
  });
});

const given = (command: string, options: Given["options"] = {}): Given => ({
  files: {
    "main.tf": 'provider "aws" {\n  profile = "vault"\n  region = "eu-west-1"\n}\n',
    "~/.aws/config": `[profile vault]\ncredential_process = ${command}\n`,
  },
  options: { workspace: [cwd], ...options },
});

describe("it is run by the user's word alone", () => {
  test("and is shown before", async () => {
    const marker = path.join(folder, "marker");
    const verification = await verifiedAt(sts, given(`touch ${marker}`));
    assert.equal(verification.notAsked?.kind, "keys-out-of-reach");
    const { meaning, next } = verdictOf(verification);
    assert.ok(
      meaning.endsWith(`credential_process of profile vault: touch ${marker} – it is only run when you say so.`),
    );
    assert.match(next[0] ?? "", /--run-credential-process$/);
    const found = await verifiedAt(sts, given(`touch ${marker}`, { mayUseFoundKeys: true }));
    assert.equal(found.notAsked?.kind, "keys-out-of-reach", "the consent to send keys is another one");
    assert.ok(!fs.existsSync(marker));
    assert.equal(sts.connections, 0);
  });

  test("and then its keys are asked about", async () => {
    const one = given(`cat ${folder}/keys.json`, { mayRunProgram: true });
    const world = worldAt(sts, one);
    const fetch = (question: Parameters<typeof fetchKeys>[0]) =>
      fetchKeys(question, { ...sourcesOf(world), home: folder, environment: { PATH: process.env.PATH } });
    const verification = await verifiedAt(sts, one, { ...world, fetchKeys: fetch });
    assert.match(verdictOf(verification).title, /^Provider aws is account 123456789012/);
  });

  for (const [name, one, because] of [
    [
      "a program of the workspace",
      given(`${cwd}/tools/keys`, { mayRunProgram: true }),
      /it names a path of the workspace\.$/,
    ],
    [
      "an argument of the workspace",
      given(`/bin/sh "${cwd}/keys.sh"`, { mayRunProgram: true }),
      /it names a path of the workspace\.$/,
    ],
    ["a relative path", given("../keys", { mayRunProgram: true }), /by a relative path\.$/],
  ] as const) {
    test(`but never ${name}`, async () => {
      const verification = await verifiedAt(sts, one);
      assert.equal(verification.notAsked?.kind, "keys-out-of-reach");
      assert.match(verdictOf(verification).meaning, because);
    });
  }

  test("nor one that a file of the workspace names", async () => {
    const { files = {} } = given("/bin/true");
    const config = `${cwd}/aws.cfg`;
    const main = `provider "aws" {\n  profile = "vault"\n  region = "eu-west-1"\n  shared_config_files = ["${config}"]\n}\n`;
    const moved = { ...files, "main.tf": main, [config]: files["~/.aws/config"] ?? "" };
    const verification = await verifiedAt(sts, {
      files: moved,
      options: { mayRunProgram: true, mayUseFoundKeys: true },
    });
    assert.notEqual(verification.notAsked, undefined);
    assert.equal(sts.requests.length, 1, "the one of the test before");
  });
});

test("a command is shown without the keys in it", () => {
  assert.equal(shownCommand(`vault --key ${key.secret} --id ${key.id} read`), "vault --key **** --id **** read");
  assert.equal(
    shownCommand("aws-vault exec --json --duration=1h production"),
    "aws-vault exec --json --duration=1h production",
  );
});

test("the search path is without what is relative or of the workspace", () => {
  assert.equal(safePath("/usr/bin:.:node_modules/.bin:/project/bin::/bin", ["/project"]), "/usr/bin:/bin");
  assert.equal(obstacleToRun("aws-vault export --format=json prod", ["/project"]), undefined);
  assert.equal(obstacleToRun("~/bin/keys https://vault.example/x", ["/project"]), undefined);
  assert.match(obstacleToRun("sh --file=/project/x", ["/project"]) ?? "", /workspace/);
  assert.match(obstacleToRun("/usr/../project/x", ["/project"]) ?? "", /workspace/);
});
