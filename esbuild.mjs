// Every output of dist/, and the bundles of the tests. `node esbuild.mjs` builds for debugging, `--package` for shipping.
import { readFileSync, realpathSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = import.meta.dirname;

/** Parsers of others, each a file of dist/ that is loaded when the first text of its language comes. */
const parsers = ["yaml", "dockerfile-ast", "unbash"];

/** What only some commands need; `import("../live/sts")` becomes `require("./sts.js")`, a file of its own. */
const apart = {
  sts: "src/live/sts.ts",
  sources: "src/live/sources.ts",
  explain: "src/explain/explainOutput.ts",
  git: "src/cli/git.ts",
  process: "src/live/sources/process.ts",
};

/** What runs in VS Code and on the command line, and what the two load when it is needed. */
const entryPoints = {
  extension: "src/vscode/extension.ts",
  cli: "src/cli/bin.ts",
  ...apart,
  ...Object.fromEntries(parsers.map((name) => [name, name])),
};

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  mainFields: ["module", "main"],
  external: ["vscode"],
  // The AWS client's word to developers about the Node version is none for users.
  define: { "process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED": '"true"' },
  logLevel: "error",
};

/** The AWS client is a third of a megabyte, and few commands want it: what is in `apart` is loaded when it is imported. */
const loadedLater = {
  name: "loaded-later",
  setup({ onResolve, resolve }) {
    onResolve({ filter: /(^|\/)(sts|sources|explainOutput|git|process)(\.ts)?$/ }, async (request) => {
      if (request.kind !== "dynamic-import" || request.pluginData === "resolving") return;
      const { path } = await resolve(request.path, {
        kind: request.kind,
        importer: request.importer,
        resolveDir: request.resolveDir,
        pluginData: "resolving",
      });
      const [name] = Object.entries(apart).find(([, file]) => path === join(root, ...file.split("/"))) ?? [];
      return name === undefined ? undefined : { path: `./${name}.js`, external: true };
    });
  },
};

/** `require("yaml")` in src/ becomes `require("./yaml.js")`. */
const parsersApart = {
  name: "parsers-apart",
  setup({ onResolve }) {
    onResolve({ filter: new RegExp(`^(?:${parsers.join("|")})$`) }, ({ path, kind }) =>
      kind === "require-call" ? { path: `./${path}.js`, external: true } : undefined,
    );
  },
};

/**
 * CallerID hands the client explicit keys. What finds keys by itself (SSO, instance metadata, `credential_process`)
 * would check somebody else, and some of it starts processes: none of it is shipped.
 */
const forbidden =
  /^@(aws-sdk|smithy)\/(credential-provider|token-providers|nested-clients|client-(sso|cognito|signin))[^/]*/;

/** `commander` would start a sub-command's own program; ours have none. One file may start one program, `git`, and one a `credential_process`. */
const startsProcesses = /^(node:)?child_process$/;
const mayStart = [apart.git, apart.process].map((file) => join(root, ...file.split("/")));

const noOtherCredentials = {
  name: "no-other-credentials",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: startsProcesses }, ({ path, importer }) =>
      mayStart.includes(importer) ? undefined : { path, namespace: "left-out", sideEffects: false },
    );
    onResolve({ filter: forbidden }, ({ path }) => ({ path, namespace: "left-out", sideEffects: false }));
    onLoad({ filter: /./, namespace: "left-out" }, () => ({ contents: "module.exports = {};" }));
  },
};

/** The examples of the rules are for the pages and the tests; no surface shows them, and they are half of the rules. */
const withoutExamples = {
  name: "without-examples",
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]src[/\\]rules[/\\][a-z-]+\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      if (!text.includes("examples: {") || path.endsWith("rule.ts")) return undefined;
      const contents = text.replace(/\n {2}examples: \{[\s\S]*?\n {2}\},(?=\n {2}\*check\()/, "\n  examples: {},");
      if (contents === text) throw new Error(`${path}: the examples do not stand right before check()`);
      return { contents, loader: "ts" };
    });
  },
};

/** Builds dist/, or with `write: false` only in memory, and returns esbuild's account of what went into which file. */
export async function buildProduct({ minify = false, write = true, outdir = "dist" } = {}) {
  const { metafile } = await build({
    ...common,
    entryPoints,
    outdir,
    minify,
    write,
    sourcemap: minify ? false : "linked",
    metafile: true,
    supported: { "dynamic-import": false },
    plugins: [loadedLater, parsersApart, noOtherCredentials, withoutExamples],
  });
  const problems = bundleProblems(metafile);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return metafile;
}

/** What must never be inside a bundle, one sentence for each offence; empty when all is well. */
export function bundleProblems({ outputs }) {
  const problems = [];
  for (const [file, { inputs, imports }] of Object.entries(outputs)) {
    if (!file.endsWith(".js")) continue;
    const packages = new Set(Object.keys(inputs).map(packageOf));
    for (const name of packages) {
      if (name && forbidden.test(name)) problems.push(`${file} contains ${name}, which finds credentials by itself.`);
      if (parsers.includes(name) && !file.endsWith(`/${name}.js`)) {
        problems.push(`${file} contains ${name}, which belongs in dist/${name}.js: use src/documents/parsers.ts.`);
      }
      if (name?.startsWith("@aws-sdk/") && !file.endsWith("sts.js")) {
        problems.push(`${file} contains ${name}, which belongs in dist/sts.js: import live/sts dynamically.`);
      }
    }
    const isGit = file.endsWith("/git.js") && Object.keys(inputs).join() === apart.git;
    const isProcess = file.endsWith("/process.js") && Object.keys(inputs).includes(apart.process);
    const loads = imports.map(({ path }) => path);
    const isEditors = !file.endsWith("/cli.js") && loads.includes("./git.js");
    if ((loads.some((path) => startsProcesses.test(path)) && !isGit && !isProcess) || isEditors) {
      problems.push(`${file} can start processes.`);
    }
  }
  return problems;
}

const packageOf = (input) => /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(input)?.[1];

/** The build scripts know where they lie: a test that asks them (`await import("../esbuild.mjs")`) gets the real file. */
const scriptsInPlace = {
  name: "scripts-in-place",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.\/.*\.mjs$/ }, ({ path, resolveDir }) => {
      return { path: pathToFileURL(join(resolveDir, path)).href, external: true };
    });
  },
};

/** Bundles test files, one output each, leaving packages to be found in node_modules. */
export async function buildTests(files, outdir) {
  await build({
    ...common,
    entryPoints: files,
    outdir,
    packages: "external",
    // It has no form that `require` finds in every Node that is supported.
    alias: { unbash: "./node_modules/unbash/dist/parser.js" },
    sourcemap: "inline",
    plugins: [scriptsInPlace],
    define: { "import.meta.dirname": "__dirname", "import.meta.filename": "__filename" },
  });
}

/** Bundles test/editor/run.ts with the given suites into one file for an extension host. */
export async function buildEditorTests(suites, outfile) {
  const list = {
    name: "editor-suites",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\/suites$/ }, () => ({ path: "suites", namespace: "editor-suites" }));
      onLoad({ filter: /./, namespace: "editor-suites" }, () => ({
        resolveDir: root,
        contents: [
          ...suites.map((file, i) => `import { tests as s${i} } from ${JSON.stringify(`./${slashes(file)}`)};`),
          `export const suites = { ${suites.map((file, i) => `${JSON.stringify(suiteName(file))}: s${i}`).join(", ")} };`,
        ].join("\n"),
      }));
    },
  };
  await build({
    ...common,
    entryPoints: ["test/editor/run.ts"],
    outfile,
    sourcemap: "inline",
    plugins: [list],
  });
}

const slashes = (file) => relative(root, join(root, file)).split(sep).join("/");
const suiteName = (file) => /([^/\\]+)\.test\.ts$/.exec(file)?.[1] ?? file;

const started = process.argv[1] && pathToFileURL(realpathSync(process.argv[1])).href;
if (started === import.meta.url) {
  try {
    await buildProduct({ minify: process.argv.includes("--package") });
  } catch (error) {
    if (!error.errors) console.error(error.message);
    process.exitCode = 1;
  }
}
