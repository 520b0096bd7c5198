import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { format, inspect } from "node:util";
import { serialize } from "node:v8";
import fc from "fast-check";
import { Secret } from "../src/model/secret";
import { applyEdits, lineStarts, positionAt, rebaseEdits, renderPieces, type TextEdit } from "../src/model/text";

describe("lines", () => {
  const cases: [string, string, number[]][] = [
    ["nothing", "", [0]],
    ["one line", "ab", [0]],
    ["line feeds", "a\nb\n", [0, 2, 4]],
    ["carriage returns with line feeds", "a\r\nb\r\n", [0, 3, 6]],
    ["carriage returns alone", "a\rb\r", [0, 2, 4]],
    ["all kinds", "\r\r\n\n\rx", [0, 1, 3, 4, 5]],
    ["a line feed before a carriage return", "a\n\rb", [0, 2, 3]],
    ["what other programs count and VS Code does not", "a\u2028b\u2029c\vd\fe\u0085f", [0]],
    ["a surrogate pair", "😀\n😀", [0, 3]],
  ];
  for (const [title, text, starts] of cases) {
    test(title, () => assert.deepEqual(lineStarts(text), starts));
  }

  test("every offset has the place an editor gives it", () => {
    const starts = lineStarts("ab\r\nc\rd");
    const places = Array.from({ length: 8 }, (_, offset) => positionAt(starts, offset));
    assert.deepEqual(
      places.map(({ line, column }) => `${line}:${column}`),
      ["0:0", "0:1", "0:2", "0:3", "1:0", "1:1", "2:0", "2:1"],
    );
  });

  test("an offset before the text is its beginning", () => {
    assert.deepEqual(positionAt(lineStarts("a\nb"), -5), { line: 0, column: 0 });
  });

  test("an offset behind the text is on its last line", () => {
    assert.equal(positionAt(lineStarts("a\nb"), 99).line, 1);
    assert.equal(positionAt([], 0).line, 0);
  });

  test("lines and columns lead back to the offset", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "\n", "\r", "é", "😀") });
    fc.assert(
      fc.property(text, fc.nat(40), (one, wanted) => {
        const offset = Math.min(wanted, one.length);
        const starts = lineStarts(one);
        const { line, column } = positionAt(starts, offset);
        assert.equal((starts[line] ?? Number.NaN) + column, offset);
        assert.ok(offset < (starts[line + 1] ?? Number.POSITIVE_INFINITY));
      }),
    );
  });
});

describe("edits", () => {
  const file = { path: "a.tf", text: "key = AAA\nsecret = BBB\n" };
  const edit = (start: number, end: number, ...pieces: TextEdit["pieces"]): TextEdit => ({
    path: "a.tf",
    span: { start, end },
    pieces,
  });
  const key = { start: 6, end: 9 };
  const secret = { start: 19, end: 22 };

  test("pieces are fixed text or ranges of the file as it was", () => {
    assert.equal(renderPieces(file.text, ["<", key, "|", secret, ">"]), "<AAA|BBB>");
    assert.equal(renderPieces(file.text, []), "");
  });

  test("two ranges change places without either being held", () => {
    assert.equal(
      applyEdits(file, [edit(key.start, key.end, secret), edit(secret.start, secret.end, key)]),
      "key = BBB\nsecret = AAA\n",
    );
  });

  test("no pieces delete, an empty span inserts, and the order does not matter", () => {
    const edits = [edit(10, 23), edit(0, 0, "# "), edit(9, 9, "!")];
    assert.equal(applyEdits(file, edits), "# key = AAA!\n");
    assert.equal(applyEdits(file, [...edits].reverse()), "# key = AAA!\n");
  });

  test("an insertion may touch a replacement at either end", () => {
    assert.equal(applyEdits(file, [edit(6, 6, "x"), edit(6, 9, "y"), edit(9, 9, "z")]), "key = xyz\nsecret = BBB\n");
  });

  test("several insertions at one place keep their order", () => {
    assert.equal(applyEdits(file, [edit(0, 0, "1"), edit(0, 0, "2")]).slice(0, 2), "12");
  });

  test("no edits, or only those of another file, change nothing", () => {
    assert.equal(applyEdits(file, []), file.text);
    assert.equal(applyEdits(file, [{ ...edit(0, 3, "x"), path: "b.tf" }]), file.text);
  });

  test("edits that overlap are a bug, and the error quotes nothing", () => {
    for (const edits of [
      [edit(0, 9, "x"), edit(6, 9, "y")],
      [edit(0, 9), edit(0, 9)],
      [edit(0, 5), edit(4, 4, "x")],
    ]) {
      assert.throws(
        () => applyEdits(file, edits),
        (error) => error instanceof RangeError && /overlapping/.test(error.message) && !/AAA|BBB/.test(error.message),
      );
    }
  });

  test("the list of edits is left as it was", () => {
    const edits = Object.freeze([edit(9, 9, "b"), edit(0, 0, "a")]);
    applyEdits(file, edits);
    assert.equal(edits[0]?.span.start, 9);
  });
});

describe("edits of a text that has changed since", () => {
  const before = "a = 1\nb = 2\nc = 3";
  /** Puts `pieces` in the place of `word`, and says what becomes of `after`. */
  const rebased = (after: string, word: string, ...pieces: TextEdit["pieces"]) => {
    const start = before.indexOf(word);
    const edits = rebaseEdits(before, after, [{ path: "x", span: { start, end: start + word.length }, pieces }]);
    return edits && applyEdits({ path: "x", text: after }, edits);
  };
  const three = { start: 16, end: 17 };

  const cases: [string, string, string, TextEdit["pieces"], string | undefined][] = [
    ["nothing changed", before, "2", ["x"], "a = 1\nb = x\nc = 3"],
    ["lines came before", `# new\r\n${before}`, "2", ["x"], "# new\r\na = 1\nb = x\nc = 3"],
    ["lines came after", `${before}\nd`, "2", ["x"], "a = 1\nb = x\nc = 3\nd"],
    ["a line came after the last one, which had no end", `${before}\nd`, "3", ["x"], "a = 1\nb = 2\nc = x\nd"],
    ["a line before went", "b = 2\nc = 3", "2", ["x"], "b = x\nc = 3"],
    ["another line changed", "a = 100\nb = 2\nc = 3", "2", [three], "a = 100\nb = 3\nc = 3"],
    ["the line changed before the place", "a = 1\nbb = 2\nc = 3", "2", ["x"], undefined],
    ["the line changed behind the place", "a = 1\nb = 22\nc = 3", "2", ["x"], undefined],
    ["the last line went on", `${before}3`, "3", ["x"], undefined],
    ["the first line got a beginning", `x${before}`, "a", ["x"], undefined],
    ["the line went", "a = 1\nc = 3", "2", ["x"], undefined],
    ["what is copied changed", "a = 1\nb = 2\nc = 4", "2", [three], undefined],
    ["both sides changed", `x\n${before}\ny`, "2", ["x"], undefined],
    ["all went", "", "2", ["x"], undefined],
  ];
  for (const [title, after, word, pieces, result] of cases) {
    test(title, () => assert.equal(rebased(after, word, ...pieces), result));
  }

  test("an empty text and its first line", () => {
    const insert = [{ path: "x", span: { start: 0, end: 0 }, pieces: ["x"] }];
    assert.deepEqual(rebaseEdits("", "", insert), insert);
    assert.equal(rebaseEdits("", "a", insert), undefined);
  });

  test("whole lines before and behind move an edit and change none", () => {
    const lines = fc
      .array(fc.constantFrom("a", "b", "", "a\r"), { maxLength: 4 })
      .map((list) => list.map((one) => `${one}\n`).join(""));
    fc.assert(
      fc.property(lines, lines, lines, (old, above, below) => {
        const text = `${old}k = 1\nend\n`;
        const at = { start: old.length + 4, end: old.length + 5 };
        for (const after of [above + text, text + below]) {
          const edits = rebaseEdits(text, after, [{ path: "x", span: at, pieces: ["22"] }]);
          assert.equal(edits && applyEdits({ path: "x", text: after }, edits), after.replace("k = 1", "k = 22"));
        }
      }),
    );
  });
});

describe("a secret", () => {
  const text = "not-for-anyone-to-see";
  const secret = new Secret(text);
  const holder = { name: "key", secret, list: [secret], map: new Map([["a", secret]]), set: new Set([secret]) };

  const outlets: [string, () => unknown][] = [
    ["String", () => String(secret)],
    ["a template", () => `${secret}`],
    ["joining", () => ["", secret].join("")],
    ["toLocaleString", () => secret.toLocaleString()],
    ["JSON", () => JSON.stringify(holder)],
    ["JSON of a list", () => JSON.stringify([secret, { secret }], undefined, 2)],
    ["inspect", () => inspect(holder, { depth: Number.POSITIVE_INFINITY })],
    ["inspect of what is hidden", () => inspect(holder, { depth: Number.POSITIVE_INFINITY, showHidden: true })],
    ["inspect without custom forms", () => inspect(holder, { customInspect: false, showHidden: true, getters: true })],
    ["format", () => format("%s %o %O %j", secret, secret, holder, holder)],
    [
      "its properties",
      () => [Object.entries(secret), Reflect.ownKeys(secret), { ...secret }].map((one) => inspect(one)),
    ],
    ["a structured clone", () => inspect(structuredClone(secret), { showHidden: true })],
    ["the structured clone's bytes", () => serialize({ secret }).toString("latin1")],
    ["an error's cause", () => inspect(new Error("no", { cause: holder }), { depth: 9, showHidden: true })],
    ["a failed assertion", () => messageOf(() => assert.deepEqual(holder, { secret: new Secret("other") }))],
    ["Object.assign", () => inspect(Object.assign({}, secret), { showHidden: true })],
    ["a table", () => inspect({ showHidden: true })],
  ];
  for (const [title, print] of outlets) {
    test(`${title} says nothing`, () => {
      const printed = String(print());
      for (let at = 0; at + 5 <= text.length; at++) assert.ok(!printed.includes(text.slice(at, at + 5)), printed);
    });
  }

  test("prints the same whatever it holds, so not even a length shows", () => {
    assert.equal(String(secret), String(new Secret("")));
    assert.equal(JSON.stringify(secret), '"********"');
    assert.equal(inspect(secret), "********");
  });

  test("is compared by its text and revealed on demand", () => {
    assert.ok(secret.equals(new Secret(text)));
    assert.ok(!secret.equals(new Secret(`${text} `)));
    assert.equal(secret.reveal(), text);
  });
});

function messageOf(run: () => void): string {
  try {
    run();
  } catch (error) {
    return inspect(error, { showHidden: true, depth: 9 });
  }
  return "";
}
