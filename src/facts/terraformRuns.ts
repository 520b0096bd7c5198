import type { ScriptDocument, ShellCommand } from "../documents/shell";
import { nodeAt, scalarOf } from "../documents/yaml";
import type { CredentialSet } from "../model/credentials";
import type { Location } from "../model/text";
import { isHosted, type Job, matrixValues, type Step, type Workflow } from "./githubWorkflows";
import { resolvePath } from "./locations";

/** Terraform at work in a directory of the repository, on a machine that has no AWS files. */
export interface TerraformRun {
  readonly job: string;
  readonly directory: string;
  readonly verb: string;
  readonly at: Location;
}

const program = /(?:^|\/)(?:terraform|tofu)$/;
const verbs = /^(?:init|plan|apply|destroy|refresh|import)$/;

/** What may bring AWS files to a machine: a program that writes them, a container, an action of the repository. */
const bringsFiles =
  /\.aws\b|aws[ \t]+configure|aws-profile|AWS_CONFIG_FILE|AWS_SHARED_CREDENTIALS_FILE|aws-vault|granted|assume-role-arn|saml2aws|uses:[ \t]*["']?\.\/|docker[ \t]+run|localstack/i;

export function terraformRuns(workflow: Workflow, scripts: ReadonlyMap<Step, ScriptDocument>): readonly TerraformRun[] {
  const { text } = workflow.source;
  if (workflow.kind !== "workflow") return [];
  return workflow.jobs.flatMap((job) => {
    const { start, end } = job.entry.span;
    const isElsewhere = nodeAt(job.node, "container") !== undefined || bringsFiles.test(text.slice(start, end));
    if (!isHosted(job) || isElsewhere || job.steps.some(({ action }) => action && isUnknown(action.name))) return [];
    return job.steps.flatMap((step) => runsOf(step, scripts.get(step)?.commands ?? []));
  });
}

/** What a step's commands run where, as far as that is written down. */
export function runsOf(step: Step, commands: readonly ShellCommand[]): readonly TerraformRun[] {
  const { job } = step;
  const { path } = job.workflow.source;
  const root = path.lastIndexOf(".github/workflows/");
  if (root < 0) return [];
  return directoriesOf(step).flatMap((from) => runsIn(commands, resolvePath(path.slice(0, root), from), job, path));
}

/** Actions that set up AWS for a job in their own way. */
const isUnknown = (name: string) =>
  /aws|credential|profile/.test(name) && !/\/(?:configure-aws-credentials|amazon-[\w-]+)$/.test(name);

/** Where a step's script begins: of a matrix, every directory it names. */
function directoriesOf({ node, job }: Step): readonly string[] {
  const written = [node, nodeAt(job.node, "defaults", "run"), nodeAt(job.workflow.defaults, "run")]
    .map((one) => scalarOf(nodeAt(one, "working-directory")))
    .find((one) => one !== undefined);
  if (!written) return ["."];
  const [, before = "", name = "", behind = ""] =
    /^([^$]*)\$\{\{\s*matrix\.([\w-]+)\s*\}\}([^$]*)$/.exec(written.text) ?? [];
  const values =
    name === "" ? [written.text] : (matrixValues(job, name) ?? []).map(({ text }) => `${before}${text}${behind}`);
  return values.filter((one) => !one.includes("$"));
}

function runsIn(commands: readonly ShellCommand[], from: string, { name }: Job, path: string): readonly TerraformRun[] {
  const runs: TerraformRun[] = [];
  let directory: string | undefined = from;
  for (const command of commands) {
    const [first, ...rest] = command.words.map(({ text }) => text);
    if (/^(?:cd|pushd|popd)$/.test(command.name)) {
      directory =
        command.scope === 0 && first !== undefined && directory !== undefined
          ? resolvePath(directory, first)
          : undefined;
    }
    if (!program.test(command.name) || directory === undefined || first === undefined) continue;
    const chdir = first.startsWith("-chdir=") ? first.slice("-chdir=".length) : undefined;
    const verb = (chdir === undefined ? first : rest.find((one) => one !== undefined && !one.startsWith("-"))) ?? "";
    const isConfigured = command.words.some(({ pieces }) =>
      pieces.some((one) => one.kind === "text" && /^--?backend/.test(one.text)),
    );
    if (!verbs.test(verb) || (verb === "init" && isConfigured)) continue;
    runs.push({
      job: name,
      directory: chdir === undefined ? directory : resolvePath(directory, chdir),
      verb,
      at: { path, span: command.at },
    });
  }
  return runs;
}

/** A profile that a block names and a pipeline's machine does not have. */
export interface StrandedProfile {
  readonly name: string;
  readonly at: Location;
  readonly run: TerraformRun;
}

/** Profiles written into blocks of a directory in which a pipeline runs Terraform: each at its first run. */
export function strandedProfiles(
  blocks: readonly CredentialSet[],
  runs: readonly TerraformRun[],
): readonly StrandedProfile[] {
  return blocks.flatMap(({ origin, directory, settings, endpoint }): StrandedProfile[] => {
    const { profile, sharedConfigFiles, sharedCredentialsFiles } = settings;
    if (profile?.value.kind !== "literal" || profile.usedAt || endpoint !== "aws") return [];
    if (sharedConfigFiles ?? sharedCredentialsFiles) return [];
    const isBackend = origin.kind === "backend";
    const run = runs.find((one) => one.directory === directory && (!isBackend || one.verb === "init"));
    const isNeeded = run && (isBackend || runs.some((one) => one.directory === directory && one.verb !== "init"));
    return run && isNeeded ? [{ name: profile.value.text, at: profile.at, run }] : [];
  });
}
