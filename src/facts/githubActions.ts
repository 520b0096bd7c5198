import type { ScriptDocument, ShellCommand } from "../documents/shell";
import { scalarOf } from "../documents/yaml";
import type { Location, TextEdit } from "../model/text";
import { type Configure, holdingsOf, setsKeys } from "./githubCredentials";
import { type Action, inputOf, type Step, textOf, type Workflow } from "./githubWorkflows";
import { endOfLine } from "./lineForms";
import { currentMajor } from "./oidcForm";
import { runsOf } from "./terraformRuns";

/** A major of aws-actions/configure-aws-credentials whose runtime GitHub has taken away. */
export interface OutdatedAction {
  readonly major: number;
  readonly runtime: string;
  readonly at: Location;
  readonly repair: readonly TextEdit[];
}

/** Those that were made for Node.js 12 and 16. https://github.com/aws-actions/configure-aws-credentials/blob/main/CHANGELOG.md */
const runtimes: readonly string[] = ["", "12 or 16", "16", "16"];

export function outdatedActions({ source, jobs }: Workflow): readonly OutdatedAction[] {
  const { path, text } = source;
  return jobs
    .flatMap(({ steps }) => steps)
    .flatMap(({ action }) => {
      if (action?.name !== "aws-actions/configure-aws-credentials") return [];
      const { start, end } = refSpan(action);
      const major = majorOf(action, text);
      const runtime = major === undefined ? undefined : runtimes[major];
      if (!runtime || major === undefined) return [];
      const span = { start, end };
      const isTag = /^v\d/.test(action.ref);
      const repair = isTag ? [{ path, span, pieces: [`v${currentMajor}`] }] : [];
      return [{ major, runtime, at: { path, span }, repair }];
    });
}

function refSpan({ at, ref }: Action) {
  return { start: Math.max(at.contentSpan.start, at.contentSpan.end - ref.length), end: at.contentSpan.end };
}

/** The major of a tag, or the one that the comment beside a commit names. */
function majorOf({ ref, at }: Action, text: string): number | undefined {
  const comment = text.slice(at.span.end, endOfLine(text, at.span.end));
  const named = /^[0-9a-f]{40}$/.test(ref) ? /^\s*#\s*(?:tag[=:]\s*)?(v\d.*)$/.exec(comment)?.[1] : ref;
  const major = /^v(\d+)(?:[.-]|\s|$)/.exec(named ?? "")?.[1];
  return major === undefined ? undefined : Number(major);
}

/** More time than AWS grants to a role that another role takes on. */
export interface LongChain {
  readonly seconds: number;
  readonly at: Location;
  readonly repair: readonly TextEdit[];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining */
const chainLimit = 3600;

export function longChains({ source, jobs }: Workflow): readonly LongChain[] {
  return jobs.flatMap(holdingsOf).flatMap(({ configure }) => {
    if (configure?.way !== "chain") return [];
    const entry = inputOf(configure.action, "role-duration-seconds");
    const seconds = Number(textOf(entry));
    const span = scalarOf(entry?.value)?.contentSpan;
    if (!span || !Number.isInteger(seconds) || seconds <= chainLimit) return [];
    const at = { path: source.path, span };
    return [{ seconds, at, repair: [{ ...at, pieces: [String(chainLimit)] }] }];
  });
}

/** Terraform at work before the step that gets the credentials: the commands of one job that may need them. */
export interface LateCredentials {
  readonly commands: readonly EarlyCommand[];
  readonly credentials: Location;
}

export interface EarlyCommand {
  readonly command: string;
  readonly at: Location;
  /** Where `init` asks AWS only for the backend of this directory; undefined for what asks AWS in any case. */
  readonly backendOf?: string;
}

/** Commands that ask AWS, whatever the backend is. */
const asking = /^(?:plan|apply|destroy|refresh|import)$/;
const terraform = /(?:^|\/)(?:terraform|tofu|terragrunt)$/;

/** Other clouds, runs that take place elsewhere, and keys that come as Terraform's variables. */
const otherWay =
  /azure\/login|google-github-actions|ARM_CLIENT_ID|GOOGLE_CREDENTIALS|cli_config_credentials|TF_API_TOKEN|TF_TOKEN_|TF_CLOUD|TF_VAR_\w*(?:access|secret)|-var[= ]+["']?\w*(?:access|secret)/i;

/** `scripts` are those of the steps. */
export function lateCredentials(
  workflow: Workflow,
  scripts: ReadonlyMap<Step, ScriptDocument>,
): readonly LateCredentials[] {
  const { path } = workflow.source;
  return workflow.jobs.flatMap((job) => {
    const held = holdingsOf(job);
    const first = held.findIndex(({ configure }) => configure?.exports === true && bringsAll(configure));
    const configure = held[first]?.configure;
    const { start, end } = job.entry.span;
    if (!configure || otherWay.test(workflow.source.text.slice(start, end))) return [];
    const early = held
      .slice(0, first)
      .filter(({ before, step }) => before === "nothing" && !step.isConditional && !setsKeys(step.env))
      .flatMap(({ step }) => earlyCommands(step, scripts.get(step)?.commands ?? [], path));
    const commands = early.sort((a, b) => a.at.span.start - b.at.span.start);
    return commands.length > 0 ? [{ commands, credentials: { path, span: configure.action.at.contentSpan } }] : [];
  });
}

const bringsAll = ({ way }: Configure) => way === "oidc" || way === "keys";

function earlyCommands(step: Step, commands: readonly ShellCommand[], path: string): readonly EarlyCommand[] {
  const surely = commands.flatMap(({ name, words, at }): EarlyCommand[] => {
    const verb = words.find(({ text }) => text !== undefined && !text.startsWith("-"))?.text ?? "";
    const isAsking = terraform.test(name) && asking.test(verb) && words.every(({ text }) => text !== "-help");
    return isAsking ? [{ command: `${name} ${verb}`, at: { path, span: at } }] : [];
  });
  const inits = runsOf(step, commands).filter(({ verb }) => verb === "init");
  return [...surely, ...inits.map(({ directory, at }) => ({ command: "terraform init", at, backendOf: directory }))];
}
