import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { entryOf, isNull, nodeAt, type YamlNode } from "../src/documents/yaml";
import { parseYaml } from "../src/documents/yamlParser";

const parse = (text: string) => parseYaml({ path: "compose.yaml", text }, "compose");
const rootOf = (text: string) => parse(text).roots[0] as YamlNode;

/** A node as plain data, by what it means. */
function meaning(node: YamlNode | undefined): unknown {
  if (node?.kind === "map") return Object.fromEntries(node.entries.map(({ key, value }) => [key.text, meaning(value)]));
  if (node?.kind === "list") return node.items.map(meaning);
  return node?.kind === "scalar" ? node.text : node?.kind;
}

test("scalars are texts, with their style and their place between the quotes", () => {
  const text = `plain: a b # c\nsingle: 'it''s'\ndouble: "a\\tb"\nnumber: 012\nnothing:\n`;
  const root = rootOf(text);
  const styles = ["plain", "single", "double", "number", "nothing"].map((name) => {
    const node = nodeAt(root, name);
    assert.equal(node?.kind, "scalar");
    return node?.kind === "scalar"
      ? [node.text, node.style, text.slice(node.contentSpan.start, node.contentSpan.end)]
      : [];
  });
  assert.deepEqual(styles, [
    ["a b", "plain", "a b"],
    ["it's", "single", "it''s"],
    ["a\tb", "double", "a\\tb"],
    ["012", "plain", "012"],
    ["", "plain", ""],
  ]);
  assert.ok(isNull(nodeAt(root, "nothing")));
  assert.ok(!isNull(nodeAt(root, "number")));
});

test("a block's content is its lines as they stand", () => {
  const text = "run: |\n  echo 1\n  echo 2\nnext: x\n";
  const node = nodeAt(rootOf(text), "run");
  assert.ok(node?.kind === "scalar");
  assert.equal(node.text, "echo 1\necho 2\n");
  assert.equal(text.slice(node.contentSpan.start, node.contentSpan.end), "  echo 1\n  echo 2\n");
});

test("an alias is the node of its anchor, with the places of that one", () => {
  const text = "a: &x\n  k: v\nb: *x\nc: [*x]\n";
  const root = rootOf(text);
  assert.equal(nodeAt(root, "b"), nodeAt(root, "a"));
  const entry = entryOf(root, "b");
  assert.equal(text.slice(entry?.span.start, entry?.span.end), "b: *x");
});

test("the latest anchor of a name counts, and one that comes later does not", () => {
  assert.deepEqual(meaning(rootOf("- *x\n- &x 1\n- *x\n- &x 2\n- *x\n")), ["unknown", "1", "1", "2", "2"]);
});

test("`<<` adds what is not there, the first map first", () => {
  const root = rootOf("a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  <<: [*a, *b]\n  x: 3\n");
  const c = nodeAt(root, "c");
  assert.deepEqual(
    ["x", "y", "z"].map((name) => meaning(nodeAt(c, name))),
    ["3", "1", "2"],
  );
  assert.deepEqual(
    ["x", "y", "z"].map((name) => entryOf(c, name)?.isMerged),
    [false, true, true],
  );
});

test("of two entries with one name the later counts", () => {
  assert.equal(meaning(nodeAt(rootOf("a: 1\na: 2\n"), "a")), "2");
});

test("tags stay, and several documents are several roots", () => {
  const { roots } = parse("spec: {}\n---\na: !reference [b, c]\n");
  assert.equal(roots.length, 2);
  const node = nodeAt(roots[1], "a");
  assert.equal(node?.kind === "list" && node.tag, "!reference");
});

test("aliases of aliases do not grow without end, and an alias inside its anchor is unknown", () => {
  const levels = Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`);
  const started = performance.now();
  const count = (node: YamlNode): number =>
    node.kind === "map"
      ? node.entries.reduce((sum, { value }) => sum + count(value), 1)
      : node.kind === "list"
        ? node.items.reduce((sum, item) => sum + count(item), 1)
        : 1;
  assert.ok(count(rootOf(`a0: &a0 x\n${levels.join("\n")}\n`)) < 1_000_000);
  assert.ok(performance.now() - started < 5000);
  assert.deepEqual(meaning(rootOf("a: &a [*a]\n")), { a: ["unknown"] });
});

test("comments suppress their own line, or the next", () => {
  const { suppressions } = parse(
    "# callerid-ignore partial-keys: told\na: 1\nb: 2 # callerid-ignore hardcoded-secret: known\nc: x#callerid-ignore a: no\n",
  );
  assert.deepEqual(
    suppressions.map(({ rules, line, reason }) => [rules.map(({ name }) => name), line, reason]),
    [
      [["partial-keys"], 1, "told"],
      [["hardcoded-secret"], 2, "known"],
    ],
  );
});

test("what is no YAML is a problem and hides nothing before it", () => {
  const { problems, roots } = parse("a: 1\nb: [\nc: {\n");
  assert.ok(problems.length > 0);
  assert.equal(meaning(nodeAt(roots[0], "a")), "1");
});

test("deep nesting ends in a problem or an unknown, not in an exception", () => {
  for (const text of ["[".repeat(20_000), "{a: ".repeat(20_000), "- ".repeat(5_000), "? ".repeat(5_000)]) parse(text);
});

const pieces = fc.constantFrom(
  ..."a b: c - ? | > |2- # ' \" & *a &a !t << [ ] { } , \n \n  \t \r\n --- ... %YAML AKIA $X \u00a0 \ufeff".split(" "),
  " ",
  "  ",
);

test("any text is read, in bounded time, with every span inside it", () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
      const text = parts.join("");
      const started = performance.now();
      const { roots } = parse(text);
      const check = (node: YamlNode) => {
        assert.ok(0 <= node.span.start && node.span.start <= node.span.end && node.span.end <= text.length);
        if (node.kind === "scalar") {
          const { start, end } = node.contentSpan;
          assert.ok(node.span.start <= start && start <= end && end <= node.span.end);
        }
        if (node.kind === "list") node.items.forEach(check);
        if (node.kind === "map") {
          for (const { key, value, span } of node.entries) {
            assert.ok(span.start <= span.end && span.end <= text.length);
            check(key);
            check(value);
          }
        }
      };
      roots.forEach(check);
      assert.ok(performance.now() - started < 1000);
    }),
    { numRuns: 2000 },
  );
});
