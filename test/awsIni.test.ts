import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { parse as parseNpmIni } from "ini";
import { type AwsFileRole, parseAwsIni } from "../src/documents/awsIni";
import {
  type Reader,
  type Reading,
  type ReadSection,
  type ReadSetting,
  readAwsIni,
  sections,
} from "../src/documents/awsIniReading";
import { lineStarts, type Span } from "../src/model/text";

const runs = Number(process.env.CALLERID_FUZZ ?? 300);
const readers: readonly Reader[] = ["terraform", "terraform-legacy", "aws-cli", "aws-sdk-js"];
const fixtures = join(process.cwd(), "test/fixtures/documents/aws-ini");

function parse(text: string, role: AwsFileRole = "credentials") {
  return parseAwsIni({ path: `.aws/${role}`, text }, role);
}

function read(text: string, reader: Reader, role: AwsFileRole = "credentials"): Reading {
  return readAwsIni(parse(text, role), reader);
}

function profileIn(reading: Reading, name: string): ReadSection | undefined {
  return reading.sections.find((section) => section.kind === "profile" && section.name === name);
}

function slice(text: string, span: Span): string {
  return text.slice(span.start, span.end);
}

// ---- what each consumer saw, measured

type Keys = readonly [string, string, string | null];
type Outcome = Keys | "rejected" | "not found" | "partial" | "none" | "unsendable";
type Oracle = "terraform" | "go" | "legacyGo" | "botocore" | "javaScript";

interface DifferentialCase {
  readonly name: string;
  readonly profile: string;
  readonly credentials: string;
  readonly config: string;
  readonly saw: Readonly<Record<Oracle, Outcome>>;
}

const differential: readonly DifferentialCase[] = JSON.parse(readFileSync(join(fixtures, "differential.json"), "utf8"));

/** Outcomes that a reading of the files alone does not explain. */
const beyondReading: Readonly<Record<string, { oracle: Oracle; because: string; saw: Outcome }>> = {
  "token continued": {
    oracle: "terraform",
    because: "Terraform reads the token, newline included, and fails later, when the request header is built.",
    saw: ["AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "FwoGZXIv\nYXdzEJr"],
  },
  "trailing ZWSP": {
    oracle: "terraform",
    because: "Recorded from the request header, whose UTF-8 bytes were taken for Latin-1.",
    saw: ["AKIAIOSFODNN7EXAMPLE\u200b", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY\u200b", null],
  },
};

const [idName, secretName, tokenName] = ["aws_access_key_id", "aws_secret_access_key", "aws_session_token"] as const;

/** The least credential logic under which two readings become what the oracle reported. */
function outcomeOf(reader: Reader, { credentials, config, profile }: DifferentialCase): Outcome {
  const readings = [read(credentials, reader), read(config, reader, "config")] as const;
  if (reader !== "aws-sdk-js" && readings.some((reading) => reading.failure)) return "rejected";
  const [own, other] = readings.map((reading) => profileIn(reading, profile)?.settings) as (
    | ReadonlyMap<string, ReadSetting>
    | undefined
  )[];
  const settingOf = (from: ReadonlyMap<string, ReadSetting> | undefined, name: string) => from?.get(name)?.value;
  if (reader === "aws-cli") {
    if (!own && !other) return "not found";
    const from = [own, other].find((settings) => settings?.has(idName));
    if (!from) return "none";
    if (!from.has(secretName)) return "partial";
    const token = settingOf(from, "aws_security_token") ?? settingOf(from, tokenName) ?? null;
    return [settingOf(from, idName) ?? "", settingOf(from, secretName) ?? "", token];
  }
  if (reader === "aws-sdk-js") {
    const [id, secret, token] = [idName, secretName, tokenName].map(
      (name) => settingOf(own, name) ?? settingOf(other, name),
    );
    return id && secret ? [id, secret, token ?? null] : "none";
  }
  if (!own && !other) return "not found";
  const last = own ?? other;
  if (last?.has(idName) !== last?.has(secretName)) return "partial";
  const pair = own?.has(idName) ? own : other;
  const token = own?.has(idName)
    ? (settingOf(own, tokenName) ?? settingOf(other, tokenName))
    : settingOf(other, tokenName);
  const [id, secret] = [settingOf(pair, idName), settingOf(pair, secretName)];
  return id && secret ? [id, secret, token || null] : "none";
}

function disagreements(reader: Reader, oracle: Oracle): readonly string[] {
  return differential.flatMap((vector) => {
    const exception = beyondReading[vector.name];
    let expected = exception?.oracle === oracle ? exception.saw : vector.saw[oracle];
    let actual = outcomeOf(reader, vector);
    // The old SDK goes on to the next source when it finds no profile; so does the JavaScript SDK.
    if (oracle === "legacyGo" && actual === "not found") actual = "none";
    if (oracle === "javaScript" && typeof expected === "string") expected = "none";
    return JSON.stringify(actual) === JSON.stringify(expected)
      ? []
      : [`${vector.name}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`];
  });
}

for (const [reader, oracle] of [
  ["terraform", "terraform"],
  ["terraform", "go"],
  ["terraform-legacy", "legacyGo"],
  ["aws-cli", "botocore"],
  ["aws-sdk-js", "javaScript"],
] as const) {
  test(`${reader} reads all ${differential.length} files as ${oracle} did`, () => {
    assert.deepEqual(disagreements(reader, oracle), []);
  });
}

// ---- the language-independent suite of AWS, as each SDK answered it

type Settings = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

interface SpecificationCase {
  readonly name: string;
  readonly config: string;
  readonly credentials: string;
  readonly saw: {
    readonly go: Readonly<Record<string, Settings>>;
    readonly botocore:
      | { readonly profiles: Readonly<Record<string, Settings>>; readonly sso: Settings }
      | { ERR: string };
    readonly javaScript: Readonly<Record<string, Settings>>;
  };
}

const specification: readonly SpecificationCase[] = JSON.parse(
  readFileSync(join(fixtures, "specification.json"), "utf8"),
);

/** Sections as plain data; `null` when the reader rejects the file. */
function plain(reading: Reading, kinds: readonly ReadSection["kind"][]): Record<string, Settings> | null {
  if (reading.failure) return null;
  const found = new Map<string, Settings>();
  for (const section of reading.sections) {
    if (!kinds.includes(section.kind)) continue;
    const values = [...section.settings].map(([key, one]) => [
      key,
      one.nested ? Object.fromEntries(one.nested) : one.value,
    ]);
    found.set(section.name, Object.fromEntries(values));
  }
  return Object.fromEntries(found);
}

test("the AWS suite is read as each SDK read it", () => {
  const wrong: string[] = [];
  const compare = (name: string, actual: unknown, expected: unknown) => {
    if (JSON.stringify(sorted(actual)) !== JSON.stringify(sorted(expected))) {
      wrong.push(`${name}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
    }
  };
  for (const { name, config, credentials, saw } of specification) {
    for (const [reader, expected] of [
      ["aws-cli", "ERR" in saw.botocore ? null : saw.botocore.profiles],
      ["aws-sdk-js", saw.javaScript],
      ["terraform", saw.go],
    ] as const) {
      const [first, second] = [read(config, reader, "config"), read(credentials, reader)];
      const merged: Record<string, Settings> = {};
      for (const one of [plain(first, ["profile"]), plain(second, ["profile"])]) {
        for (const [key, value] of Object.entries(one ?? {})) {
          // Terraform's SDK merges only settings it knows, and the suite's are made up.
          merged[key] = reader === "terraform" ? (merged[key] ?? value) : { ...merged[key], ...value };
        }
      }
      const separator = reader === "terraform" ? " " : ".";
      if (reader !== "aws-cli") {
        for (const kind of ["sso-session", "services"] as const) {
          for (const [key, value] of Object.entries(plain(first, [kind]) ?? {})) merged[kind + separator + key] = value;
        }
      }
      compare(`${name} (${reader})`, first.failure || second.failure ? null : merged, expected);
    }
  }
  assert.deepEqual(wrong, []);
});

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .map(([key, one]) => [key, sorted(one)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

// ---- the tree

test("every line is told apart, with exact spans", () => {
  const text = "\uFEFF# c\r\n [ p ] ; c\r\tkey : a = b # c\n\n  more\nexport\n=x\n[q] [r] tail\n[s";
  const { lines } = parse(text);
  assert.deepEqual(
    lines.map((line) => line.kind),
    ["comment", "header", "setting", "blank", "text", "text", "text", "header", "header"],
  );
  const [, header, setting, , continued, , , trailed, open] = lines;
  assert.ok(header?.kind === "header" && setting?.kind === "setting" && continued?.kind === "text");
  assert.ok(trailed?.kind === "header" && open?.kind === "header");
  assert.equal(slice(text, header.nameSpan), "p");
  assert.equal(slice(text, setting.keySpan), "key");
  assert.equal(setting.separator, ":");
  assert.equal(slice(text, setting.valueSpan), "a = b # c");
  assert.deepEqual([setting.indent, continued.indent], [1, 2]);
  assert.equal(slice(text, trailed.nameSpan), "q] [r");
  assert.equal(trailed.trailingSpan && slice(text, trailed.trailingSpan), "tail");
  assert.deepEqual([slice(text, open.nameSpan), open.closed], ["s", false]);
});

test("problems point at their lines and quote nothing", () => {
  const text = "early = 1\nstray\n[p]x\nk = v\n  continued\nSTRAY\n[q\n";
  const { problems } = parse(text);
  assert.deepEqual(
    problems.map(({ message, span }) => [slice(text, span), message]),
    [
      ["early", "This setting stands before any section."],
      ["stray", "This line is neither a section header, nor a setting, nor a comment."],
      ["x", "Text follows the closing bracket of this section header."],
      ["STRAY", "This line is neither a section header, nor a setting, nor a comment."],
      ["q", "This section header has no closing bracket."],
    ],
  );
});

test("a suppression covers the next line and has to give a reason", () => {
  const text =
    "# callerid-ignore one-rule, other-rule: shared with: a team\n[p]\n  ; callerid-ignore third : why\nk = v\n";
  const { suppressions } = parse(text);
  assert.deepEqual(
    suppressions.map(({ rules, reason, line }) => ({ rules: rules.map(({ name }) => name), reason, line })),
    [
      { rules: ["one-rule", "other-rule"], reason: "shared with: a team", line: 1 },
      { rules: ["third"], reason: "why", line: 3 },
    ],
  );
  assert.equal(suppressions[1] && slice(text, suppressions[1].span), "; callerid-ignore third : why");
  for (const without of [
    "# callerid-ignore a",
    "# callerid-ignore a:",
    "# callerid-ignore : b",
    "# callerid-ignores a: b",
  ]) {
    assert.deepEqual(parse(`${without}\n`).suppressions, []);
  }
});

test("headers keep the form they are written in", () => {
  const text = '[default]\n[ profile\t"a b" ]\n[profile]\n[sso-session s]\n[services x\n[profilep] # c\n';
  assert.deepEqual(
    sections(parse(text, "config")).map((form) => [
      form.prefix,
      form.name,
      form.text,
      slice(text, form.afterPrefixSpan),
    ]),
    [
      ["none", "default", "default", "default"],
      ["profile", '"a b"', 'profile\t"a b"', '"a b"'],
      ["none", "profile", "profile", "profile"],
      ["sso-session", "s", "sso-session s", "s"],
      ["services", "x", "services x", "x"],
      ["none", "profilep", "profilep", "profilep"],
    ],
  );
});

// ---- the readings where the measured files are silent

test("a nested block is one setting, or dotted ones for JavaScript", () => {
  const text = "[profile p]\ns3 =\n  max_attempts = 3 # c\n  Path = a\nregion = r\n";
  const block = (reader: Reader) => profileIn(read(text, reader, "config"), "p")?.settings.get("s3");
  assert.deepEqual(
    [...(block("terraform")?.nested ?? [])],
    [
      ["max_attempts", "3 # c"],
      ["path", "a"],
    ],
  );
  assert.deepEqual(
    [...(block("aws-cli")?.nested ?? [])],
    [
      ["max_attempts", "3 # c"],
      ["Path", "a"],
    ],
  );
  assert.equal(block("terraform-legacy"), undefined);
  const javaScript = profileIn(read(text, "aws-sdk-js", "config"), "p")?.settings;
  assert.deepEqual([...(javaScript?.keys() ?? [])], ["s3.max_attempts", "s3.Path", "region"]);
  const lines = block("terraform")?.lineSpan;
  assert.equal(lines && slice(text, lines), "s3 =\n  max_attempts = 3 # c\n  Path = a");
});

test("values are delivered as each reader strips them, with spans of what is left", () => {
  const text = "[p]\nA = 'v' # c\nb = w\n  x\r\n";
  const values = (reader: Reader) =>
    [...(profileIn(read(text, reader), "p")?.settings.values() ?? [])].map((one) => [
      one.name,
      one.value,
      slice(text, one.valueSpan),
      slice(text, one.lineSpan),
    ]);
  assert.deepEqual(values("terraform"), [
    ["a", "v", "v", "A = 'v'"],
    ["b", "w\nx\r", "w", "b = w\n  x"],
  ]);
  assert.deepEqual(values("aws-cli"), [
    ["a", "'v' # c", "'v' # c", "A = 'v' # c"],
    ["b", "w\nx", "w", "b = w\n  x"],
  ]);
  assert.deepEqual(values("aws-sdk-js"), [
    ["A", "'v'", "'v'", "A = 'v'"],
    ["b", "w", "w", "b = w"],
  ]);
  assert.deepEqual(values("terraform-legacy"), [
    ["a", "'v'", "'v'", "A = 'v'"],
    ["b", "w", "w", "b = w"],
  ]);
});

test("sections nobody looks up stay visible as other", () => {
  const text = "[default]\nk=1\n[profile default]\nk=2\n[p]\nk=3\n[sso-session s]\nk=4\n";
  for (const reader of readers) {
    assert.deepEqual(
      read(text, reader, "config").sections.map((section) => [
        section.kind,
        section.name,
        section.settings.get("k")?.value,
      ]),
      [
        ["other", "default", "1"],
        ["profile", "default", "2"],
        ["other", "p", "3"],
        ["sso-session", "s", "4"],
      ],
      reader,
    );
  }
});

test("merged sections list every header, and inherited settings point at [DEFAULT]", () => {
  const text = "[ p ]\nk = 1\n[p] # again\nl = 2\n";
  const merged = profileIn(read(text, "terraform"), "p");
  assert.deepEqual(
    merged?.headers,
    sections(parse(text)).map((form) => form.nameSpan),
  );
  assert.deepEqual([...(merged?.settings.keys() ?? [])], ["k", "l"]);
  const inheriting = "[DEFAULT]\nk = 1\n[p]\nl = 2\n";
  const inherited = profileIn(read(inheriting, "aws-cli"), "p")?.settings.get("k");
  assert.equal(inherited && slice(inheriting, inherited.lineSpan), "k = 1");
});

test("a failure says where, and nothing of what", () => {
  const failing: readonly (readonly [Reader, string, string])[] = [
    ["aws-cli", "[p]\nk = 1\n[p]\n", "p"],
    ["aws-cli", "[p]\nk = 1\nK = 2\n", "K"],
    ["aws-cli", "[p]\nsecret\n", "secret"],
    ["aws-cli", "[p]\nk =\n  secret\n", "secret"],
    ["aws-cli", "k = 1\n", "k = 1"],
    ["aws-sdk-js", "[__proto__]\nk = 1\n", "__proto__"],
    ["terraform", '[p]\nk = "\n', '"'],
    ["terraform-legacy", "[p]\nk = # secret\n", "# secret"],
  ];
  for (const [reader, text, at] of failing) {
    const reading = read(text, reader);
    assert.ok(reading.failure, `${reader}: ${text}`);
    assert.equal(slice(text, reading.failure.span), at);
    assert.doesNotMatch(reading.failure.message, /secret|__proto__/);
    assert.deepEqual(reading.sections, []);
  }
});

test("names of object properties are names like any other", () => {
  for (const name of ["__proto__", "constructor", "toString"]) {
    const text = `[${name}]\n${name} = 1\n`;
    for (const reader of ["terraform", "terraform-legacy", "aws-cli"] as const) {
      const setting = profileIn(read(text, reader), name)?.settings.get(name.toLowerCase());
      assert.equal(setting?.value, "1", `${reader} ${name}`);
    }
  }
});

// ---- properties

const lineEnd = fc.constantFrom("\n", "\n", "\n", "\r\n", "\r");
const indent = fc.constantFrom("", "", "", " ", "\t", "  ", "\u00a0");
const name = fc.constantFrom(
  "p",
  "q",
  "default",
  "DEFAULT",
  "a b",
  "a.b",
  "a\\b",
  '"a b"',
  "'p'",
  "p#1",
  "p]",
  "",
  "é",
  "__proto__",
);
const header = fc
  .tuple(
    fc.constantFrom("", "", "profile ", "profile ", "profile\t", "profile  ", "sso-session ", "services ", "profile"),
    name,
    fc.constantFrom("", "", "", " ", " # c", "# c", " ; [c]", "x"),
  )
  .map(([prefix, own, after]) => `[${prefix}${own}]${after}`);
const key = fc.constantFrom(
  "aws_access_key_id",
  "AWS_ACCESS_KEY_ID",
  "region",
  "s3",
  "a",
  "b",
  "c",
  "d",
  "export a",
  "",
  "İ",
  "__proto__",
);
const value = fc.oneof(
  fc.constantFrom(
    "",
    "x",
    "AKIAIOSFODNN7EXAMPLE",
    '"q"',
    "'q'",
    '"',
    "a # c",
    "a;c",
    "a\t; c",
    "k = v",
    "a:b",
    "a,b",
    "a ,b",
    "1.5",
    "true\t#",
  ),
  fc.string({
    unit: fc.constantFrom(
      "a",
      "=",
      ":",
      "#",
      ";",
      '"',
      "'",
      "\\",
      "n",
      " ",
      "\t",
      "\v",
      "\u0085",
      "\u2028",
      "\ufeff",
      "[",
      "]",
      ",",
      "\0",
    ),
  }),
);
const setting = fc.tuple(key, fc.constantFrom("=", " = ", ":", "\t=", " "), value).map((parts) => parts.join(""));
const line = fc.tuple(
  indent,
  fc.oneof(
    { weight: 3, arbitrary: header },
    { weight: 6, arbitrary: setting },
    fc.constantFrom("", "# c", "; c", "stray", "[open", "]", "= v", "<<<<"),
  ),
  lineEnd,
);
/** Files of the kind people have, well-formed ones among them, with everything that goes wrong in them. */
const anyFile = fc
  .tuple(fc.constantFrom("", "", "", "", "\ufeff"), fc.array(line, { maxLength: 12 }))
  .map(([mark, lines]) => mark + lines.flat().join(""));
/** Few mistakes, so that strict readers get through. */
const tidyFile = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        "profile p",
        "profile q",
        "default",
        'profile "a b"',
        "profile r s",
        "sso-session s",
        "services v",
        "other",
        "DEFAULT",
      ),
      fc.uniqueArray(
        fc.tuple(
          fc.constantFrom("", "", "", "  "),
          fc.constantFrom("region", "S3", "a", "b", "export x"),
          fc.constantFrom(" = ", "=", " : "),
          fc.constantFrom("", "x", "'y' # c", "\n  k = v\n  l = w", "z\n  more\n\n  again  ", "\n\n", "v\n# c\n  w"),
        ),
        { selector: ([, own]) => own, maxLength: 4 },
      ),
    ),
    { maxLength: 5 },
  )
  .map((parts) =>
    parts.map(([title, own]) => `[${title}]\n${own.map((one) => `${one.join("")}\n`).join("")}`).join("\n"),
  );
const wildFile = fc.string({
  unit: fc.oneof(
    fc.constantFrom("[", "]", "=", ":", "\n", "\r", " ", "#", '"', ","),
    fc.string({ minLength: 1, maxLength: 1, unit: "binary" }),
  ),
});
const role = fc.constantFrom<AwsFileRole>("credentials", "config");

test("lines and their ends tile the file", () => {
  fc.assert(
    fc.property(fc.oneof(anyFile, wildFile), (text) => {
      const { lines } = parse(text);
      const starts = lineStarts(text);
      assert.equal(lines.length, starts.length);
      let rebuilt = "";
      for (const [index, { span }] of lines.entries()) {
        const gap = text.slice(rebuilt.length, span.start);
        assert.match(gap, index === 0 ? /^$/ : /^(?:\r\n|\n|\r)$/);
        assert.equal(span.start, starts[index]);
        rebuilt += gap + slice(text, span);
      }
      assert.equal(rebuilt, text);
    }),
    { numRuns: runs },
  );
});

test("nothing throws, and every span lies in the file", () => {
  const inside = (text: string, span: Span) =>
    assert.ok(0 <= span.start && span.start <= span.end && span.end <= text.length);
  fc.assert(
    fc.property(fc.oneof(anyFile, tidyFile, wildFile), role, (text, of) => {
      const document = parse(text, of);
      for (const one of [...document.problems, ...document.suppressions]) inside(text, one.span);
      for (const form of sections(document)) {
        inside(text, form.nameSpan);
        inside(text, form.afterPrefixSpan);
        assert.equal(slice(text, form.nameSpan), form.text);
        assert.equal(slice(text, form.afterPrefixSpan), form.name);
      }
      for (const reader of readers) {
        const reading = readAwsIni(document, reader);
        if (reading.failure) inside(text, reading.failure.span);
        for (const section of reading.sections) {
          for (const span of section.headers) inside(text, span);
          for (const [own, one] of section.settings) {
            assert.equal(own, one.name);
            for (const span of [one.keySpan, one.valueSpan, one.lineSpan]) inside(text, span);
            assert.ok(one.lineSpan.start <= one.keySpan.start && one.valueSpan.end <= one.lineSpan.end);
            const first = slice(text, one.valueSpan);
            if (reader !== "terraform-legacy" && !one.nested) assert.ok(one.value.startsWith(first.trimEnd()));
          }
        }
      }
    }),
    { numRuns: runs },
  );
});

// Anything that is not linear would take minutes on these.
test("hostile files of half a megabyte are read to their end", { timeout: 60_000 }, () => {
  const pieces = [
    "]",
    "] ",
    "[",
    " ",
    "# ",
    "=",
    '"',
    "\\",
    "a\n",
    " a\n",
    "[p]\n",
    "k=\n v\n",
    "k=v\n x\n",
    "# callerid-ignore ",
  ];
  for (const piece of pieces) {
    for (const start of ["[", "[p]\nk = "]) {
      const document = parse(start + piece.repeat(500_000 / piece.length), "config");
      assert.ok(sections(document).length > 0);
      for (const reader of readers) assert.ok(readAwsIni(document, reader).sections);
    }
  }
});

test("on plain files the npm ini package and all readers agree", () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/).filter((one) => !["true", "false", "null"].includes(one));
  const plainFile = fc.uniqueArray(
    fc.tuple(
      word,
      fc.uniqueArray(fc.tuple(word, fc.stringMatching(/^[A-Za-z][A-Za-z0-9+/]{0,12}x$/)), {
        selector: ([one]) => one,
        minLength: 1,
      }),
    ),
    { selector: ([one]) => one, minLength: 1, maxLength: 5 },
  );
  fc.assert(
    fc.property(plainFile, fc.constantFrom(" = ", "="), (content, separator) => {
      const text = content
        .map(([title, own]) => `[${title}]\n${own.map((pair) => `${pair.join(separator)}\n`).join("")}`)
        .join("\n");
      const expected = sorted(parseNpmIni(text));
      for (const reader of readers) assert.deepEqual(sorted(plain(read(text, reader), ["profile"])), expected, reader);
    }),
    { numRuns: runs },
  );
});

// ---- the originals themselves, where they are installed

const python = `
import json, os, sys, tempfile
from botocore.configloader import load_config, raw_config_parse
from botocore.exceptions import ConfigParseError
answers = []
path = os.path.join(tempfile.mkdtemp(), "config")
for role, text in json.load(sys.stdin):
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    try:
        if role == "credentials":
            answers.append({"profile": raw_config_parse(path)})
        else:
            all = load_config(path)
            answers.append({"profile": all["profiles"], "sso-session": all["sso_sessions"], "services": all["services"]})
    except ConfigParseError:
        answers.append(None)
os.remove(path)
os.rmdir(os.path.dirname(path))
json.dump(answers, sys.stdout)
`;

test("the AWS CLI reading is botocore's", (context) => {
  const files = fc.sample(fc.tuple(role, fc.oneof(anyFile, tidyFile, tidyFile)), runs);
  const { status, stdout, stderr } = spawnSync("python3", ["-X", "utf8", "-c", python], {
    input: JSON.stringify(files),
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  if (status !== 0 && (status === null || stderr.includes("ModuleNotFoundError"))) {
    context.skip("NOT COMPARED: python3 with botocore is not installed");
    return;
  }
  assert.equal(status, 0, stderr);
  const answers: readonly (Record<string, unknown> | null)[] = JSON.parse(stdout);
  let accepted = 0;
  for (const [index, [of, text]] of files.entries()) {
    const reading = read(text, "aws-cli", of);
    const kinds = of === "credentials" ? (["profile"] as const) : (["profile", "sso-session", "services"] as const);
    const ours = reading.failure ? null : Object.fromEntries(kinds.map((kind) => [kind, plain(reading, [kind])]));
    assert.deepEqual(sorted(ours), sorted(answers[index]), JSON.stringify([of, text]));
    if (ours) accepted++;
  }
  context.diagnostic(`${files.length} files, ${accepted} of them accepted`);
});

test("the JavaScript reading is the SDK's", async (context) => {
  const require = createRequire(join(process.cwd(), "package.json"));
  let sdk: typeof import("@smithy/core/config");
  try {
    sdk = require("@smithy/core/config");
  } catch {
    context.skip("NOT COMPARED: @smithy/core is not installed");
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "callerid-ini-"));
  try {
    const path = join(folder, "file");
    for (const text of fc.sample(fc.oneof(anyFile, tidyFile), runs)) {
      writeFileSync(path, text);
      const { configFile, credentialsFile } = await sdk.loadSharedConfigFiles({
        filepath: path,
        configFilepath: path,
        ignoreCache: true,
      });
      assert.deepEqual(
        sorted(plain(read(text, "aws-sdk-js"), ["profile"]) ?? {}),
        sorted(credentialsFile),
        JSON.stringify(text),
      );
      const reading = read(text, "aws-sdk-js", "config");
      const ours = { ...plain(reading, ["profile"]) };
      for (const kind of ["sso-session", "services"] as const) {
        for (const [own, settings] of Object.entries(plain(reading, [kind]) ?? {})) ours[`${kind}.${own}`] = settings;
      }
      assert.deepEqual(sorted(ours), sorted(configFile), JSON.stringify(text));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
