import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { parseEnv } from "node:util";
import fc from "fast-check";
import { parseEnvFile } from "../src/documents/envFile";
import { type EnvFileReader, readEnvFile } from "../src/documents/envFileReadings";

const parse = (text: string) => parseEnvFile({ path: ".env", text });
const values = (text: string, reader: EnvFileReader) =>
  Object.fromEntries(readEnvFile(parse(text), reader).map(({ name, value }) => [name, value.text]));

const matrix = [
  ...["ab/cd", "ab+cd", "ab=cd", "abcd==", "ab\\cd", "ab@cd", "ab!cd", "ab$cd", "ab#cd", "ab #cd", "ab'cd", 'ab"cd'],
  ...[
    "ab`cd",
    "ab cd",
    "abcd ",
    "ab&cd",
    "ab%cd",
    "ab%{cd",
    "ab*cd",
    "~abcd",
    "@abcd",
    "+abcd",
    "/abcd",
    "0123",
    "true",
  ],
  ...["ab: cd", "ab;cd", "ab\u200bcd", "ab\u00a0cd", "wJalr/7MDENG+bPx="],
];

test("every character belongs to one line", () => {
  const text = "\ufeff# c\nexport A=1\r\n\n B = 2 # d\nC: 3\nnothing here\n";
  const { lines } = parse(text);
  assert.deepEqual(
    lines.map((line) => (line.kind === "assignment" ? `${line.name}${line.isExported ? "!" : ""}` : line.kind)),
    ["comment", "A!", "blank", "B", "C", "text", "blank"],
  );
  assert.equal(lines.map(({ span }) => text.slice(span.start, span.end)).join("\n"), text.replaceAll("\r", ""));
});

test("Node's own reader gets the same", () => {
  for (const value of matrix) {
    for (const quote of ["", '"', "'"]) {
      const line = `A=${quote}${value}${quote}\n`;
      // Later versions of Node keep what older ones lose behind a quote that does not end the value.
      if (quote !== "" && value.includes(quote)) continue;
      assert.deepEqual(values(line, "dotenv").A, parseEnv(line).A, line);
    }
  }
  const text = "export A=1\nB= two # c\nC=\"x\ny\"\nD='#'\n# E=5\nF=\n  G=7\n";
  assert.deepEqual(values(text, "dotenv"), { ...parseEnv(text) });
});

test("what Docker Compose makes of the same values", () => {
  // Measured with compose-go's dotenv package.
  const changed: Record<string, string | undefined> = {
    ab$cd: undefined,
    "ab #cd": "ab",
    "abcd ": "abcd",
  };
  for (const value of matrix) {
    const expected = value in changed ? changed[value] : value;
    assert.equal(values(`A=${value}\n`, "compose").A, expected, value);
  }
  assert.deepEqual(values('A="a\\nb"\nB=\'a$b\'\nC=a$$b\nD="a $b"\nexport E=1\nF: 2\nG=a#b\n', "compose"), {
    A: "a\nb",
    B: "a$b",
    C: "a$b",
    D: undefined,
    E: "1",
    F: "2",
    G: "a#b",
  });
});

test("Docker takes lines as they are", () => {
  const text = "A=\"x\"\nB='y'\nC=z \nD=q # c\r\n  E=1\nexport F=1\nG = 2\nH: 3\nI= v\n#J=1\n";
  assert.deepEqual(values(text, "docker"), { A: '"x"', B: "'y'", C: "z ", D: "q # c", E: "1", I: " v" });
});

const docker = spawnSync("docker", ["--version"]);

test("docker itself gets the same", { skip: docker.status !== 0 && "docker is not installed" }, async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "callerid-docker-"));
  const text = `${matrix.map((value, i) => `A${i}=${value}\nB${i}="${value}"\nC${i}='${value}'`).join("\n")}\n D=1\nE= v\n`;
  const file = path.join(folder, "list.env");
  fs.writeFileSync(file, text);
  // A daemon that only hears what it is asked to create.
  let environment: readonly string[] = [];
  const daemon = http.createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      if (request.url?.includes("/containers/create")) environment = JSON.parse(body).Env;
      response.setHeader("Api-Version", "1.47");
      response.statusCode = request.url?.includes("_ping") ? 200 : 404;
      response.end("{}");
    });
  });
  const socket = path.join(folder, "s");
  await new Promise<void>((resolve) => daemon.listen(socket, resolve));
  const client = spawn("docker", ["-H", `unix://${socket}`, "create", "--pull=never", "--env-file", file, "x"]);
  await new Promise((resolve) => client.on("exit", resolve));
  daemon.close();
  fs.rmSync(folder, { recursive: true });
  const expected = Object.entries(values(text, "docker")).map(([name, value]) => `${name}=${value}`);
  assert.deepEqual([...environment].sort(), expected.sort());
});

test("references are no text", () => {
  const { value } = readEnvFile(parse("A=${HOME}/x\nB=$(cmd)\n"), "dotenv")[0] ?? { value: undefined };
  assert.deepEqual(
    value?.pieces.map(({ kind }) => kind),
    ["variable", "text"],
  );
  assert.equal(values("B=$(cmd)\n", "dotenv").B, undefined);
});

const pieces = fc.constantFrom(
  ..."A=§export §AWS_SECRET_ACCESS_KEY§=§:§ §\t§\n§\r\n§\r§#§'§\"§`§\\§$§${§}§$$§$(§x§\ufeff§\u00a0§callerid-ignore a: b".split(
    "§",
  ),
);

test("any text is read, in bounded time, with every span inside it", () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
      const text = parts.join("");
      const document = parse(text);
      for (const reader of ["dotenv", "docker", "compose"] as const) {
        for (const { name, nameSpan, value, span } of readEnvFile(document, reader)) {
          assert.equal(text.slice(nameSpan.start, nameSpan.end), name);
          for (const one of [span, value.span, ...value.pieces.map((piece) => piece.span)]) {
            assert.ok(0 <= one.start && one.start <= one.end && one.end <= text.length);
          }
        }
      }
    }),
    { numRuns: 3000 },
  );
  for (const one of ["A='\n", 'A="', "A=$", "A=${", "\\", "A= "]) {
    readEnvFile(parse(one.repeat(50_000)), "compose");
  }
});
