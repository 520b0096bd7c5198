import assert from "node:assert/strict";
import { analyze, implicitProvider } from "../../src/analyzer";
import { main } from "../../src/cli/main";
import { loadWorkspace } from "../../src/live/load";
import { fetchKeys } from "../../src/live/sources";
import type { SourceWorld } from "../../src/live/sources/source";
import { assumeRole, getCallerIdentity } from "../../src/live/sts";
import { type VerifyOptions, verify } from "../../src/live/verify";
import type { Verification } from "../../src/model/credentials";
import type { FakeSts } from "./fakeSts";
import { cwd, home, type PlainWorld, plainWorld } from "./world";

export interface Given {
  readonly files?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly options?: Partial<VerifyOptions>;
  readonly profile?: string;
  readonly deadlineMs?: number;
}

/** A machine whose way to STS leads to the fake, through the real client. */
export function worldAt(sts: FakeSts, { files = {}, environment = {}, deadlineMs = 3_000 }: Given): PlainWorld {
  const place = (endpoint: string | undefined) => ({ endpoint: endpoint ?? sts.url, deadlineMs });
  const world = plainWorld({
    files,
    environment,
    answer: (request) => getCallerIdentity({ ...request, ...place(request.endpoint) }),
    fetch: (question) => fetchKeys({ ...question, ...place(question.endpoint) }, sourcesOf(world)),
    assume: (request) => assumeRole({ ...request, ...place(request.endpoint) }),
  });
  return world;
}

/** What the sources of keys see of such a machine. */
export function sourcesOf({ files, environment }: PlainWorld): SourceWorld {
  return {
    home,
    environment,
    now: () => new Date(),
    read: (file) => files.get(file),
    replace: (file, text) => files.set(file, text),
  };
}

/** One set of a workspace looked up and asked at the fake: the named profile, or the first block. */
export async function verifiedAt(sts: FakeSts, given: Given, world = worldAt(sts, given)): Promise<Verification> {
  const { workspace } = loadWorkspace(world, [cwd], { environmentOwner: "this process" });
  const { facts, blocks } = analyze(workspace);
  const set = given.profile === undefined ? (blocks[0] ?? implicitProvider) : facts.profiles.get(given.profile)?.set;
  assert.ok(set);
  return verify(facts, set, world, { mayUseFoundKeys: false, ...given.options });
}

/** The command line on such a machine. */
export async function calleridAt(sts: FakeSts, given: Given, ...argv: readonly string[]) {
  const printed = { stdout: "", stderr: "" };
  const code = await main(argv, {
    stdout: (text) => {
      printed.stdout += text;
    },
    stderr: (text) => {
      printed.stderr += text;
    },
    color: false,
    cwd,
    world: worldAt(sts, given),
  });
  return { code, ...printed };
}
