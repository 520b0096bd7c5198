import { explainUnknown, type Meaning } from "../aws/errors";
import type { Chain } from "../model/chain";
import type { NotAsked, Observation, Verification } from "../model/credentials";
import { describeSet, isNoneFound, subjectOf } from "../model/describe";
import { shellWord } from "../model/shellWord";
import { refusalInWords } from "./refusalWords";
import { roleAsked, roleRefusalWords, roleSentence, unansweredRole } from "./roleWords";
import { sourceRefusalWords } from "./sourceRefusalWords";

/** A verification in words that every surface shows alike. */
export interface Verdict {
  readonly status: "valid" | "rejected" | "unknown";
  /** One line: who it is, or what AWS said. */
  readonly title: string;
  /** What that means here; empty when the title says it all. */
  readonly meaning: string;
  readonly next: readonly string[];
}

/** What a verification means. The ARN in it is whatever AWS sent: surfaces escape it. */
export function verdictOf({ set, chain, region, observation, notAsked }: Verification): Verdict {
  const name = describeSet(set);
  const subject = subjectOf(set);
  if (!observation) {
    const because = notAsked?.because ?? "Nobody was asked.";
    return {
      status: "unknown",
      title: `${subject} was not verified.`,
      meaning: because,
      next: nextFor(chain, notAsked),
    };
  }
  const { answer, clockSkewSeconds, walk } = observation;
  const skew = skewSentence(clockSkewSeconds);
  if (answer.status === "valid") {
    const { account, arn } = answer.identity;
    return {
      status: "valid",
      title: `${subject} is account ${account} as ${arn} in ${region}.`,
      meaning: [roleSentence(chain, walk), skew].filter(Boolean).join(" "),
      next: [],
    };
  }
  const role = roleAsked(observation, chain);
  if (answer.status === "rejected") {
    const { meaning, next } = refused(answer.code, observation, chain);
    const what = observation.noKeys ? " its keys" : role ? ` the role ${role.roleArn}` : "";
    return {
      status: "rejected",
      title: `AWS refused ${name}${what}: ${answer.code}.`,
      meaning: [skew, meaning].filter(Boolean).join(" "),
      next,
    };
  }
  const { meaning, next } = role && walk ? unansweredRole(role, walk, answer.reason) : explainUnknown(answer.reason);
  return { status: "unknown", title: `${subject} could not be verified.`, meaning, next };
}

/** By whom: the place that the keys come from, a role's account, or whoever looked at the keys. */
function refused(code: string, observation: Observation, chain: Chain): Meaning {
  if (observation.noKeys) return sourceRefusalWords(code, chain);
  const role = roleAsked(observation, chain);
  const { walk } = observation;
  return role && walk ? roleRefusalWords(code, role, walk, chain) : refusalInWords(code, observation, chain);
}

function skewSentence(seconds: number | undefined): string {
  if (seconds === undefined || Math.abs(seconds) <= 60) return "";
  const minutes = Math.round(Math.abs(seconds) / 60);
  const amount =
    minutes === 1 ? "a minute" : minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
  return `This machine's clock is ${amount} ${seconds > 0 ? "behind" : "ahead of"} AWS's.`;
}

function nextFor(chain: Chain, notAsked: NotAsked | undefined): string[] {
  if (notAsked?.next) return [...notAsked.next];
  if (notAsked?.kind === "consent-needed") return ["Verify this block by itself and confirm the key, or pass --yes."];
  if (notAsked?.kind === "canary-key") return ["Do not use this key. Ask whoever put it there."];
  if (notAsked?.kind !== "keys-out-of-reach" || isNoneFound(chain)) return [];
  if (chain.profile !== undefined) return [`Run: aws sts get-caller-identity --profile ${shellWord(chain.profile)}`];
  return ["Run in the shell where Terraform runs: aws sts get-caller-identity"];
}
