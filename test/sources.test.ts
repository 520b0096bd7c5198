import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, beforeEach, describe, test } from "node:test";
import { timeLeft } from "../src/explain/status";
import { verdictOf } from "../src/explain/verdict";
import type { Verification } from "../src/model/credentials";
import { type FakeSts, fakeKey, startFakeSts } from "./support/fakeSts";
import { calleridAt, type Given, verifiedAt, worldAt } from "./support/verifying";
import { cwd, home } from "./support/world";

let sts: FakeSts;
const token = `${"t".repeat(30)}Ab1_-`;
const cloud = "arn:aws:iam::222222222222:role/ci/deploy";

before(async () => {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  sts = await startFakeSts({ roles: [{ arn: cloud, trusts: ["repo:me/it"] }] });
});

after(() => sts.close());

beforeEach(() => {
  sts.fault = undefined;
  sts.requests.length = 0;
  sts.portal.tokens.clear();
  sts.portal.tokens.add(token);
  sts.portal.permissionSets.clear();
  sts.portal.permissionSets.add("333333333333/Admin");
  sts.portal.refreshTokens.clear();
});

const hash = (kind: "sha1" | "sha256", text: string) => createHash(kind).update(text).digest("hex");
const later = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString().replace(/\.\d+Z$/, "Z");
const block = 'provider "aws" {\n  profile = "work"\n  region = "eu-west-1"\n}\n';

const ssoConfig = `[profile work]
sso_session = corp
sso_account_id = 333333333333
sso_role_name = Admin

[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-central-1
`;
const cache = `~/.aws/sso/cache/${hash("sha1", "corp")}.json`;
const login = (more: object = {}) =>
  JSON.stringify({ accessToken: token, expiresAt: later(1), region: "eu-central-1", ...more });
const renewable = { clientId: "id", clientSecret: "s".repeat(40), registrationExpiresAt: later(200) };

const withSso = (kept: string | undefined, rest: Given = {}): Given => ({
  files: { "main.tf": block, "~/.aws/config": ssoConfig, ...(kept === undefined ? {} : { [cache]: kept }) },
  ...rest,
});

const paths = () => sts.requests.map(({ method, path }) => `${method} ${path}`);
const meaningOf = (verification: Verification) => verdictOf(verification).meaning;

describe("SSO, by the cached login", () => {
  test("the role's keys are fetched and asked about", async () => {
    const verification = await verifiedAt(sts, withSso(login()));
    assert.match(
      verdictOf(verification).title,
      /account 333333333333 as .*AWSReservedSSO_Admin_0123456789abcdef\/me in eu-west-1/,
    );
    assert.deepEqual(paths(), ["GET /federation/credentials?role_name=Admin&account_id=333333333333", "POST /"]);
    assert.equal(sts.requests[0]?.headers["x-amz-sso_bearer_token"], token);
    assert.equal(sts.requests[0]?.headers.authorization, undefined);
    const left = timeLeft(verification, new Date());
    assert.ok(left && left > 3_500_000 && left <= 3_600_000, "the end of the keys is known afterwards");
  });

  test("of a profile without an [sso-session], by its start URL", async () => {
    const config = ssoConfig
      .replace("sso_session = corp", "sso_start_url = https://corp.awsapps.com/start\nsso_region = eu-central-1")
      .split("\n[sso-session")[0];
    const files = {
      "main.tf": block,
      "~/.aws/config": `${config}`,
      [`~/.aws/sso/cache/${hash("sha1", "https://corp.awsapps.com/start")}.json`]: login(),
    };
    assert.match(verdictOf(await verifiedAt(sts, { files })).title, /account 333333333333/);
  });

  test("then a role on top of it", async () => {
    sts.roles.set("arn:aws:iam::444444444444:role/x", {
      arn: "arn:aws:iam::444444444444:role/x",
      trusts: ["arn:aws:sts::333333333333:assumed-role/AWSReservedSSO_Admin_0123456789abcdef"],
    });
    const given = withSso(login());
    const files = {
      ...given.files,
      "main.tf": block.replace("}\n", '  assume_role {\n    role_arn = "arn:aws:iam::444444444444:role/x"\n  }\n}\n'),
    };
    assert.match(verdictOf(await verifiedAt(sts, { files })).title, /account 444444444444/);
  });

  for (const [name, kept, meaning] of [
    ["nobody has logged in", undefined, /^Nobody has logged in to SSO session corp on this machine\.$/],
    ["the login is over", login({ expiresAt: later(-1) }), /^The SSO login of session corp ended at \d{4}-/],
    ["the file is none of a login", "[]", /^Nobody has logged in to SSO/],
    [
      "the client's registration is over too",
      login({ expiresAt: later(-1), ...renewable, refreshToken: "r", registrationExpiresAt: later(-1) }),
      /ended at/,
    ],
  ] as const) {
    test(`${name}: says so, and how to log in`, async () => {
      const verification = await verifiedAt(sts, withSso(kept));
      assert.equal(verification.notAsked?.kind, "keys-out-of-reach");
      assert.match(meaningOf(verification), meaning);
      assert.deepEqual(verdictOf(verification).next, ["Log in again: aws sso login --profile work"]);
      assert.equal(sts.requests.length, 0);
    });
  }

  test("a login that is over is renewed only when the user says so, and kept", async () => {
    sts.portal.refreshTokens.add("refresh-1");
    const kept = login({ expiresAt: later(-1), ...renewable, refreshToken: "refresh-1" });
    const first = await verifiedAt(sts, withSso(kept));
    assert.match(meaningOf(first), /Terraform renews it by its refresh token; CallerID only does so when told to\.$/);
    assert.match(verdictOf(first).next[1] ?? "", /callerid verify --renew-login/);
    assert.equal(sts.requests.length, 0);

    const given = withSso(kept, { options: { mayRenewLogin: true } });
    const world = worldAt(sts, given);
    assert.match(verdictOf(await verifiedAt(sts, given, world)).title, /account 333333333333/);
    assert.deepEqual(paths().slice(0, 2), [
      "POST /token",
      "GET /federation/credentials?role_name=Admin&account_id=333333333333",
    ]);
    const now = JSON.parse(world.files.get(cache.replace("~", home)) ?? "");
    assert.notEqual(now.accessToken, token);
    assert.ok(sts.portal.refreshTokens.has(now.refreshToken), "the next refresh token is kept");
    assert.equal(now.region, "eu-central-1", "and all else stays");
    assert.ok(Date.parse(now.expiresAt) > Date.now());
  });

  test("a refresh token that is spent means a new login", async () => {
    const kept = login({ expiresAt: later(-1), ...renewable, refreshToken: "spent" });
    const verification = await verifiedAt(sts, withSso(kept, { options: { mayRenewLogin: true } }));
    assert.match(meaningOf(verification), /is over and could not be renewed\.$/);
    assert.deepEqual(paths(), ["POST /token"]);
  });

  test("a token that AWS ended, a permission set that is not assigned, an answer that is none", async () => {
    sts.portal.tokens.clear();
    assert.match(
      meaningOf(await verifiedAt(sts, withSso(login()))),
      /^AWS no longer takes the SSO login of session corp\.$/,
    );
    sts.portal.tokens.add(token);
    sts.portal.permissionSets.clear();
    const refused = verdictOf(await verifiedAt(sts, withSso(login())));
    assert.equal(refused.title, "AWS refused provider aws its keys: ForbiddenException.");
    assert.match(refused.meaning, /permission set Admin in account 333333333333 is not assigned to its user\.$/);
    for (const [fault, reason] of [
      ["html200", "captive-portal"],
      ["html503", "aws-fault"],
      ["redirect302", "captive-portal"],
      ["reset", "reset"],
    ] as const) {
      sts.fault = fault;
      const { observation } = await verifiedAt(sts, withSso(login()));
      const answer = observation?.answer;
      assert.equal(answer?.status === "unknown" && answer.reason, reason, fault);
    }
  });

  test("a config file of the workspace is no word of the user", async () => {
    const files = {
      "main.tf": block.replace("}\n", `  shared_config_files = ["${cwd}/evil.cfg"]\n}\n`),
      "evil.cfg": ssoConfig,
      [cache]: login(),
    };
    const verification = await verifiedAt(sts, { files });
    assert.notEqual(verification.notAsked, undefined);
    assert.equal(sts.requests.length, 0);
  });
});

describe("aws login", () => {
  const session = "arn:aws:iam::123456789012:user/me";
  const file = `~/.aws/login/cache/${hash("sha256", session)}.json`;
  const key = fakeKey("temporary");
  const given = (expiresAt: string): Given => ({
    files: {
      "main.tf": block,
      "~/.aws/config": `[profile work]\nlogin_session = ${session}\n`,
      [file]: JSON.stringify({
        accessToken: { accessKeyId: key.id, secretAccessKey: key.secret, sessionToken: key.token, expiresAt },
        refreshToken: "r",
      }),
    },
  });

  test("its keys are used while they last", async () => {
    sts.keys.set(key.id, key);
    assert.match(verdictOf(await verifiedAt(sts, given(later(1)))).title, new RegExp(key.arn));
  });

  test("and then it is to be done again", async () => {
    const { meaning, next } = verdictOf(await verifiedAt(sts, given(later(-1))));
    assert.match(meaning, /^The keys of aws login for profile work ended at/);
    assert.deepEqual(next, ["Log in again: aws login --profile work"]);
    assert.equal(sts.requests.length, 0);
  });
});

describe("a web identity", () => {
  const jwt = (claims: object) =>
    [{ alg: "RS256" }, { iss: "https://issuer.example", exp: Date.now() / 1000 + 600, sub: "repo:me/it", ...claims }]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .concat("c2lnbmF0dXJlLW9mLW5vYm9keQ")
      .join(".");
  const environment = { AWS_WEB_IDENTITY_TOKEN_FILE: "/var/run/token", AWS_ROLE_ARN: cloud, AWS_REGION: "eu-west-1" };
  const given = (text: string): Given => ({ files: { "/var/run/token": text }, environment });

  test("its token is traded, unsigned, for the role's keys", async () => {
    const verification = await verifiedAt(sts, given(`${jwt({})}\n`));
    const { title, meaning } = verdictOf(verification);
    assert.match(title, /account 222222222222 as arn:aws:sts::222222222222:assumed-role\/deploy\/callerid/);
    assert.equal(meaning, "");
    assert.equal(sts.requests[0]?.headers.authorization, undefined);
    assert.deepEqual([...new URLSearchParams(sts.requests[0]?.body).keys()].sort(), [
      "Action",
      "DurationSeconds",
      "RoleArn",
      "RoleSessionName",
      "Version",
      "WebIdentityToken",
    ]);
  });

  for (const [name, text, code] of [
    ["of another issuer", jwt({ iss: "https://other.example" }), "InvalidIdentityToken"],
    ["that has expired", jwt({ exp: 1 }), "ExpiredTokenException"],
    ["of another repository", jwt({ sub: "repo:me/other" }), "AccessDenied"],
  ] as const) {
    test(`a token ${name}`, async () => {
      const { status, title } = verdictOf(await verifiedAt(sts, given(text)));
      assert.equal(status, "rejected");
      assert.equal(title, `AWS refused provider aws its keys: ${code}.`);
    });
  }

  test("what is no token of an identity provider is never sent", async () => {
    for (const text of ["-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n", "password", `${"a".repeat(40)}.b`]) {
      const { status, meaning } = verdictOf(await verifiedAt(sts, given(text)));
      assert.equal(status, "unknown");
      assert.match(meaning, /is no JSON web token, so it was not sent\.$/);
    }
    assert.equal(sts.requests.length, 0);
  });

  test("a block that names a token file is asked about first", async () => {
    const files = {
      "main.tf": `provider "aws" {\n  region = "eu-west-1"\n  assume_role_with_web_identity {\n    role_arn = "${cloud}"\n    web_identity_token_file = "/var/run/token"\n  }\n}\n`,
      "/var/run/token": jwt({}),
    };
    const verification = await verifiedAt(sts, { files });
    assert.equal(verification.notAsked?.kind, "consent-needed");
    assert.match(
      meaningOf(verification),
      /A file of the workspace has the keys of provider aws come from web identity token/,
    );
    assert.equal(sts.requests.length, 0);
    assert.match(
      verdictOf(await verifiedAt(sts, { files, options: { mayUseFoundKeys: true } })).title,
      /account 222222222222/,
    );
  });
});

describe("the command line", () => {
  test("says where the keys come from, and prints none of what is secret", async () => {
    const { code, stdout, stderr } = await calleridAt(sts, withSso(login()), "verify", "--format", "json");
    assert.equal(code, 0);
    assert.equal(stderr, "provider aws takes its keys from SSO login of profile work\n");
    const [result] = JSON.parse(stdout).results;
    assert.equal(result.account, "333333333333");
    assert.match(result.expires, /^\d{4}-\d\d-\d\dT/);
    assert.deepEqual(result.source, { kind: "sso", profile: "work", file: "~/.aws/config", line: 2 });
    const secrets = [token, ...[...sts.keys.values()].flatMap(({ secret, token: one = secret }) => [secret, one])];
    for (const secret of secrets) assert.ok(!stdout.includes(secret) && !stderr.includes(secret));
  });
});
