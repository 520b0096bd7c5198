import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { main } from "../src/cli/main";
import { rules } from "../src/rules";
import { decidedByFiles } from "../src/rules/unused-suppression";
import { analyzeFixture, type Fixture } from "./support/fixture";
import { cwd, plainWorld } from "./support/world";

const found = (files: Fixture) =>
  analyzeFixture(files).findings.map(({ rule, at, message, severity }) => ({
    rule,
    path: at.path,
    text: files[at.path]?.slice(at.span.start, at.span.end),
    message,
    severity,
  }));

const secret = ["CANARYPtYgjmUhBel31i", "El2hpChYgCfrL1spNxny"].join("");
const region = (comment: string) => `provider "aws" {\n  ${comment}\n  region = "mars-west-1"\n}\n`;

/** One text of each kind that has comments; `RULE` is what they silence. */
const kinds: Fixture = {
  "main.tf": region("# callerid-ignore RULE: told"),
  "slashes.tofu": region("// callerid-ignore RULE: told"),
  "block.tf": region("/* callerid-ignore RULE: told */"),
  "main.tf.json": '{"provider": {"aws": {\n  "//": "callerid-ignore RULE: told",\n  "region": "mars-west-1"}}}\n',
  "home/.aws/config": "[default]\n# callerid-ignore RULE: told\nregion = mars-west-1\n",
  ".env": `# callerid-ignore RULE: told\nAWS_REGION=mars-west-1\nAWS_SECRET_ACCESS_KEY=${secret}\n`,
  "deploy.sh": `#!/bin/sh\n# callerid-ignore RULE: told\nexport AWS_REGION=mars-west-1\n`,
  "deploy.ps1": '# callerid-ignore RULE: told\n$env:AWS_REGION = "mars-west-1"\n',
  "deploy.cmd": "REM callerid-ignore RULE: told\nset AWS_REGION=mars-west-1\n",
  Dockerfile: "FROM scratch\n# callerid-ignore RULE: told\nENV AWS_REGION=mars-west-1\n",
  "compose.yaml":
    "services:\n  a:\n    environment:\n      # callerid-ignore RULE: told\n      AWS_REGION: mars-west-1\n",
  ".vscode/settings.json":
    '{\n  // callerid-ignore RULE: told\n  "terminal.integrated.env.linux": { "AWS_REGION": "mars-west-1" }\n}\n',
};

describe("a comment in every kind of file", () => {
  for (const [path, text] of Object.entries(kinds)) {
    test(path, () => {
      const naming = (rule: string) => found({ [path]: text.replace("RULE", rule) });
      const isReported = naming("partial-keys").some(({ rule }) => rule === "unknown-region");
      assert.ok(!naming("unknown-region").some(({ rule }) => rule === "unknown-region"), "is silenced");
      const unused = naming("unknown-region").filter(({ rule }) => rule === "unused-suppression");
      assert.equal(unused.length, isReported ? 0 : 1);
      assert.deepEqual(
        naming("unknown-regions").filter(({ rule }) => rule === "unused-suppression"),
        [
          {
            rule: "unused-suppression",
            path,
            text: "unknown-regions",
            message: "There is no rule unknown-regions; did you mean unknown-region?",
            severity: "warning",
          },
        ],
      );
    });
  }
});

describe("a comment with several rules", () => {
  const text = region("# callerid-ignore unknown-region, hardcoded-secret , elephants: told");

  test("is judged rule by rule", () => {
    assert.deepEqual(
      found({ "main.tf": text }).map(({ text: name, message }) => [name, message]),
      [
        ["hardcoded-secret", "There is no hardcoded-secret here to silence."],
        ["elephants", "There is no rule elephants."],
      ],
    );
  });

  test("is not removed for one of them", () => {
    for (const { fixes = [] } of analyzeFixture({ "main.tf": text }).findings) assert.deepEqual(fixes, []);
  });
});

test("a comment is removed with its line, or with the blanks before it", () => {
  const removed = (text: string) => {
    const [finding] = analyzeFixture({ "main.tf": text }).findings;
    const [edit] = finding?.fixes?.[0]?.edits ?? [];
    return edit && text.slice(0, edit.span.start) + text.slice(edit.span.end);
  };
  assert.equal(removed("a = 1  # callerid-ignore hardcoded-secret: x\r\nb = 2\r\n"), "a = 1\r\nb = 2\r\n");
  assert.equal(removed("a = 1\n\t# callerid-ignore hardcoded-secret: x\nb = 2\n"), "a = 1\nb = 2\n");
  assert.equal(removed("# callerid-ignore hardcoded-secret: x"), "");
  assert.equal(removed("/* callerid-ignore hardcoded-secret: x */ a = 1\n"), " a = 1\n");
  assert.equal(removed("/* of old\n callerid-ignore hardcoded-secret: x */\na = 1\n"), undefined);
});

test("the rules that it judges exist", () => {
  const ids = rules.map(({ id }) => id);
  for (const id of decidedByFiles) assert.ok(ids.includes(id), id);
});

test("the rule itself is silenced like any other", () => {
  const text = "# callerid-ignore hardcoded-secret: soon\n";
  assert.equal(found({ "main.tf": text }).length, 1);
  assert.equal(found({ "main.tf": `# callerid-ignore unused-suppression: told\n\n${text}` }).length, 1);
  assert.equal(
    found({
      "main.tf": `a = 1 /* callerid-ignore hardcoded-secret: soon */ # callerid-ignore unused-suppression: told\n`,
    }).length,
    0,
  );
});

test("nothing is called unused where only single files are looked at", async () => {
  const world = plainWorld({ files: { "main.tf": "# callerid-ignore hardcoded-secret: used by a block elsewhere\n" } });
  const codes = ["main.tf", "."].map(async (path) => {
    const quiet = () => {};
    const argv = ["scan", "--no-home", "--no-env", "--fail-on", "hint", path];
    return main(argv, { stdout: quiet, stderr: quiet, color: false, cwd, world });
  });
  assert.deepEqual(await Promise.all(codes), [0, 1]);
});
