import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { after, before, beforeEach, describe, test } from "node:test";
import { analyze, implicitProvider } from "../src/analyzer";
import { accountOfKeyId } from "../src/aws/accessKey";
import { main } from "../src/cli/main";
import { verdictOf } from "../src/explain/verdict";
import { loadWorkspace } from "../src/live/load";
import { getCallerIdentity } from "../src/live/sts";
import { type Clock, throttle } from "../src/live/throttle";
import { verify } from "../src/live/verify";
import type { IdentityRequest } from "../src/live/world";
import type { Answer, Keys, Reply, UnknownReason, Verification } from "../src/model/credentials";
import { Secret } from "../src/model/secret";
import { chainWith } from "./support/chains";
import { type FakeKey, type FakeSts, fakeKey, startFakeSts } from "./support/fakeSts";
import { golden } from "./support/golden";
import { type Given, verifiedAt } from "./support/verifying";
import { cwd, type PlainWorld, plainWorld } from "./support/world";

let sts: FakeSts;
const user = fakeKey("long-term");
const session = fakeKey("temporary", { account: "012345678901" });

before(async () => {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  sts = await startFakeSts({ keys: [user, session] });
});

after(() => sts.close());

beforeEach(() => {
  sts.fault = undefined;
  sts.skewSeconds = 0;
  sts.requests.length = 0;
  sts.connections = 0;
});

type Half = Pick<FakeKey, "id" | "secret"> & { readonly token?: string | undefined };

function profileText(name: string, { id, secret, token }: Half, more = ""): string {
  const lines = [`[${name}]`, `aws_access_key_id = ${id}`, `aws_secret_access_key = ${secret}`];
  return `${[...lines, ...(token ? [`aws_session_token = ${token}`] : []), more].join("\n")}\n`;
}

function blockText({ id, secret, token }: Half, more = ""): string {
  const tokenLine = token ? `\n  token = "${token}"` : "";
  return `provider "aws" {\n  access_key = "${id}"\n  secret_key = "${secret}"${tokenLine}\n  ${more}\n}\n`;
}

const verified = (given: Given) => verifiedAt(sts, given);

const inProfile = (key: Half, rest: Given = {}) =>
  verified({
    files: { "main.tf": 'provider "aws" {\n  profile = "dev"\n}\n', "~/.aws/credentials": profileText("dev", key) },
    ...rest,
  });

function outcome({ observation, notAsked }: Verification): string {
  const answer = observation?.answer;
  if (!answer) return `not asked: ${notAsked?.kind}`;
  if (answer.status === "valid") return answer.identity.arn;
  return answer.status === "rejected" ? answer.code : answer.reason;
}

describe("what AWS says", () => {
  test("of a good key", async () => {
    const verification = await inProfile(user);
    assert.equal(outcome(verification), user.arn);
    assert.equal(verification.region, "us-east-1");
    assert.equal(verification.observation?.of, `${cwd}:provider aws`);
    assert.match(
      verdictOf(verification).title,
      /^Provider aws is account 123456789012 as arn:aws:iam::123456789012:user/,
    );
    assert.equal(sts.requests.length, 1);
  });

  test("of a good session", async () => {
    const verification = await inProfile(session);
    assert.match(verdictOf(verification).title, /account 012345678901/);
  });

  test("of keys in the environment, without anything in the workspace", async () => {
    const environment = { AWS_ACCESS_KEY_ID: user.id, AWS_SECRET_ACCESS_KEY: user.secret, AWS_REGION: "eu-west-1" };
    const verification = await verified({ environment });
    assert.equal(outcome(verification), user.arn);
    assert.match(String(sts.requests[0]?.headers.authorization), /\/eu-west-1\/sts\//);
  });

  test("of a key that nobody has", async () => {
    const verification = await inProfile(fakeKey("long-term"));
    assert.equal(outcome(verification), "InvalidClientTokenId");
    const { status, meaning } = verdictOf(verification);
    assert.equal(status, "rejected");
    assert.match(meaning, /^AWS does not know this access key id/);
  });

  test("of a temporary key without its token", async () => {
    const verification = await inProfile({ id: session.id, secret: session.secret });
    assert.equal(outcome(verification), "InvalidClientTokenId");
    const { meaning, next } = verdictOf(verification);
    assert.match(meaning, /^The key is temporary and no session token goes with it\./);
    assert.equal(next[0], "Add the session token that came with the key.");
  });

  test("of a long-term key with a token", async () => {
    const verification = await inProfile({ ...user, token: session.token });
    assert.equal(outcome(verification), "InvalidClientTokenId");
    const { meaning, next } = verdictOf(verification);
    assert.match(meaning, /^The key is a long-term one and a session token is sent with it\./);
    assert.equal(next[0], "Remove the session token.");
  });

  test("of another key's secret", async () => {
    const verification = await inProfile({ ...user, secret: session.secret });
    assert.equal(outcome(verification), "SignatureDoesNotMatch");
    assert.match(verdictOf(verification).meaning, /The secret key is not this key's/);
  });

  test("of a wrong clock: the clock comes first", async () => {
    sts.skewSeconds = 3600;
    const { meaning } = verdictOf(await inProfile(user));
    assert.match(meaning, /^This machine's clock is 60 minutes behind AWS's\./);
  });

  test("of a session that has ended", async () => {
    const ended = fakeKey("temporary", { state: "expired" });
    sts.keys.set(ended.id, ended);
    const verification = await inProfile(ended);
    assert.equal(outcome(verification), "ExpiredToken");
    assert.match(verdictOf(verification).title, /^AWS refused provider aws: ExpiredToken\.$/);
  });

  for (const [fault, reason] of [
    ["html200", "captive-portal"],
    ["silence", "timeout"],
    ["xml503", "aws-fault"],
    ["proxy407", "proxy"],
  ] as const) {
    test(`nothing about the key: ${fault}`, async () => {
      sts.fault = fault;
      const started = performance.now();
      const verification = await inProfile(user, { deadlineMs: 250 });
      assert.ok(performance.now() - started < 1_000);
      assert.equal(outcome(verification), reason);
      const verdict = verdictOf(verification);
      assert.equal(verdict.status, "unknown");
      assert.equal(verdict.title, "Provider aws could not be verified.");
      assert.doesNotMatch(`${verdict.title} ${verdict.meaning}`, /\b(?:in)?valid\b|refused the request|expired/i);
    });
  }

  test("a hostile region is nobody's host", async () => {
    const files = {
      "main.tf": 'provider "aws" {\n  profile = "dev"\n  region = "x@127.0.0.1:1/#"\n}\n',
      "~/.aws/credentials": profileText("dev", user),
    };
    assert.equal(outcome(await verified({ files })), "not asked: broken-chain");
    const unchecked = {
      ...files,
      "main.tf": files["main.tf"].replace("region", "skip_region_validation = true\n  region"),
    };
    assert.equal(outcome(await verified({ files: unchecked })), "unknown-region");
    assert.equal(sts.connections, 0);
  });
});

describe("a key that a region does not know is asked about in the partition's home region", () => {
  const regionsAsked = () =>
    sts.requests.map(({ headers }) => /\/([a-z0-9-]+)\/sts\//.exec(headers.authorization ?? "")?.[1]);
  const known = (kind: "long-term" | "temporary", regions: readonly string[], given: Partial<FakeKey> = {}) => {
    const key = fakeKey(kind, { regions, ...given });
    sts.keys.set(key.id, key);
    return key;
  };
  const inRegion = (key: Half, region: string) => inProfile(key, { options: { region } });

  test("a long-term key of an account that has not enabled the region", async () => {
    const verification = await inRegion(known("long-term", ["us-east-1"]), "ap-east-1");
    assert.deepEqual(regionsAsked(), ["ap-east-1", "us-east-1"]);
    assert.equal(outcome(verification), "InvalidClientTokenId");
    const { status, meaning, next } = verdictOf(verification);
    assert.equal(status, "rejected", "it is what Terraform's own request gets");
    assert.match(meaning, /^The same keys are good in us-east-1, so they are not the cause: ap-east-1 is not enabled/);
    assert.match(next.join(" "), /enable ap-east-1 for account 123456789012.*sts_region = "us-east-1"/);
  });

  test("a session whose token the global endpoint issued", async () => {
    const token = `FwoGZXIvYXdzE${"aA1+".repeat(90)}`;
    const verification = await inRegion(known("temporary", ["us-east-1"], { token }), "me-south-1");
    const { meaning, next } = verdictOf(verification);
    assert.match(meaning, /was issued by STS's global endpoint, and me-south-1 does not take such tokens\.$/);
    assert.match(next[0] ?? "", /from a regional endpoint/);
  });

  test("a session of an account that has not enabled the region", async () => {
    const { meaning } = verdictOf(await inRegion(known("temporary", ["us-east-1"]), "me-south-1"));
    assert.match(meaning, /me-south-1 is not enabled for account 123456789012, whose keys these are\.$/);
  });

  test("a dead key, and a token of another one", async () => {
    const dead = verdictOf(await inRegion(known("long-term", [], { state: "inactive" }), "ap-east-1"));
    assert.match(dead.meaning, /^us-east-1 does not know this access key id either, so the region is not the cause/);
    assert.doesNotMatch([dead.meaning, ...dead.next].join(" "), /has to be enabled/);
    const mixed = verdictOf(await inRegion({ ...session, token: `IQoJb3JpZ2luX2Vj${"aA1+".repeat(90)}` }, "eu-west-1"));
    assert.match(mixed.meaning, /the session token belongs to another key/);
    assert.deepEqual(regionsAsked(), ["ap-east-1", "us-east-1", "eu-west-1", "us-east-1"]);
  });

  test("a key with a second trouble", async () => {
    const key = known("long-term", ["us-east-1"]);
    const { meaning } = verdictOf(await inRegion({ ...key, secret: user.secret }, "ap-east-1"));
    assert.match(meaning, /us-east-1 does, and refuses it for another reason: SignatureDoesNotMatch\./);
  });

  test("a key that a region every account has does not know yet", async () => {
    const { meaning } = verdictOf(await inRegion(known("long-term", ["us-east-1"]), "eu-west-1"));
    assert.match(meaning, /eu-west-1 does not know them, or not yet\./);
  });

  test("in the partition of the region", async () => {
    await inRegion(known("long-term", []), "cn-northwest-1");
    assert.deepEqual(regionsAsked(), ["cn-northwest-1", "cn-north-1"]);
  });

  test("not where the answer is known, and not where the first was no such refusal", async () => {
    await inRegion(known("long-term", []), "us-east-1");
    await inRegion({ id: session.id, secret: session.secret }, "ap-east-1");
    await inRegion({ ...user, token: session.token }, "ap-east-1");
    await inRegion({ ...user, secret: session.secret }, "ap-east-1");
    await inRegion(user, "ap-east-1");
    assert.equal(sts.requests.length, 5);
  });

  test("not instead of a host that the user named", async () => {
    await inProfile(known("long-term", []), { options: { region: "ap-east-1", endpoint: sts.url } });
    assert.equal(sts.requests.length, 1);
  });

  test("an answer that says nothing leaves the first as it was", async () => {
    const world = plainWorld({
      files: { "main.tf": 'provider "aws" {\n  profile = "dev"\n}\n', "~/.aws/credentials": profileText("dev", user) },
      answer: ({ region }) => ({
        host: `sts.${region}.amazonaws.com`,
        answer:
          region === "us-east-1"
            ? { status: "unknown", reason: "timeout" }
            : { status: "rejected", code: "InvalidClientTokenId" },
      }),
    });
    const { facts, blocks } = analyze(loadWorkspace(world, [cwd], { environmentOwner: "x" }).workspace);
    const verification = await verify(facts, blocks[0] ?? implicitProvider, world, {
      mayUseFoundKeys: false,
      region: "ap-east-1",
    });
    assert.deepEqual(
      world.asked.map(({ region }) => region),
      ["ap-east-1", "us-east-1"],
    );
    assert.match(verdictOf(verification).meaning, /^ap-east-1 has to be enabled for an account/);
  });

  test("and what it said stands in the document", async () => {
    const key = known("long-term", ["us-east-1"]);
    const world = plainWorld({
      files: { "main.tf": 'provider "aws" {\n  profile = "dev"\n}\n', "~/.aws/credentials": profileText("dev", key) },
      answer: (request) => getCallerIdentity({ ...request, endpoint: sts.url }),
    });
    let stdout = "";
    const print = (text: string) => {
      stdout += text;
    };
    const argv = ["verify", "--region", "ap-east-1", "--format", "json"];
    assert.equal(await main(argv, { stdout: print, stderr: print, color: false, cwd, world }), 1);
    const [result] = JSON.parse(stdout).results;
    assert.equal(result.status, "rejected");
    assert.equal(result.code, "InvalidClientTokenId");
    assert.equal(result.region, "ap-east-1");
    assert.deepEqual(result.probe, {
      region: "us-east-1",
      endpoint: `127.0.0.1:${sts.port}`,
      status: "valid",
      account: "123456789012",
    });
  });
});

describe("who is not asked", () => {
  const next = (verification: Verification) => verdictOf(verification).next.join("\n");

  for (const [name, word] of [
    ["dev", "dev"],
    ["team/dev.eu-1", "team/dev.eu-1"],
    ["$(id)", "'$(id)'"],
    ["a&b", "'a&b'"],
    ["it's", "'it'\\''s'"],
  ] as const) {
    test(`the SSO profile ${name}: the next step is there to be typed, whatever the name`, async () => {
      const verification = await verified({
        files: {
          "main.tf": `provider "aws" {\n  profile = "${name}"\n}\n`,
          "~/.aws/config": `[profile ${name}]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Admin\n\n[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n`,
        },
      });
      assert.equal(outcome(verification), "not asked: keys-out-of-reach");
      assert.equal(next(verification), `Log in again: aws sso login --profile ${word}`);
      assert.equal(sts.connections, 0);
    });
  }

  for (const [title, settings] of [
    ["a machine's role", "credential_source = Ec2InstanceMetadata\nrole_arn = arn:aws:iam::123456789012:role/x"],
  ] as const) {
    test(`a profile whose keys come from ${title}`, async () => {
      const files = {
        "main.tf": 'provider "aws" {\n  profile = "dev"\n}\n',
        "~/.aws/config": `[profile dev]\n${settings}\n`,
      };
      const verification = await verified({ files });
      assert.equal(outcome(verification), "not asked: keys-out-of-reach");
      assert.match(next(verification), /--profile dev$/);
      assert.equal(sts.connections, 0);
    });
  }

  test("a key of the workspace, until its user says so", async () => {
    const files = { "main.tf": blockText(user) };
    const verification = await verified({ files });
    assert.equal(outcome(verification), "not asked: consent-needed");
    assert.match(next(verification), /confirm the key, or pass --yes/);
    assert.equal(sts.connections, 0);
    assert.equal(outcome(await verified({ files, options: { mayUseFoundKeys: true } })), user.arn);
    assert.equal(sts.requests.length, 1);
  });

  test("a key that a file of the workspace holds as a profile's", async () => {
    const files = {
      "main.tf": 'provider "aws" {\n  shared_credentials_files = ["./.aws/credentials"]\n  profile = "dev"\n}\n',
      ".aws/credentials": profileText("dev", user),
    };
    assert.equal(outcome(await verified({ files })), "not asked: consent-needed");
    assert.equal(sts.connections, 0);
    assert.equal(outcome(await verified({ files, options: { mayUseFoundKeys: true } })), user.arn);
  });

  test("keys that the workspace's settings put into the environment or point at", async () => {
    const inVariables = {
      files: { "main.tf": 'provider "aws" {}\n' },
      environment: { AWS_ACCESS_KEY_ID: user.id, AWS_SECRET_ACCESS_KEY: user.secret },
    };
    const inFile = {
      files: { "main.tf": 'provider "aws" {\n  profile = "dev"\n}\n', "evil/credentials": profileText("dev", user) },
      environment: { AWS_SHARED_CREDENTIALS_FILE: `${cwd}/evil/credentials` },
    };
    for (const layout of [inVariables, inFile]) {
      const foundVariables = new Set(Object.keys(layout.environment));
      const asked = await verified({ ...layout, options: { foundVariables } });
      assert.equal(outcome(asked), "not asked: consent-needed");
      assert.equal(sts.connections, 0);
      assert.equal(outcome(await verified(layout)), user.arn);
      sts.connections = 0;
    }
  });

  test("a key of an issuer of honeytokens, whatever its user says", async () => {
    const trap = fakeKey("long-term", { id: keyIdOf("052310077262") });
    sts.keys.set(trap.id, trap);
    assert.equal(accountOfKeyId(trap.id), "052310077262");
    for (const verification of [
      await inProfile(trap),
      await verified({ files: { "main.tf": blockText(trap) }, options: { mayUseFoundKeys: true } }),
    ]) {
      assert.equal(outcome(verification), "not asked: canary-key");
      assert.match(verdictOf(verification).meaning, /account 052310077262, a known issuer of honeytokens/);
      assert.match(next(verification), /Do not use this key/);
    }
    assert.equal(sts.connections, 0);
    const other = fakeKey("long-term", { id: keyIdOf("123456789012") });
    sts.keys.set(other.id, other);
    assert.equal(outcome(await inProfile(other)), other.arn);
  });

  test("a profile that does not exist", async () => {
    const verification = await verified({ files: { "main.tf": 'provider "aws" {\n  profile = "nobody"\n}\n' } });
    assert.equal(outcome(verification), "not asked: broken-chain");
    assert.equal(verdictOf(verification).meaning, "Terraform stops before it asks AWS: There is no profile nobody.");
    assert.deepEqual(verdictOf(verification).next, []);
  });

  test("half a pair", async () => {
    const verification = await verified({
      files: { "main.tf": `provider "aws" {\n  access_key = "${user.id}"\n}\n` },
      options: { mayUseFoundKeys: true },
    });
    assert.equal(outcome(verification), "not asked: broken-chain");
    assert.equal(sts.connections, 0);
  });

  test("a key id that is none, for it might be a secret in the wrong place", async () => {
    for (const id of [user.secret, "test", `"${user.id}`]) {
      const verification = await inProfile({ ...user, id });
      assert.equal(outcome(verification), "not asked: broken-chain");
      assert.match(
        verdictOf(verification).meaning,
        /What stands in the key id's place for provider aws is no key id of AWS's/,
      );
    }
    const swapped = await verified({
      files: { "main.tf": blockText({ id: user.secret, secret: user.id }) },
      options: { mayUseFoundKeys: true },
    });
    assert.match(verdictOf(swapped).meaning, /is no key id of AWS's, so it was not sent/);
    assert.equal(sts.connections, 0);
  });

  test("nobody, where there is nothing", async () => {
    const verification = await verified({});
    assert.equal(outcome(verification), "not asked: keys-out-of-reach");
    assert.match(verdictOf(verification).meaning, /no source has credentials/);
    assert.deepEqual(verdictOf(verification).next, []);
  });
});

/** A key id from which this account can be read. */
function keyIdOf(account: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  let number = (1n << 49n) | (BigInt(account) << 9n) | 0x155n;
  let letters = "";
  for (let index = 0; index < 10; index++) {
    letters = alphabet.charAt(Number(number & 31n)) + letters;
    number >>= 5n;
  }
  return `AKIA${letters}XQ7MZP`;
}

describe("where the request goes is the user's word alone", () => {
  const places: [string, (url: string) => Given][] = [
    [
      "the provider's endpoints",
      (url) => ({ files: { "main.tf": blockText(user, `endpoints {\n    sts = "${url}"\n  }`) } }),
    ],
    [
      "the provider's endpoints by a variable",
      (url) => ({
        files: {
          "main.tf": `${blockText(user, "endpoints {\n    sts = var.sts\n  }")}variable "sts" {\n  default = "${url}"\n}\n`,
        },
      }),
    ],
    [
      "the backend's endpoints",
      (url) => ({
        files: {
          "main.tf": `terraform {\n  backend "s3" {\n    access_key = "${user.id}"\n    secret_key = "${user.secret}"\n    region = "us-east-1"\n    endpoints = { sts = "${url}" }\n  }\n}\n`,
        },
      }),
    ],
    [
      "the backend's sts_endpoint",
      (url) => ({
        files: {
          "main.tf": `terraform {\n  backend "s3" {\n    access_key = "${user.id}"\n    secret_key = "${user.secret}"\n    region = "us-east-1"\n    sts_endpoint = "${url}"\n  }\n}\n`,
        },
      }),
    ],
    [
      "AWS_ENDPOINT_URL_STS",
      (url) => ({ files: { "main.tf": blockText(user) }, environment: { AWS_ENDPOINT_URL_STS: url } }),
    ],
    ["AWS_ENDPOINT_URL", (url) => ({ files: { "main.tf": blockText(user) }, environment: { AWS_ENDPOINT_URL: url } })],
    [
      "TF_AWS_STS_ENDPOINT",
      (url) => ({
        files: { "main.tf": blockText(user) },
        environment: { AWS_STS_ENDPOINT: url, TF_AWS_STS_ENDPOINT: url },
      }),
    ],
    [
      "the profile's endpoint_url",
      (url) => ({
        files: {
          "main.tf": 'provider "aws" {\n  profile = "dev"\n}\n',
          "~/.aws/credentials": profileText("dev", user, `endpoint_url = ${url}`),
        },
      }),
    ],
    [
      "the profile's services",
      (url) => ({
        files: {
          "main.tf": 'provider "aws" {\n  profile = "dev"\n}\n',
          "~/.aws/credentials": profileText("dev", user),
          "~/.aws/config": `[profile dev]\nservices = local\n\n[services local]\nsts =\n  endpoint_url = ${url}\n`,
        },
      }),
    ],
    [
      "a proxy",
      (url) => ({
        files: { "main.tf": blockText(user) },
        environment: { HTTPS_PROXY: url, HTTP_PROXY: url, ALL_PROXY: url },
      }),
    ],
  ];
  for (const [title, given] of places) {
    test(`not that of ${title}`, async (t) => {
      const trap = await startFakeSts({ keys: [user] });
      t.after(() => trap.close());
      const verification = await verified({
        ...given(trap.url),
        options: { mayUseFoundKeys: true, endpoint: sts.url },
      });
      assert.equal(outcome(verification), user.arn);
      assert.equal(verification.observation?.host, `127.0.0.1:${sts.port}`);
      assert.equal(trap.connections, 0);
      assert.equal(sts.requests.length, 1);
    });
  }

  test("keys of an emulator are not shown to AWS, and the emulator is not asked", async () => {
    const world = plainWorld({
      files: { "main.tf": blockText(user, 'endpoints {\n    sts = "http://127.0.0.1:9"\n  }') },
      environment: { AWS_ENDPOINT_URL: "http://127.0.0.1:9" },
      answer: () => ({ host: "", answer: { status: "unknown", reason: "network" } }),
    });
    const { facts, blocks } = analyze(loadWorkspace(world, [cwd], { environmentOwner: "x" }).workspace);
    const { notAsked } = await verify(facts, blocks[0] ?? implicitProvider, world, { mayUseFoundKeys: true });
    assert.equal(notAsked?.kind, "not-aws");
    assert.equal(world.asked.length, 0);
  });
});

describe("verdicts", () => {
  const keys = { accessKeyId: user.id, secretAccessKey: new Secret(user.secret) };
  const chain = chainWith({ winner: { kind: "profile", profile: "dev", keys } });
  const observed = (answer: Answer, clockSkewSeconds?: number): Verification => ({
    set: implicitProvider,
    chain,
    region: "eu-west-1",
    observation: {
      of: "",
      region: "eu-west-1",
      host: "sts.eu-west-1.amazonaws.com",
      at: new Date(0),
      chain,
      answer,
      ...(clockSkewSeconds === undefined ? {} : { clockSkewSeconds }),
    },
  });
  const codes =
    "InvalidClientTokenId SignatureDoesNotMatch ExpiredToken IncompleteSignature AccessDenied RegionDisabledException OptInRequired SomethingNew".split(
      " ",
    );
  const reasons: Record<UnknownReason, true> = {
    cancelled: true,
    timeout: true,
    dns: true,
    refused: true,
    reset: true,
    tls: true,
    "tls-verification-disabled": true,
    proxy: true,
    "captive-portal": true,
    throttled: true,
    "aws-fault": true,
    "unreadable-answer": true,
    "unsendable-key": true,
    "unknown-region": true,
    "forbidden-endpoint": true,
    network: true,
  };

  test("in words", () => {
    const shown = [
      ...codes.map((code) => ({ name: code, verification: observed({ status: "rejected", code }) })),
      ...Object.keys(reasons).map((reason) => ({
        name: reason,
        verification: observed({ status: "unknown", reason: reason as UnknownReason }),
      })),
    ].map(({ name, verification }) => {
      const { status, title, meaning, next } = verdictOf(verification);
      return [`${name} (${status})`, title, meaning, ...next.map((one) => `→ ${one}`), ""].join("\n");
    });
    golden("test/fixtures/cli/verify/verdicts.txt", shown.join("\n"));
  });

  test("what is unknown never speaks of a bad key", () => {
    for (const reason of Object.keys(reasons) as UnknownReason[]) {
      const { status, title, meaning } = verdictOf(observed({ status: "unknown", reason }));
      assert.equal(status, "unknown");
      assert.doesNotMatch(`${title} ${meaning}`, /\binvalid\b|\brejected\b|is expired|wrong key/i, reason);
    }
  });

  test("a clock is mentioned once it is a minute off", () => {
    const meaning = (skew: number) =>
      verdictOf(observed({ status: "rejected", code: "SignatureDoesNotMatch" }, skew)).meaning;
    for (const skew of [0, 59, -60]) assert.doesNotMatch(meaning(skew), /^This machine's clock/);
    assert.match(meaning(61), /^This machine's clock is a minute behind AWS's\./);
    assert.match(meaning(-301), /^This machine's clock is 5 minutes ahead of AWS's\./);
    assert.match(meaning(86_400), /^This machine's clock is 24 hours behind AWS's\./);
  });
});

/** A clock that only moves when told, and sleepers who wake in time. */
class FakeClock implements Clock {
  ms = 0;
  readonly #sleepers = new Set<{ at: number; wake: () => void }>();

  now(): number {
    return this.ms;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { at: this.ms + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      signal.addEventListener("abort", () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason);
      });
    });
  }

  async pass(ms: number): Promise<void> {
    this.ms += ms;
    for (const sleeper of this.#sleepers) {
      if (sleeper.at > this.ms) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
    await settled();
  }

  get sleeping(): number {
    return this.#sleepers.size;
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("manners towards AWS", () => {
  const good: Reply = { host: "sts", answer: { status: "valid", identity: { account: "1", arn: "a", userId: "u" } } };
  const mismatch: Reply = { host: "sts", answer: { status: "rejected", code: "SignatureDoesNotMatch" } };
  const keysOf = (accessKeyId: string, secret: string, token?: string): Keys => ({
    accessKeyId,
    secretAccessKey: new Secret(secret),
    ...(token === undefined ? {} : { sessionToken: new Secret(token) }),
  });
  const request = (id: string, secret = "s", rest: Partial<IdentityRequest> = {}): IdentityRequest => ({
    keys: keysOf(id, secret),
    region: "eu-west-1",
    ...rest,
  });
  const statusOf = ({ answer }: Reply) =>
    answer.status === "rejected" ? answer.code : answer.status === "unknown" ? answer.reason : "valid";

  /** Someone to ask who answers when told, and remembers at what time who asked. */
  function setUp() {
    const clock = new FakeClock();
    const pending: { name: string; signal: AbortSignal | undefined; answer: (reply: Reply) => Promise<unknown> }[] = [];
    const log: string[] = [];
    const ask = throttle((one) => {
      const name = `${one.keys.accessKeyId}/${one.keys.secretAccessKey.reveal()}`;
      log.push(`${clock.ms} ${name}`);
      return new Promise((resolve, reject) => {
        one.signal?.addEventListener("abort", () => reject(new Error("aborted")));
        const answer = (reply: Reply) => {
          resolve(reply);
          return settled();
        };
        pending.push({ name, signal: one.signal, answer });
      });
    }, clock);
    const answerNext = (reply: Reply) => pending.shift()?.answer(reply);
    return { clock, ask, log, pending, answerNext };
  }

  test("fifty who ask the same at the same time are one request", async () => {
    const { ask, log, answerNext } = setUp();
    const replies = Array.from({ length: 50 }, () => ask(request("A")));
    await settled();
    assert.deepEqual(log, ["0 A/s"]);
    await answerNext(good);
    assert.deepEqual(new Set(await Promise.all(replies)), new Set([good]));
    void ask(request("A"));
    await settled();
    assert.equal(log.length, 2, "and who asks later is asked for again");
  });

  test("what differs in anything is another question", async () => {
    const { ask, log, answerNext } = setUp();
    const different = [
      request("A"),
      request("A", "s", { region: "us-east-1" }),
      request("A", "s", { endpoint: "http://localhost:1" }),
      { ...request("A"), keys: keysOf("A", "s", "t") },
      { ...request("A"), keys: keysOf("A", "s", "u") },
    ];
    const replies = different.map((one) => ask(one));
    for (let index = 0; index < different.length; index++) {
      await settled();
      await answerNext(good);
    }
    await Promise.all(replies);
    assert.equal(log.length, different.length);
  });

  test("two at once, and the others in their order", async () => {
    const { ask, pending, log } = setUp();
    for (const id of ["A", "B", "C", "D", "E"]) void ask(request(id));
    await settled();
    assert.deepEqual(
      pending.map(({ name }) => name),
      ["A/s", "B/s"],
    );
    await pending[1]?.answer(good);
    await pending[0]?.answer(mismatch);
    assert.deepEqual(log, ["0 A/s", "0 B/s", "0 C/s", "0 D/s"]);
    await pending[3]?.answer(good);
    assert.equal(log.at(-1), "0 E/s");
  });

  test("a failure gives its place to the next", async () => {
    let calls = 0;
    const ask = throttle(async () => {
      calls++;
      throw new RangeError("a bug");
    });
    for (const id of ["A", "B", "C", "D"]) await assert.rejects(ask(request(id)), RangeError);
    assert.equal(calls, 4);
  });

  test("a changed secret waits until AWS no longer holds the last one against it", async () => {
    const { ask, log, clock, answerNext } = setUp();
    const first = ask(request("A", "wrong"));
    await settled();
    await clock.pass(1_000);
    await answerNext(mismatch);
    assert.equal(statusOf(await first), "SignatureDoesNotMatch", "nothing came before it, so it is believed");
    const second = ask(request("A", "right"));
    const other = ask(request("B", "any"));
    await settled();
    await clock.pass(5_999);
    assert.deepEqual(log, ["0 A/wrong", "1000 B/any"]);
    await clock.pass(1);
    assert.deepEqual(log.at(-1), "7000 A/right");
    await answerNext(good);
    await answerNext(good);
    assert.equal(statusOf(await second), "valid");
    assert.equal(statusOf(await other), "valid");
  });

  test("the same secret waits for nothing, and neither does a change after six seconds", async () => {
    const { ask, log, clock, answerNext } = setUp();
    void ask(request("A", "one"));
    await settled();
    await answerNext(mismatch);
    void ask(request("A", "one"));
    await settled();
    await answerNext(mismatch);
    await clock.pass(6_000);
    void ask(request("A", "two"));
    await settled();
    assert.deepEqual(log, ["0 A/one", "0 A/one", "6000 A/two"]);
  });

  test("a mismatch right after a change is asked about once more before it is believed", async () => {
    for (const [second, believed] of [
      [good, "valid"],
      [mismatch, "SignatureDoesNotMatch"],
    ] as const) {
      const { ask, log, clock, answerNext } = setUp();
      void ask(request("A", "wrong"));
      await settled();
      await answerNext(mismatch);
      const reply = ask(request("A", "right"));
      await clock.pass(6_000);
      await answerNext(mismatch);
      assert.equal(log.length, 2);
      await clock.pass(6_000);
      assert.deepEqual(log, ["0 A/wrong", "6000 A/right", "12000 A/right"]);
      await answerNext(second);
      assert.equal(statusOf(await reply), believed);
      await clock.pass(60_000);
      assert.equal(log.length, 3);
    }
  });

  test("any other refusal is believed at once", async () => {
    const { ask, clock, log, answerNext } = setUp();
    void ask(request("A", "wrong"));
    await settled();
    await answerNext(mismatch);
    const reply = ask(request("A", "right"));
    await clock.pass(6_000);
    await answerNext({ host: "sts", answer: { status: "rejected", code: "InvalidClientTokenId" } });
    assert.equal(statusOf(await reply), "InvalidClientTokenId");
    assert.equal(log.length, 2);
  });

  test("three secrets of one key id go one after the other", async () => {
    const { ask, clock, log, answerNext } = setUp();
    for (const secret of ["1", "2", "3"]) void ask(request("A", secret));
    await settled();
    await answerNext(good);
    await clock.pass(6_000);
    await answerNext(good);
    await clock.pass(6_000);
    assert.deepEqual(log, ["0 A/1", "6000 A/2", "12000 A/3"]);
  });

  test("every wait ends when it is cancelled", async () => {
    const { ask, clock, log, pending, answerNext } = setUp();
    assert.equal(statusOf(await ask(request("Z", "s", { signal: AbortSignal.abort() }))), "cancelled");

    void ask(request("A", "wrong"));
    await settled();
    await answerNext(mismatch);
    const grudge = new AbortController();
    const waiting = ask(request("A", "right", { signal: grudge.signal }));
    await settled();
    assert.equal(clock.sleeping, 1);
    grudge.abort();
    assert.equal(statusOf(await waiting), "cancelled");
    assert.equal(clock.sleeping, 0);

    void ask(request("B"));
    void ask(request("C"));
    const queue = new AbortController();
    const queued = ask(request("D", "s", { signal: queue.signal }));
    const behind = ask(request("E"));
    await settled();
    queue.abort();
    assert.equal(statusOf(await queued), "cancelled");
    await answerNext(good);
    assert.deepEqual(log, ["0 A/wrong", "0 B/s", "0 C/s", "0 E/s"]);
    await answerNext(good);
    await answerNext(good);
    assert.equal(statusOf(await behind), "valid");

    const running = new AbortController();
    const run = ask(request("F", "s", { signal: running.signal }));
    await settled();
    running.abort();
    assert.equal(statusOf(await run), "cancelled");
    assert.equal(pending.at(-1)?.signal?.aborted, true);
  });

  test("who leaves takes nobody along", async () => {
    const { ask, log, pending, answerNext } = setUp();
    const [first, second] = [new AbortController(), new AbortController()];
    const leaving = ask(request("A", "s", { signal: first.signal }));
    const staying = ask(request("A", "s", { signal: second.signal }));
    await settled();
    first.abort();
    assert.equal(statusOf(await leaving), "cancelled");
    assert.equal(pending[0]?.signal?.aborted, false);
    await answerNext(good);
    assert.equal(statusOf(await staying), "valid");
    assert.equal(log.length, 1);
  });

  test("who comes after all have left asks anew", async () => {
    const { ask, log, pending } = setUp();
    const controller = new AbortController();
    const leaving = ask(request("A", "s", { signal: controller.signal }));
    await settled();
    controller.abort();
    const coming = ask(request("A"));
    await settled();
    assert.equal(statusOf(await leaving), "cancelled");
    assert.equal(log.length, 2);
    await pending[1]?.answer(good);
    assert.equal(statusOf(await coming), "valid");
  });

  test("against an STS that holds a grudge, the right secret is found right", async (t) => {
    const grudging = await startFakeSts({ keys: [user], grudgeMs: 300 });
    t.after(() => grudging.close());
    const clock: Clock = {
      now: () => performance.now() * 15,
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms / 15)),
    };
    const ask = throttle((one) => getCallerIdentity({ ...one, endpoint: grudging.url }), clock);
    const { secret } = fakeKey();
    assert.equal(statusOf(await ask({ keys: keysOf(user.id, secret), region: "us-east-1" })), "SignatureDoesNotMatch");
    assert.equal(statusOf(await ask({ keys: keysOf(user.id, user.secret), region: "us-east-1" })), "valid");
    assert.equal(grudging.requests.length, 2);
  });
});

describe("the command line against moto, a second opinion", () => {
  test("verify --endpoint: valid, InvalidClientTokenId, SignatureDoesNotMatch", async (t) => {
    const port = await freePort();
    // Two calls without authorization: one to make the user, one to make the key.
    const moto = spawn("moto_server", ["-H", "127.0.0.1", "-p", String(port)], {
      env: { ...process.env, INITIAL_NO_AUTH_ACTION_COUNT: "2" },
      stdio: "ignore",
    });
    t.after(() => moto.kill("SIGKILL"));
    const missing = once(moto, "error").then(() => false);
    if (!(await Promise.race([missing, answers(port, 30_000)]))) {
      return t.skip(
        "moto_server is not installed or does not start: the command line was only tested against our own STS",
      );
    }
    const endpoint = `http://127.0.0.1:${port}`;
    await iam(endpoint, { Action: "CreateUser", UserName: "terraform" });
    const made = await iam(endpoint, { Action: "CreateAccessKey", UserName: "terraform" });
    const id = /<AccessKeyId>([^<]+)/.exec(made)?.[1] ?? "";
    const secret = /<SecretAccessKey>([^<]+)/.exec(made)?.[1] ?? "";

    const callerid = async (key: Half) => {
      const world: PlainWorld = plainWorld({
        files: {
          "main.tf": 'provider "aws" {\n  profile = "dev"\n  region = "eu-west-1"\n}\n',
          "~/.aws/credentials": profileText("dev", key),
        },
        answer: getCallerIdentity,
      });
      let out = "";
      const print = (text: string) => {
        out += text;
      };
      const argv = ["verify", "--endpoint", endpoint, "--format", "json"];
      const code = await main(argv, { stdout: print, stderr: () => {}, color: false, cwd, world });
      assert.ok(!out.includes(key.secret));
      const [result] = JSON.parse(out).results;
      return { code, status: result.status, said: result.arn ?? result.code, endpoint: result.endpoint };
    };
    const asked = { endpoint: `127.0.0.1:${port}` };
    assert.deepEqual(await callerid({ id, secret }), {
      ...asked,
      code: 0,
      status: "valid",
      said: "arn:aws:iam::123456789012:user/terraform",
    });
    assert.deepEqual(await callerid(user), { ...asked, code: 1, status: "rejected", said: "InvalidClientTokenId" });
    assert.deepEqual(await callerid({ id, secret: user.secret }), {
      ...asked,
      code: 1,
      status: "rejected",
      said: "SignatureDoesNotMatch",
    });
  });
});

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function answers(port: number, withinMs: number): Promise<boolean> {
  for (const end = Date.now() + withinMs; Date.now() < end; ) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, "127.0.0.1", () => resolve(true));
      socket.on("connect", () => socket.destroy()).on("error", () => resolve(false));
    });
    if (open) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

async function iam(endpoint: string, form: Record<string, string>): Promise<string> {
  const request = http.request(endpoint, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-www-form-urlencoded",
      // moto finds the service in the scope; the signature is not looked at for the first calls.
      Authorization: `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`,
    },
  });
  request.end(new URLSearchParams({ Version: "2010-05-08", ...form }).toString());
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  let text = "";
  for await (const chunk of response) text += chunk;
  return text;
}
