import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseJenkinsfile } from "../src/documents/jenkinsfile";

const read = (text: string) => parseJenkinsfile({ path: "Jenkinsfile", text }).script.commands;

/** Variables that are set, with their values; undefined for what nobody knows. */
const variables = (text: string) =>
  read(text).flatMap(({ assignments }) => assignments.map(({ name, value }) => [name, value.text]));

test("environment, env and withEnv set variables", () => {
  const text = `environment {\n  A_KEY = 'a'\n  B_KEY = "b\${x}"\n  C_KEY = credentials('c')\n}\nenv.D_KEY = "d"\nwithEnv(['AWS_E=e']) {}`;
  assert.deepEqual(variables(text), [
    ["A_KEY", "a"],
    ["B_KEY", undefined],
    ["C_KEY", undefined],
    ["D_KEY", "d"],
    ["AWS_E", "e"],
  ]);
});

test("what stands in comments and other strings sets nothing", () => {
  assert.deepEqual(variables("// A_KEY = 'a'\n/* B_KEY = 'b' */\necho 'C_KEY = it'\n"), []);
});

test("scripts of sh are read in every form, at their places", () => {
  const text = `sh 'one a'\nsh(script: "two", returnStdout: true)\nsh """\n  three \\$X \${y}\n  four \\"q\\"\n"""\nsh '''\n  five\n'''\nbat 'six'\n`;
  assert.deepEqual(
    read(text).map(({ at, name }) => [name, text.slice(at.start, at.end)]),
    ["one", "two", "three", "four", "five"].map((name) => [name, name]),
  );
});

test("each script is a scope of its own", () => {
  const scopes = read("sh 'a; (b)'\nsh 'c'\n").map(({ scope }) => scope);
  assert.equal(new Set(scopes).size, 3);
});

test("no text makes the reader throw, and every place lies in it", () => {
  const piece = fc.constantFrom(
    ...[
      "sh ",
      "'",
      '"',
      "'''",
      '"""',
      "\\",
      "${",
      "}",
      "$x",
      "A_KEY = ",
      "AWS_B=",
      "//",
      "/*",
      "*/",
      "\n",
      "export C=d ",
    ],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join("");
      for (const { span, at, assignments } of read(text)) {
        for (const one of [span, at, ...assignments.map(({ value }) => value.span)]) {
          assert.ok(one.start >= 0 && one.start <= one.end && one.end <= text.length + 1);
        }
      }
    }),
  );
});
