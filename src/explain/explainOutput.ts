import { type OutputError, parseTerraformOutput, type TerraformOutput } from "../documents/terraformOutput";
import type { Location } from "../model/text";
import { readingStep } from "./beliefs";
import { type CauseId, causes } from "./causes";
import { causeWords } from "./causes/cause";
import { chainEvidence } from "./chainEvidence";
import { unlikelyCauses } from "./counterEvidence";
import { endpointEvidence } from "./endpointEvidence";
import { errorSummary } from "./errorSummary";
import { findingEvidence } from "./findingEvidence";
import type { Evidence, Here } from "./here";
import type { Likelihood, Suspicion } from "./suspicion";
import { suspicionsOf } from "./suspicions";

export { diagnose } from "./diagnosis";
export { explanationPage } from "./explanationPage";

/** One cause of an error, with what speaks for it. */
export interface ExplainedCause {
  readonly id: CauseId;
  readonly title: string;
  readonly likelihood: Likelihood;
  readonly evidence?: string;
  /** Where the evidence stands, in the workspace's files. */
  readonly at?: Location;
}

/** One error of an output, explained; the text itself is not repeated, for it may hold secrets. */
export interface Explanation {
  readonly error: OutputError;
  readonly summary: string;
  /** Where the keys came from, as the log tells it. */
  readonly keysFrom?: string;
  readonly causes: readonly ExplainedCause[];
  readonly next: readonly string[];
}

/** More than this nobody reads. */
const mostCauses = 5;
const mostDoubts = 2;
const mostSteps = 5;

/** The errors about credentials in an output, each with its causes; `here` is what the workspace knows. */
export function explainOutput(text: string, here?: Here): readonly Explanation[] {
  const output = parseTerraformOutput(text);
  return output.errors.map((error) => explain(error, output, here));
}

function explain(error: OutputError, output: TerraformOutput, here: Here | undefined): Explanation {
  const unlikely = here ? unlikelyCauses(error, here) : new Set();
  const all = suspicionsOf({ error, output });
  const isDoubted = ({ id, likelihood }: Suspicion) => likelihood === "possible" && unlikely.has(id);
  const suspicions = [...all.filter((one) => !isDoubted(one)), ...all.filter(isDoubted)];
  const ranked = rank(
    suspicions,
    here ? [...findingEvidence(error, here), ...endpointEvidence(error, here), ...chainEvidence(error, here)] : [],
  );
  const sure = ranked.filter(({ likelihood }) => likelihood === "certain");
  const shown = sure.length > 0 ? ranked.slice(0, sure.length + mostDoubts) : ranked.slice(0, mostCauses);
  return {
    error,
    summary: errorSummary(error),
    ...(output.credentialsSource === undefined ? {} : { keysFrom: sourceInWords(output.credentialsSource) }),
    causes: shown.map((one) => ({ ...one, title: causeWords(causes[one.id], error).title })),
    next: stepsFor(sure.length > 0 ? sure : shown, error),
  };
}

/** The SDK's own name of a source (aws-sdk-go-v2, the `Source` of its credentials), which TF_LOG prints. */
function sourceInWords(source: string): string {
  if (source.startsWith("StaticCredentials")) return "keys in the block";
  if (source.startsWith("EnvConfigCredentials")) return "the environment's keys";
  return source.replace(/^SharedConfigCredentials: /, "").replace(/^SSOProvider$/, "an SSO login");
}

/** The steps of the first causes, the surest cause's all, and what to read about the advice that goes with it. */
function stepsFor(ranked: readonly Ranked[], error: OutputError): readonly string[] {
  const [first, ...others] = ranked.map(({ id }) => causeWords(causes[id], error));
  const steps = [...(first?.next ?? []), ...others.slice(0, 2).flatMap(({ next }) => next.slice(0, 2))];
  const reading = first?.belief === undefined ? [] : [readingStep(first.belief)];
  return [...[...new Set(steps)].slice(0, mostSteps), ...reading];
}

const order: readonly Likelihood[] = ["certain", "likely", "possible"];

type Ranked = Omit<ExplainedCause, "title">;

/** What the files prove comes first, then what the text says; what they only hint at comes last. Each cause once. */
function rank(suspicions: readonly Suspicion[], evidence: readonly Evidence[]): readonly Ranked[] {
  const hints = evidence.filter(({ likelihood }) => likelihood === "possible");
  const proofs = evidence.filter(({ likelihood }) => likelihood !== "possible");
  // Documented keys stand for real ones in many a repository, so they speak last.
  const isStandIn = ({ id }: Evidence) => id === "placeholder-key";
  const all = [...proofs.filter((one) => !isStandIn(one)), ...proofs.filter(isStandIn), ...suspicions, ...hints].sort(
    (a, b) => order.indexOf(a.likelihood) - order.indexOf(b.likelihood),
  );
  return all.filter(({ id }, index) => all.findIndex((one) => one.id === id) === index);
}
