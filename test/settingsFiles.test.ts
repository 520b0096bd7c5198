import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseDocument } from "../src/documents";
import { ignoredBy, parseGitignore } from "../src/documents/gitignore";
import { parseJsonc } from "../src/documents/jsonc";
import { languageOf } from "../src/documents/languages";
import { nodeAt } from "../src/documents/yaml";

test("files are known by their names", () => {
  const expected: Record<string, readonly string[]> = {
    "env-file": [".env", "a/.env.production", ".env-local", "prod.env", "prod.env.example", "env.list"],
    shell: ["a/run.sh", ".envrc", ".bashrc", "x.bash"],
    powershell: ["x.ps1", "y.psm1"],
    cmd: ["x.cmd", "Y.BAT"],
    dockerfile: ["Dockerfile", "docker/Dockerfile.prod", "app.Dockerfile", "Containerfile"],
    compose: ["compose.yaml", "docker-compose.override.yml", "docker-compose-dev.yaml", "compose.prod.yml"],
    devcontainer: [".devcontainer/devcontainer.json", ".devcontainer.json"],
    "vscode-settings": ["a/.vscode/settings.json"],
    "vscode-launch": [".vscode/launch.json"],
    gitignore: [".gitignore"],
  };
  for (const [language, files] of Object.entries(expected)) {
    for (const file of files) assert.equal(languageOf(file), language, file);
  }
  for (const file of [
    "env.ts",
    ".env.d.ts",
    ".env.js",
    "environment",
    "Dockerfile.md",
    "settings.json",
    "x.json",
    "x.yml",
  ]) {
    assert.equal(languageOf(file), undefined, file);
  }
});

test("what never mentions AWS is not parsed", () => {
  assert.equal(parseDocument({ path: ".env", text: "PORT=1\n" }), undefined);
  assert.ok(parseDocument({ path: ".env", text: "aws_region=x\n" }));
  assert.ok(parseDocument({ path: "main.tf", text: "" }));
});

test("settings with comments and trailing commas, and what silences a line", () => {
  const text = `{
  // callerid-ignore hardcoded-secret: a fake one
  "terminal.integrated.env.linux": { "AWS_PROFILE": "dev", "N": 1, },
}`;
  const { root, suppressions } = parseJsonc({ path: ".vscode/settings.json", text }, "vscode-settings");
  const node = nodeAt(root, "terminal.integrated.env.linux", "AWS_PROFILE");
  assert.ok(node?.kind === "scalar");
  assert.equal(text.slice(node.contentSpan.start, node.contentSpan.end), "dev");
  assert.deepEqual(
    suppressions.map(({ line }) => line),
    [2],
  );
});

test("what git leaves out", () => {
  const ignore = (text: string, path: string) => ignoredBy([parseGitignore({ path: ".gitignore", text })])(path);
  const cases: readonly (readonly [string, string, boolean])[] = [
    [".env", ".env", true],
    [".env", "a/b/.env", true],
    ["/.env", "a/.env", false],
    [".env*", ".env.local", true],
    ["*.env", "prod.env", true],
    [".env*\n!.env.example", ".env.example", false],
    ["secrets/", "secrets/.env", true],
    ["a/*.env", "a/x.env", true],
    ["a/*.env", "b/a/x.env", false],
    ["**/local/*", "x/local/.env", true],
    ["# .env", ".env", false],
    [".en?", ".env", true],
    [".env.[lp]ocal", ".env.local", true],
    ["\\!x", "!x", true],
    [".environment", ".env", false],
    ["config/**", "config/a/b.env", true],
  ];
  for (const [text, path, expected] of cases) assert.equal(ignore(text, path), expected, `${text} on ${path}`);
  const nested = [
    parseGitignore({ path: "w/.gitignore", text: ".env" }),
    parseGitignore({ path: "w/a/.gitignore", text: "!.env" }),
  ];
  assert.equal(ignoredBy(nested)("w/.env"), true);
  assert.equal(ignoredBy(nested)("w/a/.env"), false);
  assert.equal(ignoredBy(nested)("v/.env"), false);
});

test("any pattern is read", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), fc.string({ maxLength: 40 }), (text, path) => {
      ignoredBy([parseGitignore({ path: ".gitignore", text })])(path);
      parseJsonc({ path: "devcontainer.json", text }, "devcontainer");
    }),
    { numRuns: 5000 },
  );
  parseJsonc({ path: "devcontainer.json", text: "[".repeat(100_000) }, "devcontainer");
  ignoredBy([parseGitignore({ path: ".gitignore", text: `${"*a".repeat(400)}b\n`.repeat(50) })])("a".repeat(250));
  ignoredBy([parseGitignore({ path: ".gitignore", text: "**/*a*a*a*a*b/**/c\n".repeat(50) })])("a/".repeat(2000));
});
