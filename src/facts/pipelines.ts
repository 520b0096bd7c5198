import type { JenkinsfileDocument } from "../documents/jenkinsfile";
import type { ScriptDocument } from "../documents/shell";
import type { YamlDocument } from "../documents/yaml";
import type { CredentialSet } from "../model/credentials";
import {
  type LateCredentials,
  type LongChain,
  lateCredentials,
  longChains,
  type OutdatedAction,
  outdatedActions,
} from "./githubActions";
import { holdingsOf } from "./githubCredentials";
import { type KeyFlaws, keyFlaws } from "./githubKeys";
import { type MissingPermission, missingPermissions } from "./githubPermissions";
import { scriptOf } from "./githubScripts";
import { githubSets } from "./githubSets";
import { type Step, type Workflow, workflowOf } from "./githubWorkflows";
import { gitlabConfiguredKeys, gitlabStaticKeys } from "./gitlabKeys";
import { type IncompleteOidc, incompleteOidc } from "./gitlabOidc";
import { gitlabFile, gitlabPipelines } from "./gitlabPipelines";
import { gitlabScripts, gitlabSets } from "./gitlabSets";
import { otherPipeline } from "./otherPipelines";
import { onceForEach } from "./remembered";
import type { PipelineScript } from "./scripts";
import { type TerraformRun, terraformRuns } from "./terraformRuns";

/** What pipelines do with credentials. */
export interface Pipelines extends KeyFlaws {
  readonly sets: readonly CredentialSet[];
  readonly scripts: readonly PipelineScript[];
  readonly missingPermissions: readonly MissingPermission[];
  readonly outdatedActions: readonly OutdatedAction[];
  readonly longChains: readonly LongChain[];
  readonly lateCredentials: readonly LateCredentials[];
  readonly incompleteOidc: readonly IncompleteOidc[];
  readonly terraformRuns: readonly TerraformRun[];
}

export function pipelinesOf(
  documents: readonly YamlDocument[],
  jenkinsfiles: readonly JenkinsfileDocument[] = [],
): Pipelines {
  const found = documents.flatMap((one) => workflowFacts(one) ?? []);
  const workflows = found.map(({ workflow }) => workflow);
  const ofGitlab = documents.flatMap((one) => (one.dialect === "gitlab-ci" ? (ofGitlabFile(one) ?? []) : []));
  const pipelines = gitlabPipelines(ofGitlab);
  const gitlab = pipelines.flatMap(gitlabSets);
  const scriptsByFile = new Map(ofGitlab.map((file) => [file, scriptsOfGitlab(file)]));
  const configured = pipelines.flatMap((pipeline) =>
    gitlabConfiguredKeys(
      pipeline,
      pipeline.files.flatMap((file) => scriptsByFile.get(file) ?? []),
    ),
  );
  const others = documents.flatMap((one) => (one.dialect === "pipeline" ? [ofOther(one)] : []));
  return {
    sets: [
      ...found.flatMap(({ sets }) => sets.map(({ set }) => set)),
      ...gitlab.map(({ set }) => set),
      ...others.flatMap(({ sets }) => sets),
    ],
    scripts: [
      ...found.flatMap(({ workflow, scripts }) => pipelineScripts(workflow, scripts)),
      ...[...scriptsByFile.values()].flat(),
      ...others.flatMap(({ scripts }) => scripts),
      ...jenkinsfiles.map(({ script }) => ({ script, name: "the pipeline", host: "long-term" as const })),
    ],
    missingPermissions: missingPermissions(workflows),
    staticKeys: [...found.flatMap(({ staticKeys }) => staticKeys), ...gitlabStaticKeys(gitlab), ...configured],
    incompleteOidc: pipelines.flatMap(incompleteOidc),
    terraformRuns: found.flatMap(({ workflow, scripts }) => terraformRuns(workflow, scripts)),
    lostTokens: found.flatMap(({ lostTokens }) => lostTokens),
    shadowedRoles: found.flatMap(({ shadowedRoles }) => shadowedRoles),
    outdatedActions: workflows.flatMap(outdatedActions),
    longChains: workflows.flatMap(longChains),
    lateCredentials: found.flatMap(({ workflow, scripts }) => lateCredentials(workflow, scripts)),
  };
}

const ofGitlabFile = onceForEach(gitlabFile);
const scriptsOfGitlab = onceForEach(gitlabScripts);
const ofOther = onceForEach(otherPipeline);

/** What one workflow says by itself. */
const workflowFacts = onceForEach((document: YamlDocument) => {
  const workflow = workflowOf(document);
  if (!workflow) return undefined;
  const sets = githubSets(workflow);
  const scripts = scriptsOf(workflow);
  return { workflow, sets, scripts, ...keyFlaws(workflow, sets) };
});

function scriptsOf({ jobs }: Workflow): ReadonlyMap<Step, ScriptDocument> {
  const scripts = new Map<Step, ScriptDocument>();
  for (const step of jobs.flatMap(({ steps }) => steps)) {
    const script = scriptOf(step);
    if (script) scripts.set(step, script);
  }
  return scripts;
}

/** Scripts with what they hand on to containers. */
function pipelineScripts(workflow: Workflow, scripts: ReadonlyMap<Step, ScriptDocument>): readonly PipelineScript[] {
  const { jobs, source } = workflow;
  return jobs.flatMap(holdingsOf).flatMap(({ step, before }): readonly PipelineScript[] => {
    const script = scripts.get(step);
    const { start, end } = step.job.entry.span;
    // What a pipeline does not know of its keys is mostly that they come from a store, and are long-term ones.
    const host = before === "temporary" ? before : "long-term";
    return script ? [{ script, name: step.name, around: source.text.slice(start, end), host }] : [];
  });
}
