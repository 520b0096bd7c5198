import type { ShellCommand } from "../documents/shell";
import { entryOf, itemsOf, nodeAt, type YamlEntry } from "../documents/yaml";
import type { Setting } from "../model/credentials";
import type { Span, TextEdit } from "../model/text";
import type { StaticKeys } from "./githubKeys";
import { type GitlabPipeline, idTokensOf } from "./gitlabPipelines";
import type { GitlabSet } from "./gitlabSets";
import { endOfLine } from "./lineForms";
import { emulatorWords, otherServiceName, otherServiceWords } from "./otherServices";
import type { PipelineScript } from "./scripts";
import { addFirst, addItemBefore, linesOf } from "./yamlEdits";

/** Keys among a pipeline's variables that come from the project's settings, or are written out. */
export function gitlabStaticKeys(sets: readonly GitlabSet[]): readonly StaticKeys[] {
  return sets.flatMap((one): StaticKeys[] => {
    const { set, node, job, pipeline } = one;
    const { accessKeyId: id, secretAccessKey: secret, sessionToken } = set.settings;
    if (!id || !secret || sessionToken || set.empty.sessionToken || set.isOpen || set.endpoint !== "aws") return [];
    if (secret.nameAt.span.start < node.span.start || secret.nameAt.span.end > node.span.end) return [];
    const isLiteral =
      id.shape?.kind === "long-term-key-id" &&
      (secret.shape?.kind === "secret-key" || secret.value.kind === "reference");
    if (!isLiteral && !(isFromSettings(id, one) && isFromSettings(secret, one))) return [];
    if (job && idTokensOf(job, pipeline).length > 0) return [];
    const owner = set.origin.kind === "variables" ? set.origin.name : "";
    return [
      { platform: "GitLab", owner, at: isLiteral ? id.at : id.nameAt, isLiteral, repair: oidcForm(one, id, secret) },
    ];
  });
}

/** Keys of the settings that a script puts into the AWS files: `aws configure set aws_access_key_id $NAME`. */
export function gitlabConfiguredKeys(
  pipeline: GitlabPipeline,
  scripts: readonly PipelineScript[],
): readonly StaticKeys[] {
  const text = pipeline.files.map(({ source }) => source.text).join("\n");
  if (/session[_-]?token|id_tokens/i.test(text) || emulatorWords.test(text) || otherServiceWords.test(text)) return [];
  return scripts.flatMap(({ script, name }): StaticKeys[] => {
    const [id, secret] = ["aws_access_key_id", "aws_secret_access_key"].map((key) => configured(script.commands, key));
    if (!id || !secret || ![id, secret].every((one) => isUnset(one.variable, pipeline))) return [];
    const at = { path: script.source.path, span: id.at };
    return [{ platform: "GitLab", owner: name, at, isLiteral: false, repair: [] }];
  });
}

function configured(commands: readonly ShellCommand[], key: string) {
  for (const { name, words } of commands) {
    const [verb, set, written, value] = words;
    if (!/(?:^|\/)aws$/.test(name) || verb?.text !== "configure" || set?.text !== "set" || written?.text !== key)
      continue;
    const [piece, ...rest] = value?.pieces ?? [];
    if (piece?.kind === "variable" && rest.length === 0) return { variable: piece.name, at: written.span };
  }
  return undefined;
}

/** `$NAME` of a variable that no file of the pipeline sets. */
function isFromSettings({ value }: Setting, { pipeline }: GitlabSet): boolean {
  const name = value.kind === "reference" ? /^\$([A-Za-z_]\w*)$/.exec(value.expression)?.[1] : undefined;
  return name !== undefined && isUnset(name, pipeline);
}

function isUnset(name: string, pipeline: GitlabPipeline): boolean {
  if (!/^[A-Za-z_]\w*$/.test(name) || otherServiceName.test(name)) return false;
  const set = new RegExp(`(?:^|[^$\\w{])${name}(?:=|[ \\t]*:[ \\t]*[^ \\t$"'])`, "m");
  return !pipeline.files.some(({ source }) => set.test(source.text));
}

/** A token of GitLab's, the file it is written to, and the role, in the place of the keys of a job. */
function oidcForm({ job, node, file: { source } }: GitlabSet, id: Setting, secret: Setting): readonly TextEdit[] {
  const script = job && entryOf(job.node, "script")?.value;
  const [first] = itemsOf(script);
  if (!job || !first || node.kind !== "map" || nodeAt(job.node, "id_tokens")) return [];
  const { path, text } = source;
  const [idEntry, secretEntry] = [id, secret].map((one) => node.entries.find(({ key }) => key.text === one.spelling));
  const [idLines, secretLines] = [idEntry, secretEntry].map((one) => one && linesOf(text, one));
  const asked = addFirst(source, job.node, ["id_tokens:", "  AWS_ID_TOKEN:", "    aud: https://gitlab.com"]);
  const written = addItemBefore(source, first, `echo "$AWS_ID_TOKEN" > "$AWS_WEB_IDENTITY_TOKEN_FILE"`);
  if (!idEntry || !secretEntry || !idLines || !secretLines || asked.length === 0 || written.length === 0) return [];
  return [
    ...asked,
    { path, span: restOfLine(text, idEntry), pieces: ["AWS_ROLE_ARN: arn:aws:iam::<account id>:role/<role name>"] },
    { path, span: restOfLine(text, secretEntry), pieces: ["AWS_WEB_IDENTITY_TOKEN_FILE: /tmp/aws-id-token"] },
    ...written,
  ];
}

/** With the comment behind it, which speaks of the key. */
const restOfLine = (text: string, { span }: YamlEntry): Span => ({ start: span.start, end: endOfLine(text, span.end) });
