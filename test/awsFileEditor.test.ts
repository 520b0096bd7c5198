import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { documentOf, type Report } from "../src/analyzer";
import { profileSettings } from "../src/aws/profileSettings";
import { awsFileOutline } from "../src/explain/awsFileOutline";
import { settingsFor } from "../src/explain/awsFileSettings";
import { awsLanguage } from "../src/explain/awsLanguage";
import { completionsAt } from "../src/explain/completions";
import { headersNamed } from "../src/explain/headersNamed";
import { keyCard } from "../src/explain/keyCard";
import { namedPlaceAt } from "../src/explain/namedPlace";
import { profileCard } from "../src/explain/profileCard";
import { sharedFilePaths } from "../src/explain/sharedFilePaths";
import { settingNamed, spellingOf } from "../src/facts/names";
import { type Location, lineStarts, positionAt } from "../src/model/text";
import { analyzeFixture, type Fixture } from "./support/fixture";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const secret = "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY";

const files: Fixture = {
  "home/.aws/credentials": `[base]
aws_access_key_id = AKIAI44QH8DHBEXAMPLE
aws_secret_access_key = ${secret}

[session]
aws_access_key_id     = ASIAIOSFODNN7EXAMPLE
aws_secret_access_key = ${secret}
aws_session_token     = AQoEXAMPLE

# half is not enough
[half]
aws_secret_access_key = ${secret}
`,
  "home/.aws/config": `[default]
credential_process = /usr/local/bin/keys
region = eu-west-1

[profile base]
region = eu-south-1

[profile deploy]
role_arn       = arn:aws:iam::111122223333:role/ci/deploy
source_profile = base # as long as it lives

[profile sso]
sso_session = company

[profile old]
sso_start_url = https://old.awsapps.com/start

[profile pod]
role_arn = arn:aws:iam::111122223333:role/reader
web_identity_token_file = /var/run/token

[profile machine]
role_arn = arn:aws:iam::111122223333:role/reader
credential_source = Ec2InstanceMetadata

[profile empty]
services = local

[stray]
region = eu-west-1

[sso-session company]
sso_start_url = https://example.awsapps.com/start
sso_region    = eu-central-1

[services local]
s3 =
  endpoint_url = http://localhost:4566
sts =
  endpoint_url = http://localhost:4566
`,
  "main.tf": `provider "aws" {
  profile = "base"
}

provider "aws" {
  alias   = "deploy"
  profile = var.profile
  region  = "eu-west-1"
}

variable "profile" {
  default = "deploy"
}

terraform {
  backend "s3" {
    access_key = "AKIAI44QH8DHBEXAMPLE"
    secret_key = var.secret
  }
}
`,
};

/** A fixture in which `‸` marks the cursor, and what there is at it. */
function at(changed: Fixture) {
  const [[path = "", marked = ""] = []] = Object.entries(changed).filter(([, text]) => text.includes("‸"));
  const offset = marked.indexOf("‸");
  const fixture = { ...files, ...changed, [path]: marked.replace("‸", "") };
  const report = analyzeFixture(fixture);
  const source = { path, text: fixture[path] ?? "" };
  return { report, fixture, source, offset, document: documentOf(source) };
}

function completed(changed: Fixture) {
  const { report, source, document, offset } = at(changed);
  const all = completionsAt(report.facts, source, document, offset);
  const labels = all.map(({ label }) => label);
  const chosen = (label: string) => {
    const one = all.find((each) => each.label === label);
    assert.ok(one, `${label} is not among ${labels.join(", ")}`);
    return source.text.slice(0, one.span.start) + one.text + source.text.slice(one.span.end);
  };
  return { all, labels, chosen };
}

const placeIn = (fixture: Fixture) => (place: Location) =>
  `${place.path}:${positionAt(lineStarts(fixture[place.path] ?? ""), place.span.start).line + 1}`;

function definitions(changed: Fixture): string[] {
  const { report, fixture, source, document, offset } = at(changed);
  const place = namedPlaceAt(report.facts, source, document, offset);
  return place ? headersNamed(report.facts, place, source.path).map(placeIn(fixture)) : [];
}

function outlineOf(path: string, text: string) {
  const document = documentOf({ path, text });
  assert.equal(document?.kind, "awsIni");
  return awsFileOutline(document);
}

/** Those an AWS file can spell. */
const settingNames = [...profileSettings].flatMap((text) => settingNamed(text, "aws-file") ?? []);

describe("outline", () => {
  const lines = (path: string) =>
    outlineOf(path, files[path] ?? "").map(({ kind, name, detail }) => `${kind} ${name}: ${detail}`);

  test("profiles say how they get their credentials", () => {
    assert.deepEqual(lines("home/.aws/credentials"), [
      "profile base: static keys …MPLE",
      "profile session: temporary keys …MPLE",
      "profile half: half a pair of keys",
    ]);
    assert.deepEqual(lines("home/.aws/config"), [
      "profile default: process",
      "profile base: no credentials",
      "profile deploy: role deploy via base",
      "profile sso: SSO company",
      "profile old: SSO old.awsapps.com",
      "profile pod: role reader via web identity",
      "profile machine: role reader via Ec2InstanceMetadata",
      "profile empty: no credentials",
      "other stray: never read",
      "sso-session company: example.awsapps.com, eu-central-1",
      "services local: s3, sts",
    ]);
  });

  test("what a profile has in the other file counts", () => {
    const path = "home/.aws/config";
    const document = documentOf({ path, text: files[path] ?? "" });
    assert.equal(document?.kind, "awsIni");
    const [, base] = awsFileOutline(document, analyzeFixture(files).facts);
    assert.equal(base?.detail, "static keys …MPLE");
  });

  test("a section ends at its last setting, and a comment goes with what follows", () => {
    const text = files["home/.aws/credentials"] ?? "";
    const session = outlineOf("home/.aws/credentials", text)[1];
    assert.equal(
      text.slice(session?.span.start, session?.span.end).split("\n").at(-1)?.slice(0, 17),
      "aws_session_token",
    );
  });

  test("no text makes it throw, and every span lies in the text", () => {
    const text = fc.string({
      unit: fc.constantFrom("[", "]", "=", "\n", "\r", " ", "#", "profile ", "a", "aws_access_key_id"),
    });
    fc.assert(
      fc.property(text, fc.constantFrom("credentials", "config"), (one, name) => {
        for (const { span, nameSpan } of outlineOf(`.aws/${name}`, one)) {
          assert.ok(span.start <= nameSpan.start && nameSpan.end <= span.end && span.end <= one.length);
        }
      }),
    );
  });

  test("a secret never shows, wherever it stands", () => {
    const names = [...settingsFor("profile", "config"), ...settingsFor("sso-session", "config")].map(
      ({ name }) => name,
    );
    for (const name of names.filter((one) => /key|token|process/.test(one))) {
      const text = `[profile a]\naws_secret_access_key = x\n${name} = ${secret}\n`;
      assert.ok(!JSON.stringify(outlineOf(".aws/config", text)).includes(secret.slice(5, 20)), name);
    }
  });
});

describe("completion", () => {
  test("profiles in a provider, with how they get their credentials", () => {
    const { all, chosen } = completed({ "main.tf": 'provider "aws" {\n  profile = "de‸"\n}\n' });
    assert.equal(all.find(({ label }) => label === "deploy")?.detail, "role deploy via base");
    assert.equal(chosen("deploy"), 'provider "aws" {\n  profile = "deploy"\n}\n');
  });

  for (const [title, text] of [
    ["an unclosed string", 'provider "aws" {\n  profile = "‸\n}\n'],
    ["a backend", 'terraform {\n  backend "s3" {\n    profile = "‸"\n  }\n}\n'],
    [
      "a remote state",
      'data "terraform_remote_state" "x" {\n  backend = "s3"\n  config = {\n    profile = "‸"\n  }\n}\n',
    ],
  ] as const) {
    test(`profiles in ${title}`, () => assert.ok(completed({ "main.tf": text }).labels.includes("sso")));
  }

  test("nothing in blocks of other providers, and nothing behind a reference", () => {
    assert.deepEqual(completed({ "main.tf": 'provider "google" {\n  region = "‸"\n}\n' }).labels, []);
    assert.deepEqual(completed({ "main.tf": 'provider "aws" {\n  region = var.‸region\n}\n' }).labels, []);
    const joined = `locals {\n  a = "x"\n}\nprovider "aws" {\n  prof‸ile = "\${local.a}-\${local.a}"\n}\n`;
    assert.deepEqual(completed({ "main.tf": joined }).labels, []);
  });

  test("a name that needs it is escaped", () => {
    const config = `[profile a"\${b}]\nregion = eu-west-1\n`;
    const { all } = completed({ "home/.aws/config": config, "main.tf": 'provider "aws" {\n  profile = "‸"\n}\n' });
    assert.equal(all.find(({ label }) => label.startsWith("a"))?.text, 'a\\"$${b}');
  });

  test("regions in Terraform and in the AWS files", () => {
    assert.ok(completed({ "main.tf": 'provider "aws" {\n  region = "‸"\n}\n' }).labels.includes("eu-west-1"));
    const { all, chosen } = completed({ "home/.aws/config": "[sso-session a]\nsso_region =‸\n" });
    assert.equal(all.find(({ label }) => label === "eu-south-1")?.detail, "has to be enabled");
    assert.equal(chosen("eu-west-1"), "[sso-session a]\nsso_region = eu-west-1\n");
    const close = completed({ "home/.aws/config": "[default]\nregion=‸\n" });
    assert.equal(close.chosen("eu-west-1"), "[default]\nregion=eu-west-1\n");
  });

  test("source profiles, SSO sessions and services", () => {
    const value = (line: string) =>
      completed({ "home/.aws/config": `${files["home/.aws/config"]}\n[profile new]\n${line}‸\n` });
    assert.ok(value("source_profile = ").labels.includes("base"));
    assert.deepEqual(value("sso_session = ").labels, ["company"]);
    assert.deepEqual(value("services = l").labels, ["local"]);
    assert.deepEqual(value("credential_source = E").labels, ["Environment", "Ec2InstanceMetadata", "EcsContainer"]);
    assert.deepEqual(value("aws_secret_access_key = ").labels, []);
    assert.deepEqual(value("aws_access_key_id = ").labels, []);
  });

  test("settings of the file and the section that are not there yet", () => {
    const config = completed({
      "home/.aws/config": "[profile a]\nsso_session = company\nsso_acc‸\nregion = eu-west-1\n",
    });
    assert.equal(config.chosen("sso_account_id").split("\n")[2], "sso_account_id = ");
    assert.ok(!config.labels.includes("region") && !config.labels.includes("sso_session"));
    const credentials = completed({ "home/.aws/credentials": "[a]\n‸\n" });
    assert.ok(credentials.labels.includes("aws_session_token") && !credentials.labels.includes("sso_session"));
    assert.deepEqual(completed({ "home/.aws/config": "[sso-session a]\n‸" }).labels, [
      "sso_start_url",
      "sso_region",
      "sso_registration_scopes",
    ]);
  });

  test("a service has an endpoint, on a line below it", () => {
    const { chosen } = completed({ "home/.aws/config": "[services a]\ns3 =\n  end‸\n" });
    assert.equal(chosen("endpoint_url"), "[services a]\ns3 =\n  endpoint_url = \n");
  });

  test("a setting's name is replaced without its value", () => {
    const { chosen } = completed({ "home/.aws/config": "[profile a]\nregio‸ = eu-west-1\n" });
    assert.equal(chosen("region"), "[profile a]\nregion = eu-west-1\n");
  });

  test("nothing in headers, comments, continued lines, sections that nobody reads, and before the first", () => {
    for (const text of [
      "[profile ba‸]\n",
      "[default]\n# re‸\n",
      "[default]\nx = 1\n  re‸\n",
      "[x]\n‸\n",
      "‸\n[default]\n",
    ]) {
      assert.deepEqual(completed({ "home/.aws/config": text }).labels, [], text);
    }
  });

  test("profiles in files of variables", () => {
    for (const text of ["A=b\nAWS_PROFILE=‸\n", "export AWS_PROFILE='de‸'\n"]) {
      assert.ok(completed({ ".env": text }).labels.includes("deploy"), text);
    }
    assert.ok(completed({ ".env": "AWS_REGION=eu‸" }).labels.includes("eu-west-1"));
    for (const text of ["# AWS_PROFILE=‸", "OTHER=‸", "‸AWS_PROFILE=x"]) {
      assert.deepEqual(completed({ ".env": text }).labels, [], text);
    }
  });

  test("every setting that the facts know of is offered, and nothing that AWS does not know", () => {
    const offered = (["profile", "sso-session"] as const).flatMap((kind) => settingsFor(kind, "config"));
    const names = new Set(offered.map(({ name }) => name));
    for (const name of names) assert.ok(profileSettings.has(name), name);
    for (const name of settingNames) {
      const spelling = spellingOf(name, "aws-file");
      // What login tools write for people to read.
      if (spelling && name !== "expiration") assert.ok(names.has(spelling), spelling);
    }
  });
});

describe("definition", () => {
  test("a profile leads to both files", () => {
    assert.deepEqual(definitions({ "main.tf": 'provider "aws" {\n  profile = "ba‸se"\n}\n' }), [
      "home/.aws/credentials:1",
      "home/.aws/config:5",
    ]);
    assert.deepEqual(definitions({ ".env": "AWS_PROFILE=d‸eploy\n" }), ["home/.aws/config:8"]);
  });

  test("so does the default of a variable that is used as one", () => {
    const text = files["main.tf"]?.replace('"deploy"\n}\n\nterraform', '"dep‸loy"\n}\n\nterraform') ?? "";
    assert.deepEqual(definitions({ "main.tf": text }), ["home/.aws/config:8"]);
  });

  test("settings of the AWS files lead to sections", () => {
    const from = (word: string) => {
      const text = files["home/.aws/config"]?.replace(word, `${word.slice(0, -1)}‸${word.slice(-1)}`) ?? "";
      return definitions({ "home/.aws/config": text });
    };
    assert.deepEqual(from("source_profile = base"), ["home/.aws/credentials:1", "home/.aws/config:5"]);
    assert.deepEqual(from("sso_session = company"), ["home/.aws/config:32"]);
    assert.deepEqual(from("services = local"), ["home/.aws/config:36"]);
    assert.deepEqual(from("region = eu-west-1"), []);
  });

  test("a file that is not in force speaks of itself", () => {
    const text = "[profile base]\nregion = eu-west-1\n\n[profile x]\nsource_profile = ba‸se\n";
    assert.deepEqual(definitions({ "dotfiles/.aws/config": text }), ["dotfiles/.aws/config:1"]);
  });
});

describe("cards", () => {
  const report: Report = analyzeFixture(files);
  const placeOf = placeIn(files);
  const nowhere: Location = { path: "", span: { start: 0, end: 0 } };

  test("a profile says where it stands, what it is and who uses it", () => {
    assert.deepEqual(profileCard(report.facts, report.blocks, "base", placeOf), {
      title: "Profile",
      name: "base",
      lines: [
        "Stands in home/.aws/credentials:1 and home/.aws/config:5.",
        "Credentials: static keys …MPLE.",
        "Region: eu-south-1.",
        "Used by provider aws (main.tf:1), profile deploy (home/.aws/config:8).",
      ],
    });
    assert.equal(profileCard(report.facts, report.blocks, "nobody", placeOf), undefined);
    assert.equal(
      profileCard(report.facts, report.blocks, "sso", placeOf)?.lines.at(-1),
      "Nothing in this workspace uses it.",
    );
  });

  test("a key says its kind and who comes to it, a block whose secret is elsewhere included", () => {
    const card = keyCard(report.facts, report.blocks, "AKIAI44QH8DHBEXAMPLE", nowhere, placeOf);
    assert.equal(card?.title, "Long-term access key");
    assert.equal(card?.name, "AKIA…MPLE");
    assert.equal(
      card?.lines.at(-1),
      'Used by provider aws (main.tf:1), provider aws.deploy (main.tf:5), backend "s3" (main.tf:16), profile base (home/.aws/credentials:1), profile deploy (home/.aws/config:8).',
    );
  });

  test("its own line does not name its own profile", () => {
    const start = files["home/.aws/credentials"]?.indexOf("AKIA") ?? 0;
    const at = { path: "home/.aws/credentials", span: { start, end: start + 20 } };
    const card = keyCard(report.facts, [], "AKIAI44QH8DHBEXAMPLE", at, placeOf);
    assert.doesNotMatch(card?.lines.at(-1) ?? "", /profile base/);
  });

  test("the account is told when the key tells it", () => {
    const own = (account: bigint) => `AKIA${base32((1n << 49n) | (account << 9n))}QQQQQQ`;
    assert.match(
      keyCard(report.facts, [], own(111122223333n), nowhere, placeOf)?.lines[0] ?? "",
      /^Account 111122223333,/,
    );
    assert.match(keyCard(report.facts, [], own(534261010715n), nowhere, placeOf)?.lines[0] ?? "", /honeytokens/);
    assert.match(keyCard(report.facts, [], `AKIA${letters.slice(0, 16)}`, nowhere, placeOf)?.lines[0] ?? "", /unknown/);
  });

  test("what is no key id has no card", () => {
    for (const text of [secret, "", `AROA${letters.slice(0, 17)}`, "changeme"]) {
      assert.equal(keyCard(report.facts, [], text, nowhere, placeOf), undefined);
    }
  });
});

test("paths of shared files are links, seen from where they are written", () => {
  const text = `provider "aws" {
  shared_credentials_files = ["aws/credentials", "~/.aws/credentials", var.x]
  shared_config_files      = ["\${path.module}/../config"]
}
`;
  const document = documentOf({ path: "/w/net/main.tf", text });
  assert.equal(document?.kind, "terraform");
  assert.deepEqual(
    sharedFilePaths(document, "/home/me").map(({ path, span }) => [path, text.slice(span.start, span.end)]),
    [
      ["/w/net/aws/credentials", "aws/credentials"],
      ["/home/me/.aws/credentials", "~/.aws/credentials"],
      ["/w/config", `\${path.module}/../config`],
    ],
  );
});

test("a file that the environment makes an AWS file gets the language, unless it has one", () => {
  const environment = "AWS_SHARED_CREDENTIALS_FILE=/srv/keys\nAWS_CONFIG_FILE=/srv/aws.conf\n";
  const { awsFiles } = analyzeFixture({ environment }).facts;
  assert.equal(awsLanguage(awsFiles, "/srv/keys", "plaintext"), "aws-credentials");
  assert.equal(awsLanguage(awsFiles, "/srv/aws.conf", "properties"), "aws-config");
  assert.equal(awsLanguage(awsFiles, "/srv/aws.conf", "toml"), undefined);
  assert.equal(awsLanguage(awsFiles, "/srv/other", "plaintext"), undefined);
});

/** The ten characters of a key id that hold a number. */
function base32(number: bigint): string {
  return Array.from({ length: 10 }, (_, index) => letters[Number((number >> BigInt(5 * (9 - index))) & 31n)]).join("");
}
