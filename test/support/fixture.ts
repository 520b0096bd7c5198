import fs from "node:fs";
import path from "node:path";
import { analyze, filesWanted, isUnderstood, type Report } from "../../src/analyzer";
import { wishKey } from "../../src/facts/chainFiles";
import { type Environment, environmentPath, type Variable } from "../../src/facts/environment";
import type { Workspace } from "../../src/facts/facts";
import { loginIn } from "../../src/live/caches";
import type { CachedLogin } from "../../src/model/caches";
import type { Observation } from "../../src/model/credentials";
import { describeSet, setId } from "../../src/model/describe";
import { type Encoding, lineStarts, positionAt, type SourceFile } from "../../src/model/text";
import { type Claim, claimsIn } from "./markers";

/** Files by path: `home/` is `~`, `environment` the process environment, `observations` what AWS said, `attributes` what texts lack, the rest the workspace. */
export type Fixture = Readonly<Record<string, string>>;

export const now = new Date("2026-06-01T12:00:00Z");

/** A fixture directory as a fixture. */
export function readFixture(directory: string): Fixture {
  const files: Record<string, string> = {};
  for (const entry of fs.readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    files[path.relative(directory, file).split(path.sep).join("/")] = fs.readFileSync(file, "utf8");
  }
  return files;
}

/** The report on a fixture; the environment is only ever the fixture's own. */
export function analyzeFixture(fixture: Fixture): Report {
  const files: SourceFile[] = Object.entries(fixture)
    .filter(([file]) => isUnderstood(file))
    .map(([file, text]) => ({ path: file, text, ...attributesOf(fixture, file) }));
  const workspace = {
    files,
    home: "home",
    environment: environmentFrom(fixture[environmentPath] ?? ""),
    awsFilesRead: true,
    logins: Object.entries(fixture).flatMap(([file, text]) => {
      const kind = /^home\/\.aws\/(sso|cli|login)\/cache\/[^/]+\.json$/.exec(file)?.[1];
      return kind ? (loginIn(kind as CachedLogin["kind"], file, text) ?? []) : [];
    }),
    now,
  };
  const whole = { ...workspace, ...namedFilesOf(fixture, workspace) };
  return analyze({ ...whole, observations: observationsIn(fixture.observations ?? "", analyze(whole)) });
}

/** One answer a line: `provider aws: InvalidClientTokenId`, or the ARN of a good one, and then what else was seen. */
function observationsIn(text: string, { facts, chainOf }: Report): readonly Observation[] {
  const lines = /^(\S.*?): ([\w:/@.=+-]+)( by a temporary key)?(?:, (-?\d+) seconds apart)?$/gm;
  return [...text.matchAll(lines)].map(([, words, said = "", temporary, skew]) => {
    const set = facts.sets.find((one) => describeSet(one) === words);
    if (!set) throw new Error(`an observation of ${words}, which does not exist`);
    const account = said.split(":")[4];
    return {
      of: setId(set),
      chain: chainOf(set),
      region: "eu-west-1",
      host: "sts.eu-west-1.amazonaws.com",
      at: now,
      answer: account
        ? { status: "valid", identity: { account, arn: said, userId: "AIDA" } }
        : { status: "rejected", code: said },
      ...(temporary ? { isTemporary: true } : {}),
      ...(skew === undefined ? {} : { clockSkewSeconds: Number(skew) }),
    };
  });
}

/** What the disk has under the names that blocks give, in the fixture's own folder. */
function namedFilesOf(fixture: Fixture, workspace: Workspace): Pick<Workspace, "files" | "known"> {
  const paths = filesWanted(workspace);
  const present = paths.flatMap((one) => (fixture[one] === undefined ? [] : [{ path: one, text: fixture[one] }]));
  const absent = paths.filter((one) => fixture[one] === undefined && !/^(?:\/|\.\.|home\/)/.test(one));
  return {
    files: [...workspace.files, ...present],
    known: new Map(absent.map((one) => [wishKey({ path: one, use: "text" }), { kind: "absent" }])),
  };
}

/** What a text does not show: `home/.aws/credentials mode=644 encoding=latin-1`, one file a line. */
function attributesOf(fixture: Fixture, file: string): Pick<SourceFile, "encoding" | "mode"> {
  const line = fixture.attributes?.split("\n").find((one) => one.startsWith(`${file} `)) ?? "";
  const mode = / mode=([0-7]+)/.exec(line)?.[1];
  const encoding = / encoding=(\S+)/.exec(line)?.[1];
  return {
    ...(mode ? { mode: Number.parseInt(mode, 8) } : {}),
    ...(encoding ? { encoding: encoding as Encoding } : {}),
  };
}

/** The file as it stands is the text of the environment: `NAME=value` lines, `#` lines are claims. */
function environmentFrom(text: string): Environment {
  const variables = new Map<string, Variable>();
  for (const match of text.matchAll(/^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/gm)) {
    const [, name = "", value = ""] = match;
    const start = match.index;
    const valueStart = start + name.length + 1;
    variables.set(name, {
      name,
      value,
      nameSpan: { start, end: start + name.length },
      valueSpan: { start: valueStart, end: valueStart + value.length },
    });
  }
  return { owner: "this process", source: { path: environmentPath, text }, variables };
}

export function claimsOf(fixture: Fixture): Claim[] {
  return Object.entries(fixture).flatMap(([file, text]) => claimsIn(file, text));
}

/** Findings in the form of claims. */
export function findingsAsClaims(report: Report, fixture: Fixture): Claim[] {
  return report.findings.map(({ rule, at }) => {
    const starts = lineStarts(fixture[at.path] ?? "");
    const start = positionAt(starts, at.span.start);
    const end = positionAt(starts, at.span.end);
    const endColumn = end.line === start.line ? end.column : Number.POSITIVE_INFINITY;
    return { rule, path: at.path, line: start.line, start: start.column, end: endColumn };
  });
}

/** Claims as sorted lines, so that a difference reads well. */
export function asLines(claims: readonly Claim[]): string[] {
  return claims.map((one) => `${one.path}:${one.line + 1}:${one.start + 1}-${one.end + 1} ${one.rule}`).sort();
}
