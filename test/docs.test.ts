import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import Ajv from "ajv";
import manifest from "../package.json";
import { languageOf } from "../src/documents";
import type { Language } from "../src/documents/languages";
import { levels } from "../src/facts/configuration";
import { severities } from "../src/model/finding";
import { rules } from "../src/rules";
import type { Rule } from "../src/rules/rule";
import { analyzeFixture, claimsOf, readFixture } from "./support/fixture";
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

/** What each kind of file is called; several languages may be of one kind. */
const kindNames: Readonly<Record<Language | "environment", string>> = {
  terraform: "Terraform",
  "terraform-json": "Terraform",
  hcl: "Terragrunt, tests, backend configuration",
  credentials: "AWS credentials file",
  config: "AWS config file",
  "env-file": "Env files",
  shell: "Scripts",
  powershell: "Scripts",
  cmd: "Scripts",
  dockerfile: "Dockerfiles",
  compose: "Compose files",
  devcontainer: "Editor settings and dev containers",
  "vscode-settings": "Editor settings and dev containers",
  "vscode-launch": "Editor settings and dev containers",
  "init-cache": "What terraform init keeps",
  "github-workflow": "GitHub workflows and actions",
  "github-action": "GitHub workflows and actions",
  "gitlab-ci": "GitLab CI",
  pipeline: "Other pipelines",
  jenkinsfile: "Other pipelines",
  gitignore: "Git's ignore files",
  configuration: "CallerID's configuration",
  environment: "The environment",
};

/** The kinds of files in which the rule's examples and fixtures have it found. */
function kindsOf(rule: Rule): ReadonlySet<string> {
  const folder = `test/fixtures/rules/${rule.id}`;
  const cases = fs.existsSync(folder) ? fs.readdirSync(folder).map((name) => readFixture(`${folder}/${name}`)) : [];
  const paths = [...Object.values(rule.examples), ...cases].flatMap((files) =>
    claimsOf(files).filter((claim) => claim.rule === rule.id),
  );
  return new Set(
    paths.flatMap(({ path }) => {
      const language = path === "environment" ? "environment" : languageOf(path);
      return language ? [kindNames[language]] : [];
    }),
  );
}

const link = ({ id }: Rule) => `[${id}](rules/${id}.md)`;

test("the tables of rules are up to date", () => {
  const kinds = new Map(rules.map((rule) => [rule, kindsOf(rule)]));
  const rows = rules.map((rule) => `| ${link(rule)} | ${severityWords[rule.severity]} | ${rule.title} |`);
  const bySeverity = severities.map((severity) => {
    const links = rules.filter((rule) => rule.severity === severity).map(link);
    return `| ${severityWords[severity]} | ${links.length} | ${links.join(", ")} |`;
  });
  const byKind = [...new Set(Object.values(kindNames))].flatMap((kind) => {
    const links = rules.filter((rule) => kinds.get(rule)?.has(kind)).map(link);
    return links.length === 0 ? [] : [`| ${kind} | ${links.length} | ${links.join(", ")} |`];
  });
  golden(
    "docs/rules.md",
    [
      "# Rules",
      `| rule | severity | finds |\n| --- | --- | --- |\n${rows.join("\n")}`,
      "## By severity\n\nThe severity a rule usually has; some findings of it are milder or worse, and [.callerid.json](configuration.md) can choose another.",
      `| severity | rules | |\n| --- | --- | --- |\n${bySeverity.join("\n")}`,
      "## By kind of file\n\nWhere a rule's examples have it found. Most rules work wherever their facts occur.",
      `| files | rules | |\n| --- | --- | --- |\n${byKind.join("\n")}\n`,
    ].join("\n\n"),
  );
});

test("every rule is found in some kind of file", () => {
  for (const rule of rules) assert.ok(kindsOf(rule).size > 0, rule.id);
});

interface Setting {
  readonly type?: string | readonly string[];
  readonly default?: unknown;
  readonly scope?: string;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly markdownDescription?: string;
}

const scopeWords: Readonly<Record<string, string>> = {
  application: "your user settings alone",
  machine: "your user settings, or those of the remote machine",
  window: "anywhere, a workspace's settings included",
  resource: "anywhere, a folder's settings included",
};

test("the reference of settings is what the manifest says", () => {
  const settings: Readonly<Record<string, Setting>> = manifest.contributes.configuration.properties;
  const sections = Object.entries(settings)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { type, default: initial, scope = "window", description, markdownDescription, ...one }]) => {
      const values = one.enum ? `one of ${one.enum.map((value) => `\`${JSON.stringify(value)}\``).join(", ")}` : type;
      const facts = [
        `Type: ${values}.`,
        `Default: \`${JSON.stringify(initial)}\`.`,
        `Taken from ${scopeWords[scope]}.`,
      ];
      return `## \`${name}\`\n\n${markdownDescription ?? description}\n\n${facts.join(" ")}`;
    });
  golden("docs/settings.md", `# Settings\n\n${sections.join("\n\n")}\n`);
});

const schema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "CallerID's configuration",
  definitions: { level: { enum: levels } },
  type: "object",
  additionalProperties: false,
  properties: {
    $schema: { type: "string" },
    rules: {
      description: "Rules that are off, on, or of another severity.",
      type: "object",
      additionalProperties: false,
      properties: Object.fromEntries(
        rules.map(({ id, title, severity }) => [
          id,
          { description: `${title}. Severity: ${severity}.`, $ref: "#/definitions/level" },
        ]),
      ),
    },
    exclude: {
      description: "Files in which nothing is reported, as patterns seen from this file's folder.",
      type: "array",
      items: { type: "string" },
    },
    emulatorEndpoints: {
      description: "Hosts that stand in for AWS: blocks that talk to them may have any keys.",
      type: "array",
      items: { type: "string" },
    },
  },
};

const isAccepted = (text: string) => analyzeFixture({ ".callerid.json": text }).configurationProblems.length === 0;

test("the schema for editors is up to date, and agrees with the reader", () => {
  golden("schemas/configuration.json", `${JSON.stringify(schema, undefined, 2)}\n`);
  const isValid = new Ajv().compile(schema);
  for (const text of [
    "{}",
    '{"$schema": "x", "rules": {"unknown-region": "off"}, "exclude": ["a"], "emulatorEndpoints": ["b:1"]}',
    '{"rulez": {}}',
    '{"rules": {"unknown-regions": "off"}}',
    '{"rules": {"unknown-region": "of"}}',
    '{"exclude": "a"}',
  ]) {
    assert.equal(isValid(JSON.parse(text)), isAccepted(text), text);
  }
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
