import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { isUnderstood } from "../src/analyzer";
import { crc32, sha1 } from "../src/aws/digests";
import { main } from "../src/cli/main";
import { nodeWorld } from "../src/live/node";
import { layouts } from "./support/randomLayout";
import { type Recorded, recordingAws } from "./support/recordingAws";

/** A layout, and what the real Terraform did in it. */
interface Case {
  readonly name: string;
  /** `home/…` is the home directory; in all texts `<home>`, `<aws>`, `<soon>` and `<past>` are filled in. */
  readonly files: Readonly<
    Record<string, string | { readonly text?: string; readonly mode?: string; readonly directory?: true }>
  >;
  readonly environment?: Readonly<Record<string, string>>;
  readonly backendConfig?: readonly string[];
  readonly planArguments?: readonly string[];
  readonly remoteState?: string;
  /** The machine has instance metadata. */
  readonly instance?: true;
  readonly terraform: {
    /** `any` where the block is refused: Terraform may or may not have asked STS by then. */
    readonly winner:
      | "any"
      | null
      | { readonly kind: string; readonly key?: string; readonly places?: readonly string[]; readonly orNone?: true };
    readonly roles: "any" | readonly string[];
    /** One of these, or none at all. */
    readonly problem: readonly string[] | null;
    readonly region?: string;
  };
}

const { cases } = JSON.parse(fs.readFileSync("test/fixtures/resolve/cases.json", "utf8")) as { cases: readonly Case[] };
const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "chain-")));
after(() => fs.rmSync(root, { recursive: true, force: true }));

interface Place {
  readonly home: string;
  readonly work: string;
  readonly environment: Record<string, string>;
}

function laidOut(one: Pick<Case, "files" | "environment" | "instance">, aws: string): Place {
  const base = fs.mkdtempSync(path.join(root, "case-"));
  const [home, work] = [path.join(base, "home"), path.join(base, "work")];
  const filled = (text: string) =>
    text
      .replaceAll("<home>", home)
      .replaceAll("<work>", work)
      .replaceAll("<aws>", aws)
      .replaceAll("<soon>", new Date(Date.now() + 3_600_000).toISOString())
      .replaceAll("<past>", new Date(Date.now() - 60_000).toISOString());
  for (const folder of [home, work]) fs.mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(one.files)) {
    const file = name.startsWith("home/") ? path.join(base, name) : path.join(work, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const { text, mode, directory } = typeof content === "string" ? { text: content } : { ...content };
    if (directory) fs.mkdirSync(file, { recursive: true });
    else fs.writeFileSync(file, filled(text ?? ""), mode ? { mode: Number.parseInt(mode, 8) } : {});
  }
  const environment: Record<string, string> = { HOME: home, PATH: process.env.PATH ?? "" };
  if (!one.instance) environment.AWS_EC2_METADATA_DISABLED = "true";
  for (const [name, value] of Object.entries(one.environment ?? {})) environment[name] = filled(value);
  return { home, work, environment };
}

interface Printed {
  readonly winner: {
    readonly kind: string;
    readonly accessKeyId: string | null;
    readonly variable?: string;
    readonly arg?: string;
    readonly file?: string;
    readonly line?: number;
  } | null;
  readonly chain: readonly { readonly op: string; readonly roleArn: string; readonly externalId?: string }[];
  readonly region: { readonly value: string } | null;
  readonly problem: { readonly code: string; readonly stage: string; readonly message: string } | null;
}

async function printed({ home, work, environment }: Place, argv: readonly string[]): Promise<string> {
  let out = "";
  let errors = "";
  await main(["chain", ...argv, work], {
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      errors += text;
    },
    color: false,
    cwd: work,
    world: { ...nodeWorld(isUnderstood), home, environment },
  });
  assert.equal(errors, "");
  return out;
}

function argumentsOf(one: Case): readonly string[] {
  return [
    ...(one.remoteState === undefined ? ["--backend"] : ["--remote-state", one.remoteState]),
    ...(one.backendConfig ?? []).flatMap((item) => ["--backend-config", item]),
    ...(one.planArguments ?? []).map((item) => item.replace(/^-var/, "--var")),
  ];
}

for (const one of cases) {
  test(`as Terraform: ${one.name}`, async () => {
    const place = laidOut(one, "http://127.0.0.1:1");
    const text = await printed(place, ["--format", "json", ...argumentsOf(one)]);
    const got = JSON.parse(text) as Printed;
    const { winner, roles, problem, region } = one.terraform;
    assert.ok(
      problem === null ? got.problem === null : problem.includes(got.problem?.code ?? ""),
      `problem: ${got.problem?.code} for ${problem}`,
    );
    if (winner === null) assert.equal(got.winner, null);
    else if (winner !== "any" && !(winner.orNone && got.winner === null)) {
      assert.equal(got.winner?.kind, winner.kind);
      const ending = winner.key
        ?.replace(/[^\x21-\x7e]/g, "")
        .replace(/^["']+|["']+$/g, "")
        .slice(-4);
      if (ending !== undefined) assert.equal(got.winner?.accessKeyId, `****${ending}`);
      const { variable, arg, file, line } = got.winner ?? {};
      const shown = variable ?? arg ?? `${file?.replace(place.home, "<home>").replace(place.work, "<work>")}:${line}`;
      if (winner.places) assert.ok(winner.places.includes(shown), `${shown} is not in ${winner.places}`);
    }
    if (roles !== "any") {
      const assumed = got.chain.map(({ op, roleArn, externalId }) =>
        [op, roleArn, ...(externalId ? [externalId] : [])].join(" "),
      );
      assert.deepEqual(assumed, roles);
    }
    if (region !== undefined && winner !== "any") assert.equal(got.region?.value, region);
    for (const secret of text.match(/[A-Za-z0-9+/]{30}EXAMPLEKEY|EXAMPLETOKEN/g) ?? [])
      assert.fail(`a secret: ${secret}`);
    assert.doesNotMatch(text, /A[KS]IA[A-Z2-7]{9}EXAMPLE/);
  });
}

test("there are enough cases, with every kind of winner and most problems among them", () => {
  assert.ok(cases.length >= 80);
  const kinds = new Set(cases.map(({ terraform: { winner } }) => (winner && winner !== "any" ? winner.kind : "")));
  for (const kind of ["static", "env", "profile", "process", "sso", "web-identity", "container", "imds"]) {
    assert.ok(kinds.has(kind), kind);
  }
  assert.ok(new Set(cases.flatMap(({ terraform: { problem } }) => problem ?? [])).size >= 12);
});

test("the text puts the winner first, then what stops it, then why the others lost", async () => {
  const place = laidOut(
    {
      files: {
        "main.tf":
          'provider "aws" {\n  region  = "eu-central-1"\n  profile = "dev"\n  assume_role {\n    role_arn    = "arn:aws:iam::222233334444:role/deploy"\n    external_id = "xyz"\n  }\n}\n',
        "home/.aws/credentials":
          "[dev]\naws_access_key_id = AKIACRDDEVXXXEXAMPLE\naws_secret_access_key = 0lLIT0H/otDmlKY8OXdH5Bm41FD6LSEXAMPLEKEY\n",
      },
      environment: {
        AWS_ACCESS_KEY_ID: "AKIAENVXXXXXXEXAMPLE",
        AWS_SECRET_ACCESS_KEY: "UWIEN+lEFf9tm0cTCgUU9ACfyrWfIoEXAMPLEKEY",
      },
    },
    "",
  );
  assert.equal(
    await printed(place, []),
    [
      "provider aws  main.tf:1",
      "  ✓ profile dev, key ****MPLE  ~/.aws/credentials:2",
      "    then assumes arn:aws:iam::222233334444:role/deploy with external id xyz  main.tf:5",
      "    in eu-central-1  main.tf:2",
      "    keys in the block       the block has none",
      "    environment keys        profile dev comes first  AWS_ACCESS_KEY_ID",
      "    web identity variables  AWS_WEB_IDENTITY_TOKEN_FILE is not set",
      "    container credentials   no AWS_CONTAINER_CREDENTIALS_* variable is set",
      "    instance metadata       switched off",
      "",
    ].join("\n"),
  );
});

test("digests", () => {
  assert.equal(sha1(""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  assert.equal(sha1("corp"), "ee0bfd2552fbd840c02cc48b6e823320543c450f");
  assert.equal(sha1("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  assert.equal(crc32("123456789"), 0xcbf43926);
});

// The real program, where it is there and wanted: CALLERID_ORACLE=1.

const hasTerraform = process.env.CALLERID_ORACLE === "1" && spawnSync("terraform", ["version"]).status === 0;

for (const one of hasTerraform ? cases : []) {
  test(`Terraform itself: ${one.name}`, async () => {
    const aws = await recordingAws(one.instance === true);
    try {
      const place = laidOut(one, aws.url);
      const environment = { ...endpoints(aws.url, one), ...place.environment };
      const terraform = (...argv: string[]) => ran(argv, place.work, environment);
      if (one.remoteState !== undefined) await terraform("init", "-input=false");
      aws.requests.length = 0;
      const status =
        one.remoteState === undefined
          ? await terraform(
              "init",
              "-input=false",
              ...(one.backendConfig ?? []).map((item) => `-backend-config=${item}`),
            )
          : await terraform("plan", "-input=false", ...(one.planArguments ?? []));
      const { winner, roles, problem } = one.terraform;
      assert.equal(status === 0, problem === null);
      if (roles === "any" || winner === "any") return;
      const assumed = aws.requests
        .filter(({ operation }) => operation.startsWith("AssumeRole"))
        .map(({ operation, role, externalId }) => [operation, role, ...(externalId ? [externalId] : [])].join(" "));
      assert.deepEqual([...new Set(assumed)], roles);
      const first = aws.requests.find(({ keyId }) => keyId !== undefined);
      if (winner?.key !== undefined) assert.equal(first?.keyId, winner.key);
    } finally {
      await aws.stop();
    }
  });
}

const randomRuns = Number(process.env.CALLERID_RANDOM ?? 300);
const seed = Number(process.env.CALLERID_SEED ?? Date.now() % 1_000_000);

test(`Terraform itself: ${randomRuns} random layouts, CALLERID_SEED=${seed}`, {
  skip: !hasTerraform && "needs CALLERID_ORACLE=1 and terraform",
}, async () => {
  const different: string[] = [];
  for (const layout of fc.sample(layouts, { seed, numRuns: randomRuns })) {
    const aws = await recordingAws(layout.instance === true);
    try {
      const place = laidOut(layout, aws.url);
      const got = JSON.parse(await printed(place, ["--backend", "--format", "json"])) as Printed;
      const status = await ran(["init", "-input=false"], place.work, {
        ...endpoints(aws.url, layout),
        ...place.environment,
      });
      const mistake = disagreement(got, status === 0, aws.requests, place);
      if (mistake)
        different.push(`${mistake}\n${place.work}\n${JSON.stringify(place.environment)}\n${JSON.stringify(got)}`);
      else fs.rmSync(path.dirname(place.work), { recursive: true });
    } finally {
      await aws.stop();
    }
  }
  assert.equal(different.join("\n\n"), "");
});

/** Where we differ from what Terraform did; undefined where we agree in all that can be seen from outside. */
function disagreement(got: Printed, isGood: boolean, requests: readonly Recorded[], place: Place): string | undefined {
  if (isGood !== (got.problem === null))
    return `problem ${got.problem?.code} but Terraform ${isGood ? "worked" : "failed"}`;
  const signer = requests.find(({ keyId }) => keyId !== undefined)?.keyId;
  const { winner } = got;
  if (signer !== undefined && winner === null) return `nobody won, ${signer} signed`;
  const isAsked = got.problem?.stage !== "before-signing";
  if (signer === undefined && isAsked && winner?.kind !== "web-identity") return `${winner?.kind} won, nobody signed`;
  if (signer !== undefined && winner?.accessKeyId) {
    const text = winner.variable
      ? place.environment[winner.variable]
      : fs.readFileSync(winner.file ?? "", "utf8").split("\n")[(winner.line ?? 0) - 1];
    if (!text?.includes(signer)) return `${text} won, ${signer} signed`;
  } else if (signer !== undefined && winner) {
    const label =
      { process: "PRC", sso: "SSO", container: "ECS", imds: "IMDS", "web-identity": "R" }[winner.kind] ?? "?";
    if (!signer.startsWith(`ASIA${label}`)) return `${winner.kind} won, ${signer} signed`;
  }
  const assumed = requests.flatMap(({ operation, role, externalId }) =>
    operation.startsWith("AssumeRole") ? [[operation, role, ...(externalId ? [externalId] : [])].join(" ")] : [],
  );
  const roles = got.chain.map(({ op, roleArn, externalId }) =>
    [op, roleArn, ...(externalId ? [externalId] : [])].join(" "),
  );
  const isSame = JSON.stringify([...new Set(assumed)]) === JSON.stringify([...new Set(roles)]);
  return isAsked && !isSame ? `roles ${roles}, Terraform ${assumed}` : undefined;
}

function endpoints(url: string, one: Pick<Case, "instance">): Record<string, string> {
  return {
    ...Object.fromEntries(["STS", "S3", "SSO", "SSO_OIDC", "IAM"].map((name) => [`AWS_ENDPOINT_URL_${name}`, url])),
    ...(one.instance ? { AWS_EC2_METADATA_SERVICE_ENDPOINT: url } : {}),
    CHECKPOINT_DISABLE: "1",
    NO_PROXY: "127.0.0.1",
  };
}

function ran(argv: readonly string[], cwd: string, env: Record<string, string>): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn("terraform", argv, { cwd, env, stdio: "ignore" });
    const timer = setTimeout(() => child.kill("SIGKILL"), 30_000);
    child.on("error", reject);
    child.on("exit", (code) => {
      clearTimeout(timer);
      resolve(code);
    });
  });
}
