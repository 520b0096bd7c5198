import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { analyze } from "../src/analyzer";
import { loadWorkspace } from "../src/live/load";
import { type FakeKey, type FakeSts, fakeKey, startFakeSts } from "./support/fakeSts";
import { calleridAt, type Given, verifiedAt, worldAt } from "./support/verifying";
import { cwd } from "./support/world";

let sts: FakeSts;
const root = fakeKey("long-term", { arn: "arn:aws:iam::123456789012:root", userId: "123456789012" });
const dead = fakeKey("long-term", { state: "inactive" });
const session = fakeKey("temporary", { arn: "arn:aws:iam::123456789012:user/me" });

before(async () => {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  sts = await startFakeSts({ keys: [root, dead, session] });
});

after(() => sts.close());

const given = ({ id, secret, token }: FakeKey, block = ""): Given => ({
  files: {
    "main.tf": `provider "aws" {\n  profile = "dev"\n  region = "eu-west-1"\n${block}}\n`,
    "~/.aws/credentials": `[dev]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n${token ? `aws_session_token = ${token}\n` : ""}`,
  },
});

const workspaceOf = (one: Given) =>
  loadWorkspace(worldAt(sts, one), [cwd], { environmentOwner: "this process" }).workspace;

describe("an answer of AWS's is judged like a file", () => {
  test("while it is about what stands there", async () => {
    const { observation } = await verifiedAt(sts, given(dead));
    assert.ok(observation);
    const rulesOf = (one: Given) =>
      analyze({ ...workspaceOf(one), observations: [observation] }).findings.map(({ rule }) => rule);
    assert.deepEqual(rulesOf(given(dead)), ["rejected-credentials"]);
    assert.deepEqual(rulesOf(given(root)), [], "another key");
    assert.deepEqual(rulesOf(given({ ...dead, secret: root.secret })), [], "another secret");
    const block = '  assume_role {\n    role_arn = "arn:aws:iam::123456789012:role/x"\n  }\n';
    assert.deepEqual(rulesOf(given(dead, block)), [], "another role");
    const { files = {} } = given(dead);
    const elsewhere = { ...files, "main.tf": files["main.tf"]?.replace("eu-west-1", "eu-west-2") ?? "" };
    assert.deepEqual(rulesOf({ files: elsewhere }), [], "another region");
    assert.deepEqual(rulesOf({ files: { ...files, "main.tf": "" } }), [], "no block");
  });

  test("and an answer that says nothing brings nothing", async () => {
    sts.fault = "html503";
    const { observation } = await verifiedAt(sts, given(dead));
    sts.fault = undefined;
    assert.ok(observation);
    assert.deepEqual(analyze({ ...workspaceOf(given(dead)), observations: [observation] }).findings, []);
  });
});

describe("the command line shows what an answer brought to light", () => {
  test("in both formats", async () => {
    const allowed = '  allowed_account_ids = ["111122223333"]\n';
    const json = await calleridAt(sts, given(root, allowed), "verify", "--format", "json");
    assert.equal(json.code, 0);
    const [{ findings }] = JSON.parse(json.stdout).results;
    assert.deepEqual(
      findings.map(({ rule, severity, file, line }: Record<string, unknown>) => [rule, severity, file, line]),
      [
        ["root-identity", "warning", "main.tf", 1],
        ["unexpected-account", "error", "main.tf", 4],
      ],
    );
    const { stdout } = await calleridAt(sts, given(root), "verify");
    assert.match(
      stdout,
      /\n {2}warning: The keys of provider aws are those of account 123456789012's root user\. \[root-identity\]\n/,
    );
  });

  test("and what the verdict says is not said twice", async () => {
    const { stdout } = await calleridAt(sts, given(dead), "verify");
    assert.doesNotMatch(stdout, /\[rejected-credentials\]/);
  });

  test("a user's session is told from a role's where IAM is called", async () => {
    const one = given(session);
    const files = { ...one.files, "iam.tf": 'resource "aws_iam_user" "x" {\n  name = "x"\n}\n' };
    const { stdout } = await calleridAt(sts, { files }, "verify");
    assert.match(stdout, /\[session-without-mfa\]/);
    assert.doesNotMatch((await calleridAt(sts, one, "verify")).stdout, /session-without-mfa/);
  });
});
