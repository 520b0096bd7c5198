import { createColors } from "picocolors";
import { verdictOf } from "../../explain/verdict";
import type { Verification } from "../../model/credentials";
import { describeSet } from "../../model/describe";
import { jsonText, printable } from "../output";
import { type Places, placeOf } from "./json";

/** The `verify` document of the command line's contract. */
export function verificationJson(verifications: readonly Verification[], places: Places): string {
  const results = verifications.map((verification) => {
    const { observation, region, resolution } = verification;
    const { status, meaning, next } = verdictOf(verification);
    const answer = observation?.answer;
    return {
      block: describeSet(resolution.of),
      status,
      ...(answer?.status === "valid" ? answer.identity : {}),
      ...(answer?.status === "rejected" ? { code: answer.code } : {}),
      ...(answer?.status === "unknown" ? { reason: answer.reason } : {}),
      ...(observation ? {} : { reason: verification.notAsked?.kind }),
      meaning,
      region,
      endpoint: observation?.host ?? "",
      ...(observation?.clockSkewSeconds === undefined ? {} : { clockSkewSeconds: observation.clockSkewSeconds }),
      ...(resolution.expiration === undefined ? {} : { expires: resolution.expiration }),
      source: sourceOf(verification, places),
      next,
    };
  });
  return jsonText({ version: 1, results });
}

function sourceOf({ resolution: { winner, profile } }: Verification, places: Places) {
  const place = winner?.at ? placeOf(winner.at, places) : undefined;
  return {
    kind: winner?.source ?? "none",
    ...(profile === undefined ? {} : { profile }),
    ...(place ? { file: place.file, line: place.line } : {}),
  };
}

export function verificationText(verifications: readonly Verification[], places: Places, color: boolean): string {
  const colors = createColors(color);
  const marks = { valid: colors.green("✓"), rejected: colors.red("✗"), unknown: colors.yellow("?") };
  return verifications
    .map((verification) => {
      const verdict = verdictOf(verification);
      const source = sourceOf(verification, places);
      const from = source.file === undefined ? source.kind : `${source.file}:${source.line}`;
      const host = verification.observation ? ` asked ${verification.observation.host}` : "";
      return [
        `${marks[verdict.status]} ${printable(verdict.title)}`,
        ...(verdict.meaning ? [`  ${printable(verdict.meaning)}`] : []),
        colors.dim(
          `  source: ${printable(verification.resolution.winner?.title ?? "none")} (${printable(from)})${host}`,
        ),
        ...verdict.next.map((step) => `  → ${printable(step)}`),
        "",
      ].join("\n");
    })
    .join("\n");
}
