import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { rules } from "../src/rules";
import type { Rule } from "../src/rules/rule";
import { golden } from "./support/golden";
import { claimsIn } from "./support/markers";

const severityWords = { error: "Error", warning: "Warning", info: "Information", hint: "Hint" };

function pageFor(rule: Rule): string {
  const wrong: string[] = [];
  const right: string[] = [];
  for (const [name, files] of Object.entries(rule.examples)) {
    const fires = Object.entries(files).some(([path, text]) => claimsIn(path, text).length > 0);
    const blocks = Object.entries(files).map(
      ([path, text]) => `\`${path}\`\n\n\`\`\`${fence(path)}\n${withoutClaims(text)}\n\`\`\``,
    );
    (fires ? wrong : right).push(`### ${name.charAt(0).toUpperCase()}${name.slice(1)}\n\n${blocks.join("\n\n")}`);
  }
  return [
    `# ${rule.id}`,
    `${rule.title}. Severity: ${severityWords[rule.severity]}.`,
    rule.why,
    `## What to do\n\n${rule.remedy}`,
    ...(rule.snippet
      ? [`## ${rule.snippet.title}\n\n\`\`\`${rule.snippet.language}\n${rule.snippet.text}\n\`\`\``]
      : []),
    `## Found\n\n${wrong.join("\n\n")}`,
    `## Not found\n\n${right.join("\n\n")}`,
    ...(rule.silence ? [`## When it is silent\n\n${rule.silence}`] : []),
    `## Sources\n\n${rule.links.map((link) => `- <${link}>`).join("\n")}`,
    `To silence it for one line: \`# callerid-ignore ${rule.id}: the reason\`.`,
    "",
  ]
    .join("\n\n")
    .replace(/\n+$/, "\n");
}

const fences: readonly (readonly [RegExp, string])[] = [
  [/\.tf$/, "hcl"],
  [/\.ya?ml$/, "yaml"],
  [/\.sh$|\.envrc$/, "sh"],
  [/\.ps1$/, "powershell"],
  [/Dockerfile$/, "dockerfile"],
];
const fence = (path: string) => fences.find(([pattern]) => pattern.test(path))?.[1] ?? "ini";

const withoutClaims = (text: string) =>
  text
    .split("\n")
    .filter((line) => !/^\s*#\s*(?:\^+|<-*)\s+[a-z]/.test(line))
    .join("\n")
    .trim();

for (const rule of rules) {
  test(`the page of ${rule.id} is up to date`, () => golden(`docs/rules/${rule.id}.md`, pageFor(rule)));
}

test("the table of rules is up to date", () => {
  const rows = rules.map(
    (rule) => `| [${rule.id}](rules/${rule.id}.md) | ${severityWords[rule.severity]} | ${rule.title} |`,
  );
  golden("docs/rules.md", `# Rules\n\n| rule | severity | finds |\n| --- | --- | --- |\n${rows.join("\n")}\n`);
});

test("no page is left of a rule that is gone", () => {
  const pages = fs.readdirSync("docs/rules").map((file) => file.replace(/\.md$/, ""));
  assert.deepEqual(
    pages.sort(),
    rules.map((rule) => rule.id),
  );
});

test("words keep the house's manners", () => {
  for (const rule of rules) {
    for (const text of [rule.title, rule.why, rule.remedy, rule.silence ?? ""]) {
      assert.doesNotMatch(text, /!(?:\s|$)|\bplease\b|\d\s?%/i, `${rule.id}: ${text}`);
    }
    assert.match(rule.why, /\.$/);
    assert.match(rule.remedy, /\.$/);
    for (const link of rule.links) assert.ok(link.startsWith("https://"), link);
  }
});
