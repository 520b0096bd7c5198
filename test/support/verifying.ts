import assert from "node:assert/strict";
import { analyze, implicitProvider } from "../../src/analyzer";
import { main } from "../../src/cli/main";
import { loadWorkspace } from "../../src/live/load";
import { assumeRole, getCallerIdentity } from "../../src/live/sts";
import { type VerifyOptions, verify } from "../../src/live/verify";
import type { Verification } from "../../src/model/credentials";
import type { FakeSts } from "./fakeSts";
import { cwd, type PlainWorld, plainWorld } from "./world";

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
  return plainWorld({
    files,
    environment,
    answer: (request) => getCallerIdentity({ ...request, ...place(request.endpoint) }),
    assume: (request) => assumeRole({ ...request, ...place(request.endpoint) }),
  });
}

/** One set of a workspace looked up and asked at the fake: the named profile, or the first block. */
export async function verifiedAt(sts: FakeSts, given: Given): Promise<Verification> {
  const world = worldAt(sts, given);
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
