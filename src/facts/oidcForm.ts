import { entryOf, nodeAt } from "../documents/yaml";
import type { Piece, Span, TextEdit } from "../model/text";
import { configureOf } from "./githubCredentials";
import { grant, hasIdToken } from "./githubPermissions";
import type { GithubSet } from "./githubSets";
import { endOfLine, newlineAt } from "./lineForms";
import { linesOf } from "./yamlEdits";

/** https://github.com/aws-actions/configure-aws-credentials/releases */
export const currentMajor = 6;

const roleArn = "arn:aws:iam::<account id>:role/<role name>";

/** The keys replaced by a role that GitHub's token opens, and the permission to get that token. */
export function oidcForm(one: GithubSet): readonly TextEdit[] {
  const { job, workflow, kind } = one;
  if (!job || workflow.kind === "action" || workflow.isReusable) return [];
  const permissions = job.permissions ?? workflow.permissions;
  const granted = hasIdToken(job) ? [] : grant(job, permissions);
  const replaced = kind === "inputs" ? inputsReplaced(one) : variablesReplaced(one);
  if (!replaced || (granted.length === 0 && !hasIdToken(job))) return [];
  return [...granted, ...replaced];
}

/** `role-to-assume` in the place of the keys. */
function inputsReplaced({ step, node, workflow: { source } }: GithubSet): readonly TextEdit[] | undefined {
  const configure = step && configureOf(step);
  if (!configure?.keyId || !configure.secret || configure.token) return undefined;
  const { path, text } = source;
  const [first, second] = [linesOf(text, configure.keyId), linesOf(text, configure.secret)];
  if (!first || !second || node.kind !== "map") return undefined;
  const removed = (span: Span): TextEdit => ({ path, span, pieces: [] });
  if (configure.role) return [removed(first), removed(second)];
  const { start } = configure.keyId.key.span;
  const line = { start, end: endOfLine(text, configure.keyId.span.end) };
  return [{ path, span: line, pieces: [`role-to-assume: ${roleArn}`] }, removed(second)];
}

/** A step that takes on the role in the place of variables: before all others, or before the one that has them. */
function variablesReplaced({ job, step, workflow: { source, env }, set }: GithubSet): readonly TextEdit[] | undefined {
  const { path, text } = source;
  const { accessKeyId, secretAccessKey, region } = set.settings;
  const written = entryOf(step?.node ?? job?.node, "env");
  // What is put in above the first line of the job must not fall into what is taken out.
  if (job?.node.kind === "map" && job.node.entries[0] === written) return undefined;
  if (!job || !written || written.value.kind !== "map" || nodeAt(env, "AWS_ACCESS_KEY_ID")) return undefined;
  const keys = written.value.entries.filter(
    ({ key, span }) =>
      (key.text === accessKeyId?.spelling || key.text === secretAccessKey?.spelling) &&
      // What an alias stands for belongs to others too.
      written.span.start <= span.start &&
      span.end <= written.span.end,
  );
  const isEmptied = written.value.entries.length === keys.length;
  const spans = isEmptied ? [linesOf(text, written)] : keys.map((one) => linesOf(text, one));
  const first = (step ?? job.steps[0])?.node;
  if (keys.length !== 2 || !first || spans.some((one) => one === undefined)) return undefined;
  const dash = text.lastIndexOf("-", first.span.start);
  const lineStart = text.lastIndexOf("\n", dash) + 1;
  const indent: Piece = { start: lineStart, end: dash };
  if (!/^[ ]*$/.test(text.slice(lineStart, dash)) || !/^- *$/.test(text.slice(dash, first.span.start)))
    return undefined;
  const newline = newlineAt(text, endOfLine(text, dash));
  const lines: readonly (readonly Piece[])[] = [
    [`- uses: aws-actions/configure-aws-credentials@v${currentMajor}`],
    ["  with:"],
    [`    role-to-assume: ${roleArn}`],
    ["    aws-region: ", region ? region.valueAt.span : "<region>"],
  ];
  const added = { path, span: { start: dash, end: dash }, pieces: lines.flatMap((line) => [...line, newline, indent]) };
  return [...spans.flatMap((span) => (span ? [{ path, span, pieces: [] }] : [])), added];
}
