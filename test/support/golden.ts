import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

/** Compares with a committed file; with UPDATE=1 it writes the file instead, and the diff is the review. */
export function golden(file: string, actual: string): void {
  if (process.env.UPDATE) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, actual);
  }
  const expected = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
  assert.equal(actual, expected, `${file} is stale: npm run update, then review the diff`);
}
