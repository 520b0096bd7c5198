import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { wantsColor } from "../src/cli/process";

describe("colours", () => {
  const table: [string, NodeJS.ProcessEnv, boolean, boolean][] = [
    ["on a terminal", {}, true, true],
    ["not in a file", {}, false, false],
    ["not where NO_COLOR is set", { NO_COLOR: "1" }, true, false],
    ["an empty NO_COLOR is none", { NO_COLOR: "" }, true, true],
    ["in a file where FORCE_COLOR is set", { FORCE_COLOR: "1" }, false, true],
    ["not on a terminal where FORCE_COLOR is 0", { FORCE_COLOR: "0" }, true, false],
    ["NO_COLOR wins over FORCE_COLOR", { NO_COLOR: "1", FORCE_COLOR: "1" }, true, false],
    ["not on a terminal that has none", { TERM: "dumb" }, true, false],
  ];
  for (const [title, environment, isTerminal, wanted] of table) {
    test(title, () => assert.equal(wantsColor(environment, isTerminal), wanted));
  }
});
