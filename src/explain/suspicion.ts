import type { OutputError, TerraformOutput } from "../documents/terraformOutput";
import type { CauseId } from "./causes";

/** How sure a cause is: `certain` says the text itself, `likely` is where to look first. */
export type Likelihood = "certain" | "likely" | "possible";

export interface Suspicion {
  readonly id: CauseId;
  readonly likelihood: Likelihood;
  /** What in the text speaks for it, in our words. */
  readonly evidence?: string;
}

/** An error and what the rest of the output tells. */
export interface Case {
  readonly error: OutputError;
  readonly output: TerraformOutput;
}

/** What judges the errors it knows by their code; undefined for others. */
export type Judge = (one: Case) => readonly Suspicion[] | undefined;

export const certain = (id: CauseId, evidence?: string): Suspicion => suspicion(id, "certain", evidence);
export const likely = (id: CauseId, evidence?: string): Suspicion => suspicion(id, "likely", evidence);
export const possible = (...ids: readonly CauseId[]): readonly Suspicion[] =>
  ids.map((id) => suspicion(id, "possible", undefined));

function suspicion(id: CauseId, likelihood: Likelihood, evidence: string | undefined): Suspicion {
  return { id, likelihood, ...(evidence === undefined ? {} : { evidence }) };
}
