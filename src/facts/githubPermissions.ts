import { isNull, nodeAt, scalarOf, type YamlEntry } from "../documents/yaml";
import type { Location, TextEdit } from "../model/text";
import { holdingsOf } from "./githubCredentials";
import { isHosted, type Job, type Workflow } from "./githubWorkflows";
import { resolvePath } from "./locations";
import { addEntry, addFirst } from "./yamlEdits";

/** A job that needs the token GitHub issues for OIDC and may not have it. */
export interface MissingPermission {
  readonly job: string;
  /** The role's input, or the workflow that is called. */
  readonly at: Location;
  readonly isCall: boolean;
  /** Whether the workflow is one that others call. */
  readonly isReusable: boolean;
  /** The permissions that leave it out; undefined where nobody gives any. */
  readonly given?: Location;
  readonly repair: readonly TextEdit[];
}

type Permission = "granted" | "withheld" | "callers";

/**
 * Whether a job gets an id token. None is given by default, and a called workflow never gets more than its caller has.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions
 */
function idTokenOf(job: Job): { readonly is: Permission; readonly by?: YamlEntry } | undefined {
  const by = job.permissions ?? job.workflow.permissions;
  if (!by) return { is: job.workflow.isReusable ? "callers" : "withheld" };
  const { value } = by;
  if (value.kind === "map") {
    const written = scalarOf(nodeAt(value, "id-token"))?.text;
    if (value.entries.some((one) => one.value.kind === "unknown")) return undefined;
    return { is: written === "write" ? "granted" : "withheld", by };
  }
  if (value.kind !== "scalar" || isNull(value)) return undefined;
  if (value.text === "write-all") return { is: "granted", by };
  return value.text === "read-all" ? { is: "withheld", by } : undefined;
}

/** Whether the job surely gets an id token. */
export const hasIdToken = (job: Job): boolean => idTokenOf(job)?.is === "granted";

export function missingPermissions(workflows: readonly Workflow[]): readonly MissingPermission[] {
  const byPath = new Map(workflows.map((one) => [one.source.path, one]));
  return workflows
    .filter(({ kind }) => kind === "workflow")
    .flatMap(({ jobs }) => jobs)
    .flatMap((job) => {
      const permission = idTokenOf(job);
      if (permission?.is !== "withheld") return [];
      const need = job.calls ? calledNeed(job, byPath) : ownNeed(job);
      if (!need) return [];
      const { source, isReusable } = job.workflow;
      const { by } = permission;
      return [
        {
          job: job.name,
          at: { path: source.path, span: need },
          isCall: job.calls !== undefined,
          isReusable,
          ...(by ? { given: { path: source.path, span: by.key.span } } : {}),
          repair: grant(job, by),
        },
      ];
    });
}

/** The role of a step that can only get it with an id token. */
function ownNeed(job: Job) {
  if (!isHosted(job)) return undefined;
  const held = holdingsOf(job).find(({ configure, before }) => configure?.way === "oidc" && before === "nothing");
  return held?.configure?.role?.key.contentSpan;
}

function calledNeed(job: Job, byPath: ReadonlyMap<string, Workflow>) {
  const { calls, workflow } = job;
  const called = calls && calledBy(calls.text, workflow, byPath);
  const isExplicit = (job.permissions ?? workflow.permissions) !== undefined;
  return called && needsFromCaller(called, byPath, isExplicit, 0) ? calls.contentSpan : undefined;
}

/** A workflow of the same repository. */
function calledBy(written: string, { source }: Workflow, byPath: ReadonlyMap<string, Workflow>) {
  const at = source.path.lastIndexOf(".github/workflows/");
  return at < 0 || !written.startsWith("./")
    ? undefined
    : byPath.get(resolvePath(source.path.slice(0, at).replace(/\/$/, ""), written));
}

/**
 * Whether one of its jobs needs an id token and leaves it to the caller, or asks for one that the caller's own words
 * rule out. A caller without a word does not stand in the way of one that is asked for.
 */
function needsFromCaller(
  called: Workflow,
  byPath: ReadonlyMap<string, Workflow>,
  isExplicit: boolean,
  depth: number,
): boolean {
  return called.jobs.some((job) => {
    const permission = idTokenOf(job);
    if (permission?.is === "granted") return isExplicit;
    if (permission?.is !== "callers" || depth > 4) return false;
    const next = job.calls && calledBy(job.calls.text, called, byPath);
    return next ? needsFromCaller(next, byPath, isExplicit, depth + 1) : ownNeed(job) !== undefined;
  });
}

/** One more permission where there are some; where there are none, those that the job had at least. */
export function grant(job: Job, by: YamlEntry | undefined): readonly TextEdit[] {
  const { source } = job.workflow;
  if (by?.value.kind === "map" && by.value.entries.length > 0) {
    const { path } = source;
    const written = by.value.entries.find(({ key }) => /^id[-_]?tokens?$/i.test(key.text));
    if (written) return [{ path, span: written.span, pieces: ["id-token: write"] }];
    return addEntry(source, by.value, "id-token: write");
  }
  if (by?.value.kind === "map") return [{ path: source.path, span: by.value.span, pieces: ["{ id-token: write }"] }];
  if (by) return [];
  return addFirst(source, job.node, ["permissions:", "  id-token: write", "  contents: read"]);
}
