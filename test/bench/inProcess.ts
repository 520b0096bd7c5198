// What the editor does between two keystrokes, measured inside one process; scripts/bench.mjs runs it and reads its one line of JSON.
import { analyze } from "../../src/analyzer";
import { explainOutput } from "../../src/explain/explainOutput";
import { environmentOf } from "../../src/facts/environment";
import type { Workspace } from "../../src/facts/facts";
import type { SourceFile } from "../../src/model/text";

const times = 15;

interface Spread {
  /** Milliseconds. */
  readonly median: number;
  readonly p95: number;
}

function measured(run: (round: number) => void, rounds = times): Spread {
  const samples: number[] = [];
  for (let round = -3; round < rounds; round++) {
    const start = performance.now();
    run(round);
    if (round >= 0) samples.push(performance.now() - start);
  }
  samples.sort((a, b) => a - b);
  const at = (share: number) => samples[Math.min(samples.length - 1, Math.floor(samples.length * share))] ?? 0;
  return { median: at(0.5), p95: at(0.95) };
}

const credentials = Array.from(
  { length: 50 },
  (_, index) =>
    `[team-${index}]\naws_access_key_id = AKIA${String(index)
      .padStart(9, "A")
      .replace(/[^A-Z2-7]/g, "Q")}EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n`,
).join("\n");

const resource = (index: number) =>
  `resource "aws_s3_bucket" "b${index}" {\n  bucket = "\${var.prefix}-${index}"\n\n  tags = {\n    Name = local.name\n  }\n}\n\n`;

function moduleText(index: number, lines: number): string {
  const head = `variable "prefix" {\n  default = "p"\n}\n\nlocals {\n  name = "\${var.prefix}-n"\n}\n\nprovider "aws" {\n  region  = "eu-west-1"\n  profile = "team-${index % 50}"\n}\n\nterraform {\n  backend "s3" {\n    bucket  = "state"\n    key     = "k${index}"\n    region  = "eu-west-1"\n    profile = "team-${(index + 1) % 50}"\n  }\n}\n\n`;
  return head + Array.from({ length: Math.max(0, Math.round((lines - 24) / 8)) }, (_, one) => resource(one)).join("");
}

const environment = environmentOf({ AWS_REGION: "eu-west-1" }, "this process");

function workspaceOf(files: readonly SourceFile[]): Workspace {
  return {
    files,
    home: "/home/me",
    environment,
    awsFilesRead: true,
    now: new Date("2026-06-01T12:00:00Z"),
  };
}

const awsFile = (text: string): SourceFile => ({ path: "/home/me/.aws/credentials", text });

/** `count` files, `perModule` to a module; the first file of each has the blocks, and the very first of all `lines` lines. */
function files(count: number, lines: number, perModule: number): SourceFile[] {
  return [
    awsFile(credentials),
    ...Array.from({ length: count }, (_, index) => {
      const [module, file] = [Math.floor(index / perModule), index % perModule];
      const text = file === 0 ? moduleText(module, index === 0 ? lines : 40) : resource(file).repeat(5);
      return { path: `/work/m${module}/${file === 0 ? "main" : `part${file}`}.tf`, text };
    }),
  ];
}

/** One character more in the first file of a workspace, and all that follows. */
function keystroke(count: number, lines: number): Spread {
  const before = files(count, lines, 10);
  analyze(workspaceOf(before));
  const [aws, edited, ...rest] = before;
  return measured((round) => {
    if (!aws || !edited) return;
    const text = `${edited.text}# ${"x".repeat(round + 4)}\n`;
    analyze(workspaceOf([aws, { ...edited, text }, ...rest]));
  });
}

function awsFileChanged(): Spread {
  const [, ...rest] = files(50, 40, 1);
  return measured((round) => {
    analyze(workspaceOf([awsFile(`${credentials}# ${"x".repeat(round + 4)}\n`), ...rest]));
  });
}

/** The chains of 200 blocks, after parsing. */
function chains(): { readonly cold: Spread; readonly afterEdit: Spread } {
  const all = files(100, 40, 1);
  const cold = measured((round) => {
    const [aws, ...rest] = all;
    const changed = awsFile(`${aws?.text}# ${"x".repeat(round + 4)}\n`);
    const report = analyze(workspaceOf([changed, ...rest]));
    for (const set of report.blocks) report.chainOf(set);
  });
  const [aws, edited, ...rest] = all;
  const afterEdit = measured((round) => {
    if (!aws || !edited) return;
    const report = analyze(
      workspaceOf([aws, { ...edited, text: `${edited.text}# ${"x".repeat(round + 4)}\n` }, ...rest]),
    );
    for (const set of report.blocks) report.chainOf(set);
  });
  return { cold, afterEdit };
}

const failure = [
  "╷",
  "│ Error: Retrieving AWS account details: validating provider credentials: retrieving caller identity from STS: operation error STS: GetCallerIdentity, https response error StatusCode: 403, RequestID: 0, api error InvalidClientTokenId: The security token included in the request is invalid.",
  "│ ",
  '│   with provider["registry.terraform.io/hashicorp/aws"],',
  '│   on main.tf line 1, in provider "aws":',
  '│    1: provider "aws" {',
  "╵",
].join("\n");

function explained(): Spread {
  const noise = Array.from(
    { length: 5000 },
    (_, index) => `module.m${index}.aws_s3_bucket.b: Refreshing state... [id=b-${index}]`,
  );
  const text = [...noise.slice(0, 4900), failure, ...noise.slice(4900)].join("\n");
  return measured(() => void explainOutput(text));
}

console.log(
  JSON.stringify({
    keystroke: keystroke(3000, 2000),
    longKeystroke: keystroke(3000, 20_000),
    awsFileChanged: awsFileChanged(),
    chains: chains(),
    explained: explained(),
  }),
);
