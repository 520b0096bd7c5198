import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { analyze } from "../src/analyzer";
import { problemWords, winnerWords } from "../src/explain/chainWords";
import { environmentOf } from "../src/facts/environment";
import type { Chain } from "../src/model/chain";
import { describeSet } from "../src/model/describe";
import type { SourceFile } from "../src/model/text";
import { analyzeFixture, type Fixture } from "./support/fixture";

const key = "AKIAIOSFODNN7EXAMPLE";
const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const credentials = (name: string, id = key) =>
  `[${name}]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`;

/** The chain of the first set that is described so. */
function chainOf(fixture: Fixture, name: string, path?: string): Chain {
  const report = analyzeFixture(fixture);
  const set = report.facts.sets.find((one) => describeSet(one) === name && (!path || one.at.path === path));
  assert.ok(set, name);
  return report.chainOf(set);
}

const inWords = ({ winner, problem }: Chain) =>
  problem ? problemWords(problem) : winner ? winnerWords(winner) : "nothing";

test("a module that is called gets what its caller passes", () => {
  const fixture = {
    "main.tf": 'module "network" {\n  source  = "./network"\n  profile = "live"\n}\n',
    "network/main.tf":
      'variable "profile" {\n  default = "sandbox"\n}\n\nprovider "aws" {\n  profile = var.profile\n}\n',
    "home/.aws/credentials": credentials("live") + credentials("sandbox"),
  };
  assert.equal(inWords(chainOf(fixture, "provider aws")), "profile live, key ****MPLE");
});

test("a default that a variable file may replace names no profile for sure", () => {
  const fixture = {
    "main.tf": 'variable "profile" {\n  default = "dev"\n}\n\nprovider "aws" {\n  profile = var.profile\n}\n',
    "live.tfvars": 'profile = "live"\n',
    "home/.aws/credentials": credentials("dev"),
  };
  const { winner, problem } = chainOf(fixture, "provider aws");
  assert.deepEqual(
    [winner?.kind, winner?.profile, winner?.keys, problem],
    ["profile", undefined, undefined, undefined],
  );
});

test("variables of the process have a place in the environment's text", () => {
  const fixture = {
    "main.tf": 'provider "aws" {}\n',
    environment: `AWS_ACCESS_KEY_ID=${key}\nAWS_SECRET_ACCESS_KEY=${secret}\nAWS_REGION=eu-west-1\n`,
  };
  const { winner, region } = chainOf(fixture, "provider aws");
  assert.equal(winner?.variable, "AWS_ACCESS_KEY_ID");
  assert.deepEqual(winner?.at, { path: "environment", span: { start: 0, end: 17 } });
  assert.equal(region?.at?.path, "environment");
});

test("a backend whose arguments come from the command line is partial, and nothing stops it", () => {
  const partial = chainOf({ "main.tf": 'terraform {\n  backend "s3" {}\n}\n' }, 'backend "s3"');
  assert.deepEqual([partial.isPartial, partial.problem?.code], [true, undefined]);
  const whole = chainOf(
    { "main.tf": 'terraform {\n  backend "s3" {\n    bucket = "b"\n    key = "k"\n    region = "eu-west-1"\n  }\n}\n' },
    'backend "s3"',
  );
  assert.equal(whole.isPartial, undefined);
});

test("what an earlier init saved stands in for the arguments of the command line", () => {
  const fixture = {
    "main.tf": 'terraform {\n  backend "s3" {}\n}\n',
    ".terraform/terraform.tfstate": JSON.stringify({
      version: 3,
      backend: {
        type: "s3",
        config: { bucket: "b", key: "k", region: "eu-west-1", profile: "state" },
        hash: 1410938009,
      },
    }),
    "home/.aws/credentials": credentials("state"),
  };
  const { winner, isPartial } = chainOf(fixture, 'backend "s3"');
  assert.deepEqual([winner?.profile, isPartial], ["state", undefined]);
});

test("files that nobody looked at leave their profiles open", () => {
  const fixture = { "main.tf": 'provider "aws" {\n  shared_config_files = ["/srv/aws"]\n  profile = "ci"\n}\n' };
  const report = analyzeFixture(fixture);
  const [set] = report.blocks;
  assert.ok(set);
  const { winner, problem, steps } = report.chainOf(set);
  assert.deepEqual([winner?.kind, winner?.profile, problem], ["profile", "ci", undefined]);
  assert.ok(steps.some((step) => step.status === "used" && step.why === "its file was not read"));
  assert.deepEqual(report.facts.wishes(), [{ path: "/srv/aws", use: "text" }]);
});

test("a repository's own profiles are none of the home directory's", () => {
  const fixture = {
    ".aws/credentials": credentials("dev", "AKIAI44QH8DHBEXAMPLE"),
    "home/.aws/config": "[profile dev]\nregion = eu-west-1\nrole_arn = arn:aws:iam::111122223333:role/x\n",
  };
  const { winner, roles } = chainOf(fixture, "profile dev", ".aws/credentials");
  assert.deepEqual([winner?.at?.path, roles], [".aws/credentials", []]);
});

test("nothing is foretold of keys that go to an emulator", () => {
  const block = `access_key = "test"\n  secret_key = "test"\n  region = "us-east-1"\n`;
  const plain = chainOf({ "main.tf": `provider "aws" {\n  ${block}}\n` }, "provider aws");
  assert.equal(plain.problem?.code, "invalid_client_token_id");
  for (const endpoints of [
    'endpoints {\n sts = "http://localhost:4566"\n }',
    'dynamic "endpoints" {\n for_each = [1]\n }',
  ]) {
    const chain = chainOf({ "main.tf": `provider "aws" {\n  ${block}  ${endpoints}\n}\n` }, "provider aws");
    assert.equal(chain.problem, undefined, endpoints);
  }
});

test("a region that has to be enabled may refuse; a token of the global endpoint has no chance there", () => {
  const environment = (token: string) =>
    `AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE\nAWS_SECRET_ACCESS_KEY=${secret}\nAWS_SESSION_TOKEN=${token}\nAWS_REGION=me-south-1\n`;
  const words = (token: string) =>
    inWords(chainOf({ "main.tf": 'provider "aws" {}\n', environment: environment(token) }, "provider aws"));
  assert.match(words("IQoJb3JpZ2luX2VjEXAMPLE"), /^AWS may refuse it: me-south-1 refuses every key/);
  assert.match(words("FwoGZXIvYXdzEXAMPLE"), /^AWS will refuse it: The session token comes from the global endpoint/);
});

test("the end of keys, and the profile that leads to them", () => {
  const fixture = {
    "main.tf": 'provider "aws" {\n  profile = "deploy"\n}\n',
    "home/.aws/config": "[profile deploy]\nrole_arn = arn:aws:iam::111122223333:role/deploy\nsource_profile = base\n",
    "home/.aws/credentials": `${credentials("base")}x_security_token_expires = 2026-06-01T13:00:00Z\n`,
  };
  const { winner, profile, roles } = chainOf(fixture, "provider aws");
  assert.deepEqual([winner?.profile, profile, winner?.expires], ["base", "deploy", "2026-06-01T13:00:00Z"]);
  assert.deepEqual(
    roles.map(({ roleArn }) => roleArn),
    ["arn:aws:iam::111122223333:role/deploy"],
  );
});

test("aws login is read by providers", () => {
  const fixture = {
    "main.tf": 'provider "aws" {\n  profile = "dev"\n}\n',
    "home/.aws/config": "[profile dev]\nlogin_session = arn:aws:iam::111122223333:user/alex\n",
  };
  assert.equal(inWords(chainOf(fixture, "provider aws")), "aws login session of profile dev");
});

describe("after a change, chains are worked out anew", () => {
  const environment = environmentOf({ AWS_REGION: "eu-west-1" }, "this process");
  const files: Record<string, SourceFile> = {};
  const put = (path: string, text: string) => {
    files[path] = { path, text };
  };
  const chains = (now = new Date("2026-06-01T12:00:00Z")): Record<string, Chain> => {
    const workspace = { files: Object.values(files), home: "home", environment, awsFilesRead: true, now };
    const report = analyze(workspace);
    return Object.fromEntries(
      report.blocks.map((set) => [`${set.directory} ${describeSet(set)}`, report.chainOf(set)]),
    );
  };
  const changed = (change: () => void): readonly string[] => {
    const before = chains();
    change();
    const after = chains();
    return Object.keys(after).filter((name) => after[name] !== before[name]);
  };
  const provider = (profile: string) => `provider "aws" {\n  profile = ${profile}\n}\n`;
  put("home/.aws/credentials", credentials("dev") + credentials("live"));
  put("a/main.tf", `${provider('"dev"')}module "b" {\n  source  = "../b"\n  profile = var.name\n}\n`);
  put("a/variables.tf", 'variable "name" {\n  default = "dev"\n}\n');
  put("b/main.tf", `variable "profile" {}\n${provider("var.profile")}`);
  put("c/main.tf", provider('"dev"'));

  test("of the module itself, and of none beside it", () => {
    assert.deepEqual(
      changed(() => {}),
      [],
    );
    assert.deepEqual(
      changed(() => put("c/main.tf", provider('"live"'))),
      ["c provider aws"],
    );
  });

  test("of modules that are called with the value", () => {
    assert.deepEqual(
      changed(() => put("a/variables.tf", 'variable "name" {\n  default = "live"\n}\n')),
      ["a provider aws", "b provider aws"],
    );
    assert.equal(chains()["b provider aws"]?.profile, "live");
  });

  test("of a module that is called no longer", () => {
    assert.deepEqual(
      changed(() => put("a/main.tf", provider('"dev"'))),
      ["a provider aws", "b provider aws"],
    );
  });

  test("of all blocks that look into an AWS file", () => {
    assert.equal(changed(() => put("home/.aws/credentials", credentials("dev"))).length, 3);
    assert.equal(chains()["c provider aws"]?.problem?.code, "profile_not_found");
  });
});
