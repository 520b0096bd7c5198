import { nodeAt, scalarOf } from "../documents/yaml";
import type { Setting } from "../model/credentials";
import type { Location, Piece, SourceFile, TextEdit } from "../model/text";
import { type Configure, configureOf, type Held, holdingsOf } from "./githubCredentials";
import { hasIdToken } from "./githubPermissions";
import type { GithubSet } from "./githubSets";
import type { Job, Step, Workflow } from "./githubWorkflows";
import { oidcForm } from "./oidcForm";
import { otherServiceName } from "./otherServices";
import { keyKind } from "./shapes";
import { linesOf } from "./yamlEdits";

/** Long-term keys where the platform would issue a token for a role. */
export interface StaticKeys {
  readonly platform: "GitHub" | "GitLab";
  /** In words that fit into a sentence. */
  readonly owner: string;
  readonly at: Location;
  readonly isLiteral: boolean;
  readonly repair: readonly TextEdit[];
}

/** Temporary keys that a step hands on without their token. */
export interface LostToken {
  readonly owner: string;
  readonly token: string;
  readonly at: Location;
  readonly repair: readonly TextEdit[];
}

/** Keys that take the place of a role, or get in its way. */
export interface ShadowedRole {
  readonly kind: /** The action gets both, and takes the keys. */
    | "inputs"
    /** The step has keys of its own and the token of the role. */
    | "mixed";
  readonly owner: string;
  readonly at: Location;
  readonly role: Location;
  readonly repair: readonly TextEdit[];
}

export interface KeyFlaws {
  readonly staticKeys: readonly StaticKeys[];
  readonly lostTokens: readonly LostToken[];
  readonly shadowedRoles: readonly ShadowedRole[];
}

export function keyFlaws(workflow: Workflow, sets: readonly GithubSet[]): KeyFlaws {
  const held = new Map(workflow.jobs.flatMap(holdingsOf).map((one) => [one.step, one]));
  const withToken = secretsWithToken(sets);
  const staticKeys: StaticKeys[] = [];
  const lostTokens: LostToken[] = [];
  const shadowedRoles: ShadowedRole[] = [];
  for (const one of sets) {
    const { accessKeyId, secretAccessKey, sessionToken } = one.set.settings;
    if (!accessKeyId || !secretAccessKey || one.set.endpoint !== "aws") continue;
    const before = one.step && held.get(one.step);
    const shadowed = shadowedRole(one, before, held);
    if (shadowed) shadowedRoles.push(shadowed);
    if (sessionToken || one.set.empty.sessionToken || one.set.misnamed.length > 0) continue;
    if (shadowed) continue;
    const isTemporary = withToken.has(referenceOf(secretAccessKey)) || comesFromRole(secretAccessKey, one, before);
    if (isTemporary) lostTokens.push(lostToken(one, secretAccessKey));
    else if (isOwn(one, accessKeyId)) staticKeys.push(...staticKeysOf(one, accessKeyId, secretAccessKey));
  }
  return { staticKeys, lostTokens, shadowedRoles };
}

const referenceOf = ({ value }: Setting) => (value.kind === "reference" ? value.expression : "");
const isSecret = (setting: Setting) => /^\$secrets\./.test(referenceOf(setting));

/** Secrets that stand beside a token somewhere in the file: they hold temporary keys. */
function secretsWithToken(sets: readonly GithubSet[]): ReadonlySet<string> {
  const found = sets.flatMap(({ set: { settings } }) =>
    settings.sessionToken && isSecret(settings.sessionToken) && settings.secretAccessKey
      ? [referenceOf(settings.secretAccessKey)]
      : [],
  );
  return new Set(found.filter((one) => one !== ""));
}

/** Whether a key is the output of a step, here or in a job before, that got it for a role. */
function comesFromRole(secret: Setting, { job, set }: GithubSet, before: Held | undefined): boolean {
  const expression = referenceOf(secret).replace(/^\$/, "");
  const [, step] = /^steps\.([\w-]+)\.outputs\.[\w-]+$/.exec(expression) ?? [];
  if (job && step !== undefined) {
    const source = job.steps.find(({ id }) => id === step);
    // Where that step exports what it got, the token is there already.
    const isThere = set.origin.kind === "variables" && set.origin.of === "pipeline" && exportsRole(source);
    return !isThere && isRole(source);
  }
  const [, from, output] = /^needs\.([\w-]+)\.outputs\.([\w-]+)$/.exec(expression) ?? [];
  if (job && from !== undefined && output !== undefined) {
    const needed = job.workflow.jobs.find(({ id }) => id === from);
    const written = scalarOf(nodeAt(needed?.node, "outputs", output))?.text ?? "";
    const id = /steps\.([\w-]+)\.outputs\./.exec(written)?.[1];
    return isRole(needed?.steps.find((one) => one.id === id));
  }
  const isInput = set.origin.kind === "variables" && set.origin.of === "action";
  return isInput && /^env\.AWS_SECRET_ACCESS_KEY$/.test(expression) && before?.before === "temporary";
}

function isRole(step: Step | undefined): boolean {
  const configure = step && configureOf(step);
  if (configure) return configure.role !== undefined || configure.token !== undefined;
  return /\bsts\s+(?:assume-role|get-session-token)/.test(step?.run?.text ?? "");
}

function exportsRole(step: Step | undefined): boolean {
  const configure = step && configureOf(step);
  return configure ? configure.exports : /GITHUB_ENV/.test(step?.run?.text ?? "");
}

function lostToken({ set, workflow, kind, node }: GithubSet, secret: Setting): LostToken {
  const token = kind === "inputs" ? "aws-session-token" : "AWS_SESSION_TOKEN";
  return {
    owner: set.origin.kind === "variables" ? set.origin.name : "",
    token,
    at: secret.nameAt,
    repair: isWithin(secret, node.span) ? tokenLine(secret, token, workflow.source) : [],
  };
}

const isWithin = ({ nameAt }: Setting, span: Location["span"]) =>
  span.start <= nameAt.span.start && nameAt.span.end <= span.end;

/** A line like that of the secret, with the token's name wherever the secret's stands. */
function tokenLine({ surroundings, valueAt }: Setting, token: string, { path, text }: SourceFile): readonly TextEdit[] {
  const { lineEnd, indent, newline } = surroundings;
  const written = text.slice(valueAt.span.start, valueAt.span.end);
  const value = written
    .replace(/secret([-_])access([-_])key/i, (one, a, b) => sameCase(one, `session${a}token`, b))
    .replace(/secretAccessKey/, "sessionToken");
  if (lineEnd === undefined || value === written) return [];
  const pieces: readonly Piece[] = [newline, indent, `${token}: ${value}`];
  return [{ path, span: { start: lineEnd, end: lineEnd }, pieces }];
}

const sameCase = (like: string, word: string, _: string) => (like === like.toUpperCase() ? word.toUpperCase() : word);

/** Whether the keys are the repository's own; those of a reusable workflow are its callers'. */
function isOwn({ workflow, set }: GithubSet, id: Setting): boolean {
  const { secretAccessKey } = set.settings;
  if (workflow.kind === "action" || !secretAccessKey) return false;
  if (isLiteralKey(id, secretAccessKey)) return true;
  if (!isSecret(secretAccessKey) || !/^\$(?:secrets|vars)\./.test(referenceOf(id) || "$vars.")) return false;
  const name = referenceOf(secretAccessKey).replace("$secrets.", "").toLowerCase();
  if (workflow.isReusable && workflow.declaredSecrets.includes(name)) return false;
  return !otherServiceName.test(referenceOf(secretAccessKey)) && !otherServiceName.test(referenceOf(id));
}

const real = /^(?:long-term-key-id|temporary-key-id)$/;

function isLiteralKey(id: Setting, secret: Setting): boolean {
  return real.test(id.shape?.kind ?? "") && (secret.shape?.kind === "secret-key" || secret.value.kind === "reference");
}

function staticKeysOf(one: GithubSet, id: Setting, secret: Setting): readonly StaticKeys[] {
  // What a level takes over from above is said there.
  if (!isWithin(secret, one.node.span) || keyKind(id) === "temporary-key-id") return [];
  return [
    {
      platform: "GitHub",
      owner: one.set.origin.kind === "variables" ? one.set.origin.name : "",
      at: isLiteralKey(id, secret) ? id.at : id.nameAt,
      isLiteral: isLiteralKey(id, secret),
      repair: oidcForm(one),
    },
  ];
}

function shadowedRole(
  { set, step, job, kind, workflow, node }: GithubSet,
  before: Held | undefined,
  held: ReadonlyMap<Step, Held>,
): ShadowedRole | undefined {
  const { accessKeyId, secretAccessKey, sessionToken } = set.settings;
  if (!step || !job || !accessKeyId || !secretAccessKey) return undefined;
  const locate = (span: Location["span"]): Location => ({ path: workflow.source.path, span });
  const owner = step.name;
  if (kind === "inputs") {
    const { configure } = before ?? {};
    if (configure?.way !== "keys" || !configure.role || !hasIdToken(job) || usesIdToken(job, held)) return undefined;
    const role = locate(configure.role.key.contentSpan);
    return { kind: "inputs", owner, at: accessKeyId.nameAt, role, repair: withoutKeys(configure, workflow.source) };
  }
  if (!isWithin(secretAccessKey, node.span) || sessionToken || set.empty.sessionToken || before?.before !== "temporary")
    return undefined;
  if (!isSecret(secretAccessKey) && secretAccessKey.value.kind !== "secret") return undefined;
  const role = lastRole(job, step, held);
  return role && { kind: "mixed", owner, at: accessKeyId.nameAt, role: locate(role), repair: [] };
}

/** The role that the last step before this one took on. */
function lastRole(job: Job, step: Step, held: ReadonlyMap<Step, Held>) {
  const earlier = job.steps.slice(0, job.steps.indexOf(step)).flatMap((one) => held.get(one)?.configure ?? []);
  return earlier.findLast(({ exports }) => exports)?.role?.key.contentSpan;
}

/** Whether something else in the job may be what the permission is for. */
function usesIdToken(job: Job, held: ReadonlyMap<Step, Held>): boolean {
  return job.steps.some((step) => {
    const { configure } = held.get(step) ?? {};
    if (configure) return configure.way === "oidc";
    const name = step.action?.name ?? "";
    return (
      /auth|sign|attest|provenance|pypi|npm|publish|pages|vault|login|codecov|azure|google|slsa|^\.\//.test(name) ||
      /ACTIONS_ID_TOKEN|npm publish|cosign|provenance|\.sh\b|make\b/.test(step.run?.text ?? "")
    );
  });
}

/** The keys' inputs taken out. */
function withoutKeys({ keyId, secret, token }: Configure, { path, text }: SourceFile): readonly TextEdit[] {
  const spans = [keyId, secret, token].flatMap((entry) => (entry ? [linesOf(text, entry)] : []));
  return spans.some((one) => one === undefined)
    ? []
    : spans.flatMap((span) => (span ? [{ path, span, pieces: [] }] : []));
}
