import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { scalarOf, type YamlScalar } from "../src/documents/yaml";
import { parseYaml } from "../src/documents/yamlParser";
import { offsetsOf, scalarCommands, scalarWord } from "../src/documents/yamlScripts";
import { pipelinesOf } from "../src/facts/pipelines";

function scalarIn(text: string): { readonly source: { path: string; text: string }; readonly scalar: YamlScalar } {
  const source = { path: ".github/workflows/x.yml", text };
  const [root] = parseYaml(source, "github-workflow").roots;
  const scalar = root?.kind === "map" ? scalarOf(root.entries[0]?.value) : undefined;
  assert.ok(scalar);
  return { source, scalar };
}

/** The commands of `text`'s first value, as they stand in the file. */
function written(text: string): string[] {
  const { source, scalar } = scalarIn(text);
  return scalarCommands(source, scalar, "sh").map(({ span }) => text.slice(span.start, span.end));
}

test("commands stand where the file has them, whatever the scalar's style", () => {
  assert.deepEqual(written("run: aws s3 ls # x\n"), ["aws s3 ls"]);
  assert.deepEqual(written("run: |\n    one a\n    two b\n"), ["one a", "two b"]);
  assert.deepEqual(written("run: >-\n    one a\n    b\n\n    two\n"), ["one a\n    b", "two"]);
  assert.deepEqual(written("run: 'echo it''s'\n"), ["echo it''s"]);
  assert.deepEqual(written('run: "one\\ttab; two \\"x\\""\n'), ["one\\ttab", 'two \\"x\\"']);
  assert.deepEqual(written("run: |\r\n  one\r\n  two\r\n"), ["one", "two"]);
});

test("a here document inside a block ends at its word", () => {
  assert.deepEqual(written("run: |\n  cat <<EOF\n  text $HOME\n  EOF\n  after\n").length, 2);
});

test("what a service fills in is a value that nobody knows", () => {
  const { source, scalar } = scalarIn("run: export AWS_SECRET_ACCESS_KEY=${{ secrets.KEY }}\n");
  const [command] = scalarCommands(source, scalar, "sh");
  assert.equal(command?.assignments[0]?.name, "AWS_SECRET_ACCESS_KEY");
  assert.equal(command?.assignments[0]?.value.text, undefined);
});

test("a value is known or made of references", () => {
  const word = (text: string) => {
    const { source, scalar } = scalarIn(`x: ${text}\n`);
    const { text: known, pieces } = scalarWord(source, scalar);
    return known ?? pieces.map((piece) => (piece.kind === "variable" ? `<${piece.name}>` : "…")).join("");
  };
  assert.equal(word("plain"), "plain");
  assert.equal(word("'it''s'"), "it's");
  assert.equal(word("${{ secrets.KEY }}"), "<secrets.KEY>");
  assert.equal(word("$KEY"), "<KEY>");
  assert.equal(word("a-${{ x }}"), "…<x>");
});

test("every character of a scalar has a place within it", () => {
  const style = fc.constantFrom("plain", "single", "double", "literal", "folded");
  fc.assert(
    fc.property(
      style,
      fc.array(fc.stringMatching(/^[a-z $"'\\#:=]{1,12}$/), { minLength: 1, maxLength: 4 }),
      (how, lines) => {
        const text = lines.join("\n");
        const file = {
          plain: `x: ${lines[0]}\n`,
          single: `x: '${text.replaceAll("'", "''")}'\n`,
          double: `x: ${JSON.stringify(text)}\n`,
          literal: `x: |\n${lines.map((line) => `  ${line}\n`).join("")}`,
          folded: `x: >\n${lines.map((line) => `  ${line}\n`).join("")}`,
        }[how];
        const [root] = parseYaml({ path: "x.yml", text: file }, "github-workflow").roots;
        const scalar = root?.kind === "map" ? scalarOf(root.entries[0]?.value) : undefined;
        if (!scalar) return;
        const offsets = offsetsOf(file, scalar);
        assert.equal(offsets.length, scalar.text.length + 1);
        const { start, end } = scalar.contentSpan;
        offsets.forEach((offset, index) => {
          assert.ok(offset >= start && offset <= end);
          assert.ok(index === 0 || offset >= (offsets[index - 1] ?? 0));
        });
      },
    ),
  );
});

test("no workflow makes the reader throw", () => {
  const piece = fc.constantFrom(
    ...["on: push\n", "jobs:\n", "  a:\n", "    steps:\n", "      - uses: aws-actions/configure-aws-credentials@v1\n"],
    ...[
      "        with:\n",
      "          role-to-assume: x\n",
      "    env: [\n",
      "      - run: |\n",
      "  <<: *x\n",
      "permissions: {\n",
    ],
    ...[
      "    uses: ./.github/workflows/x.yml\n",
      "          aws-access-key-id: ${{ env.A }}\n",
      "    - \n",
      "\t",
      "? a\n",
    ],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 16 }), (pieces) => {
      const document = parseYaml({ path: ".github/workflows/x.yml", text: pieces.join("") }, "github-workflow");
      pipelinesOf([document]);
    }),
  );
});
