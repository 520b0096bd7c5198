import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { compileFunction } from "node:vm";
import { transformSync } from "esbuild";
import { type AwsFileRole, parseAwsIni } from "../src/documents/awsIni";
import {
  type Reader,
  type Reading,
  type ReadSection,
  type ReadSetting,
  readAwsIni,
} from "../src/documents/awsIniReading";
import { environmentOf } from "../src/facts/environment";
import { awsFilePaths } from "../src/facts/locations";

/** Holds the suites as `<owner>/<repository>/<path>`; docs/readings.md lists the files and the results. */
const folder = process.env.CALLERID_SUITES ?? "";
const readers: readonly Reader[] = ["terraform", "terraform-legacy", "aws-cli", "aws-sdk-js"];

const smithyRs = "smithy-lang/smithy-rs/aws/rust-runtime/aws-runtime/test-data";
const parserTests = `${smithyRs}/profile-parser-tests.json`;
const locationTests = `${smithyRs}/file-location-tests.json`;
const kotlinTests =
  "awslabs/aws-sdk-kotlin/aws-runtime/aws-config/common/test/aws/sdk/kotlin/runtime/config/profile/SpecTestSuites.kt";
const botocoreTests = "boto/botocore/tests/unit/test_configloader.py";
const botocoreFiles = "boto/botocore/tests/unit/cfg";
const parseIniSpec =
  "smithy-lang/smithy-typescript/packages/core/src/submodules/config/shared-ini-file-loader/parseIni.spec.ts";
const goFiles = [
  ["Go SDK v1", "aws/aws-sdk-go/internal/ini/testdata"],
  ["Go SDK v2", "aws/aws-sdk-go-v2/internal/ini/testdata"],
] as const;

const suites: readonly string[] = [parserTests, locationTests, kotlinTests, botocoreTests, parseIniSpec].concat(
  goFiles.map(([, path]) => path),
);

/** A test of a suite at this path, which is skipped where the folder lacks it. */
function suiteTest(title: string, path: string, run: (context: TestContext) => void): void {
  if (folder === "") return;
  test(title, (context) => {
    if (existsSync(join(folder, path))) run(context);
    else context.skip(`NOT RUN: CALLERID_SUITES has no ${path}`);
  });
}

test("the public suites are there", (context) => {
  if (folder === "") {
    context.skip("NO PUBLIC SUITE WAS RUN: CALLERID_SUITES names no folder that holds them, see docs/readings.md");
    return;
  }
  assert.ok(
    suites.some((path) => existsSync(join(folder, path))),
    `CALLERID_SUITES holds none of ${suites.join(", ")}`,
  );
});

const load = (path: string) => readFileSync(join(folder, path), "utf8");

function read(text: string, reader: Reader, role: AwsFileRole): Reading {
  return readAwsIni(parseAwsIni({ path: `.aws/${role}`, text }, role), reader);
}

// ---- the results as docs/readings.md has them

interface Row {
  readonly agreeing: number;
  readonly of: number;
  /** How many cases were put to the program itself as well. */
  readonly asAnswered: number;
  readonly whyNot: string;
}

/** The row of a table in docs/readings.md. */
function recorded(suite: string, reading: string): Row {
  for (const line of readFileSync("docs/readings.md", "utf8").split("\n")) {
    const [, first, second, agreeing, of, answered, whyNot] = line.split("|").map((cell) => cell.trim());
    if (first === suite && second === reading) {
      return { agreeing: Number(agreeing), of: Number(of), asAnswered: Number(answered || 0), whyNot: whyNot ?? "" };
    }
  }
  assert.fail(`docs/readings.md has no row for ${suite} and ${reading}`);
}

/** Prints how many cases agree, and holds it against the recorded result. */
function compare(context: TestContext, suite: string, reading: string, agrees: ReadonlyMap<string, boolean>): Row {
  const disagreeing = [...agrees].filter(([, one]) => !one).map(([name]) => name);
  const agreeing = agrees.size - disagreeing.length;
  context.diagnostic(`${suite}, ${reading}: ${agreeing} of ${agrees.size} agree`);
  const row = recorded(suite, reading);
  assert.deepEqual([agreeing, agrees.size], [row.agreeing, row.of], `${suite}, ${reading}: not ${disagreeing}`);
  return row;
}

/** As `compare`, where the row also names each case that disagrees. */
function compareByName(context: TestContext, suite: string, reading: string, agrees: ReadonlyMap<string, boolean>) {
  const { whyNot } = compare(context, suite, reading, agrees);
  for (const [name, agreed] of agrees) {
    assert.equal(whyNot.includes(`\`${name}\``), !agreed, `${suite}, ${reading}: ${name} in docs/readings.md`);
  }
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .map(([key, one]) => [key, sorted(one)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

// ---- AWS's suite for all languages

type Settings = Readonly<Record<string, string | Readonly<Record<string, string>>>>;
type Sections = Readonly<Record<string, Settings>>;

/** What a reader finds in both files, blocks as dotted names; `null` when it rejects one of them. */
type Found = Readonly<Record<"profiles" | "sso" | "services", Sections>> | null;

interface SuiteCase {
  readonly name: string;
  readonly input: { readonly configFile?: string; readonly credentialsFile?: string };
  readonly expected: Found;
}

/** What Go, botocore and the JavaScript SDK answered, by the text of both files. */
interface Answers {
  readonly config: string;
  readonly credentials: string;
  readonly saw: {
    readonly go: Sections;
    readonly botocore: { readonly profiles: Sections; readonly sso: Sections } | { readonly ERR: string };
    readonly javaScript: Sections;
  };
}

const answers: readonly Answers[] = JSON.parse(
  readFileSync("test/fixtures/documents/aws-ini/specification.json", "utf8"),
);

function answerOf(reader: Reader, { input }: SuiteCase): Found | undefined {
  const [config, credentials] = [input.configFile ?? "", input.credentialsFile ?? ""];
  const saw = answers.find((one) => one.config === config && one.credentials === credentials)?.saw;
  if (!saw || reader === "terraform-legacy") return undefined;
  if (reader === "aws-cli") return "ERR" in saw.botocore ? null : found(saw.botocore);
  const [all, separator] = reader === "terraform" ? [saw.go, " "] : [saw.javaScript, "."];
  const sso: Record<string, Settings> = {};
  const profiles: Record<string, Settings> = {};
  for (const [name, settings] of Object.entries(all)) {
    const prefix = `sso-session${separator}`;
    if (name.startsWith(prefix)) sso[name.slice(prefix.length)] = settings;
    else profiles[name] = settings;
  }
  return found({ profiles, sso });
}

function found({ profiles, sso, services }: Partial<Record<keyof NonNullable<Found>, Sections | undefined>>): Found {
  return { profiles: dotted(profiles), sso: dotted(sso), services: dotted(services) };
}

/** A block is a text to some suites, a table to others, and dotted names to JavaScript. */
function dotted(sections: Sections = {}): Sections {
  const table = (settings: Settings) =>
    Object.entries(settings).flatMap(([name, value]) => {
      if (typeof value === "object") return Object.entries(value).map(([own, one]) => [`${name}.${own}`, one]);
      if (!value.startsWith("\n")) return [[name, value]];
      return value
        .slice(1)
        .split("\n")
        .map((line) => [`${name}.${line.split("=")[0]?.trim()}`, line.slice(line.indexOf("=") + 1).trim()]);
    });
  return Object.fromEntries(
    Object.entries(sections).map(([name, settings]) => [name, Object.fromEntries(table(settings))]),
  );
}

function readBoth(reader: Reader, { input }: SuiteCase): Found {
  const config = read(input.configFile ?? "", reader, "config");
  const credentials = read(input.credentialsFile ?? "", reader, "credentials");
  if (config.failure || credentials.failure) return null;
  const of = (reading: Reading, kind: ReadSection["kind"]) =>
    Object.fromEntries(
      reading.sections
        .filter((section) => section.kind === kind)
        .map((section) => [
          section.name,
          Object.fromEntries([...section.settings].map(([name, setting]) => [name, delivered(setting)])),
        ]),
    );
  const profiles: Record<string, Settings> = of(config, "profile");
  for (const [name, settings] of Object.entries(of(credentials, "profile"))) {
    // Terraform's SDKs merge only settings they know, and the suite's are made up.
    const known = reader === "terraform" || reader === "terraform-legacy" ? profiles[name] : undefined;
    profiles[name] = known ?? { ...profiles[name], ...settings };
  }
  return found({ profiles, sso: of(config, "sso-session"), services: of(config, "services") });
}

function delivered({ value, nested }: ReadSetting): Settings[string] {
  return nested ? Object.fromEntries(nested) : value;
}

/** For the JavaScript SDK a setting without a value does not exist, nor does a section without a setting. */
function withoutEmpty(one: Found): Found {
  const filled = (sections: Sections) =>
    Object.fromEntries(
      Object.entries(sections)
        .map(([name, settings]) => [name, Object.entries(settings).filter(([, value]) => value !== "")] as const)
        .filter(([, settings]) => settings.length > 0)
        .map(([name, settings]) => [name, Object.fromEntries(settings)]),
    );
  return one && { profiles: filled(one.profiles), sso: filled(one.sso), services: filled(one.services) };
}

function compareCases(context: TestContext, suite: string, cases: readonly SuiteCase[]): void {
  for (const reader of readers) {
    const view = reader === "aws-sdk-js" ? withoutEmpty : (one: Found) => one;
    const agrees = new Map<string, boolean>();
    let asked = 0;
    for (const [index, one] of cases.entries()) {
      const ours = readBoth(reader, one);
      agrees.set(`${index + 1} ${one.name}`, isSame(view(ours), view(one.expected)));
      const answer = answerOf(reader, one);
      if (answer === undefined) continue;
      asked++;
      assert.deepEqual(sorted(ours), sorted(answer), `${one.name}: ${reader} is not what the program itself answered`);
    }
    const { asAnswered } = compare(context, suite, reader, agrees);
    assert.equal(asked, asAnswered, `${suite}, ${reader}: cases that the program itself has answered`);
    if (asked > 0) context.diagnostic(`${suite}, ${reader}: ${asked} of ${asked} as the program itself answered`);
  }
}

interface ParserTest extends Pick<SuiteCase, "name" | "input"> {
  readonly output: {
    readonly errorContaining?: string;
    readonly config?: { readonly profiles?: Sections; readonly sso_sessions?: Sections };
  };
}

suiteTest("the specification", parserTests, (context) => {
  const { tests }: { tests: readonly ParserTest[] } = JSON.parse(load(parserTests));
  const cases = tests.map(({ name, input, output: { config, errorContaining } }) => ({
    name,
    input,
    expected: errorContaining === undefined ? found({ ...config, sso: config?.sso_sessions }) : null,
  }));
  compareCases(context, "specification", cases);
});

interface KotlinTest extends Pick<SuiteCase, "name" | "input"> {
  readonly output: {
    readonly errorContaining?: string;
    readonly profiles?: Sections;
    readonly "sso-sessions"?: Sections;
    readonly services?: Sections;
  };
}

/** The JSON in a raw string of a Kotlin file. */
function kotlinConstant<T>(name: string): { readonly tests: readonly T[] } {
  const [, text = ""] = load(kotlinTests).split(`${name} = """`);
  return JSON.parse(text.slice(0, text.indexOf('"""')));
}

suiteTest("the specification as the Kotlin SDK has it", kotlinTests, (context) => {
  const { tests } = kotlinConstant<KotlinTest>("PARSER_TEST_SUITE_JSON");
  const cases = tests.map(({ name, input, output }) => ({
    name,
    input,
    expected: output.errorContaining === undefined ? found({ ...output, sso: output["sso-sessions"] }) : null,
  }));
  compareCases(context, "Kotlin SDK", cases);
});

interface LocationTest {
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly configLocation: string;
  readonly credentialsLocation: string;
}

/** Without `HOME` it is Node that knows the home directory, so those cases are not ours. */
function compareLocations(context: TestContext, suite: string, tests: readonly LocationTest[]): void {
  const agrees = new Map<string, boolean>();
  const slashes = (path: string) => path.replaceAll("\\", "/");
  for (const [index, one] of tests.entries()) {
    const { HOME: home } = one.environment;
    if (home === undefined) continue;
    const { config, credentials } = awsFilePaths(environmentOf(one.environment, suite), home);
    const ours = [config, credentials].map(slashes);
    agrees.set(`${index + 1} ${one.name}`, isSame(ours, [one.configLocation, one.credentialsLocation].map(slashes)));
  }
  compare(context, suite, "file paths", agrees);
}

suiteTest("the file locations", locationTests, (context) => {
  compareLocations(context, "specification", JSON.parse(load(locationTests)).tests);
});

suiteTest("the file locations as the Kotlin SDK has them", kotlinTests, (context) => {
  compareLocations(context, "Kotlin SDK", kotlinConstant<LocationTest>("LOADER_TEST_SUITE_JSON").tests);
});

// ---- the files of the Go SDKs

for (const [suite, path] of goFiles) {
  suiteTest(`the files of the ${suite}`, path, (context) => {
    for (const reader of ["terraform-legacy", "terraform"] as const) {
      const agrees = new Map<string, boolean>();
      for (const name of readdirSync(join(folder, path, "valid"))) {
        if (name.endsWith("_expected")) continue;
        const expected: Readonly<Record<string, Readonly<Record<string, string | number>>>> = JSON.parse(
          load(`${path}/valid/${name}_expected`),
        );
        agrees.set(name, isReadAs(read(load(`${path}/valid/${name}`), reader, "credentials"), expected));
      }
      for (const name of readdirSync(join(folder, path, "invalid"))) {
        agrees.set(name, read(load(`${path}/invalid/${name}`), reader, "credentials").failure !== undefined);
      }
      compareByName(context, suite, reader, agrees);
    }
  });
}

/** As the SDK's own test compares: what is expected has to be there, and `""` is what is not there. */
function isReadAs({ failure, sections }: Reading, expected: Readonly<Record<string, object>>): boolean {
  if (failure) return false;
  return Object.entries(expected).every(([name, settings]) => {
    const section = sections.find((one) => one.name === name);
    return (
      section !== undefined &&
      Object.entries(settings).every(([key, value]) => {
        const { value: ours, nested } = section.settings.get(key.toLowerCase()) ?? { value: "" };
        return nested === undefined && (typeof value === "number" ? Number(ours) === value : ours === value);
      })
    );
  });
}

// ---- botocore's files, with what its tests claim of them

suiteTest("botocore's files", botocoreTests, (context) => {
  const agrees = new Map<string, boolean>();
  const [, ...methods] = load(botocoreTests).split(/^ {4}def (?=test_)/m);
  for (const method of methods) {
    // These are about paths, or about several files at once.
    if (/ConfigNotFound|multi_file_load|create_config_file/.test(method)) continue;
    agrees.set(method.slice(0, method.indexOf("(")), new PythonClaims().hold(method));
  }
  compareByName(context, "botocore", "aws-cli", agrees);
});

/** As much of Python as botocore's tests of its files are written in. */
class PythonClaims {
  readonly #variables = new Map<string, unknown>();
  #isRejected = false;

  hold(method: string): boolean {
    const expectsRejection = method.includes("assertRaises(botocore.exceptions.ConfigParseError)");
    const holds = statementsOf(method).map((statement) => this.#holds(statement));
    return this.#isRejected === expectsRejection && (expectsRejection || holds.every(Boolean));
  }

  #holds(statement: string): boolean {
    const [, variable, value] = /^(\w+) = (.+)$/.exec(statement) ?? [];
    const [, key, holder] = /^self\.assertIn\((\S+|'[^']*'), (.+)\)$/.exec(statement) ?? [];
    const [, actual, expected] = /^self\.assertEqual\((.+), ?(\d+|'[^']*'|\[[^\]]*\])\)$/.exec(statement) ?? [];
    if (/^encoding\.return_value|^with |^if |^unittest/.test(statement)) return true;
    if (variable !== undefined && value !== undefined) this.#variables.set(variable, this.#evaluate(value));
    else if (key !== undefined && holder !== undefined)
      return Object.hasOwn(Object(this.#evaluate(holder)), literal(key));
    else if (actual !== undefined && expected !== undefined) {
      return isSame(this.#evaluate(actual), expected.startsWith("[") ? names(expected) : literal(expected));
    } else this.#evaluate(statement);
    return true;
  }

  #evaluate(expression: string): unknown {
    const [, counted] = /^len\((.+)\)$/.exec(expression) ?? [];
    if (counted) return String(Object.keys(Object(this.#evaluate(counted))).length);
    const [, listed] = /^sorted\((.+)\.keys\(\)\)$/.exec(expression) ?? [];
    if (listed) return Object.keys(Object(this.#evaluate(listed))).sort();
    const [, path] = /^path\('(\w+)'\)$/.exec(expression) ?? [];
    if (path) return path;
    const call = /^(load_config|raw_config_parse)\((path\('\w+'\)|filename)(, False)?\)/.exec(expression);
    const [from = ""] = call ?? /^\w+/.exec(expression) ?? [];
    assert.ok(call || this.#variables.has(from), `botocore's tests hold a statement of a new kind: ${expression}`);
    let value = call ? this.#load(call[1] === "load_config", call[2] ?? "", !call[3]) : this.#variables.get(from);
    for (const [, key = ""] of expression.slice(from.length).matchAll(/\['([^']*)'\]/g)) value = Object(value)[key];
    return value;
  }

  #load(isMapped: boolean, file: string, hasBlocks: boolean): unknown {
    const text = load(`${botocoreFiles}/${this.#evaluate(file)}`);
    const { failure, sections } = read(text, "aws-cli", isMapped ? "config" : "credentials");
    if (failure) this.#isRejected = true;
    const of = (kind: ReadSection["kind"]) =>
      Object.fromEntries(
        sections
          .filter((section) => section.kind === kind)
          .map(({ name, settings }) => [
            name,
            Object.fromEntries([...settings].map(([key, one]) => [key, hasBlocks ? delivered(one) : blockText(one)])),
          ]),
      );
    return isMapped
      ? { profiles: of("profile"), sso_sessions: of("sso-session"), services: of("services") }
      : of("profile");
  }
}

/** One statement a line, without comments and without the name of the method. */
function statementsOf(method: string): readonly string[] {
  const statements: string[] = [];
  let statement = "";
  for (const line of method.split("\n").slice(1)) {
    const content = line.trim();
    if (content === "" || content.startsWith("#")) continue;
    statement += content.startsWith(")") || statement.endsWith("(") || statement === "" ? content : ` ${content}`;
    if ((statement.match(/[([]/g) ?? []).length > (statement.match(/[)\]]/g) ?? []).length) continue;
    statements.push(statement.replaceAll(",)", ")"));
    statement = "";
  }
  return statements;
}

const names = (list: string) => [...list.matchAll(/'([^']*)'/g)].map(([, name]) => name);
const literal = (text: string): string =>
  text.startsWith("'") ? JSON.parse(`"${text.slice(1, -1).replaceAll('"', '\\"')}"`) : text;

/** A block as the text it is written as. */
function blockText({ value, nested }: ReadSetting): string {
  return nested ? [...nested].map(([name, one]) => `\n${name} = ${one}`).join("") : value;
}

// ---- the JavaScript SDK's own tests, with our reading in its place

suiteTest("the JavaScript SDK's parseIni.spec.ts", parseIniSpec, (context) => {
  function parseIni(text: string): Sections {
    const { failure, sections } = read(text, "aws-sdk-js", "credentials");
    if (failure) {
      throw new Error(`Found invalid profile name "${text.slice(failure.span.start, failure.span.end)}"`);
    }
    return Object.fromEntries(
      sections.map(({ name, settings }) => [
        name,
        Object.fromEntries([...settings].map(([key, { value }]) => [key, value])),
      ]),
    );
  }
  const agrees = new Map<string, boolean>();
  const run = (name: string, body: () => void) => {
    try {
      body();
      agrees.set(name, true);
    } catch (error) {
      context.diagnostic(`${name}: ${error}`);
      agrees.set(name, false);
    }
  };
  const each = (values: readonly string[]) => (name: string, body: (value: string) => void) => {
    for (const value of values)
      run(
        name.replace("%s", () => value),
        () => body(value),
      );
  };
  const expect = (actual: unknown) => ({
    toStrictEqual: (expected: unknown) => assert.deepStrictEqual(actual, expected),
    toThrowError: (message: string) =>
      assert.throws(actual as () => void, (error) => error instanceof Error && error.message.includes(message)),
  });
  const modules: Readonly<Record<string, unknown>> = {
    vitest: { describe: (_: string, body: () => void) => body(), expect, test: Object.assign(run, { each }) },
    "@smithy/types": { IniSectionType: { PROFILE: "profile", SSO_SESSION: "sso-session", SERVICES: "services" } },
    "./loadSharedConfigFiles": { CONFIG_PREFIX_SEPARATOR: "." },
    "./parseIni": { parseIni },
  };
  const { code } = transformSync(load(parseIniSpec), { loader: "ts", format: "cjs" });
  compileFunction(code, ["require", "module"])((name: string) => modules[name], {});
  compareByName(context, "JavaScript SDK", "aws-sdk-js", agrees);
});
