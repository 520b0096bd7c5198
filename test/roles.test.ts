import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { verdictOf } from "../src/explain/verdict";
import { type FakeKey, type FakeSts, fakeKey, startFakeSts } from "./support/fakeSts";
import { golden } from "./support/golden";
import { calleridAt, type Given, verifiedAt } from "./support/verifying";

let sts: FakeSts;
const user = fakeKey("long-term");
const deploy = "arn:aws:iam::222222222222:role/ci/deploy";
const reader = "arn:aws:iam::333333333333:role/reader";

before(async () => {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  sts = await startFakeSts({
    keys: [user],
    roles: [
      { arn: deploy, trusts: [user.arn] },
      { arn: reader, trusts: ["arn:aws:sts::222222222222:assumed-role/deploy"], externalId: "abc", maxSeconds: 7200 },
    ],
  });
});

after(() => sts.close());

beforeEach(() => {
  sts.requests.length = 0;
});

const credentials = ({ id, secret, token }: FakeKey, name = "dev") =>
  `[${name}]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n${token ? `aws_session_token = ${token}\n` : ""}`;

const roleBlock = (arn: string, more = "") => `  assume_role {\n    role_arn = "${arn}"\n    ${more}\n  }\n`;

const withRoles = (blocks: string, key: FakeKey = user, rest: Given = {}): Given => ({
  files: {
    "main.tf": `provider "aws" {\n  profile = "dev"\n  region = "eu-west-1"\n${blocks}}\n`,
    "~/.aws/credentials": credentials(key),
  },
  ...rest,
});

const actions = () => sts.requests.map(({ body }) => new URLSearchParams(body).get("Action"));
const sent = (action = "AssumeRole") =>
  sts.requests.map(({ body }) => new URLSearchParams(body)).filter((form) => form.get("Action") === action);

describe("the roles of a chain are assumed", () => {
  test("one, and then its keys are asked about", async () => {
    const verification = await verifiedAt(sts, withRoles(roleBlock(deploy)));
    assert.deepEqual(actions(), ["GetCallerIdentity", "AssumeRole", "GetCallerIdentity"]);
    const { status, title, meaning } = verdictOf(verification);
    assert.equal(status, "valid");
    const session = "arn:aws:sts::222222222222:assumed-role/deploy/callerid";
    assert.equal(title, `Provider aws is account 222222222222 as ${session} in eu-west-1.`);
    assert.equal(meaning, `It assumed ${deploy} with the keys of ${user.arn}.`);
    assert.deepEqual(Object.fromEntries(sent()[0] ?? []), {
      Action: "AssumeRole",
      Version: "2011-06-15",
      RoleArn: deploy,
      RoleSessionName: "callerid",
      DurationSeconds: "900",
    });
    assert.ok(sts.requests.every(({ headers }) => /\/eu-west-1\/sts\//.test(headers.authorization ?? "")));
  });

  test("with all that the block says", async () => {
    const more = `session_name = "tf"
    duration = "30m"
    external_id = "e-1"
    source_identity = "me"
    policy = "{}"
    policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
    tags = { team = "infra" }
    transitive_tag_keys = ["team"]`;
    await verifiedAt(sts, withRoles(roleBlock(deploy, more)));
    assert.deepEqual(Object.fromEntries(sent()[0] ?? []), {
      Action: "AssumeRole",
      Version: "2011-06-15",
      RoleArn: deploy,
      RoleSessionName: "tf",
      DurationSeconds: "1800",
      ExternalId: "e-1",
      SourceIdentity: "me",
      Policy: "{}",
      "PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
      "Tags.member.1.Key": "team",
      "Tags.member.1.Value": "infra",
      "TransitiveTagKeys.member.1": "team",
    });
  });

  test("two, one by the other, of a profile and of a block", async () => {
    const files = {
      "main.tf": `provider "aws" {\n  profile = "work"\n  region = "eu-west-1"\n${roleBlock(reader, 'external_id = "abc"')}}\n`,
      "~/.aws/credentials": credentials(user),
      "~/.aws/config": `[profile work]\nrole_arn = ${deploy}\nsource_profile = dev\nrole_session_name = laptop\nduration_seconds = 1800\n`,
    };
    const verification = await verifiedAt(sts, { files });
    const { title, meaning } = verdictOf(verification);
    assert.match(title, /account 333333333333 as arn:aws:sts::333333333333:assumed-role\/reader\/callerid/);
    assert.equal(meaning, `It assumed ${deploy} and then ${reader} with the keys of ${user.arn}.`);
    assert.deepEqual(
      sent().map((form) => [form.get("RoleArn"), form.get("RoleSessionName"), form.get("DurationSeconds")]),
      [
        [deploy, "laptop", "1800"],
        [reader, "callerid", "900"],
      ],
    );
  });

  test("of the S3 backend", async () => {
    const { files = {} } = withRoles("");
    const backend = `terraform {\n  backend "s3" {\n    bucket = "b"\n    key = "k"\n    region = "eu-west-1"\n    profile = "dev"\n    assume_role = {\n      role_arn = "${deploy}"\n    }\n  }\n}\n`;
    const { title } = verdictOf(await verifiedAt(sts, { files: { ...files, "main.tf": backend } }));
    assert.match(title, /^Backend "s3" is account 222222222222/);
  });

  test("not where the user only wants to know whose the keys are", async () => {
    const given = withRoles(roleBlock(deploy), user, { options: { withoutRoles: true } });
    const { status, title, meaning } = verdictOf(await verifiedAt(sts, given));
    assert.equal(status, "valid");
    assert.match(title, /account 123456789012/);
    assert.equal(meaning, `With it Terraform will assume ${deploy}; the role itself was not asked for.`);
    assert.deepEqual(actions(), ["GetCallerIdentity"]);
  });

  test("not where a value that counts is not known here; a policy is none", async () => {
    const unknown = await verifiedAt(sts, withRoles(roleBlock(deploy, "external_id = data.vault_x.y.id")));
    assert.match(verdictOf(unknown).meaning, /was not asked for, because external_id is not known here\.$/);
    assert.deepEqual(actions(), ["GetCallerIdentity"]);
    const policy = await verifiedAt(sts, withRoles(roleBlock(deploy, "policy = data.aws_iam_policy_document.x.json")));
    assert.match(verdictOf(policy).title, /account 222222222222/);
  });

  test("not where the keys themselves are refused, nor where a profile asks for a code", async () => {
    const dead = await verifiedAt(sts, withRoles(roleBlock(deploy), fakeKey("long-term")));
    assert.match(verdictOf(dead).title, /^AWS refused provider aws: InvalidClientTokenId\.$/);
    assert.deepEqual(actions(), ["GetCallerIdentity", "GetCallerIdentity"], "the second one is the home region's");
    sts.requests.length = 0;
    const files = {
      "main.tf": 'provider "aws" {\n  profile = "work"\n}\n',
      "~/.aws/credentials": credentials(user),
      "~/.aws/config": `[profile work]\nrole_arn = ${deploy}\nsource_profile = dev\nmfa_serial = arn:aws:iam::123456789012:mfa/me\n`,
    };
    const mfa = await verifiedAt(sts, { files });
    assert.equal(mfa.notAsked?.kind, "broken-chain");
    assert.match(verdictOf(mfa).meaning, /Profile work asks for a code, which Terraform cannot/);
    assert.equal(sts.requests.length, 0);
  });
});

describe("why a role was refused", () => {
  const own = fakeKey("temporary", { arn: "arn:aws:sts::222222222222:assumed-role/deploy/x", account: "222222222222" });
  const refused = (code: string, message: string) => {
    const arn = "arn:aws:iam::444444444444:role/closed";
    sts.roles.set(arn, { arn, trusts: [], refusal: { code, message } });
    return withRoles(roleBlock(arn));
  };
  const cases: readonly (readonly [name: string, given: () => Given])[] = [
    ["nobody says why", () => withRoles(roleBlock("arn:aws:iam::123456789012:role/nobody"))],
    ["across accounts, without an external id", () => withRoles(roleBlock("arn:aws:iam::999999999999:role/nobody"))],
    ["another external id", () => withRoles(`${roleBlock(deploy)}${roleBlock(reader, 'external_id = "other"')}`)],
    ["a session that assumes its own role", () => withRoles(roleBlock(deploy), own)],
    ["too long", () => withRoles(roleBlock(deploy, 'duration = "12h"'))],
    [
      "too long for a role that a role assumes",
      () => withRoles(`${roleBlock(deploy)}${roleBlock(reader, 'external_id = "abc"\n    duration = "2h"')}`),
    ],
    ["an ARN that is none", () => withRoles(roleBlock("arn:aws:iam::123456789012:user/someone-else"))],
    [
      "the trust policy",
      () =>
        refused(
          "AccessDenied",
          `User: ${user.arn} is not authorized to perform: sts:AssumeRole because no role trust policy allows the sts:AssumeRole action`,
        ),
    ],
    [
      "a missing permission",
      () =>
        refused(
          "AccessDenied",
          `User: ${user.arn} is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::444444444444:role/closed because no identity-based policy allows the sts:AssumeRole action`,
        ),
    ],
    [
      "a deny",
      () =>
        refused(
          "AccessDenied",
          `User: ${user.arn} is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::444444444444:role/closed with an explicit deny in a service control policy`,
        ),
    ],
    ["the root user", () => refused("AccessDenied", "Roles may not be assumed by root accounts.")],
    [
      "the external id's form",
      () =>
        refused(
          "ValidationError",
          "1 validation error detected: Value at 'externalId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@:\\/-]*",
        ),
    ],
    [
      "the session name's form",
      () =>
        refused(
          "ValidationError",
          "1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
        ),
    ],
    ["a region where STS is off", () => refused("RegionDisabledException", "STS is not activated in this region.")],
    ["a new reason", () => refused("SomethingNew", "Text that nobody has seen.")],
  ];

  test("in words", async () => {
    sts.keys.set(own.id, own);
    const shown: string[] = [];
    for (const [name, given] of cases) {
      const { status, title, meaning, next } = verdictOf(await verifiedAt(sts, given()));
      assert.equal(status, "rejected", name);
      shown.push([`# ${name}`, title, meaning, ...next.map((one) => `→ ${one}`), ""].join("\n"));
    }
    const text = shown.join("\n");
    assert.doesNotMatch(text, /nobody has seen|satisfy constraint/, "AWS's own words go no further");
    golden("test/fixtures/cli/verify/roles.txt", text);
  });

  test("what is no answer says nothing about the role", async () => {
    const arn = "arn:aws:iam::444444444444:role/closed";
    sts.roles.set(arn, { arn, trusts: [], refusal: { code: "Throttling", message: "Rate exceeded" } });
    const { status, title, meaning } = verdictOf(await verifiedAt(sts, withRoles(roleBlock(arn))));
    assert.equal(status, "unknown");
    assert.equal(title, "Provider aws could not be verified.");
    assert.match(meaning, /^The keys are good, as arn:aws:iam::123456789012:user\/terraform; whether they may assume/);
  });
});

describe("the command line says beforehand which roles it assumes", () => {
  test("and then who they are", async () => {
    const given = withRoles(`${roleBlock(deploy)}${roleBlock(reader, 'external_id = "abc"')}`);
    const { code, stdout, stderr } = await calleridAt(sts, given, "verify", "--format", "json");
    assert.equal(code, 0);
    assert.equal(stderr, `provider aws assumes ${deploy}\nprovider aws assumes ${reader}\n`);
    const [result] = JSON.parse(stdout).results;
    assert.equal(result.status, "valid");
    assert.equal(result.account, "333333333333");
    assert.equal(result.base.arn, user.arn);
    assert.deepEqual(result.roles, [
      { arn: deploy, status: "assumed" },
      { arn: reader, status: "assumed" },
    ]);
  });

  test("or where it ended", async () => {
    const given = withRoles(`${roleBlock(deploy, 'duration = "12h"')}${roleBlock(reader)}`);
    const { code, stdout } = await calleridAt(sts, given, "verify", "--format", "json");
    assert.equal(code, 1);
    const [result] = JSON.parse(stdout).results;
    assert.equal(result.status, "rejected");
    assert.equal(result.code, "ValidationError");
    assert.deepEqual(result.roles, [
      { arn: deploy, status: "rejected", refusal: "too-long" },
      { arn: reader, status: "not-reached" },
    ]);
  });

  test("and assumes none with --no-roles", async () => {
    const { code, stdout, stderr } = await calleridAt(sts, withRoles(roleBlock(deploy)), "verify", "--no-roles");
    assert.equal(code, 0);
    assert.equal(stderr, "");
    assert.match(stdout, /is account 123456789012 as/);
    assert.deepEqual(actions(), ["GetCallerIdentity"]);
  });

  test("and nothing of a key or a token is printed", async () => {
    const { stdout, stderr } = await calleridAt(sts, withRoles(roleBlock(deploy)), "verify", "--format", "json");
    const issued = [...sts.keys.values()];
    for (const { secret, token = secret } of issued)
      assert.ok(![stdout, stderr].some((text) => text.includes(secret) || text.includes(token)));
  });
});
