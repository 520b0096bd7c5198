import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { parseCmd } from "../src/documents/cmd";
import { parsePowerShell } from "../src/documents/powershell";
import type { ScriptDocument, ShellAssignment } from "../src/documents/shell";
import { parseShell } from "../src/documents/shellParser";

const shell = (text: string) => parseShell({ path: "deploy.sh", text });
const powershell = (text: string) => parsePowerShell({ path: "deploy.ps1", text });
const cmd = (text: string) => parseCmd({ path: "deploy.cmd", text });

const assignmentsOf = ({ commands }: ScriptDocument): readonly ShellAssignment[] =>
  commands.flatMap(({ assignments }) => assignments);
const values = (document: ScriptDocument) =>
  assignmentsOf(document).map(({ name, value }) => [
    name,
    value.text ?? value.pieces.map(({ kind }) => kind).join("+"),
  ]);

/** Everything between the signs that has a meaning to some shell. */
const matrix = [
  ...["ab/cd", "ab+cd", "ab=cd", "abcd==", "ab\\cd", "ab\\ncd", "ab@cd", "ab!cd", "ab$cd", "ab${cd", "ab#cd", "ab #cd"],
  ...["ab'cd", 'ab"cd', "ab`cd", "ab cd", "abcd ", "ab&cd", "ab%cd", "ab%{cd", "ab*cd", "~abcd", "@abcd", "!abcd"],
  ...[
    "+abcd",
    "/abcd",
    "0123",
    "true",
    "ab: cd",
    "ab;cd",
    "ab|cd",
    "ab(cd",
    "ab)cd",
    "ab<cd",
    "ab>cd",
    "ab?cd",
    "ab[c]d",
  ],
  ...[
    "a{b,c}d",
    "ab\\$cd",
    "ab\\\\cd",
    "ab\\ cd",
    "-abcd",
    "ab\u200bcd",
    "ab\u00a0cd",
    "abcd\r",
    "wJal/7+MDENG/bPx=",
    "$'ab'",
  ],
];
const forms: readonly ((value: string) => string)[] = [(one) => one, (one) => `"${one}"`, (one) => `'${one}'`];

for (const program of ["bash", "sh", "dash"]) {
  const isHere = spawnSync(program, ["-c", ":"]).status === 0;
  test(`${program} gets what is predicted`, { skip: !isHere && `${program} is not installed` }, () => {
    const cwd = fs.mkdtempSync(path.join(os.tmpdir(), "callerid-shell-"));
    let compared = 0;
    for (const value of matrix) {
      for (const form of forms) {
        for (const keyword of ["export ", ""]) {
          const line = `${keyword}X=${form(value)}`;
          const [command] = shell(`${line}\n`).commands;
          // Before a command an assignment is that command's alone.
          const isKept = command?.scope === 0 && /^(?:export)?$/.test(command.name);
          const run = spawnSync(program, ["-c", `${line}\nprintf %s "$X"`], { encoding: "utf8", cwd });
          const predicted = isKept ? command.assignments[0]?.value.text : undefined;
          // Where something is expanded, or the line is no whole command, nothing is predicted.
          if (predicted === undefined || run.stderr !== "") continue;
          // Everything but the text that was predicted stands after it: another word, another command.
          assert.equal(run.stdout, predicted, `${program}: ${line}`);
          compared++;
        }
      }
    }
    fs.rmSync(cwd, { recursive: true });
    assert.ok(compared > 200, `${compared} were compared`);
  });
}

test("what a value is written with does not get lost", () => {
  const text = "export A=abc B=\"d e\" C='f' D=$X E=${Y:-z} F=$(aws sts get) G=a$'b'c\n";
  const found = assignmentsOf(shell(text));
  assert.deepEqual(
    found.map(({ value }) => [value.quotes, text.slice(value.span.start, value.span.end)]),
    [
      ["none", "abc"],
      ["double", '"d e"'],
      ["single", "'f'"],
      ["none", "$X"],
      ["none", "${Y:-z}"],
      ["none", "$(aws sts get)"],
      ["mixed", "a$'b'c"],
    ],
  );
  assert.equal(found[6]?.value.text, undefined);
});

test("commands know whether they surely run, and what they export", () => {
  const script = shell(
    [
      "A=1",
      "export B=2 && export C=3",
      "if x; then export D=4; else export E=5; fi",
      "f() { local F=6; }",
      "(G=7)",
      "x || H=8",
      "y=$(I=9 cmd)",
      "declare -x J=10",
      "env K=11 cmd",
    ].join("\n"),
  );
  const table = script.commands.flatMap(({ assignments, exports, scope }) =>
    assignments.map(({ name }) => `${name}${exports ? " exported" : ""}${scope === 0 ? " straight" : ""}`),
  );
  assert.deepEqual(table, [
    "A straight",
    "B exported straight",
    "C exported straight",
    "D exported",
    "E exported",
    "F",
    "G",
    "H",
    "y straight",
    "I",
    "J exported straight",
    "K straight",
  ]);
});

test("appended values, arrays and escaped backticks are not guessed", () => {
  assert.deepEqual(values(shell("A+=b\nB=(c d)\nC=`echo \\`x\\``\n")), [
    ["A", "other"],
    ["B", "other"],
    ["C", "output"],
  ]);
});

test("PowerShell's ways of setting a variable", () => {
  assert.deepEqual(
    values(
      powershell(
        [
          "$env:A = 'it''s'",
          '$Env:B="x`$y"',
          '${env:C} = "p$env:Q-$(r)"',
          "[Environment]::SetEnvironmentVariable('D', 'v', 'User')",
          "Set-Item -Path Env:\\E -Value 'w'",
          "$env:F = $creds.AccessKeyId",
          "$env:G = AKIA",
          "# $env:H = 'no'",
          "<# $env:I = 'no' #> if ($env:J -eq 'no') { $env:K = 'l' }",
          "$env:L += 'x'; $env:M == 'x'",
          "$env:N = 'a' + 'b'",
          'Write-Host "$env:O = 1"',
        ].join("\n"),
      ),
    ),
    [
      ["A", "it's"],
      ["B", "x$y"],
      ["C", "text+variable+text+output"],
      ["D", "v"],
      ["E", "w"],
      ["F", "other"],
      ["G", "AKIA"],
      ["K", "l"],
      ["N", "other"],
    ],
  );
});

test("cmd's ways of setting a variable", () => {
  const text = [
    "set A=v w ",
    '@set "B=x y" & rem c',
    'set C="q"',
    "SET D=%E%\\x & set F=1",
    "if defined X set G=a^&b",
    "setx H value",
    'setx I "two words" /M',
    "rem set J=1",
    ":: set K=1",
    "set /p L=prompt",
    "set M=100%%",
    "echo set N=1",
  ].join("\r\n");
  assert.deepEqual(values(cmd(text)), [
    ["A", "v w "],
    ["B", "x y"],
    ["C", '"q"'],
    ["F", "1"],
    ["G", "a&b"],
    ["H", "value"],
    ["I", "two words"],
    ["M", "100%"],
  ]);
});

const pieces = fc.constantFrom(
  ...'export|A=|AWS_SECRET_ACCESS_KEY=|$X|${X|}|$(|)|`|\'|"|\\|\n|\r\n| |#|;|&|&&|\\||(|if|then|fi|for|do|done|case|in|esac|<<EOF|EOF|{|}|[[|]]|f()|$((|))|~|*|{a,b}|$env:A=|set |setx |%A%|^|@"|<#|#>|[Environment]::SetEnvironmentVariable(|Set-Item Env:A |rem |::|callerid-ignore x: y|\ufeff'.split(
    "|",
  ),
);

test("what is not closed before a backslash at the very end stays inside the text", () => {
  const text = "AWS_SECRET_ACCESS_KEY=${X`\\";
  const [assignment] = assignmentsOf(shell(text));
  assert.deepEqual(assignment?.span, { start: 0, end: text.length });
});

test("a name that goes on in the next line is left out", () => {
  assert.deepEqual(assignmentsOf(shell("AWS_SECRET\\\n_ACCESS_KEY=x")), []);
});

for (const [name, parse] of Object.entries({ shell, powershell, cmd })) {
  test(`any ${name} text is read, in bounded time, with every span inside it`, () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        const text = parts.join("");
        for (const { name: assigned, nameSpan, value, span } of assignmentsOf(parse(text))) {
          assert.equal(text.slice(nameSpan.start, nameSpan.end), assigned);
          for (const one of [span, value.span, ...value.pieces.map((piece) => piece.span)]) {
            assert.ok(0 <= one.start && one.start <= one.end && one.end <= text.length);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  test(`a long ${name} text of one kind is read in bounded time`, () => {
    for (const one of [
      "$(",
      "`",
      "'",
      '"',
      "{",
      "((",
      "a=b;",
      "if x; then ",
      "$env:A=",
      "set A=",
      "<<E\n",
      "${a:-",
      "%a",
      "\\",
    ]) {
      parse(one.repeat(Math.ceil(100_000 / one.length)));
    }
  });
}
