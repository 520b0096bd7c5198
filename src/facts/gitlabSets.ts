import type { ScriptDocument, ShellAssignment, ShellCommand } from "../documents/shell";
import { nodeAt, type YamlNode } from "../documents/yaml";
import { scalarCommands } from "../documents/yamlScripts";
import type { CredentialSet } from "../model/credentials";
import {
  type GitlabFile,
  type GitlabJob,
  type GitlabPipeline,
  scalarsIn,
  valueEntry,
  variableMaps,
} from "./gitlabPipelines";
import { emulatorWords, otherServiceWords } from "./otherServices";
import type { PipelineScript } from "./scripts";
import { endpointOf, variablesSet } from "./variables";
import { entryLine, yamlVariable } from "./yamlVariables";

/** Credentials among the variables of a pipeline or a job. */
export interface GitlabSet {
  readonly set: CredentialSet;
  readonly pipeline: GitlabPipeline;
  readonly file: GitlabFile;
  readonly job: GitlabJob | undefined;
  readonly node: YamlNode;
}

export function gitlabSets(pipeline: GitlabPipeline): readonly GitlabSet[] {
  return pipeline.files.flatMap((file) => {
    const top = nodeAt(file.root, "variables");
    return [
      ...setOf(pipeline, file, undefined, top, []),
      ...file.jobs.flatMap((job) =>
        setOf(
          pipeline,
          file,
          job,
          nodeAt(job.node, "variables"),
          // What another file gives has its places there.
          variableMaps(job, pipeline).filter((one) => isIn(file, one)),
        ),
      ),
    ];
  });
}

const isIn = ({ root }: GitlabFile, node: YamlNode) => root.kind === "map" && contains(root, node, 0);

function contains(inside: YamlNode, node: YamlNode, depth: number): boolean {
  if (inside === node) return true;
  return depth < 3 && inside.kind === "map" && inside.entries.some(({ value }) => contains(value, node, depth + 1));
}

function setOf(
  pipeline: GitlabPipeline,
  file: GitlabFile,
  job: GitlabJob | undefined,
  node: YamlNode | undefined,
  inherited: readonly YamlNode[],
): readonly GitlabSet[] {
  const { source } = file;
  const own = assignmentsIn(file, node);
  if (!node || !own.some(({ name }) => /^AWS_/.test(name))) return [];
  const assignments = [...inherited.flatMap((one) => assignmentsIn(file, one)), ...own];
  const text = pipeline.files.map((one) => one.source.text).join("\n");
  const named = endpointOf(assignments);
  const set = variablesSet({
    of: "pipeline",
    name: job ? `job ${job.name}` : "the pipeline",
    source,
    assignments,
    lineOf: entryLine(source),
    isOpen: /session[_-]?token/i.test(text),
    endpoint:
      named !== "aws" ? named : emulatorWords.test(text) ? "emulator" : otherServiceWords.test(text) ? "other" : "aws",
  });
  return set ? [{ set, pipeline, file, job, node }] : [];
}

function assignmentsIn({ source }: GitlabFile, node: YamlNode | undefined): readonly ShellAssignment[] {
  if (node?.kind !== "map") return [];
  return node.entries.flatMap((entry) => yamlVariable(source, valueEntry(entry), () => undefined) ?? []);
}

/** What the jobs of a file run; a list that several share is read once, in the first. */
export function gitlabScripts(file: GitlabFile): readonly PipelineScript[] {
  const { source, root, jobs } = file;
  const seen = new Set<number>();
  const owners = [
    { name: "the pipeline", node: root, keys: ["before_script", "after_script"] },
    { name: "the pipeline", node: nodeAt(root, "default"), keys: ["before_script", "after_script"] },
    ...jobs.map(({ name, node }) => ({ name: `job ${name}`, node, keys: ["before_script", "script", "after_script"] })),
  ];
  return owners.flatMap(({ name, node, keys }) => {
    const scalars = keys
      .flatMap((key) => nodeAt(node, key) ?? [])
      .flatMap((one) => scalarsIn(one, []))
      .filter(({ span }) => !seen.has(span.start));
    for (const { span } of scalars) seen.add(span.start);
    const commands: ShellCommand[] = [];
    for (const scalar of scalars) {
      const scopes = 1 + Math.max(0, ...commands.map(({ scope }) => scope));
      for (const one of scalarCommands(source, scalar, "sh")) {
        commands.push(one.scope === 0 ? one : { ...one, scope: one.scope + scopes });
      }
    }
    if (commands.length === 0) return [];
    const script: ScriptDocument = { kind: "script", shell: "sh", source, commands, problems: [], suppressions: [] };
    return [{ script, name, host: "long-term" as const }];
  });
}
