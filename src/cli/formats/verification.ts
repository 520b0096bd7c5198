import { createColors } from "picocolors";
import { verdictOf } from "../../explain/verdict";
import type { Probe, Verification } from "../../model/credentials";
import { describeSet, describeSource } from "../../model/describe";
import type { Finding } from "../../model/finding";
import { jsonText, printable } from "../output";
import { type Places, placeOf } from "./json";

/** A verification and what its answer brought to light. */
export interface Answered extends Verification {
  readonly findings: readonly Finding[];
}

/** The `verify` document of the command line's contract. */
export function verificationJson(verifications: readonly Answered[], places: Places): string {
  const results = verifications.map((verification) => {
    const { observation, region, set } = verification;
    const { status, meaning, next } = verdictOf(verification);
    const answer = observation?.answer;
    return {
      block: describeSet(set),
      status,
      ...(answer?.status === "valid" ? answer.identity : {}),
      ...(answer?.status === "rejected" ? { code: answer.code } : {}),
      ...(answer?.status === "unknown" ? { reason: answer.reason } : {}),
      ...(observation ? {} : { reason: verification.notAsked?.kind }),
      meaning,
      region,
      endpoint: observation?.host ?? "",
      ...(observation?.clockSkewSeconds === undefined ? {} : { clockSkewSeconds: observation.clockSkewSeconds }),
      ...(observation?.walk ? { base: observation.walk.base, roles: rolesOf(verification) } : {}),
      ...(observation?.atHome ? { probe: probeOf(observation.atHome) } : {}),
      ...expiryIn(verification),
      source: sourceOf(verification, places),
      next,
      ...findingsIn(verification, places),
    };
  });
  return jsonText({ version: 1, results });
}

/** What the answer brought to light; left out where that is nothing. */
function findingsIn({ findings }: Answered, places: Places) {
  const shown = findings.map(({ rule, severity, message, at }) => {
    const { file, line, column } = placeOf(at, places);
    return { rule, severity, message: printable(message), file, line, column };
  });
  return shown.length > 0 ? { findings: shown } : {};
}

/** Of keys that were fetched, else as recorded beside them. */
function expiryIn({ observation, chain: { winner } }: Verification) {
  const expires = observation?.expires?.toISOString() ?? winner?.expires;
  return expires === undefined ? {} : { expires };
}

/** What a second region said of a key that the first did not know. */
function probeOf({ region, host, answer }: Probe) {
  return {
    region,
    endpoint: host,
    status: answer.status,
    ...(answer.status === "valid" ? { account: answer.identity.account } : {}),
    ...(answer.status === "rejected" ? { code: answer.code } : {}),
    ...(answer.status === "unknown" ? { reason: answer.reason } : {}),
  };
}

/** The chain's roles, each with how it went. */
function rolesOf({ chain: { roles }, observation }: Verification) {
  const assumed = observation?.walk?.assumed ?? 0;
  return roles.map(({ roleArn }, index) => ({
    arn: roleArn,
    status: index < assumed ? "assumed" : index > assumed ? "not-reached" : observation?.answer.status,
    ...(index === assumed && observation?.walk?.refusal ? { refusal: observation.walk.refusal } : {}),
  }));
}

function sourceOf({ chain: { winner, profile } }: Verification, places: Places) {
  const place = winner?.at ? placeOf(winner.at, places) : undefined;
  return {
    kind: winner?.kind ?? "none",
    ...(profile === undefined ? {} : { profile }),
    ...(place ? { file: place.file, line: place.line } : {}),
  };
}

/** What the verdict itself has said. */
const saidAlready: ReadonlySet<string> = new Set(["rejected-credentials", "clock-skewed"]);

export function verificationText(verifications: readonly Answered[], places: Places, color: boolean): string {
  const colors = createColors(color);
  const marks = { valid: colors.green("✓"), rejected: colors.red("✗"), unknown: colors.yellow("?") };
  return verifications
    .map((verification) => {
      const verdict = verdictOf(verification);
      const source = sourceOf(verification, places);
      const { winner } = verification.chain;
      const from = source.file === undefined ? "" : ` (${printable(`${source.file}:${source.line}`)})`;
      const { observation } = verification;
      const hosts = [observation?.host, observation?.atHome?.host].filter((one) => one !== undefined);
      const host = hosts.length > 0 ? ` asked ${hosts.join(" and then ")}` : "";
      return [
        `${marks[verdict.status]} ${printable(verdict.title)}`,
        ...(verdict.meaning ? [`  ${printable(verdict.meaning)}`] : []),
        colors.dim(`  source: ${printable(winner ? describeSource(winner) : "none")}${from}${host}`),
        ...verification.findings
          .filter(({ rule }) => !saidAlready.has(rule))
          .map(({ rule, severity, message }) => `  ${severity}: ${printable(message)} ${colors.dim(`[${rule}]`)}`),
        ...verdict.next.map((step) => `  → ${printable(step)}`),
        "",
      ].join("\n");
    })
    .join("\n");
}
