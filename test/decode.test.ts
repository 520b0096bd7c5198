import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, test } from "node:test";
import fc from "fast-check";
import { analyze, isUnderstood } from "../src/analyzer";
import { environmentOf } from "../src/facts/environment";
import { decode, encode } from "../src/live/decode";
import { nodeWorld, readRegularFile } from "../src/live/node";
import { isSkipped } from "../src/live/world";
import type { Encoding } from "../src/model/text";
import { now } from "./support/fixture";

const wide = (text: string) => Buffer.from(text, "utf16le");

describe("decode", () => {
  const cases: [string, Buffer, string, Encoding][] = [
    ["nothing", Buffer.alloc(0), "", "utf-8"],
    ["ASCII", Buffer.from("a = b\r\n"), "a = b\r\n", "utf-8"],
    ["UTF-8", Buffer.from("ü 😀"), "ü 😀", "utf-8"],
    ["UTF-8 with a mark", Buffer.from("\ufeffü"), "\ufeffü", "utf-8-bom"],
    ["a NUL in ASCII", Buffer.from("a\0b"), "a\0b", "utf-8"],
    ["NULs at the odd places, but not at all", Buffer.from("a\0b\0cd"), "a\0b\0cd", "utf-8"],
    ["nothing but NULs", Buffer.alloc(4), "\0\0\0\0", "utf-8"],
    ["UTF-16 with a mark", wide("\ufeffaü→😀"), "\ufeffaü→😀", "utf-16le"],
    ["UTF-16 with a mark, big end first", wide("\ufeffaü→😀").swap16(), "\ufeffaü→😀", "utf-16be"],
    ["UTF-16 without a mark", wide("[dev]\r\n"), "[dev]\r\n", "utf-16le"],
    ["UTF-16 without a mark, big end first", wide("[dev]\r\n").swap16(), "[dev]\r\n", "utf-16be"],
    ["half of a pair in UTF-16", wide("\ufeffa\ud83d"), "\ufeffa\ud83d", "utf-16le"],
    ["Latin-1", Buffer.from([0x61, 0xfc, 0x0d, 0x0a]), "aü\r\n", "latin-1"],
    ["a mark of UTF-16 before an odd number of bytes", Buffer.from([0xff, 0xfe, 0x61]), "ÿþa", "latin-1"],
    ["UTF-8 that is cut off", Buffer.from([0x61, 0xc3]), "aÃ", "latin-1"],
    ["a surrogate in UTF-8", Buffer.from([0xed, 0xa0, 0x80]), "í\u00a0\u0080", "latin-1"],
  ];
  for (const [title, bytes, text, encoding] of cases) {
    test(title, () => {
      assert.deepEqual(decode(bytes), { text, encoding });
      assert.deepEqual(encode(text, encoding), bytes);
    });
  }

  test("no bytes are lost", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.uint8Array({ maxLength: 20 }).map((one) => Uint8Array.from([0xff, 0xfe, ...one])),
      fc.array(fc.constantFrom(0, 0x61, 0xc3, 0xbc, 0xff, 0xfe, 0xef, 0xbb, 0xbf), { maxLength: 12 }),
    );
    fc.assert(
      fc.property(bytes, (one) => {
        const given = Buffer.from(one);
        const { text, encoding } = decode(given);
        assert.deepEqual(encode(text, encoding), given);
      }),
      { numRuns: 5000 },
    );
  });
});

describe("encode", () => {
  test("what the encoding has no character for is not replaced", () => {
    assert.equal(encode("→", "latin-1"), undefined);
    assert.equal(encode("\ud800", "utf-8"), undefined);
    assert.deepEqual(encode("→", "utf-16be"), Buffer.from([0x21, 0x92]));
  });
});

describe("a file that is read", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "callerid-decode-"));
  process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));

  const read = (bytes: Buffer, mode = 0o600) => {
    const file = path.join(folder, "x.tf");
    fs.writeFileSync(file, bytes);
    fs.chmodSync(file, mode);
    const source = readRegularFile(file);
    assert.ok(source && !isSkipped(source));
    return source;
  };

  test("has its encoding where it is not plain UTF-8", () => {
    assert.equal("encoding" in read(Buffer.from("ü")), false);
    assert.equal(read(Buffer.from("\ufeffü")).encoding, "utf-8-bom");
    assert.equal(read(wide("\ufeffü")).encoding, "utf-16le");
    assert.equal(read(Buffer.from([0xfc])).encoding, "latin-1");
  });

  test("has its mode", { skip: process.platform === "win32" }, () => {
    assert.equal(read(Buffer.from("x"), 0o640).mode, 0o640);
    assert.equal(read(Buffer.from("x"), 0o600).mode, 0o600);
  });

  test("may have a MiB of bytes, whatever they are", () => {
    const limit = 1024 * 1024;
    const full = read(Buffer.concat([Buffer.from("\ufeff", "utf16le"), Buffer.alloc(limit - 2, wide("é"))]));
    assert.equal(full.text.length, limit / 2);
    fs.writeFileSync(path.join(folder, "y.tf"), Buffer.alloc(limit + 1, 0xe9));
    assert.deepEqual(readRegularFile(path.join(folder, "y.tf")), {
      path: path.join(folder, "y.tf"),
      reason: "larger than 1 MiB",
    });
  });

  test("shows its findings at the same place in every encoding", () => {
    const text = `# ü\r\nprovider "aws" {\r\n  region = "eu-cetnral-1"\r\n}\r\n`;
    const marked = `\ufeff${text}`;
    for (const bytes of [
      Buffer.from(text),
      Buffer.from(marked),
      wide(marked),
      wide(marked).swap16(),
      wide(text),
      Buffer.from(text, "latin1"),
    ]) {
      const source = read(bytes);
      const world = nodeWorld(isUnderstood);
      const environment = environmentOf({}, "this process");
      const { findings } = analyze({ files: [source], home: world.home, environment, awsFilesRead: true, now });
      assert.deepEqual(
        findings.map(({ rule, at }) => [rule, source.text.slice(at.span.start, at.span.end)]),
        [["unknown-region", "eu-cetnral-1"]],
      );
    }
  });
});
