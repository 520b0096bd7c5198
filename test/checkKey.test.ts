import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { inspect } from "node:util";
import { main } from "../src/cli/main";
import { newKeyIn } from "../src/live/newKey";
import { sweep } from "./support/canary";
import { type FakeKey, type FakeSts, fakeKey, startFakeSts } from "./support/fakeSts";
import { type Given, worldAt } from "./support/verifying";
import { cwd, plainWorld } from "./support/world";

let sts: FakeSts;
const key = fakeKey("long-term", { secret: "CANARYabcdefghij+klmnopqrs/tuvwxyz012345" });
const session = fakeKey("temporary");

before(async () => {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  sts = await startFakeSts({ keys: [key, session] });
});

after(() => sts.close());

beforeEach(() => {
  sts.requests.length = 0;
  sts.connections = 0;
  sts.fault = undefined;
});

const created = ({ id, secret }: FakeKey, ago = 3600, more: object = {}) =>
  JSON.stringify({
    AccessKey: {
      UserName: "terraform",
      AccessKeyId: id,
      Status: "Active",
      SecretAccessKey: secret,
      CreateDate: new Date(plainWorld().now().getTime() - ago * 1000).toISOString(),
      ...more,
    },
  });

const assumed = ({ id, secret, token }: FakeKey, more: object = {}) =>
  JSON.stringify({
    Credentials: {
      AccessKeyId: id,
      SecretAccessKey: secret,
      SessionToken: token,
      Expiration: "2026-06-01T13:00:00+00:00",
      ...more,
    },
    AssumedRoleUser: { AssumedRoleId: "AROA:x", Arn: "arn:aws:sts::123456789012:assumed-role/x/x" },
  });

async function checked(input: string, argv: readonly string[] = [], given: Given = {}) {
  let [stdout, stderr] = ["", ""];
  const world = { ...worldAt(sts, given), readOutput: async () => input };
  const code = await main(["check-key", ...argv], {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    color: false,
    cwd,
    world,
  });
  const secrets = [key, session].flatMap(({ secret, token }) => [secret, ...(token ? [token] : [])]);
  const canaries = secrets.map((text) => ({ text, isKeyId: false }));
  assert.deepEqual(sweep(stdout + stderr, canaries), []);
  return { code, stdout, stderr };
}

const resultsOf = (stdout: string) =>
  Object.fromEntries(JSON.parse(stdout).checks.map(({ id, result }: { id: string; result: string }) => [id, result]));

describe("without asking anybody", () => {
  test("a key of create-access-key", async () => {
    const { code, stdout } = await checked(created(key));
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^Key AKIA…${key.id.slice(-4)}\n  ✓ Key id and secret key have the form`));
    assert.match(stdout, /holds \+ or \/, which is as it should be.*put it there as it is\.\n {4}→ In a URL/);
    assert.match(stdout, /- AWS was not asked; --live does\.\n$/);
    assert.equal(sts.connections, 0);
  });

  test("keys of assume-role", async () => {
    const { code, stdout } = await checked(assumed(session), ["--format", "json"]);
    assert.equal(code, 0);
    const json = JSON.parse(stdout);
    assert.equal(json.kind, "temporary");
    assert.equal(json.key, `ASIA…${session.id.slice(-4)}`);
    assert.equal(resultsOf(stdout).end, "passed");
  });

  for (const [name, input, failed] of [
    [
      "a session without its token",
      JSON.stringify({ Credentials: { AccessKeyId: session.id, SecretAccessKey: session.secret } }),
      "token",
    ],
    ["a session that has ended", assumed(session, { Expiration: "2026-06-01T11:00:00UTC" }), "end"],
    ["a secret that lost its end", created({ ...key, secret: key.secret.slice(0, -2) }), "form"],
    [
      "a secret with a line break in it",
      created({ ...key, secret: `${key.secret.slice(0, 20)}\n${key.secret.slice(20)}` }),
      "form",
    ],
    [
      "an example",
      created({ ...key, id: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" }),
      "form",
    ],
    ["a role's id", created({ ...key, id: key.id.replace("AKIA", "AROA") }), "form"],
    ["a key that is not active", created(key, 3600, { Status: "Inactive" }), "form"],
    ["a honeytoken", created({ ...key, id: ["AKIA", "QYLPMN5HKVCANARY"].join("") }), "account"],
  ] as const) {
    test(`${name} is bad, and not sent`, async () => {
      const { code, stdout } = await checked(input, ["--live", "--format", "json"]);
      assert.equal(code, 1);
      const results = resultsOf(stdout);
      assert.equal(results[failed], "failed");
      assert.equal(results.live, "skipped");
      assert.equal(sts.connections, 0);
    });
  }

  test("what is no key is none", async () => {
    for (const input of ["", "AKIA", "{}", '{"AccessKey":[]}', `{"AccessKeyId":"${key.id}"}`, `[${created(key)}]`]) {
      assert.equal(newKeyIn(input), undefined);
      const { code, stdout, stderr } = await checked(input);
      assert.equal(code, 3);
      assert.equal(stdout, "");
      assert.match(stderr, /holds no JSON with an AccessKeyId and a SecretAccessKey/);
    }
  });

  test("and never from an argument", async () => {
    const { code, stderr } = await checked("", [key.id]);
    assert.equal(code, 2);
    assert.match(stderr, /read from standard input alone/);
    assert.ok(!stderr.includes(key.id));
  });

  test("the key prints as asterisks", () => {
    assert.ok(!inspect(newKeyIn(created(key)), { showHidden: true, depth: null }).includes(key.secret));
  });
});

describe("with --live", () => {
  test("a good key", async () => {
    const { code, stdout, stderr } = await checked(created(key), ["--live", "--region", "eu-west-1"]);
    assert.equal(code, 0);
    assert.equal(stderr, "asking STS in eu-west-1\n");
    assert.match(stdout, /✓ AWS knows it: account 123456789012 as arn:aws:iam::123456789012:user\/terraform\./);
    assert.equal(sts.requests.length, 1);
  });

  test("one that was just made is told from a dead one", async () => {
    const unknown = { ...fakeKey("long-term"), secret: key.secret };
    const fresh = await checked(created(unknown, 4), ["--live"]);
    assert.equal(fresh.code, 3);
    assert.match(fresh.stdout, /\? AWS does not know it yet\. It was made 4 seconds ago/);
    assert.match(fresh.stdout, /→ Ask again in a minute/);
    const old = await checked(created(unknown, 3600), ["--live"]);
    assert.equal(old.code, 1);
    assert.match(old.stdout, /✗ AWS refused it: InvalidClientTokenId\./);
  });

  test("another key's secret, and no answer", async () => {
    const wrong = await checked(created({ ...session, id: key.id, secret: session.secret }), ["--live"]);
    assert.match(wrong.stdout, /✗ AWS refused it: SignatureDoesNotMatch\./);
    sts.fault = "html200";
    const none = await checked(created(key), ["--live", "--endpoint", sts.url]);
    assert.equal(none.code, 3);
    assert.match(none.stderr, /^asking 127\.0\.0\.1:\d+\n$/);
  });

  test("a region that is not enabled", async () => {
    const one = fakeKey("long-term", { regions: ["us-east-1"], secret: key.secret });
    sts.keys.set(one.id, one);
    const { stdout } = await checked(created(one), ["--live", "--region", "ap-east-1"]);
    assert.match(
      stdout,
      /✗ It is good in us-east-1, as account 123456789012; the region that was asked does not know it\./,
    );
  });
});
