import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { sha1 } from "../src/aws/digests";
import { explainingRules } from "../src/explain/causesOfFindings";
import { explainOutput, explanationPage } from "../src/explain/explainOutput";
import { rules } from "../src/rules";
import { analyzeFixture, type Fixture } from "./support/fixture";
import { samples } from "./support/outputs";

const sampleOf = (name: string) => samples.find((one) => one.name === name)?.text ?? assert.fail(name);

/** The causes of the first error as the files here rank them. */
function causesOf(text: string, files: Fixture) {
  const { facts, findings, blocks, chainOf } = analyzeFixture(files);
  return explainOutput(text, { facts, findings, blocks, chainOf })[0]?.causes ?? [];
}

const first = (text: string, files: Fixture) => {
  const [cause] = causesOf(text, files);
  return { id: cause?.id as string, likelihood: cause?.likelihood, evidence: cause?.evidence, file: cause?.at?.path };
};

const keys = (id = "AKIAI44QH8DHBEXAMPLE") =>
  `aws_access_key_id = ${id}\naws_secret_access_key = je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY\n`;
const backend = (lines = "", region = "eu-west-1") =>
  `terraform {\n  backend "s3" {\n    bucket = "states"\n    key    = "app.tfstate"\n    region = "${region}"\n${lines}  }\n}\n`;
const provider = (lines: string) => `provider "aws" {\n  region = "eu-west-1"\n${lines}}\n`;

describe("the chain of the block behind an error", () => {
  test("keys that an earlier init stored are named before others", () => {
    const files = {
      "main.tf": 'terraform {\n  backend "s3" {}\n}\n',
      ".terraform/terraform.tfstate": JSON.stringify({
        version: 3,
        backend: {
          type: "s3",
          config: {
            bucket: "b",
            key: "k",
            region: "eu-west-1",
            access_key: "AKIAI44QH8DHBEXAMPLE",
            secret_key: "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY",
          },
          hash: 1410938009,
        },
      }),
    };
    const causes = causesOf(sampleOf("sts invalid"), files);
    const stored = causes.find(({ id }) => id === "backend-cached-creds");
    assert.deepEqual([stored?.likelihood, stored?.at?.path], ["likely", ".terraform/terraform.tfstate"]);
    assert.ok(causes.slice(0, 2).some(({ id }) => id === "backend-cached-creds"));
  });

  test("the environment's keys come before the profile that was chosen there", () => {
    const files = {
      "main.tf": provider(""),
      "home/.aws/credentials": `[prod]\n${keys()}`,
      environment: `AWS_ACCESS_KEY_ID=AKIAI44QH8DHBEXAMPLE\nAWS_SECRET_ACCESS_KEY=je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY\nAWS_PROFILE=prod\n`,
    };
    const found = causesOf(sampleOf("provider 5"), files).find(({ id }) => id === "stale-env-override");
    assert.equal(found?.likelihood, "likely");
    assert.match(found?.evidence ?? "", /AWS_PROFILE=prod/);
  });

  test("a region that has to be enabled, or of another partition, is the first suspect", () => {
    const profile = { "home/.aws/credentials": `[default]\n${keys()}` };
    const optIn = first(sampleOf("sts invalid"), { ...profile, "main.tf": backend("", "me-south-1") });
    assert.deepEqual([optIn.id, optIn.file], ["region-opt-in", "main.tf"]);
    const china = first(sampleOf("sts invalid"), { ...profile, "main.tf": backend("", "cn-north-1") });
    assert.equal(china.id, "partition-mismatch");
  });

  test("a backend that signs in as somebody else than the provider says so", () => {
    const files = {
      "main.tf": `${backend('    profile = "state"\n')}${provider('  profile = "app"\n')}`,
      "home/.aws/credentials": `[state]\n${keys()}[app]\n${keys("AKIAI44QH8DHBEXAMPLA")}`,
    };
    const { id, evidence } = first(sampleOf("s3 denied"), files);
    assert.equal(id, "backend-provider-mismatch");
    assert.match(evidence ?? "", /profile state.*profile app/);
  });

  test("a backend without a source of its own, beside a provider that has one", () => {
    const files = {
      "main.tf": `${backend()}${provider('  profile = "app"\n')}`,
      "home/.aws/credentials": `[app]\n${keys()}`,
    };
    const { id, likelihood, evidence } = first(sampleOf("nothing"), files);
    assert.deepEqual([id, likelihood], ["backend-missing-creds", "likely"]);
    assert.match(evidence ?? "", /provider aws names its credentials/i);
  });
});

test("every rule that explains an error is in the catalogue", () => {
  const ids = new Set(rules.map(({ id }) => id));
  assert.deepEqual(
    explainingRules.filter((id) => !ids.has(id)),
    [],
  );
});

test("a role of the provider's is no reason for the backend", () => {
  const role = '  assume_role {\n    role_arn = "arn:aws:iam::role/deploy"\n  }\n';
  const files = { "main.tf": `${backend()}${provider(role)}` };
  assert.ok(causesOf(sampleOf("s3 denied"), files).every(({ id }) => id !== "role-arn-invalid"));
  const { id, file } = first(sampleOf("role invalid"), files);
  assert.deepEqual([id, file], ["role-arn-invalid", "main.tf"]);
});

describe("endpoints", () => {
  const elsewhere = (name: string) => `  ${name} {\n    s3 = "https://objects.example.net"\n  }\n`;

  test("a store that only speaks S3: the backend asks AWS about its keys", () => {
    const files = { "main.tf": backend('    endpoints = { s3 = "https://objects.example.net" }\n') };
    const { id, file } = first(sampleOf("sts invalid"), files);
    assert.deepEqual([id, file], ["non-aws-endpoint", "main.tf"]);
  });

  test("an emulator that lacks STS: the provider's keys went to AWS", () => {
    const files = { "main.tf": provider(`${elsewhere("endpoints")}`) };
    assert.equal(first(sampleOf("provider 5"), files).id, "mock-endpoint-leak");
    const whole = {
      "main.tf": provider('  endpoints {\n    s3  = "http://localhost:4566"\n    sts = "http://localhost:4566"\n  }\n'),
    };
    assert.notEqual(first(sampleOf("provider 5"), whole).id, "mock-endpoint-leak");
  });
});

test("a check that is left out is the reason for a late failure", () => {
  const files = { "main.tf": provider("  skip_credentials_validation = true\n") };
  const { id, likelihood, file } = first(sampleOf("ec2 refuses"), files);
  assert.deepEqual([id, likelihood, file], ["skip-validation-masked", "likely", "main.tf"]);
});

test("what the block speaks against comes after the rest", () => {
  const text = sampleOf("remote state");
  const remote = {
    "main.tf": `data "terraform_remote_state" "net" {\n  backend = "s3"\n  config = {\n    bucket     = "states"\n    key        = "net.tfstate"\n    region     = "eu-west-1"\n    access_key = "AKIAI44QH8DHBEXAMPLE"\n    secret_key = "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY"\n  }\n}\n`,
  };
  assert.equal(first(text, {}).id, "session-token-missing");
  assert.equal(first(text, remote).id, "bad-key-material");
});

describe("a profile that the output names", () => {
  test("is said to be missing, with the name that comes close", () => {
    const files = {
      "main.tf": backend('    profile = "prefixed"\n'),
      "home/.aws/config": "[profile prefixd]\nregion = eu-west-1\n",
    };
    const { id, evidence } = first(sampleOf("missing profile"), files);
    assert.equal(id, "profile-missing");
    assert.match(evidence ?? "", /prefix/);
  });

  test("is not said to be missing where it is there: then another machine lacks it", () => {
    const files = {
      "main.tf": backend('    profile = "prefixed"\n'),
      "home/.aws/credentials": `[prefixed]\n${keys()}`,
    };
    const { id, evidence } = first(sampleOf("missing profile"), files);
    assert.deepEqual([id, evidence], ["profile-in-ci", "On this machine profile prefixed is there."]);
  });
});

describe("an SSO login that was not found", () => {
  const text = (hash: string) => sampleOf("sso never").replace(/[0-9a-f]{40}/, hash);
  const config = `[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n\n[profile dev]\nsso_session = corp\nsso_start_url = https://corp.awsapps.com/start\nsso_account_id = 111122223333\nsso_role_name = Dev\n`;
  const files = { "main.tf": backend('    profile = "dev"\n'), "home/.aws/config": config };

  test("under the session's name: nobody has signed in", () => {
    assert.deepEqual(first(text(sha1("corp")), files).id, "sso-not-logged-in");
    assert.equal(first(text(sha1("corp")), files).likelihood, "certain");
  });

  test("under the portal's address, though the profile has a session: the SDK does not know sessions", () => {
    assert.equal(first(text(sha1("https://corp.awsapps.com/start")), files).id, "sso-session-format-unsupported");
  });
});

describe("the page of an explanation", () => {
  test("leads to the places it names", () => {
    const files = {
      "main.tf": backend(
        '    access_key = "ASIAIOSFODNN7EXAMPLE"\n    secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"\n',
      ),
    };
    const { facts, findings, blocks, chainOf } = analyzeFixture(files);
    const explanations = explainOutput(sampleOf("sts invalid"), { facts, findings, blocks, chainOf });
    const { text, links } = explanationPage(explanations, ({ path }) => `${path}:6`);
    assert.match(text, /^# InvalidClientTokenId\n/);
    assert.deepEqual(
      links.map(({ span, at }) => [text.slice(span.start, span.end), at.path]),
      [["main.tf:6", "main.tf"]],
    );
  });

  test("holds nothing that Markdown would fetch or follow", () => {
    const name = "![x](https://evil.example/p.png)<img/src=x>";
    const { facts, findings, blocks, chainOf } = analyzeFixture({ "main.tf": backend(`    profile = "${name}"\n`) });
    const here = { facts, findings, blocks, chainOf };
    const { text } = explanationPage(explainOutput(sampleOf("missing profile"), here), ({ path }) => path);
    assert.match(text, /evil\.example/);
    assert.doesNotMatch(text, /(?<!\\)[<[\]!]/);
  });
});
