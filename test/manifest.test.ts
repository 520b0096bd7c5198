import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import manifest from "../package.json";

const budgets = {
  "dist/extension.js": 600_000,
  "dist/cli.js": 700_000,
  "dist/sts.js": 210_000,
  "dist/explain.js": 170_000,
  "dist/sources.js": 30_000,
  "dist/process.js": 20_000,
  "dist/git.js": 8_000,
  "dist/yaml.js": 120_000,
  "dist/dockerfile-ast.js": 92_000,
  "dist/unbash.js": 110_000,
};

/** Settings that a folder may choose: nothing among them decides where a request goes or what is run. */
const harmless: readonly string[] = [
  "callerid.codeLens",
  "callerid.rules",
  "callerid.exclude",
  "callerid.emulatorEndpoints",
];

test("the bundles hold nothing that starts a process or finds credentials by itself, and keep to their budgets", async () => {
  const { buildProduct, bundleProblems } = await import("../esbuild.mjs");
  const metafile = await buildProduct({ minify: true, write: false });
  assert.deepEqual(bundleProblems(metafile), []);
  for (const [file, budget] of Object.entries(budgets)) {
    const bytes = metafile.outputs[file]?.bytes ?? Number.POSITIVE_INFINITY;
    assert.ok(bytes <= budget, `${file} has ${bytes} bytes, ${budget} are allowed`);
  }
});

test("two bundles start a program each, git for the command line alone", async () => {
  const { buildProduct, bundleProblems } = await import("../esbuild.mjs");
  const { outputs } = await buildProduct({ write: false });
  const starting = Object.entries(outputs).filter(([, { imports }]) =>
    imports.some(({ path }) => /child_process/.test(path)),
  );
  assert.deepEqual(
    starting.map(([file, { inputs }]) => [file, Object.keys(inputs)]),
    [
      ["dist/git.js", ["src/cli/git.ts"]],
      ["dist/process.js", Object.keys(outputs["dist/process.js"]?.inputs ?? {})],
    ],
  );
  const loading = Object.entries(outputs).filter(([, { imports }]) => imports.some(({ path }) => path === "./git.js"));
  assert.deepEqual(
    loading.map(([file]) => file),
    ["dist/cli.js"],
  );
  const process = { inputs: {}, imports: [{ path: "node:child_process" }] };
  for (const file of ["dist/extension.js", "dist/cli.js", "dist/git.js"]) {
    assert.equal(bundleProblems({ outputs: { [file]: process } }).length, 1, file);
  }
  const editor = { inputs: {}, imports: [{ path: "./git.js" }] };
  assert.equal(bundleProblems({ outputs: { "dist/extension.js": editor } }).length, 1);
});

test("what a bundle loads lies beside it and is shipped", async () => {
  const { buildProduct } = await import("../esbuild.mjs");
  const { outputs } = await buildProduct({ write: false });
  const shipped = fs.readFileSync(".vscodeignore", "utf8").split("\n");
  for (const [file, { imports }] of Object.entries(outputs)) {
    if (file.endsWith(".js")) assert.ok(shipped.includes(`!${file}`), `${file} is not shipped`);
    for (const { path } of imports) {
      if (path.startsWith("./")) assert.ok(path.replace("./", "dist/") in outputs, `${file} loads ${path}`);
    }
  }
});

test("every command is registered and has its category", () => {
  const sources = fs.readdirSync("src/vscode").map((file) => fs.readFileSync(`src/vscode/${file}`, "utf8"));
  for (const { command, category } of manifest.contributes.commands) {
    assert.equal(category, "CallerID");
    assert.ok(
      sources.some((source) => source.includes(`registerCommand("${command}"`)),
      command,
    );
  }
});

test("words of the AWS files are never suggested in them, for secrets are words", () => {
  const defaults: Record<string, Record<string, string>> = manifest.contributes.configurationDefaults;
  for (const { id } of manifest.contributes.languages) {
    assert.equal(defaults[`[${id}]`]?.["editor.wordBasedSuggestions"], "off", id);
  }
});

test("no setting that matters can be chosen by a folder", () => {
  const settings: Record<string, { scope?: string }> = manifest.contributes.configuration.properties;
  for (const [name, { scope }] of Object.entries(settings)) {
    if (!harmless.includes(name)) assert.equal(scope, "application", name);
  }
});

test("nothing starts the extension but files it understands", () => {
  for (const event of manifest.activationEvents) assert.match(event, /^(?:workspaceContains|onLanguage):/);
});

test("versions are exact and nothing is installed beside the bundles", () => {
  for (const [name, version] of Object.entries(manifest.devDependencies)) assert.match(version, /^\d/, name);
  assert.ok(!("dependencies" in manifest));
  assert.equal(manifest.engines.vscode, `^${manifest.devDependencies["@types/vscode"]}`);
});

test("every file the manifest names is there", () => {
  const { languages, grammars, views, walkthroughs, jsonValidation } = manifest.contributes;
  const ofLanguages = languages.flatMap(({ configuration, icon }) => [configuration, icon.light, icon.dark]);
  const named = [
    manifest.icon,
    ...views.explorer.map(({ icon }) => icon),
    ...walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg)),
    ...ofLanguages,
    ...grammars.map(({ path }) => path),
    ...jsonValidation.map(({ url }) => url),
  ];
  for (const file of named) assert.ok(fs.existsSync(file), file);
});

test("every command that a text of the manifest runs is there, and every step of the walkthrough can be completed", () => {
  const { commands, viewsWelcome, walkthroughs } = manifest.contributes;
  const own = commands.map(({ command }) => command);
  const steps = walkthroughs.flatMap(({ steps }) => steps);
  const texts = [...viewsWelcome.map(({ contents }) => contents), ...steps.map(({ description }) => description)];
  const run = texts.flatMap((text) => [...text.matchAll(/\(command:([\w.]+)/g)].map(([, command]) => command ?? ""));
  const awaited = steps.flatMap(({ completionEvents }) => completionEvents.map((event) => event.split(":")));
  for (const [kind, name = ""] of awaited) if (kind === "onCommand") run.push(name);
  assert.ok(run.length >= steps.length);
  for (const command of run) assert.ok(!command.startsWith("callerid.") || own.includes(command), command);
  const source = fs.readdirSync("src/vscode").map((file) => fs.readFileSync(`src/vscode/${file}`, "utf8"));
  for (const [kind, name = ""] of awaited)
    if (kind === "onContext")
      assert.ok(
        source.some((text) => text.includes(`"setContext", "${name}"`)),
        name,
      );
});
