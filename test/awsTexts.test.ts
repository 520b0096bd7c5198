import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { commandFlaw } from "../src/aws/credentialProcess";
import { admitsOnlyBelow } from "../src/aws/versions";
import { meantInProfile } from "../src/facts/names";
import { analyzeFixture, type Fixture } from "./support/fixture";

type Seen = readonly (string | null)[] | string;

interface DifferentialCase {
  readonly name: string;
  readonly profile: string;
  readonly credentials: string;
  readonly config: string;
  readonly saw: { readonly botocore: Seen; readonly terraform: Seen; readonly javaScript: Seen };
}

const cases: readonly DifferentialCase[] = JSON.parse(
  readFileSync("test/fixtures/documents/aws-ini/differential.json", "utf8"),
);

/** What the programs read differently and no rule speaks of: nobody is misled by it. */
const passedOver: ReadonlySet<string> = new Set(["empty token", "[a b]", '["a b"]', '["p"]']);

describe("files that real programs have read", () => {
  for (const { name, profile, credentials, config, saw } of cases) {
    const fixture: Record<string, string> = { environment: `AWS_PROFILE=${profile}\n` };
    if (credentials) fixture["home/.aws/credentials"] = credentials;
    if (config) fixture["home/.aws/config"] = config;
    const found = () => worthTelling(fixture);
    const good = JSON.stringify(["AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null]);
    const all = [saw.botocore, saw.terraform, saw.javaScript].map((seen) => JSON.stringify(seen));
    if (all.every((one) => one === good) && !name.includes("[default]")) {
      test(`silent: ${name}`, () => assert.deepEqual(found(), []));
    } else if (new Set(all).size > 1 && !passedOver.has(name)) {
      test(`told: ${name}`, () => assert.notDeepEqual(found(), []));
    }
  }
});

function worthTelling(fixture: Fixture): readonly string[] {
  return analyzeFixture(fixture)
    .findings.filter(({ rule }) => rule !== "placeholder-key")
    .map(({ rule }) => rule);
}

describe("constraints that only admit versions below 1.14.9", () => {
  const table: readonly (readonly [string, boolean])[] = [
    ["1.5.7", true],
    ["= 1.14.8", true],
    ["1.14.9", false],
    ["~> 1.11.0", true],
    ["~> 1.14.0", false],
    ["~> 1.11", false],
    ["~> 0.12", true],
    ["< 1.14.9", true],
    ["<= 1.14.9", false],
    [">= 1.3, < 1.12.0", true],
    [">= 1.3", false],
    ["!= 1.5.0", false],
    ["", false],
    ["< 1.6 || > 2", false],
    ["1.15.0-rc1", false],
  ];
  for (const [constraint, expected] of table) {
    test(JSON.stringify(constraint), () => assert.equal(admitsOnlyBelow(constraint, [1, 14, 9]), expected));
  }
});

describe("commands of credential_process", () => {
  const table: readonly (readonly [string, boolean, string | undefined])[] = [
    ["/usr/bin/env A=b /opt/keys", false, undefined],
    ["/bin/sh scripts/keys.sh", false, undefined],
    ["aws-vault export --format=json dev", false, undefined],
    ["docker run -v /home/alex/.keys:/keys org/keys", false, undefined],
    ["/home/alex/bin/keys --cache /home/alex/My Files/x", false, undefined],
    ["/home/alex/My Files/keys", false, undefined],
    ["/Users/Alex Doe/bin/keys", false, "split-path"],
    ["/Applications/Key Tool.app/Contents/MacOS/keys dev", false, "split-path"],
    ["C:\\Program Files\\Keys\\keys.exe dev", false, "split-path"],
    ["C:\\Users\\alex\\keys.exe dev", false, undefined],
    ["https://example.com/keys", false, undefined],
    ["keys", true, undefined],
    ["keys dev", true, "quoted-whole"],
    ["../keys dev", false, "relative-path"],
    ["tools/keys dev", false, "relative-path"],
    ["$HOME/bin/keys dev", false, "home-path"],
  ];
  for (const [command, isQuoted, expected] of table) {
    test(`${command}${isQuoted ? " in quotes" : ""}`, () =>
      assert.equal(commandFlaw(command, isQuoted)?.kind, expected));
  }
});

test("names of a profile that mean something else are told from names of other tools", () => {
  const meant = (names: readonly string[]) => names.map((name) => meantInProfile(name));
  assert.deepEqual(
    meant(["aws_acess_key_id", "aws-secret-access-key", "export AWS_SESSION_TOKEN", "role_anr", "aws_region"]),
    ["accessKeyId", "secretAccessKey", "sessionToken", "roleArn", "region"],
  );
  const others = [
    "sso_account_name",
    "granted_sso_region",
    "output",
    "regional",
    "mfa_process",
    "azure_tenant_id",
    "s3",
  ];
  assert.deepEqual(meant(others), Array(others.length).fill(undefined));
});
