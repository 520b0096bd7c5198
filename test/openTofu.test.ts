import assert from "node:assert/strict";
import { test } from "node:test";
import { analyzeFixture, type Fixture } from "./support/fixture";

const backend = (argument: string, version = "") =>
  `terraform {\n${version && `  required_version = "${version}"\n`}  backend "s3" {\n    bucket = "states"\n    ${argument}\n  }\n}\n`;

const lockOf = (host: string) => `provider "${host}/hashicorp/aws" {\n  version = "6.2.0"\n}\n`;
const ofTerraform = { ".terraform.lock.hcl": lockOf("registry.terraform.io") };
const ofOpenTofu = { ".terraform.lock.hcl": lockOf("registry.opentofu.org") };

function severities(rule: string, fixture: Fixture): string[] {
  return analyzeFixture(fixture)
    .findings.filter((one) => one.rule === rule)
    .map(({ severity }) => severity);
}

const cases: readonly (readonly [string, string, Fixture, string[]])[] = [
  ["either may read it", 'profile = "${var.x}"', {}, ["info"]],
  ["Terraform's lock file", "profile = var.x", ofTerraform, ["error"]],
  ["OpenTofu's lock file", "profile = var.x", ofOpenTofu, []],
  [
    "OpenTofu's, in another directory",
    "profile = var.x",
    { "other/.terraform.lock.hcl": lockOf("registry.opentofu.org") },
    [],
  ],
  [
    "Terraform's, in another directory",
    "profile = var.x",
    { "other/.terraform.lock.hcl": lockOf("registry.terraform.io") },
    ["error"],
  ],
  [
    "one of each in other directories",
    "profile = var.x",
    {
      "a/.terraform.lock.hcl": lockOf("registry.terraform.io"),
      "b/.terraform.lock.hcl": lockOf("registry.opentofu.org"),
    },
    ["info"],
  ],
  ["what neither can know", "profile = data.a.b.c", ofOpenTofu, ["error"]],
];

for (const [name, argument, more, expected] of cases) {
  test(`a name in a backend: ${name}`, () => {
    assert.deepEqual(severities("backend-variable", { "main.tf": backend(argument), ...more }), expected);
  });
}

test("a name in a backend: versions that none of the two takes it in", () => {
  const fixture = (version: string) => ({ "main.tf": backend("profile = var.x", version), ...ofOpenTofu });
  assert.deepEqual(severities("backend-variable", fixture("~> 1.7.0")), ["error"]);
  assert.deepEqual(severities("backend-variable", fixture(">= 1.7")), []);
  assert.deepEqual(severities("backend-variable", { "main.tf": backend("profile = var.x", "< 1.6") }), ["error"]);
});

test("an argument that Terraform 1.10 gave up is an error where only Terraform reads it", () => {
  const main = { "main.tf": backend('role_arn = "arn:aws:iam::111122223333:role/states"', ">= 1.10") };
  assert.deepEqual(severities("dropped-backend-argument", main), ["info"]);
  assert.deepEqual(severities("dropped-backend-argument", { ...main, ...ofTerraform }), ["error"]);
  assert.deepEqual(severities("dropped-backend-argument", { ...main, ...ofOpenTofu }), []);
});
