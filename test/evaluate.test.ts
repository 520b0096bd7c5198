// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform writes its templates like this.
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { parseDocument } from "../src/documents";
import type { TerraformDocument } from "../src/documents/terraform";
import { type Environment, environmentOf } from "../src/facts/environment";
import { evaluate, type Inputs, type Known, type Scope } from "../src/facts/evaluate";
import { moduleScopes } from "../src/facts/evaluateModules";
import { directoryOf, resolvePath } from "../src/facts/locations";
import { fakeSecrets } from "../src/rules/rule";
import { analyzeFixture, asLines, claimsOf, type Fixture, findingsAsClaims, readFixture } from "./support/fixture";
import { golden } from "./support/golden";

const folder = "test/fixtures/evaluate";
const answersFile = `${folder}/answers.json`;
const home = "/home/me";

/** What Terraform said of each output, once for each way of filling the variables left open; null is «known after apply». */
type Answers = Record<string, Record<string, (string | null)[]>>;

interface Case {
  readonly name: string;
  readonly files: Fixture;
  readonly documents: ReadonlyMap<string, readonly TerraformDocument[]>;
  readonly environment: Environment;
  readonly scopeIn: (directory: string) => Scope;
}

/** A file is a module by itself; of a folder, `environment` and `arguments` hold what Terraform is started with. */
function readCases(): Case[] {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || entry.name.endsWith(".tf"))
    .map((entry) => {
      const at = path.join(folder, entry.name);
      const files = entry.isDirectory() ? readFixture(at) : { "main.tf": fs.readFileSync(at, "utf8") };
      return caseOf(entry.name.replace(/\.tf$/, ""), files);
    });
}

function caseOf(name: string, files: Fixture): Case {
  const documents = new Map<string, TerraformDocument[]>();
  for (const [file, text] of Object.entries(files)) {
    const document = parseDocument({ path: file, text });
    if (document?.kind !== "terraform") continue;
    assert.deepEqual(document.problems, [], `${name}/${file}`);
    documents.set(directoryOf(file), [...(documents.get(directoryOf(file)) ?? []), document]);
  }
  const environment = environmentOf(variablesIn(files.environment), "this process");
  const all = [...documents.values()].flat();
  const given: NonNullable<Inputs["given"]> = linesOf(files.arguments).map((line) => {
    const file = all.find(({ source }) => `-var-file=${source.path}` === line);
    const [, variable = "", text = ""] = /^-var=([^=]+)=(.*)$/.exec(line) ?? [];
    return file ?? { name: variable, text };
  });
  const fileText = (at: string) => files[at];
  const { scopeIn } = moduleScopes(documents, environment, { home, fileText, given: new Map([["", given]]) });
  return { name, files, documents, environment, scopeIn };
}

const linesOf = (text = "") => text.split("\n").filter((line) => line !== "");

function variablesIn(text: string | undefined): Record<string, string> {
  return Object.fromEntries(
    linesOf(text).map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}

/** The outputs of a directory and of the modules it calls, these by a name such as `a__b__output`. */
function outputsOf(one: Case, directory = "", prefix = ""): Map<string, Known> {
  const { documents, scopeIn } = one;
  const outputs = new Map<string, Known>();
  for (const document of documents.get(directory) ?? []) {
    for (const block of document.body.blocks) {
      const name = prefix + (block.labels[0]?.text ?? "");
      const find = (attribute: string) => block.body.attributes.find((one) => one.name === attribute);
      const value = find("value");
      const source = find("source")?.value;
      if (block.type === "output" && value) {
        const at = { path: document.source.path, span: value.span };
        outputs.set(name, evaluate(value.value, document, scopeIn(directory), at));
      } else if (block.type === "module" && source?.kind === "string") {
        const inner = outputsOf(one, resolvePath(directory, source.text), `${name}__`);
        for (const [key, known] of inner) outputs.set(key, known);
      }
    }
  }
  return outputs;
}

/** What is left open is filled in two ways, and what we claim has to be right in both. */
const fillings: Readonly<Record<string, readonly [string, string]>> = {
  string: ["alpha", ""],
  bool: ["true", "false"],
  number: ["1", "0"],
  "list(string)": ['["p", "q"]', '["r"]'],
  "map(string)": ['{ a = "m" }', "{}"],
  any: ['"alpha"', '{ region = "filled" }'],
};

function fillingOf({ documents, files, environment }: Case, run: 0 | 1): string[] {
  const roots = documents.get("") ?? [];
  const isSet = (name: string) =>
    environment.variables.has(`TF_VAR_${name}`) ||
    linesOf(files.arguments).some((line) => line.startsWith(`-var=${name}=`)) ||
    roots.some(({ source, body }) => /\.tfvars/.test(source.path) && body.attributes.some((one) => one.name === name));
  return roots.flatMap(({ source, body }) =>
    body.blocks.flatMap((block) => {
      const name = block.labels[0]?.text ?? "";
      if (block.type !== "variable" || isSet(name)) return [];
      const find = (attribute: string) => {
        const span = block.body.attributes.find((one) => one.name === attribute)?.value.span;
        return span && source.text.slice(span.start, span.end);
      };
      const preset = find("default");
      const isEmpty = preset === '""' || preset === "null";
      if (preset !== undefined && !(isEmpty && run === 1)) return [];
      const value = fillings[find("type") ?? "string"]?.[isEmpty ? 0 : run];
      assert.ok(value !== undefined, `no filling for ${name}`);
      return [`-var=${name}=${value}`];
    }),
  );
}

/** The files with every output as JSON, or `!` where Terraform would stop; a called module keeps its own outputs too. */
function asJsonOutputs({ documents, files }: Case): Fixture {
  const written: Record<string, string> = { ...files };
  for (const document of [...documents.values()].flat()) {
    const { path: file, text } = document.source;
    const isCalled = directoryOf(file) !== "";
    const blocks = document.body.blocks.filter((block) => block.type === "output");
    let result = text;
    for (const block of blocks.toReversed()) {
      const value = block.body.attributes.find((one) => one.name === "value")?.value.span ?? block.span;
      const expression = text.slice(value.start, value.end);
      const [before, after] = [
        result.slice(0, isCalled ? block.span.end : block.span.start),
        result.slice(block.span.end),
      ];
      const name = `${isCalled ? "\n" : ""}output "${isCalled ? asJson : ""}${block.labels[0]?.text}"`;
      result =
        document.syntax === "json"
          ? `${result.slice(0, value.start)}"${expression.slice(1, -1).replace(/^\$\{(.*)\}$/, '${try(jsonencode($1), \\"!\\")}')}"${result.slice(value.end)}`
          : `${before}${name} {\n  value = try(jsonencode(\n${expression}\n), "!")\n  sensitive = true\n}${after}`;
    }
    written[file] = result;
  }
  return withPassedOutputs(written, documents, "");
}

const asJson = "as_json__";

/** An output of a called module is only seen from outside when its caller has one of the same value. */
function withPassedOutputs(files: Fixture, documents: Case["documents"], directory: string): Fixture {
  let result: Record<string, string> = { ...files };
  for (const document of documents.get(directory) ?? []) {
    for (const block of document.body.blocks) {
      const source = block.body.attributes.find((one) => one.name === "source")?.value;
      if (block.type !== "module" || source?.kind !== "string") continue;
      const called = resolvePath(directory, source.text);
      result = { ...withPassedOutputs(result, documents, called) };
      const module = block.labels[0]?.text;
      const inner = (documents.get(called) ?? []).map(({ source }) => source.path);
      const names = inner.flatMap((file) =>
        [...(result[file] ?? "").matchAll(/^output "as_json__(\w+)"/gm)].map(([, name]) => name),
      );
      const passed = names.map(
        (name) =>
          `\noutput "${directory === "" ? "" : asJson}${module}__${name}" {\n  value = module.${module}.${asJson}${name}\n  sensitive = true\n}\n`,
      );
      result[document.source.path] += passed.join("");
    }
  }
  return result;
}

const run = promisify(execFile);

/** Plans the module in a folder of its own, with no provider and no network. */
async function planned(one: Case, variant: 0 | 1): Promise<Map<string, string | null>> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "evaluate-"));
  try {
    for (const [file, text] of Object.entries(asJsonOutputs(one))) {
      fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      fs.writeFileSync(path.join(root, file), text);
    }
    const configuration = path.join(root, "cli.tfrc");
    fs.writeFileSync(configuration, "");
    const env = {
      PATH: process.env.PATH,
      HOME: home,
      TF_CLI_CONFIG_FILE: configuration,
      CHECKPOINT_DISABLE: "1",
      ...variablesIn(one.files.environment),
    };
    const terraform = (...args: string[]) =>
      run("terraform", [`-chdir=${root}`, ...args], { env, timeout: 60_000, maxBuffer: 1 << 26 });
    if (one.documents.size > 1) await terraform("init", "-backend=false", "-input=false", "-no-color");
    const line = [...linesOf(one.files.arguments), ...fillingOf(one, variant)];
    await terraform("plan", "-input=false", "-lock=false", "-no-color", "-out=plan", ...line);
    const { stdout } = await terraform("show", "-json", "-no-color", "plan");
    const plan = JSON.parse(stdout) as { planned_values: { outputs: Record<string, { value?: string }> } };
    return new Map(Object.entries(plan.planned_values.outputs).map(([name, { value }]) => [name, value ?? null]));
  } catch (error) {
    throw new Error(`terraform plan of ${one.name}: ${(error as { stderr?: string }).stderr || error}`);
  } finally {
    fs.rmSync(root, { recursive: true, force: true });
  }
}

const version = spawnSync("terraform", ["version", "-json"], {
  encoding: "utf8",
  env: { ...process.env, TF_CLI_CONFIG_FILE: os.devNull },
});
const installed = version.error
  ? undefined
  : (JSON.parse(version.stdout) as { terraform_version: string }).terraform_version;

const cases = readCases();

async function askTerraform(): Promise<Answers> {
  const answers: Answers = {};
  const failures: unknown[] = [];
  const waiting = [...cases];
  const work = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      // Where nothing is left open, the second way is the first.
      const isOpen = fillingOf(one, 0).join() !== fillingOf(one, 1).join();
      const runs = await Promise.allSettled([planned(one, 0), ...(isOpen ? [planned(one, 1)] : [])]);
      const [first, second = isOpen ? undefined : first] = runs.map((each) =>
        each.status === "fulfilled" ? each.value : undefined,
      );
      failures.push(...runs.flatMap((each) => (each.status === "rejected" ? [String(each.reason)] : [])));
      const both = [...(first ?? [])].map(([name, value]) => [name, [value, second?.get(name) ?? null]]);
      answers[one.name] = Object.fromEntries(both) as Answers[string];
    }
  };
  await Promise.all([work(), work()]);
  assert.deepEqual(failures, []);
  return answers;
}

/** Whether Terraform's answer is what we claim; parts of which we claim nothing are passed over. */
function agrees(known: Known, answer: unknown): boolean {
  switch (known.kind) {
    case "unknown":
      return true;
    case "null":
      return answer === null;
    case "text":
      return (
        typeof answer === (known.type === undefined ? "string" : known.type === "bool" ? "boolean" : "number") &&
        String(answer) === known.text
      );
    case "list":
      return (
        Array.isArray(answer) &&
        answer.length === known.items.length &&
        known.items.every((item, index) => agrees(item, answer[index]))
      );
    case "object": {
      if (answer === null || typeof answer !== "object" || Array.isArray(answer)) return false;
      const there = new Map(Object.entries(answer));
      const isSame = [...known.entries].every(([key, field]) => there.has(key) && agrees(field.value, there.get(key)));
      return isSame && (known.open || there.size === known.entries.size);
    }
  }
}

const holdsUnknown = (known: Known): boolean =>
  known.kind === "unknown" ||
  (known.kind === "list" && known.items.some(holdsUnknown)) ||
  (known.kind === "object" && (known.open || [...known.entries.values()].some(({ value }) => holdsUnknown(value))));

function disagreements(answers: Answers): string[] {
  return cases.flatMap((one) =>
    [...outputsOf(one)].flatMap(([name, known]) => {
      const given = answers[one.name]?.[name];
      if (!given) return [`${one.name}.${name}: Terraform was not asked`];
      const isRight = given.every((answer) => {
        if (known.kind === "unknown") return !known.fails || answer === "!";
        // Said to be a default that others may replace; that is no claim about its value.
        if (known.kind !== "null" && known.defaultOf !== undefined) return true;
        if (answer === "!") return false;
        return answer === null ? holdsUnknown(known) : agrees(known, JSON.parse(answer));
      });
      return isRight ? [] : [`${one.name}.${name}: ${shown(known)}, but Terraform says ${given.join(" or ")}`];
    }),
  );
}

function shown(known: Known): string {
  switch (known.kind) {
    case "unknown":
      return known.fails
        ? "fails"
        : known.candidates
          ? `one of ${known.candidates.map(shown).join(", ")}, or else`
          : "unknown";
    case "null":
      return "null";
    case "text":
      return (known.type ? known.text : JSON.stringify(known.text)) + (known.defaultOf ? ", by default" : "");
    case "list":
      return `[${known.items.map(shown).join(", ")}]`;
    case "object":
      return `{${[...known.entries].map(([key, field]) => `${key} = ${shown(field.value)}`).join(", ")}${known.open ? ", …" : ""}}`;
  }
}

test("every value we claim is the one that Terraform has", {
  skip: !installed && "NO terraform IN PATH: compared with recorded answers only",
}, async (t) => {
  const started = Date.now();
  const answers = await askTerraform();
  t.diagnostic(`Terraform ${installed}, ${cases.length} modules in ${Date.now() - started} ms`);
  if (process.env.UPDATE) fs.writeFileSync(answersFile, asLinesOfJson(answers));
  assert.deepEqual(disagreements(answers), []);
});

/** One line for each output, so that a difference reads well. */
function asLinesOfJson(answers: Answers): string {
  const modules = Object.entries(answers).sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = modules.map(([name, outputs]) => {
    const inner = Object.entries(outputs).map(
      ([output, values]) => `    ${JSON.stringify(output)}: ${JSON.stringify(values)}`,
    );
    return `  ${JSON.stringify(name)}: {\n${inner.join(",\n")}\n  }`;
  });
  return `{\n${lines.join(",\n")}\n}\n`;
}

test("every value we claim is the one that Terraform had", (t) => {
  const answers = JSON.parse(fs.readFileSync(answersFile, "utf8")) as Answers;
  assert.deepEqual(disagreements(answers), []);
  const known = cases.flatMap((one) => [...outputsOf(one).values()]);
  const count = (kind: (one: Known) => boolean) => known.filter(kind).length;
  const failing = count((one) => one.kind === "unknown" && one.fails === true);
  t.diagnostic(
    `${cases.length} modules, ${known.length} outputs: ${count((one) => one.kind !== "unknown")} known, ${failing} surely failing`,
  );
  assert.ok(cases.length >= 60);
});

test("what is known, and what is not", () => {
  const lines = cases.flatMap((one) =>
    [...outputsOf(one)].map(([name, known]) => `${one.name}.${name} = ${shown(known)}`),
  );
  golden(`${folder}/claims.txt`, `${lines.sort().join("\n")}\n`);
});

const [secret = "", other = ""] = fakeSecrets;
const carets = "^".repeat(40);

/** Where the literal of a secret key is found, whatever stands between it and the block. */
const hidden: Readonly<Record<string, Fixture>> = {
  "in a condition that is known": {
    "main.tf": `
variable "enabled" { default = true }
variable "key" {}
provider "aws" {
  access_key = var.id
  secret_key = var.enabled ? "${secret}" : var.key
  #                           ${carets} hardcoded-secret
}
`,
  },
  "in both sides of one that is not": {
    "main.tf": `
variable "enabled" {}
provider "aws" {
  access_key = var.id
  secret_key = (
    var.enabled
    ? "${secret}"
    #  ${carets} hardcoded-secret
    : "${other}"
    #  ${carets} hardcoded-secret
  )
}
`,
  },
  "behind try and coalesce": {
    "main.tf": `
variable "key" { default = "" }
variable "settings" {}
provider "aws" {
  access_key = var.id
  secret_key = coalesce(var.key, try(var.settings.key, "${secret}"))
  #                                                     ${carets} hardcoded-secret
}
provider "aws" {
  alias      = "known"
  access_key = var.id
  secret_key = try(local.none.key, coalesce("", null, trimspace("${other}")))
  #                                                              ${carets} hardcoded-secret
}
locals { none = {} }
`,
  },
  "in an object, a list and a map": {
    "main.tf": `
locals {
  accounts = {
    prod = { keys = ["x", "${secret}"] }
    #                      ${carets} hardcoded-secret
  }
  more = merge({ a = "x" }, { key = "${other}" })
  #                                  ${carets} hardcoded-secret
}
variable "stage" { default = "prod" }
provider "aws" {
  access_key = var.id
  secret_key = local.accounts[var.stage].keys[1]
}
provider "aws" {
  alias      = "more"
  access_key = var.id
  secret_key = lookup(local.more, "key", "")
}
`,
  },
  "in JSON": {
    "main.tf": `
provider "aws" {
  access_key = var.id
  secret_key = jsondecode("{\\"secret\\": \\"${other}\\"}").secret
  #                                       ${carets} hardcoded-secret
}
`,
  },
  "in a module's argument": {
    "main.tf": `
module "shop" {
  source = "./modules/shop"
  key    = local.key
  keys   = { secret = "${other}" }
  #                    ${carets} hardcoded-secret
}
locals {
  key = "${secret}"
  #      ${carets} hardcoded-secret
}
`,
    "modules/shop/main.tf": `
variable "key" {}
variable "keys" { type = object({ secret = string, region = optional(string, "us-east-1") }) }
provider "aws" {
  access_key = var.id
  secret_key = var.key
  region     = var.keys.region
}
provider "aws" {
  alias      = "other"
  access_key = var.id
  secret_key = var.keys.secret
}
`,
  },
  "in the arguments of two calls": {
    "main.tf": `
module "a" {
  source = "./m"
  key    = "${secret}"
  #         ${carets} hardcoded-secret
}
module "b" {
  source = "./m"
  key    = "${other}"
  #         ${carets} hardcoded-secret
}
`,
    "m/main.tf": `
variable "key" { default = "changeme" }
provider "aws" {
  access_key = var.id
  secret_key = var.key
}
`,
  },
};

for (const [name, fixture] of Object.entries(hidden)) {
  test(`a secret key ${name} is found where it stands`, () => {
    const found = findingsAsClaims(analyzeFixture(fixture), fixture).filter((one) => one.rule === "hardcoded-secret");
    assert.deepEqual(asLines(found), asLines(claimsOf(fixture)));
  });
}

function valueIn(text: string, name: string): Known {
  const one = caseOf("hostile", { "main.tf": text });
  const document = one.documents.get("")?.[0];
  assert.ok(document);
  const span = { start: 0, end: 0 };
  const steps = [{ kind: "attribute", name, span } as const];
  return evaluate({ kind: "reference", root: "local", steps, span }, document, one.scopeIn(""), {
    path: "main.tf",
    span,
  });
}

test("names that mean themselves, and values that double at every step, end", { timeout: 20_000 }, () => {
  assert.equal(valueIn("locals {\n  a = local.b\n  b = local.a\n}\n", "a").kind, "unknown");
  assert.equal(valueIn('locals {\n  a = try(local.a, "x")\n}\n', "a").kind, "unknown");
  const chain = (first: string, next: (before: string) => string) =>
    `locals {\n  a0 = ${first}\n${Array.from({ length: 60 }, (_, index) => `  a${index + 1} = ${next(`local.a${index}`)}\n`).join("")}}\n`;
  assert.deepEqual(
    valueIn(
      chain('"x"', (before) => before),
      "a60",
    ).kind,
    "text",
  );
  for (const next of [
    (before: string) => `"\${${before}}\${${before}}"`,
    (before: string) => `[${before}, ${before}]`,
    (before: string) => `{ a = ${before}, b = ${before} }`,
    (before: string) => `concat(try(tolist(${before}), [${before}]), [${before}, ${before}])`,
    (before: string) => `jsonencode([${before}, ${before}])`,
    (before: string) => `${before} == ${before} ? [${before}, ${before}] : null`,
  ]) {
    assert.notEqual(valueIn(chain('"x"', next), "a60").kind, "text");
  }
  const calls = {
    "main.tf": 'module "a" {\n  source = "./"\n  x = var.x\n}\nvariable "x" {}\noutput "x" { value = var.x }\n',
  };
  assert.equal(caseOf("self", calls).scopeIn("").variables.size, 1);
  const [document] = caseOf("self", calls).documents.get("") ?? [];
  const block = document?.body.blocks[2]?.body.attributes[0];
  assert.ok(document && block);
  const at = { path: "main.tf", span: block.span };
  assert.equal(evaluate(block.value, document, caseOf("self", calls).scopeIn(""), at).kind, "unknown");
});
