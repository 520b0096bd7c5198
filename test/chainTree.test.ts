import assert from "node:assert/strict";
import { test } from "node:test";
import type { Report } from "../src/analyzer";
import { fileCredentials, lensTitle } from "../src/explain/chainSummary";
import { type ChainNames, type ChainNode, chainTree } from "../src/explain/chainTree";
import type { Chain } from "../src/model/chain";
import { setId } from "../src/model/describe";
import { type Location, lineStarts, positionAt } from "../src/model/text";
import { analyzeFixture, type Fixture } from "./support/fixture";

const credentials = `[dev]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
`;

const secret = "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY";
const keys = `AWS_ACCESS_KEY_ID=AKIAI44QH8DHBEXAMPLE\nAWS_SECRET_ACCESS_KEY=${secret}\n`;

/** A place as surfaces say it: `config:3`. */
const placeIn =
  (fixture: Fixture) =>
  ({ path, span }: Location): string =>
    `${path.split("/").at(-1)}:${positionAt(lineStarts(fixture[path] ?? ""), span.start).line + 1}`;

const namesFor = (fixture: Fixture): ChainNames => ({
  placeOf: placeIn(fixture),
  directoryName: (directory) => directory,
  ownerOf: () => "this shell",
});

function drawn(nodes: readonly ChainNode[], depth = 0): string[] {
  return nodes.flatMap(({ state, label, description, children }) => [
    `${"  ".repeat(depth)}${state} | ${label} | ${description}`,
    ...drawn(children, depth + 1),
  ]);
}

const blocksOf = ({ blocks, chainOf }: Report) =>
  blocks.map((set) => ({ id: setId(set), directory: set.directory, chain: chainOf(set) }));

const treeOf = (fixture: Fixture) => chainTree(blocksOf(analyzeFixture(fixture)), namesFor(fixture));

function chainsIn(fixture: Fixture): readonly Chain[] {
  const { blocks, chainOf } = analyzeFixture(fixture);
  return blocks.map(chainOf);
}

function lens(fixture: Fixture): string {
  const [chain, ...rest] = chainsIn(fixture);
  assert.ok(chain && rest.length === 0);
  return lensTitle(chain, namesFor(fixture).ownerOf);
}

const profileDev = {
  "main.tf": 'provider "aws" {\n  region = "eu-west-1"\n  profile = "dev"\n}\n',
  "home/.aws/credentials": credentials,
};

const plain = 'provider "aws" {\n  region = "eu-west-1"\n}\n';

test("the winner comes first, with its roles; then what it shadows, then what is not there, each in Terraform's order", () => {
  const main = `provider "aws" {
  region  = "eu-west-1"
  profile = "dev"
  assume_role {
    role_arn = "arn:aws:iam::111122223333:role/deploy"
  }
}
`;
  const fixture = { "main.tf": main, "home/.aws/credentials": credentials, environment: keys };
  assert.deepEqual(drawn(treeOf(fixture)), [
    "used | provider aws | profile dev, then assumes arn:aws:iam::111122223333:role/deploy in eu-west-1",
    "  used | profile dev | used: the profile argument names it — credentials:2",
    "    used | then assumes arn:aws:iam::111122223333:role/deploy | main.tf:5",
    "  told | region eu-west-1 | main.tf:2",
    "  told | environment keys are ignored | AWS_ACCESS_KEY_ID is set in this shell, and the profile argument comes first. Terraform has a warning about this conflict and never prints it.",
    "  shadowed | environment keys | shadowed: profile dev comes first — AWS_ACCESS_KEY_ID of this shell",
    "  absent | keys in the block | absent: the block has none",
    "  absent | web identity variables | absent: AWS_WEB_IDENTITY_TOKEN_FILE is not set",
    "  absent | container credentials | absent: no AWS_CONTAINER_CREDENTIALS_* variable is set",
    "  unasked | instance metadata | not asked: profile dev comes first",
  ]);
});

test("what stops Terraform comes first", () => {
  const fixture = { "main.tf": profileDev["main.tf"].replace("dev", "dev-typo") };
  const [block] = treeOf(fixture);
  assert.equal(block?.state, "stops");
  assert.equal(block?.description, "Terraform stops: There is no profile dev-typo.");
  const [problem] = block?.children ?? [];
  assert.deepEqual(
    [problem?.kind, problem?.label, problem?.description],
    ["problem", "Terraform stops: There is no profile dev-typo.", "main.tf:3"],
  );
  assert.ok(block?.children.every(({ state }) => state !== "used"));
});

test("a key that AWS cannot know is said to be refused", () => {
  const environment = keys.replace("AKIAI44QH8DHBEXAMPLE", "ASIAIOSFODNN7EXAMPLE");
  const [block] = treeOf({ "main.tf": plain, environment });
  assert.equal(block?.state, "refused");
  assert.match(block?.description ?? "", /^environment keys in eu-west-1; AWS will refuse it: It is a temporary key/);
  assert.deepEqual(
    block?.children.filter(({ state }) => state === "used").map(({ label }) => label),
    ["environment keys"],
  );
});

test("what may be refused stops nobody", () => {
  const [block] = treeOf({ "main.tf": plain.replace("eu-west-1", "me-south-1"), environment: keys });
  assert.deepEqual([block?.state, block?.description], ["used", "environment keys in me-south-1"]);
  assert.match(block?.children[0]?.label ?? "", /^AWS may refuse it: me-south-1 refuses every key/);
});

test("where no file and no variable has credentials, nothing is said to be used", () => {
  const [block] = treeOf({ "main.tf": plain });
  assert.deepEqual([block?.state, block?.description], ["absent", "none found here in eu-west-1"]);
  assert.equal(lens({ "main.tf": plain }), "no credentials found here");
});

test("modules have a line of their own where there are several", () => {
  const { "main.tf": main, ...home } = profileDev;
  const tree = treeOf({ ...home, "b/main.tf": main, "a/main.tf": main.replace("dev", "gone") });
  assert.deepEqual(
    tree.map(({ label, description }) => [label, description]),
    [
      ["a", "1 of 1 stopped"],
      ["b", ""],
    ],
  );
  assert.deepEqual(
    tree.flatMap(({ children }) => children.map(({ block }) => block)),
    ["a:provider aws", "b:provider aws"],
  );
});

test("few blocks are open at first, many are not", () => {
  const module = (count: number) =>
    Array.from({ length: count }, (_, index) => plain.replace("{", `{\n  alias = "a${index}"`)).join("");
  const open = (fixture: Fixture) => treeOf(fixture).map(({ isOpen }) => isOpen);
  assert.deepEqual(open({ "main.tf": module(3) }), [true, true, true]);
  assert.deepEqual(open({ "main.tf": module(4) }), [false, false, false, false]);
  const modules = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`m${index}/main.tf`, plain]));
  assert.ok(open(modules).every((isOpen) => !isOpen));
});

test("no two lines have the same id, whatever the blocks are called", () => {
  const ids: string[] = [];
  const collect = (nodes: readonly ChainNode[]) => {
    for (const { id, children } of nodes) {
      ids.push(id);
      collect(children);
    }
  };
  collect(treeOf({ ...profileDev, "second.tf": profileDev["main.tf"] }));
  assert.ok(ids.length > 5);
  assert.equal(new Set(ids).size, ids.length);
});

test("the line above a block says what it comes to, what is ignored, or what stops it", () => {
  assert.equal(lens(profileDev), "resolves to profile dev in eu-west-1");
  assert.equal(
    lens({ ...profileDev, environment: keys }),
    "resolves to profile dev in eu-west-1 · environment keys are ignored",
  );
  assert.equal(
    lens({ "main.tf": profileDev["main.tf"].replace("dev", "gone") }),
    "Terraform stops: There is no profile gone.",
  );
  const unknown = profileDev["main.tf"].replace('"dev"', "data.x.y.z");
  assert.equal(lens({ "main.tf": unknown }), "resolves to a profile whose name is not known in eu-west-1");
  assert.equal(
    lens({ "main.tf": 'terraform {\n  backend "s3" {}\n}\n', environment: keys }),
    "resolves to environment keys · arguments of init are not known",
  );
});

test("the note about ignored keys is for a profile that the block names", () => {
  const named = { ...profileDev, "main.tf": plain, environment: `${keys}AWS_PROFILE=dev\n` };
  assert.equal(lens(named), "resolves to environment keys in eu-west-1");
  const literal = plain.replace("}", `  access_key = "AKIAIOSFODNN7EXAMPLE"\n  secret_key = "${secret}"\n}`);
  assert.equal(lens({ "main.tf": literal, environment: keys }), "resolves to keys in the block in eu-west-1");
});

test("an AWS CLI that works where Terraform does not is told", () => {
  const fixture = {
    "main.tf": plain,
    "home/.aws/credentials": "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n",
    environment: keys,
  };
  const [block] = treeOf(fixture);
  assert.equal(block?.description, "Terraform stops: Profile default has one half of a key pair.");
  assert.match(
    block?.children[1]?.description ?? "",
    /^The AWS CLI works where Terraform does not: it uses environment keys/,
  );
});

test("a file's credentials are told in one line, a problem before all", () => {
  const told = (fixture: Fixture) => fileCredentials(chainsIn(fixture), placeIn(fixture), namesFor(fixture).ownerOf);
  assert.deepEqual(told(profileDev), {
    text: "Credentials: profile dev (credentials:2) in eu-west-1",
    detail: "provider aws",
    severity: "information",
  });
  const second = `${profileDev["main.tf"]}provider "aws" {\n  alias = "east"\n  region = "eu-west-1"\n  profile = "gone"\n}\n`;
  assert.deepEqual(told({ ...profileDev, "main.tf": second }), {
    text: "Terraform stops: There is no profile gone.",
    detail: "provider aws.east",
    severity: "error",
  });
  const other = { ...profileDev, "main.tf": second.replace('profile = "gone"', ""), environment: keys };
  assert.equal(told(other)?.text, "Credentials: profile dev (credentials:2) in eu-west-1 and 1 more");
  assert.equal(told({}), undefined);
});
