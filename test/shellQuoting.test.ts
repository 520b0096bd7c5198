import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { applyEdits } from "../src/model/text";
import { fakeSecrets } from "../src/rules/rule";
import { analyzeFixture } from "./support/fixture";

const [secret] = fakeSecrets;
const middle = (text: string) => `${secret.slice(0, 18)}${text}${secret.slice(18 + text.length)}`;
const front = (text: string) => `${text}${secret.slice(text.length)}`;
const end = (text: string) => `${secret.slice(0, -text.length)}${text}`;

/** A secret with one thing in it that means something to some shell. */
const values: Readonly<Record<string, string>> = Object.fromEntries([
  ...[
    "/",
    "+",
    "=",
    "\\",
    "\\n",
    "@",
    "!",
    "$",
    "$x",
    "$$",
    "${",
    "#",
    " #",
    "'",
    '"',
    "`",
    " ",
    "&",
    "&&",
    "%",
    "%{",
  ].map((one) => [`${one} amid`, middle(one)]),
  ...["*", "?", "[a]", "{a,b}", ":", ": ", ";", "|", "(", ")", "<", ">", "^", "~", ",", "-"].map((one) => [
    `${one} amid`,
    middle(one),
  ]),
  ...["~", "@", "!", "+", "/", "$", "#", "-", "=", "&", "\\", "*", "<"].map((one) => [
    `${one} at the front`,
    front(one),
  ]),
  ...["=", "==", " ", "$", "\\", "&", ";", "!", "#", "/", ">"].map((one) => [`${one} at the end`, end(one)]),
]);

const forms: Readonly<Record<string, (value: string) => string>> = {
  bare: (value) => value,
  "double quotes": (value) => `"${value}"`,
  "single quotes": (value) => `'${value}'`,
};

/** Changed by the shell and left alone by the rule: people write these on purpose, or the whole line is no command. */
const meant = /^(?:&& amid|\$ at the front|[ \\&;] at the end)$/;

for (const [form, write] of Object.entries(forms)) {
  test(`what a shell does to a secret in ${form} is what unquoted-shell-value says`, () => {
    for (const [name, value] of Object.entries(values)) {
      const script = `export AWS_ACCESS_KEY_ID=$1\nexport AWS_SECRET_ACCESS_KEY=${write(value)}\n`;
      const arrived = ["bash", "sh"].map((shell) => delivered(shell, script));
      const isChanged = arrived.every((one) => one !== undefined && one !== value);
      const found = analyzeFixture({ "deploy.sh": script }).findings.filter(
        (one) => one.rule === "unquoted-shell-value",
      );
      if (arrived.every((one) => one === value)) assert.deepEqual(found, [], `${name}: it arrives as it is written`);
      else if (isChanged && !meant.test(name))
        assert.equal(found.length, 1, `${name}: ${arrived.join(" and ")} arrive`);
      for (const fix of found.flatMap((one) => one.fixes ?? [])) {
        const fixed = applyEdits({ path: "deploy.sh", text: script }, fix.edits);
        assert.equal(delivered("bash", fixed), value, `${name}: ${fix.title}`);
        assert.equal(delivered("sh", fixed), value, `${name}: ${fix.title}`);
      }
    }
  });
}

/** The value that a program started by the script gets; undefined where the shell does not understand the script. */
function delivered(shell: string, script: string): string | undefined {
  const cwd = fs.mkdtempSync(path.join(os.tmpdir(), "callerid-quoting-"));
  const run = spawnSync(shell, ["-c", `${script}\nprintf %s "$AWS_SECRET_ACCESS_KEY"`], { encoding: "utf8", cwd });
  fs.rmSync(cwd, { recursive: true });
  return run.status === 0 || run.stdout !== "" ? run.stdout : undefined;
}
