import type { ScriptDocument, ShellAssignment, ShellCommand, ShellName } from "../documents/shell";
import { itemsOf, nodeAt, scalarOf, type YamlDocument, type YamlNode } from "../documents/yaml";
import { scalarCommands, scalarWord } from "../documents/yamlScripts";
import type { CredentialSet } from "../model/credentials";
import type { SourceFile } from "../model/text";
import { emulatorWords, otherServiceWords } from "./otherServices";
import type { PipelineScript } from "./scripts";
import { endpointOf, variablesSet } from "./variables";
import { entryLine, yamlVariables } from "./yamlVariables";

/** Keys under which CircleCI, Bitbucket, Azure Pipelines, CodeBuild and Atlantis have variables. */
const variableKeys = /^(?:environment|env|variables|inputs)$/;

/** Keys under which they have scripts, and the shell that runs them. */
const scripts: Readonly<Record<string, ShellName>> = {
  run: "sh",
  script: "sh",
  "after-script": "sh",
  command: "sh",
  commands: "sh",
  bash: "sh",
  inlineScript: "sh",
  pwsh: "powershell",
  powershell: "powershell",
};

const name = "the pipeline";

/** What a pipeline of any service sets and runs, by the words that such files share. */
export function otherPipeline({ source, roots }: YamlDocument): {
  readonly sets: readonly CredentialSet[];
  readonly scripts: readonly PipelineScript[];
} {
  const sets: CredentialSet[] = [];
  const found: PipelineScript[] = [];
  const seen = new Set<YamlNode>();
  const visit = (node: YamlNode, depth: number): void => {
    if (depth > 24 || seen.has(node)) return;
    seen.add(node);
    for (const item of itemsOf(node)) visit(item, depth + 1);
    if (node.kind !== "map") return;
    for (const { key, value } of node.entries) {
      const shell = scripts[key.text];
      if (shell) found.push(...scriptIn(source, value, shell));
      if (variableKeys.test(key.text)) sets.push(...setIn(source, value));
      visit(value, depth + 1);
    }
  };
  for (const root of roots) visit(root, 0);
  return { sets, scripts: found };
}

function setIn(source: SourceFile, node: YamlNode): readonly CredentialSet[] {
  const assignments =
    node.kind === "list" ? node.items.flatMap((item) => listed(source, item)) : yamlVariables(source, node);
  const named = endpointOf(assignments);
  const { text } = source;
  const set = variablesSet({
    of: "pipeline",
    name,
    source,
    assignments,
    lineOf: node.kind === "map" ? entryLine(source) : () => undefined,
    isOpen: /session[_-]?token/i.test(text),
    endpoint:
      named !== "aws" ? named : emulatorWords.test(text) ? "emulator" : otherServiceWords.test(text) ? "other" : "aws",
  });
  return set ? [set] : [];
}

/** `- name: NAME` with its `value`, or a map of one name. */
function listed(source: SourceFile, item: YamlNode): readonly ShellAssignment[] {
  const [named, value] = [scalarOf(nodeAt(item, "name")), scalarOf(nodeAt(item, "value"))];
  if (!named || !value) return yamlVariables(source, item);
  const span = { start: named.contentSpan.start, end: Math.max(named.span.end, value.span.end) };
  return [{ name: named.text, nameSpan: named.contentSpan, value: scalarWord(source, value), span }];
}

/** A script, or a list of lines that one shell runs. */
function scriptIn(source: SourceFile, node: YamlNode, shell: ShellName): readonly PipelineScript[] {
  const commands: ShellCommand[] = [];
  for (const scalar of [node, ...itemsOf(node)].flatMap((one) => scalarOf(one) ?? [])) {
    const scopes = 1 + Math.max(0, ...commands.map(({ scope }) => scope));
    for (const one of scalarCommands(source, scalar, shell)) {
      commands.push(one.scope === 0 ? one : { ...one, scope: one.scope + scopes });
    }
  }
  if (commands.length === 0) return [];
  const script: ScriptDocument = { kind: "script", shell, source, commands, problems: [], suppressions: [] };
  return [{ script, name, host: "long-term" }];
}
