import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import { analyze, isUnderstood } from "../src/analyzer";
import { loadWorkspace } from "../src/live/load";
import { nodeWorld } from "../src/live/node";

const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "callerid-named-")));
after(() => fs.rmSync(directory, { recursive: true }));

function write(file: string, text: string): void {
  const whole = path.join(directory, file);
  fs.mkdirSync(path.dirname(whole), { recursive: true });
  fs.writeFileSync(whole, text);
}

const naming = (...files: readonly string[]) =>
  `provider "aws" {\n  region = "eu-west-1"\n  shared_config_files = ${JSON.stringify(files)}\n}\n`;
const command = "[default]\nregion = eu-west-1\ncredential_process = /opt/keys/keys\n";

/** Rule, file and line of what is told of the folder `repository`. */
function findings({ withoutHome = false } = {}): readonly string[] {
  const world = { ...nodeWorld(isUnderstood), home: path.join(directory, "home"), environment: {} };
  const loaded = loadWorkspace(world, [path.join(directory, "repository")], { withoutHome, environmentOwner: "x" });
  return analyze(loaded.workspace).findings.map(({ rule, at }) => {
    const line = loaded.textOf(at.path).slice(0, at.span.start).split("\n").length;
    return `${rule} ${path.relative(directory, at.path)}:${line}`;
  });
}

describe("files that blocks name", () => {
  test("are read below the folder, whatever they are called", () => {
    write("repository/main.tf", naming("team/aws.ini"));
    write("repository/team/aws.ini", command);
    assert.deepEqual(findings(), ["repository-runs-code repository/team/aws.ini:3"]);
  });

  test("are missing where the folder does not have them", () => {
    write("repository/main.tf", naming("team/aws.ini", "team/other.ini", "../outside.ini"));
    assert.deepEqual(
      findings(),
      ["repository-runs-code repository/team/aws.ini:3", "shared-file-missing repository/main.tf:3"].reverse(),
    );
  });

  test("are looked at in the user's .aws by name alone, and not at all without it", () => {
    write("repository/main.tf", naming("~/.aws/there.ini", "~/.aws/gone.ini"));
    write("home/.aws/there.ini", command);
    assert.deepEqual(findings(), ["shared-file-missing repository/main.tf:3"]);
    assert.deepEqual(findings({ withoutHome: true }), []);
  });

  test("are not read through a link that leaves the folder", () => {
    write("repository/main.tf", naming("team/link.ini"));
    write("outside.ini", command);
    fs.symlinkSync(path.join(directory, "outside.ini"), path.join(directory, "repository/team/link.ini"));
    assert.deepEqual(findings(), []);
  });
});
