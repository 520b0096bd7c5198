import type { CredentialSet } from "../model/credentials";
import { describeSet } from "../model/describe";
import type { Console } from "./console";
import { printable } from "./output";

/** Says beforehand what a verification does besides asking, a line a step. */
export const announcing =
  (set: CredentialSet, { stderr }: Console) =>
  (steps: readonly string[]): void => {
    for (const step of steps) stderr(`${printable(`${describeSet(set)} ${step}`)}\n`);
  };
