import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { before, test } from "node:test";
import type { Node, Parser } from "web-tree-sitter";
import type { Body, TerraformDocument } from "../src/documents/terraform";
import { parseTerraform } from "../src/documents/terraformParser";

/** A folder of real repositories to compare on as well; none is committed. */
const corpus = process.env.CALLERID_CORPUS;

let oracle: Parser;

before(async () => {
  const tree = await import("web-tree-sitter");
  await tree.Parser.init();
  const grammar = createRequire(path.resolve("package.json")).resolve(
    "@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-terraform.wasm",
  );
  oracle = new tree.Parser();
  oracle.setLanguage(await tree.Language.load(grammar));
});

/** Every block and attribute on a line of its own: its type or name, its labels, and where it and its value stand. */
function ours(body: Body): string[] {
  const items = [
    ...body.attributes.map(({ name, value, span }) => ({
      at: span.start,
      lines: [`${span.start}-${span.end} ${name} = ${value.span.start}-${value.span.end}`],
    })),
    ...body.blocks.map(({ type, labels, body, span }) => ({
      at: span.start,
      lines: [`${span.start}-${span.end} ${[type, ...labels.map((label) => label.text)].join(" ")} {`, ...ours(body)],
    })),
  ];
  return items.sort((a, b) => a.at - b.at).flatMap(({ lines }) => lines);
}

const childrenOf = (node: Node) => node.namedChildren.filter((child) => child !== null);

function theirs(body: Node | undefined): string[] {
  return (body ? childrenOf(body) : []).flatMap((item) => {
    const children = childrenOf(item);
    const [name] = children;
    const span = `${item.startIndex}-${item.endIndex}`;
    if (item.type === "attribute") {
      const value = children.find((child) => child.type === "expression");
      return [`${span} ${name?.text} = ${value?.startIndex}-${value?.endIndex}`];
    }
    if (item.type !== "block") return [];
    const labels = children.slice(1).flatMap((child) => {
      if (child.type === "identifier") return [child.text];
      return child.type === "string_lit" ? [child.text.slice(1, -1)] : [];
    });
    const inner = children.find((child) => child.type === "body");
    return [`${span} ${[name?.text, ...labels].join(" ")} {`, ...theirs(inner)];
  });
}

type Verdict = "equal" | "different" | "problem" | "unread by the oracle";

/** `expected` and `actual` are shown where the two differ. */
function compare(document: TerraformDocument): { verdict: Verdict; expected: string[]; actual: string[] } {
  const tree = oracle.parse(document.source.text);
  const none = { expected: [], actual: [] };
  try {
    const isRead = tree !== null && !tree.rootNode.hasError;
    if (document.problems.length > 0) return { verdict: isRead ? "problem" : "unread by the oracle", ...none };
    if (!isRead) return { verdict: "unread by the oracle", ...none };
    const expected = theirs(childrenOf(tree.rootNode).find((child) => child.type === "body"));
    const actual = ours(document.body);
    return { verdict: expected.join("\n") === actual.join("\n") ? "equal" : "different", expected, actual };
  } finally {
    tree?.delete();
  }
}

function terraformFiles(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:tf|tofu|tfvars)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/** The files of a folder that `terraform fmt` cannot read; undefined without a `terraform`. */
function refusedByTerraform(folder: string): ReadonlySet<string> | undefined {
  const { error, stderr } = spawnSync(
    "terraform",
    [`-chdir=${folder}`, "fmt", "-write=false", "-list=false", "-recursive", "-no-color", "."],
    { encoding: "utf8", env: { ...process.env, TF_CLI_CONFIG_FILE: "" }, maxBuffer: 1 << 28 },
  );
  if (error) return undefined;
  return new Set([...stderr.matchAll(/ on (.+?) line \d+/g)].map((match) => path.join(folder, match[1] ?? "")));
}

const read = (file: string) => parseTerraform({ path: file, text: fs.readFileSync(file, "utf8") });

test("our own fixtures and examples are read as tree-sitter reads them", () => {
  let equal = 0;
  for (const file of ["test/fixtures", "examples"].flatMap(terraformFiles)) {
    const { verdict, expected, actual } = compare(read(file));
    assert.notEqual(verdict, "problem", file);
    assert.deepEqual(actual, expected, file);
    if (verdict === "equal") equal++;
  }
  assert.ok(equal > 20, `${equal} files compared`);
});

test("a folder of real files is read as tree-sitter reads it", {
  skip: corpus === undefined && "no CALLERID_CORPUS",
}, (t) => {
  const folder = path.resolve(corpus ?? "");
  const refused = refusedByTerraform(folder);
  const counts = new Map<string, number>();
  const wrong: string[] = [];
  for (const file of terraformFiles(folder)) {
    const document = read(file);
    const accepted = refused === undefined || (!refused.has(file) && !file.endsWith(".tofu"));
    const { verdict, expected, actual } = compare(document);
    // Without Terraform nobody says that a file which tree-sitter cannot read is one that we should.
    const isOurs =
      verdict === "different" || (accepted && document.problems.length > 0 && (refused || verdict === "problem"));
    const key = `${accepted ? "valid" : "not valid"}: ${verdict}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if (!accepted || !isOurs) continue;
    const at = actual.findIndex((line, index) => line !== expected[index]);
    wrong.push(`${file}: ${document.problems[0]?.message ?? `${actual[at]} instead of ${expected[at]}`}`);
  }
  for (const [key, count] of counts) t.diagnostic(`${key}: ${count}`);
  assert.deepEqual(wrong, []);
});
