import { nodeAt, type YamlEntry, type YamlNode } from "../documents/yaml";
import { type Action, inputOf, isHosted, type Job, type Step, textOf } from "./githubWorkflows";

/** A step of aws-actions/configure-aws-credentials, by the way it comes to credentials. */
export interface Configure {
  readonly action: Action;
  readonly way: /** With the token that GitHub issues to the job. */
    | "oidc"
    /** With the keys it is given; `role` says whether it goes on to a role. */
    | "keys"
    /** From the credentials that are there to a role. */
    | "chain"
    /** It depends on what nobody knows, or on the machine. */
    | "other";
  readonly role: YamlEntry | undefined;
  readonly keyId: YamlEntry | undefined;
  readonly secret: YamlEntry | undefined;
  readonly token: YamlEntry | undefined;
  /** Whether later steps get the credentials as variables. */
  readonly exports: boolean;
}

const isConfigure = /^[\w.-]+\/configure-aws-credentials$/;

/** https://github.com/aws-actions/configure-aws-credentials#credential-lifetime and its `src/index.ts` */
export function configureOf({ action }: Step): Configure | undefined {
  if (!action || !isConfigure.test(action.name)) return undefined;
  const [role, keyId, secret, token] = [
    "role-to-assume",
    "aws-access-key-id",
    "aws-secret-access-key",
    "aws-session-token",
  ].map((name) => filled(inputOf(action, name)));
  const exportsThem = inputOf(action, "output-env-credentials");
  return {
    action,
    way: wayOf(action, role, keyId),
    role,
    keyId,
    secret,
    token,
    exports: exportsThem ? isOn(exportsThem) : !inputOf(action, "aws-profile"),
  };
}

const filled = (entry: YamlEntry | undefined) => (textOf(entry) === "" ? undefined : entry);
const isOn = (entry: YamlEntry | undefined) => textOf(entry)?.toLowerCase() === "true";

function wayOf(action: Action, role: YamlEntry | undefined, keyId: YamlEntry | undefined): Configure["way"] {
  const off = (name: string) => {
    const entry = inputOf(action, name);
    return !entry || /^(?:false|)$/i.test(textOf(entry) ?? "unknown");
  };
  if (isOn(inputOf(action, "role-chaining"))) return role ? "chain" : "other";
  const isPlain = ["role-chaining", "force-skip-oidc", "use-existing-credentials", "web-identity-token-file"].every(
    off,
  );
  if (!isPlain) return "other";
  if (keyId) return "keys";
  return role ? "oidc" : "other";
}

/** What a job holds before each of its steps, as far as its own steps tell. */
export interface Held {
  readonly step: Step;
  readonly configure: Configure | undefined;
  readonly before: Holding;
}

/** `unknown` is whatever a step, the machine or a caller may have brought. */
export type Holding = "nothing" | "temporary" | "long-term" | "unknown";

/** Actions by whose names it seems that they bring credentials. */
const bringsCredentials = /aws|amazon|credential|assume|vault|secret|oidc|doppler|1password|akeyless|infisical|env/;

export function holdingsOf(job: Job): readonly Held[] {
  let before = atStart(job);
  return job.steps.map((step) => {
    const held: Held = { step, configure: configureOf(step), before };
    before = after(held);
    return held;
  });
}

function atStart(job: Job): Holding {
  if (job.workflow.kind === "action" || !isHosted(job)) return "unknown";
  return [job.env, job.workflow.env].some(setsKeys) ? "unknown" : "nothing";
}

export function setsKeys(env: YamlNode | undefined): boolean {
  return env?.kind === "unknown" || env?.kind === "scalar" || nodeAt(env, "AWS_ACCESS_KEY_ID") !== undefined;
}

function after({ step, configure, before }: Held): Holding {
  const { action, run, isConditional } = step;
  if (configure) {
    if (!configure.exports) return before;
    if (isConditional || configure.way === "other") return "unknown";
    if (configure.way === "keys" && !configure.role && !configure.token) return "long-term";
    return "temporary";
  }
  if (action && (action.name.startsWith("./") || bringsCredentials.test(action.name))) return "unknown";
  return run && /GITHUB_ENV|::set-env/.test(run.text) && /AWS_|aws/i.test(run.text) ? "unknown" : before;
}
