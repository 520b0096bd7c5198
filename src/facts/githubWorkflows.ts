import type { ShellName } from "../documents/shell";
import {
  entryOf,
  isNull,
  itemsOf,
  nodeAt,
  scalarOf,
  type YamlDocument,
  type YamlEntry,
  type YamlNode,
  type YamlScalar,
} from "../documents/yaml";
import type { SourceFile } from "../model/text";

/**
 * A workflow or a composite action, as far as credentials need it.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
 */
export interface Workflow {
  readonly source: SourceFile;
  readonly kind: "workflow" | "action";
  /** Whether other workflows may call it; then it has what they give it. */
  readonly isReusable: boolean;
  /** Secrets that the callers of a reusable workflow pass. */
  readonly declaredSecrets: readonly string[];
  readonly permissions: YamlEntry | undefined;
  readonly env: YamlNode | undefined;
  readonly defaults: YamlNode | undefined;
  readonly jobs: readonly Job[];
}

export interface Job {
  readonly workflow: Workflow;
  readonly id: string;
  /** In words that fit into a sentence. */
  readonly name: string;
  readonly entry: YamlEntry;
  readonly node: YamlNode;
  readonly permissions: YamlEntry | undefined;
  readonly env: YamlNode | undefined;
  /** The workflow that runs in its place. */
  readonly calls: YamlScalar | undefined;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly job: Job;
  readonly node: YamlNode;
  readonly id: string | undefined;
  readonly name: string;
  readonly action: Action | undefined;
  readonly run: YamlScalar | undefined;
  readonly env: YamlNode | undefined;
  readonly isConditional: boolean;
}

/** `uses: OWNER/REPOSITORY[/PATH]@REF`. */
export interface Action {
  readonly at: YamlScalar;
  /** In lower case, without the ref; a path of this repository begins with `./`. */
  readonly name: string;
  readonly ref: string;
  readonly inputs: YamlNode | undefined;
}

export function workflowOf({ source, dialect, roots }: YamlDocument): Workflow | undefined {
  const [root] = roots;
  if (root?.kind !== "map") return undefined;
  if (dialect === "github-action") return actionOf(source, root);
  return dialect === "github-workflow" ? workflowIn(source, root) : undefined;
}

function workflowIn(source: SourceFile, root: YamlNode): Workflow {
  const on = nodeAt(root, "on");
  const call = nodeAt(on, "workflow_call");
  const secrets = nodeAt(call, "secrets");
  const jobs: Job[] = [];
  const workflow: Workflow = {
    source,
    kind: "workflow",
    isReusable: call !== undefined || [on, ...itemsOf(on)].some((one) => scalarOf(one)?.text === "workflow_call"),
    declaredSecrets: secrets?.kind === "map" ? secrets.entries.map(({ key }) => key.text.toLowerCase()) : [],
    permissions: entryOf(root, "permissions"),
    env: nodeAt(root, "env"),
    defaults: nodeAt(root, "defaults"),
    jobs,
  };
  const written = nodeAt(root, "jobs");
  for (const entry of written?.kind === "map" ? written.entries : []) {
    if (entry.value.kind === "map") jobs.push(jobOf(workflow, entry));
  }
  return workflow;
}

function jobOf(workflow: Workflow, entry: YamlEntry): Job {
  const node = entry.value;
  const steps: Step[] = [];
  const id = entry.key.text;
  const job: Job = {
    workflow,
    id,
    name: `job ${id}`,
    entry,
    node,
    permissions: entryOf(node, "permissions"),
    env: nodeAt(node, "env"),
    calls: scalarOf(nodeAt(node, "uses")),
    steps,
  };
  steps.push(...stepsIn(job, nodeAt(node, "steps")));
  return job;
}

/** A composite action is a job whose permissions and credentials are those of whoever uses it. */
function actionOf(source: SourceFile, root: YamlNode): Workflow | undefined {
  const runs = entryOf(root, "runs");
  if (!runs || scalarOf(nodeAt(runs.value, "using"))?.text !== "composite") return undefined;
  const [jobs, steps]: [Job[], Step[]] = [[], []];
  const workflow: Workflow = {
    source,
    kind: "action",
    isReusable: true,
    declaredSecrets: [],
    permissions: undefined,
    env: undefined,
    defaults: undefined,
    jobs,
  };
  const job: Job = {
    workflow,
    id: "",
    name: "this action",
    entry: runs,
    node: runs.value,
    permissions: undefined,
    env: undefined,
    calls: undefined,
    steps,
  };
  jobs.push(job);
  steps.push(...stepsIn(job, nodeAt(runs.value, "steps")));
  return workflow;
}

function stepsIn(job: Job, list: YamlNode | undefined): readonly Step[] {
  return itemsOf(list).flatMap((node): Step[] => {
    if (node.kind !== "map") return [];
    const run = scalarOf(nodeAt(node, "run"));
    return [
      {
        job,
        node,
        id: scalarOf(nodeAt(node, "id"))?.text,
        name: `a step of ${job.name}`,
        action: actionIn(node),
        run: run && !isNull(run) ? run : undefined,
        env: nodeAt(node, "env"),
        isConditional: nodeAt(node, "if") !== undefined,
      },
    ];
  });
}

function actionIn(node: YamlNode): Action | undefined {
  const at = scalarOf(nodeAt(node, "uses"));
  if (!at || isNull(at)) return undefined;
  const [name = "", ref = ""] = at.text.split("@", 2);
  return { at, name: name.toLowerCase(), ref, inputs: nodeAt(node, "with") };
}

/** An input of an action, whose names GitHub reads without their case. */
export function inputOf({ inputs }: Action, name: string): YamlEntry | undefined {
  if (inputs?.kind !== "map") return undefined;
  return inputs.entries.find(({ key, value }) => key.text.toLowerCase() === name && !isNull(value));
}

/** The text of an input; undefined where it has none, or one that nobody knows. */
export function textOf(entry: YamlEntry | undefined): string | undefined {
  const text = scalarOf(entry?.value)?.text.trim();
  return text === undefined || text.includes("${{") ? undefined : text;
}

/** `${{ NAME }}` and nothing else. */
export function expressionIn(node: YamlNode | undefined): string | undefined {
  return /^\s*\$\{\{\s*([\s\S]*?)\s*\}\}\s*$/.exec(scalarOf(node)?.text ?? "")?.[1];
}

/** The values that a matrix gives one of its names, `include` counted in; undefined where it is worked out at run time. */
export function matrixValues({ node }: Job, name: string): readonly YamlScalar[] | undefined {
  const matrix = nodeAt(node, "strategy", "matrix");
  if (matrix?.kind !== "map") return undefined;
  const own = nodeAt(matrix, name);
  const include = nodeAt(matrix, "include");
  if (own?.kind === "scalar" || include?.kind === "scalar") return undefined;
  return [...itemsOf(own), ...itemsOf(include).map((one) => nodeAt(one, name))].flatMap((one) => scalarOf(one) ?? []);
}

/** The machine that runs the job; undefined where nobody knows which. */
function machinesOf(job: Job): readonly string[] | undefined {
  const written = nodeAt(job.node, "runs-on");
  const scalar = scalarOf(written);
  if (!scalar) return undefined;
  const inMatrix = /^matrix\.([\w-]+)$/.exec(expressionIn(scalar) ?? "")?.[1];
  if (inMatrix === undefined) return [scalar.text];
  return matrixValues(job, inMatrix)?.map(({ text }) => text);
}

/** Whether the job runs on GitHub's own machines, which have no credentials of AWS. */
export function isHosted(job: Job): boolean {
  const machines = machinesOf(job);
  return (
    machines !== undefined && machines.length > 0 && machines.every((one) => /^(?:ubuntu|windows|macos)-/.test(one))
  );
}

/** What runs the script of a step; undefined for what is no shell. */
export function shellOf({ node, job }: Step): ShellName | undefined {
  const named = [node, nodeAt(job.node, "defaults", "run"), nodeAt(job.workflow.defaults, "run")]
    .map((one) => scalarOf(nodeAt(one, "shell"))?.text)
    .find((one) => one !== undefined);
  if (named === undefined) return machinesOf(job)?.every((one) => /^windows-/.test(one)) ? "powershell" : "sh";
  const program = /^\s*(?:[\w./\\-]*[/\\])?(\w+)/.exec(named)?.[1];
  if (program === "pwsh" || program === "powershell") return "powershell";
  return program === "bash" || program === "sh" || program === "zsh" ? "sh" : program === "cmd" ? "cmd" : undefined;
}
