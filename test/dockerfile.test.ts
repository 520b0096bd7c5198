import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { DockerInstruction } from "../src/documents/dockerfile";
import { parseDockerfile } from "../src/documents/dockerfileParser";

const parse = (text: string) => parseDockerfile({ path: "Dockerfile", text });
const all = (text: string): readonly DockerInstruction[] =>
  parse(text).stages.flatMap(({ instructions }) => instructions);
const set = (text: string) =>
  all(text).flatMap(({ assignments }) => assignments.map(({ name, value }) => [name, value.text] as const));

test("stages with their images and names", () => {
  const { stages } = parse("ARG V=1\nFROM node:$V AS build\nENV A=1\nfrom scratch\nCOPY --from=build /a /b\n");
  assert.deepEqual(
    stages.map(({ image, name, instructions }) => [image, name, instructions.map(({ keyword }) => keyword)]),
    [
      [undefined, undefined, ["ARG"]],
      ["node:$V", "build", ["ENV"]],
      ["scratch", undefined, ["COPY"]],
    ],
  );
});

test("what ENV and ARG set, with quotes, escapes and references", () => {
  const text = `FROM x
ENV A=b C="d e" E="x\\$y" F='q$r' G=a\\ b
ENV OLD one two
ENV H=$I J=\${K}l M=1 \\
  # between
  N=2
ARG P
ARG Q S=1
ARG R=3
`;
  assert.deepEqual(set(text), [
    ["A", "b"],
    ["C", "d e"],
    ["E", "x$y"],
    ["F", "q$r"],
    ["G", "a b"],
    ["OLD", "one two"],
    ["H", undefined],
    ["J", undefined],
    ["M", "1"],
    ["N", "2"],
    ["R", "3"],
  ]);
  assert.deepEqual(
    all(text).flatMap(({ names }) => names.map((one) => one.text)),
    ["P", "Q"],
  );
});

test("what an ENV makes of special characters", () => {
  // Measured with BuildKit's lexer.
  for (const value of [
    "ab/cd",
    "ab+cd",
    "ab=cd",
    "abcd==",
    "ab@cd",
    "ab!cd",
    "ab#cd",
    "ab`cd",
    "ab&cd",
    "ab%cd",
    "ab;cd",
  ]) {
    assert.deepEqual(set(`FROM x\nENV A=${value}\n`), [["A", value]], value);
  }
  assert.deepEqual(set("FROM x\nENV A=ab\\cd\n"), [["A", "abcd"]]);
  assert.deepEqual(set("FROM x\nENV A=ab$cd\n"), [["A", undefined]]);
});

test("words and flags of the others", () => {
  const [copy, json, user] = all('FROM x\nCOPY --chown=a:b .aws "/root/.aws"\nCOPY ["a b", "c"]\nUSER node:node\n');
  assert.deepEqual(
    copy?.words.map(({ text }) => text),
    [".aws", "/root/.aws"],
  );
  assert.deepEqual(
    copy?.flags.map(({ text }) => text),
    ["--chown=a:b"],
  );
  assert.deepEqual(
    json?.words.map(({ text }) => text),
    ["a b", "c"],
  );
  assert.equal(user?.words[0]?.text, "node:node");
});

test("the script of a RUN stands where it stands in the file", () => {
  const text = `FROM x
RUN --mount=type=secret,id=a export A=b && \\
    # a comment between
    aws s3 ls
RUN <<EOF
export C=d
EOF
RUN ["aws", "x"]
`;
  const commands = all(text).flatMap((one) => one.commands);
  assert.deepEqual(
    commands.map(({ name, at }) => [name, text.slice(at.start, at.end)]),
    [
      ["export", "export"],
      ["aws", "aws"],
      ["export", "export"],
    ],
  );
  const names = commands.flatMap(({ assignments }) => assignments.map(({ nameSpan }) => nameSpan));
  assert.deepEqual(
    names.map(({ start, end }) => text.slice(start, end)),
    ["A", "C"],
  );
});

const pieces = fc.constantFrom(
  ..."FROM x§ENV §ARG §COPY §RUN §USER §A=§ §\n§\\\n§#§'§\"§$§${§}§[§]§,§<<EOF§EOF§--mount=type=secret§ONBUILD §HEALTHCHECK CMD §\r\n§\\§`§# escape=`\n".split(
    "§",
  ),
);

test("any text is read, in bounded time, with every span inside it", () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 50 }), (parts) => {
      const text = parts.join("");
      for (const { span, words, flags, assignments, names, commands } of all(text)) {
        const spans = [
          span,
          ...[...words, ...flags, ...names, ...commands].map((one) => one.span),
          ...assignments.flatMap((one) => [one.nameSpan, one.value.span, one.span]),
        ];
        for (const one of spans) assert.ok(0 <= one.start && one.start <= one.end && one.end <= text.length);
      }
    }),
    { numRuns: 1500 },
  );
  for (const one of ["ENV A=", "RUN x \\\n", "FROM a\n", "ENV A=1 B=2 ", '["a",', "${", "<<E\n", "COPY a "]) {
    parse(`FROM x\nRUN ${one.repeat(Math.ceil(20_000 / one.length))}`);
  }
});
