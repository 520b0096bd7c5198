import type { Verification } from "../model/credentials";
import { isNoneFound, subjectOf } from "../model/describe";
import type { Finding } from "../model/finding";
import type { Location } from "../model/text";
import { chainInShort, isStopped } from "./chainWords";
import { type DiagnosisStep, diagnosisSteps } from "./diagnosisSteps";
import type { Here } from "./here";
import { verdictOf } from "./verdict";

export interface DiagnosedStep {
  readonly id: string;
  readonly title: string;
  readonly result: "passed" | "failed" | "skipped";
  readonly because: string;
  /** Where the first reason stands. */
  readonly at?: Location;
  /** Ids of the rules whose findings made it fail. */
  readonly findings: readonly string[];
  readonly next: readonly string[];
}

export interface Diagnosis {
  readonly steps: readonly DiagnosedStep[];
  /** One sentence, and the one thing to do. */
  readonly verdict: string;
}

/** What there is to go by; `verifications` are absent where nobody was asked. */
export interface Examined extends Here {
  readonly verifications?: readonly Verification[];
  readonly remedyOf: (rule: string) => string | undefined;
}

/** The whole way from what is written to what AWS says, every step with its reason. */
export function diagnose(examined: Examined): Diagnosis {
  const steps = [
    ...diagnosisSteps.map((step) => stepOf(step, examined)),
    chainStep(examined),
    clockStep(examined),
    identityStep(examined),
  ];
  return { steps, verdict: verdictFor(steps, examined) };
}

const passed = (id: string, title: string, because: string): DiagnosedStep => ({
  id,
  title,
  result: "passed",
  because,
  findings: [],
  next: [],
});

function stepOf(step: DiagnosisStep, { facts, findings, remedyOf, verifications }: Examined): DiagnosedStep {
  const { id, title, fine, rules } = step;
  if (step.needsAws && !verifications?.some(({ observation }) => observation)) return skipped(id, title, verifications);
  if (step.needs && !step.needs.isThere(facts) && !findings.some(({ rule }) => rules.includes(rule))) {
    return { ...skipped(id, title, undefined), because: step.needs.otherwise };
  }
  const own = findings.filter(({ rule }) => rules.includes(rule));
  const grave = own.filter(({ severity }) => severity === "error" || severity === "warning").sort(bySeverity);
  const [first, ...more] = grave;
  if (!first) {
    const [hint] = own;
    return passed(id, title, hint ? `${fine} To know: ${hint.message}` : fine);
  }
  const others = more.length === 0 ? "" : ` There ${more.length === 1 ? "is one more" : `are ${more.length} more`}.`;
  const remedies = new Set(grave.flatMap(({ rule }) => remedyOf(rule) ?? []));
  return {
    id,
    title,
    result: "failed",
    because: `${first.message}${others}`,
    at: first.at,
    findings: [...new Set(grave.map(({ rule }) => rule))],
    next: [...remedies],
  };
}

const bySeverity = (a: Finding, b: Finding) => Number(b.severity === "error") - Number(a.severity === "error");

/** What Terraform makes of it all, block by block. */
function chainStep({ blocks, chainOf }: Examined): DiagnosedStep {
  const [id, title] = ["chain", "Every block comes to credentials"];
  const chains = blocks.map((set) => ({ set, chain: chainOf(set) }));
  const stopped = chains.find(({ chain }) => isStopped(chain)) ?? chains.find(({ chain }) => isNoneFound(chain));
  if (!stopped)
    return passed(id, title, chains.map(({ set, chain }) => `${subjectOf(set)}: ${chainInShort(chain)}.`).join(" "));
  const { set, chain } = stopped;
  const at = chain.problem?.at ?? set.at;
  const next = isStopped(chain)
    ? []
    : [
        "Name a profile, log in, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; on a machine of AWS's its role is used.",
      ];
  return {
    id,
    title,
    result: "failed",
    because: `${subjectOf(set)}: ${chainInShort(chain)}.`.replace(/\.\.$/, "."),
    at,
    findings: [],
    next,
  };
}

/** More than this many seconds off, and AWS refuses signatures. */
const tooFarOff = 300;

function clockStep({ verifications }: Examined): DiagnosedStep {
  const [id, title] = ["clock", "This machine's clock is right"];
  const skews = (verifications ?? []).flatMap(({ observation }) => observation?.clockSkewSeconds ?? []);
  const [first] = skews;
  if (first === undefined) return skipped(id, title, verifications);
  const most = skews.reduce((worst, one) => (Math.abs(one) > Math.abs(worst) ? one : worst), first);
  if (Math.abs(most) <= tooFarOff)
    return passed(id, title, `It is ${Math.abs(most)} seconds off AWS's, which AWS lets pass.`);
  return {
    id,
    title,
    result: "failed",
    because: `It is ${Math.abs(Math.round(most / 60))} minutes ${most > 0 ? "behind" : "ahead of"} AWS's; more than five and signatures are refused.`,
    findings: [],
    next: ["Set the clock, or switch time synchronization on."],
  };
}

function identityStep({ verifications }: Examined): DiagnosedStep {
  const [id, title] = ["identity", "AWS knows the keys"];
  const told = (verifications ?? []).map((one) => ({ verification: one, verdict: verdictOf(one) }));
  if (told.every(({ verification }) => !verification.observation)) {
    const [first] = told;
    return first
      ? { ...skipped(id, title, verifications), because: first.verdict.meaning }
      : skipped(id, title, verifications);
  }
  const refused = told.find(({ verdict }) => verdict.status === "rejected");
  const shown = refused ?? told.find(({ verdict }) => verdict.status === "unknown") ?? told[0];
  const words = shown ? [shown.verdict.title, shown.verdict.meaning].filter(Boolean).join(" ") : "";
  if (!refused && shown?.verdict.status === "valid") return passed(id, title, words);
  return {
    id,
    title,
    result: refused ? "failed" : "skipped",
    because: words,
    findings: [],
    next: shown?.verdict.next ?? [],
  };
}

function skipped(id: string, title: string, verifications: readonly Verification[] | undefined): DiagnosedStep {
  const because = verifications ? "AWS gave no answer." : "Only AWS can tell: diagnose with --live.";
  return { id, title, result: "skipped", because, findings: [], next: [] };
}

const isSamePlace = (a: Location | undefined, b: Location | undefined) =>
  a !== undefined && a.path === b?.path && a.span.start === b.span.start;

/** What certainly keeps Terraform from working comes before what is only suspicious. */
function verdictFor(steps: readonly DiagnosedStep[], { findings, verifications }: Examined): string {
  const failed = steps.filter(({ result }) => result === "failed");
  const isCertain = ({ findings: rules }: DiagnosedStep) =>
    rules.length === 0 || findings.some(({ rule, severity }) => severity === "error" && rules.includes(rule));
  // Where the chain stops at a place that a finding is about, the finding knows what to do.
  const stop = failed.find(({ id }) => id === "chain")?.at;
  const first =
    failed.find(({ findings: rules, at }) => rules.length > 0 && isSamePlace(at, stop)) ??
    failed.find((step) => step.findings.length > 0 && isCertain(step)) ??
    failed.find(isCertain) ??
    failed[0];
  if (first) return [first.because, first.next[0]].filter(Boolean).join(" ");
  const identity = steps.find(({ id }) => id === "identity");
  if (identity?.result === "passed") return `Nothing is wrong: ${identity.because}`;
  return verifications
    ? `Nothing here explains a refusal. ${identity?.because ?? ""}`.trim()
    : "Nothing here explains a refusal; whether AWS knows the keys, only AWS can tell: diagnose with --live.";
}
