import { createColors } from "picocolors";
import type { DiagnosedStep, Diagnosis } from "../../explain/diagnosis";
import { jsonText, printable } from "../output";
import { type Places, placeOf } from "./json";

/** The `diagnose` document of the command line's contract. */
export function diagnosisJson({ steps, verdict }: Diagnosis, places: Places): string {
  return jsonText({
    version: 1,
    steps: steps.map((step) => ({
      id: step.id,
      title: step.title,
      result: step.result,
      because: printable(step.because),
      findings: step.findings,
      next: step.next.map(printable),
      ...placeIn(step, places),
    })),
    verdict: printable(verdict),
  });
}

function placeIn({ at }: DiagnosedStep, places: Places): { readonly file?: string; readonly line?: number } {
  if (!at) return {};
  const { file, line } = placeOf(at, places);
  return { file, line };
}

export function diagnosisText({ steps, verdict }: Diagnosis, places: Places, color: boolean): string {
  const colors = createColors(color);
  const marks = { passed: colors.green("✓"), failed: colors.red("✗"), skipped: colors.dim("–") };
  const lines = steps.flatMap((step) => {
    const { file, line } = placeIn(step, places);
    const where =
      file === undefined ? "" : colors.dim(`  ${printable(file === "environment" ? file : `${file}:${line}`)}`);
    const because = `    ${printable(step.because)}`;
    return [
      `${marks[step.result]} ${step.title}${where}`,
      step.result === "failed" ? because : colors.dim(because),
      ...(step.result === "failed" ? step.next.map((one) => `    → ${printable(one)}`) : []),
    ];
  });
  return `${[...lines, "", colors.bold(printable(verdict))].join("\n")}\n`;
}
