import assert from "node:assert/strict";
import { test } from "node:test";
import { environmentLine, environmentText } from "../src/explain/environmentText";
import { findingUsers } from "../src/explain/findingUsers";
import { environmentOf } from "../src/facts/environment";
import { analyzeFixture, type Fixture } from "./support/fixture";

const secret = "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY";

test("what may be a secret is not shown, in whatever variable it stands", () => {
  const environment = environmentOf(
    {
      AWS_ACCESS_KEY_ID: "AKIAI44QH8DHBEXAMPLE",
      AWS_SECRET_ACCESS_KEY: secret,
      AWS_SESSION_TOKEN: "",
      AWS_PROFILE: "dev\nAWS_REGION=x",
      AWS_REGION: "eu-west-1",
      TF_VAR_password: "hunter2",
      TF_VAR_key: "AKIAI44QH8DHBEXAMPLE",
    },
    "this shell",
  );
  assert.deepEqual(environmentText(environment).split("\n"), [
    "AWS_ACCESS_KEY_ID=AKIA…MPLE",
    "AWS_PROFILE=dev AWS_REGION=x",
    "AWS_REGION=eu-west-1",
    "AWS_SECRET_ACCESS_KEY=********",
    "AWS_SESSION_TOKEN=",
    "TF_VAR_key=AKIA…MPLE",
    "TF_VAR_password=********",
    "",
  ]);
  const swapped = environmentOf({ AWS_ACCESS_KEY_ID: secret, AWS_SECRET_ACCESS_KEY: "AKIAI44QH8DHBEXAMPLE" }, "x");
  assert.equal(environmentText(swapped), "AWS_ACCESS_KEY_ID=********\nAWS_SECRET_ACCESS_KEY=AKIA…MPLE\n");
});

test("every place in the environment has its line, though a value has several", () => {
  const environment = environmentOf({ AWS_PROFILE: "a\nb", AWS_REGION: "eu-west-1", TF_VAR_x: "1" }, "this shell");
  const lines = environmentText(environment).split("\n");
  for (const { name, nameSpan, valueSpan } of environment.variables.values()) {
    for (const offset of [nameSpan.start, nameSpan.end, valueSpan.start, valueSpan.end])
      assert.ok(lines[environmentLine(environment, offset)]?.startsWith(`${name}=`), name);
  }
});

/** The users of the only finding of a rule. */
function usersOf(fixture: Fixture, rule: string): readonly string[] {
  const report = analyzeFixture(fixture);
  const [finding, ...more] = report.findings.filter((one) => one.rule === rule);
  assert.ok(finding && more.length === 0, report.findings.map((one) => one.rule).join());
  return findingUsers(finding, report.facts, report.blocks).map(({ message, at }) => `${at.path}: ${message}`);
}

const half = "[dev]\naws_access_key_id = AKIAI44QH8DHBEXAMPLE\n";
const provider = (name: string) => `provider "aws" {\n  alias = "${name}"\n  profile = "${name}"\n}\n`;

test("a finding about a profile names the blocks that come to it, and no others", () => {
  const expired = `[dev]
aws_access_key_id = ASIAIOSFODNN7EXAMPLE
aws_secret_access_key = ${secret}
aws_session_token = IQoJb3JpZ2luX2VjEXAMPLE
x_security_token_expires = 2026-05-01T12:00:00Z
`;
  const fixture = {
    "main.tf": provider("dev") + provider("other"),
    "b/main.tf":
      'terraform {\n  backend "s3" {\n    bucket = "b"\n    key = "k"\n    region = "eu-west-1"\n    profile = "dev"\n  }\n}\n',
    "home/.aws/credentials": expired,
    "home/.aws/config": "[profile other]\nregion = eu-west-1\n",
  };
  assert.deepEqual(usersOf(fixture, "expired-credentials"), [
    "main.tf: Provider aws.dev comes to this profile.",
    'b/main.tf: Backend "s3" comes to this profile.',
  ]);
});

test("a finding about variables names the blocks that come to them", () => {
  const fixture = {
    "main.tf": 'provider "aws" {}\n',
    environment: `AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE\nAWS_SECRET_ACCESS_KEY=${secret}\n`,
  };
  assert.deepEqual(usersOf(fixture, "temporary-key-without-token"), [
    "main.tf: Provider aws comes to these variables.",
  ]);
});

test("a finding in a block names nobody", () => {
  assert.deepEqual(usersOf({ "main.tf": provider("gone"), "home/.aws/credentials": half }, "profile-not-found"), []);
});
