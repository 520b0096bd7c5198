import type { ShellAssignment } from "../documents/shell";
import { nodeAt, scalarOf, type YamlNode, type YamlScalar } from "../documents/yaml";
import type { CredentialSet } from "../model/credentials";
import { isEmulator } from "./containers";
import { expressionIn, type Job, matrixValues, type Step, type Workflow } from "./githubWorkflows";
import { emulatorWords, otherServiceWords } from "./otherServices";
import { endpointOf, type Variables, variablesSet } from "./variables";
import { entryLine, type Lookup, yamlVariables } from "./yamlVariables";

/** Credentials that a workflow gives to a job or a step, and where. */
export interface GithubSet {
  readonly set: CredentialSet;
  readonly kind: "env" | "inputs";
  readonly workflow: Workflow;
  /** Undefined for what the workflow gives to all its jobs. */
  readonly job: Job | undefined;
  readonly step: Step | undefined;
  /** The map that holds the first of them. */
  readonly node: YamlNode;
}

export function githubSets(workflow: Workflow): readonly GithubSet[] {
  const { env, jobs, source } = workflow;
  const general = yamlVariables(source, env);
  return [
    ...setOf({ workflow, job: undefined, step: undefined, node: env, own: general, inherited: [] }),
    ...jobs.flatMap((job) => {
      const inherited = [...general, ...yamlVariables(source, job.env, lookupIn(job))];
      return [
        ...setOf({
          workflow,
          job,
          step: undefined,
          node: job.env,
          own: inherited.slice(general.length),
          inherited: general,
        }),
        ...containerSets(job, inherited),
        ...job.steps.flatMap((step) => [
          ...setOf({
            workflow,
            job,
            step,
            node: step.env,
            own: yamlVariables(source, step.env, lookupIn(job, step)),
            inherited,
          }),
          ...inputSet(step, inherited),
        ]),
      ];
    }),
  ];
}

interface Level {
  readonly workflow: Workflow;
  readonly job: Job | undefined;
  readonly step: Step | undefined;
  readonly node: YamlNode | undefined;
  readonly own: readonly ShellAssignment[];
  readonly inherited: readonly ShellAssignment[];
}

const isOurs = /^AWS_/;

function setOf({ workflow, job, step, node, own, inherited }: Level): readonly GithubSet[] {
  if (!node || !own.some(({ name }) => isOurs.test(name))) return [];
  const { source } = workflow;
  const assignments = [...inherited, ...own];
  const place: Variables = {
    of: "pipeline",
    name: step?.name ?? job?.name ?? "the workflow",
    source,
    assignments,
    lineOf: entryLine(source),
    isOpen: isOpenIn(workflow),
    endpoint: endpointIn(assignments, step?.node ?? job?.node, job, workflow),
  };
  const set = variablesSet(place);
  return set ? [{ set, kind: "env", workflow, job, step, node }] : [];
}

/** A token that is named anywhere may come by a file of variables. */
const isOpenIn = ({ source }: Workflow) => /session[_-]?token/i.test(source.text);

/** `container: { env }` and those of its services. */
function containerSets(job: Job, inherited: readonly ShellAssignment[]): readonly GithubSet[] {
  const { workflow, node } = job;
  const services = nodeAt(node, "services");
  const containers = [
    nodeAt(node, "container"),
    ...(services?.kind === "map" ? services.entries.map(({ value }) => value) : []),
  ];
  return containers.flatMap((container) => {
    const env = nodeAt(container, "env");
    const own = yamlVariables(workflow.source, env, lookupIn(job));
    return setOf({ workflow, job, step: undefined, node: env, own, inherited });
  });
}

/** What an action gets under the names that AWS's own one has. */
function inputSet(step: Step, inherited: readonly ShellAssignment[]): readonly GithubSet[] {
  const { action, job } = step;
  const { workflow } = job;
  if (!action?.inputs) return [];
  const inputs = yamlVariables(workflow.source, action.inputs, lookupIn(job, step)).map((one) => ({
    ...one,
    name: one.name.toLowerCase().replaceAll("_", "-"),
  }));
  const isAws = /\/configure-aws-credentials$/.test(action.name);
  const set = variablesSet({
    of: "action",
    name: step.name,
    source: workflow.source,
    assignments: inputs,
    lineOf: entryLine(workflow.source),
    isOpen: !isAws,
    spelledAs: "action",
    endpoint: endpointIn([...inherited, ...inputs], step.node, job, workflow),
  });
  return set ? [{ set, kind: "inputs", workflow, job, step, node: action.inputs }] : [];
}

/** Where calls go, by the variables and, where they are silent, by what else is written in the same step or job. */
function endpointIn(
  assignments: readonly ShellAssignment[],
  node: YamlNode | undefined,
  job: Job | undefined,
  { source }: Workflow,
): CredentialSet["endpoint"] {
  const named = endpointOf(assignments);
  if (named !== "aws") return named;
  const services = nodeAt(job?.node, "services");
  const images = services?.kind === "map" ? services.entries.map(({ value }) => value) : [];
  if (images.some((one) => isEmulator((scalarOf(nodeAt(one, "image")) ?? scalarOf(one))?.text))) return "emulator";
  const text = node ? source.text.slice(node.span.start, node.span.end) : source.text;
  if (emulatorWords.test(text)) return "emulator";
  return otherServiceWords.test(text) ? "other" : "aws";
}

/** `${{ env.NAME }}` and `${{ matrix.NAME }}`, where their values are written down. */
function lookupIn(job: Job, step?: Step): Lookup {
  return (value: YamlScalar) => {
    const [, context, name = ""] = /^(env|matrix)\.([\w-]+)$/.exec(expressionIn(value) ?? "") ?? [];
    if (context === "matrix") return matrixValues(job, name)?.find(isLiteral);
    const found = [step?.env, job.env, job.workflow.env].map((one) => scalarOf(nodeAt(one, name))).find((one) => one);
    return context === "env" && found && found !== value && isLiteral(found) ? found : undefined;
  };
}

const isLiteral = ({ text }: YamlScalar) => !text.includes("${{");
