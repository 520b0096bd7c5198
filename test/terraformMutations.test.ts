import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { Block, TerraformDocument } from "../src/documents/terraform";
import { parseTerraform } from "../src/documents/terraformParser";

/** How many mutations are tried, and a folder of real repositories to take them from as well. */
const runs = Number(process.env.CALLERID_FUZZ ?? 1500);
const folders = ["test/fixtures", "examples", ...(process.env.CALLERID_CORPUS ? [process.env.CALLERID_CORPUS] : [])];

const parse = (text: string): TerraformDocument => parseTerraform({ path: "main.tf", text });

/** Valid files with something to damage; of large ones nobody needs thousands of runs. */
const sources = folders
  .flatMap((folder) => fs.readdirSync(folder, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && /\.(?:tf|tofu|hcl)$/.test(entry.name))
  .map((entry) => path.join(entry.parentPath, entry.name))
  .sort()
  .map((file) => fs.readFileSync(file, "utf8"))
  .filter((text) => text.length < 50_000 && parse(text).body.blocks.length > 0 && parse(text).problems.length === 0);

/** A coarse cut into tokens, good enough to damage a file. */
const token = /<<-?\w+|[$%]\{|[\p{L}\w-]+|\r?\n|&&|\|\||[=!<>]=|=>|\.\.\.|[^\s]/gu;

interface Damage {
  readonly text: string;
  /** What of the source is no longer as it was. */
  readonly start: number;
  readonly end: number;
  /** How far what follows has moved; undefined where nothing follows. */
  readonly shift: number | undefined;
}

function damaged(source: string, at: number, kind: "deleted" | "doubled" | "truncated"): Damage {
  const tokens = [...source.matchAll(token)];
  const { 0: word = "", index: start = 0 } = tokens[at % tokens.length] ?? {};
  const end = start + word.length;
  if (kind === "truncated") return { text: source.slice(0, start), start, end: source.length, shift: undefined };
  const text =
    kind === "deleted" ? source.slice(0, start) + source.slice(end) : source.slice(0, end) + source.slice(start);
  return { text, start, end, shift: text.length - source.length };
}

/** What of a block is compared: where it stands, and what it is made of. */
const outlineOf = ({ type, labels, body, span }: Block, from: number): unknown => ({
  type,
  labels: labels.map((label) => label.text),
  start: span.start - from,
  end: span.end - from,
  attributes: body.attributes.map((one) => [
    one.name,
    one.span.start - from,
    one.value.kind,
    one.value.span.end - from,
  ]),
  blocks: body.blocks.map((one) => outlineOf(one, from)),
});

/** The undamaged blocks beyond the neighbours that are not read as before. */
function lost(source: string, { text, start, end, shift }: Damage): readonly Block[] {
  const { blocks } = parse(source).body;
  const found = new Map(parse(text).body.blocks.map((block) => [block.span.start, block]));
  const isTouched = (block: Block) => start <= block.span.end && end >= block.span.start;
  const touched = blocks.flatMap((block, index) => (isTouched(block) ? [index] : []));
  const next = blocks.findIndex((block) => block.span.start > end);
  const first = touched[0] ?? (next < 0 ? blocks.length : next);
  const last = touched.at(-1) ?? first - 1;
  return blocks.filter((block, index) => {
    if (index >= first - 1 && index <= last + 1) return false;
    if (shift === undefined && index > last) return false;
    const by = index > last ? (shift ?? 0) : 0;
    const same = found.get(block.span.start + by);
    return JSON.stringify(same && outlineOf(same, by)) !== JSON.stringify(outlineOf(block, 0));
  });
}

test("damage to a token costs a block and its neighbours at most", (t) => {
  const kinds = fc.constantFrom("deleted", "doubled", "truncated");
  fc.assert(
    fc.property(fc.constantFrom(...sources), fc.nat(1_000_000), kinds, (source, at, kind) => {
      const damage = damaged(source, at, kind);
      const blocks = lost(source, damage);
      assert.deepEqual(
        blocks.map(({ type, labels }) => [type, ...labels.map((label) => label.text)].join(" ")),
        [],
        `${kind} ${JSON.stringify(source.slice(damage.start, damage.start + 20))} at ${damage.start}`,
      );
    }),
    { numRuns: runs },
  );
  t.diagnostic(`${runs} mutations of ${sources.length} files`);
});
