import type { ScriptDocument } from "../documents/shell";
import type { CredentialSet } from "../model/credentials";
import type { ChangedValue } from "./changedValue";
import { changesIn } from "./changedValues";
import { type DockerRun, dockerRunOf } from "./dockerRun";
import { type DroppedToken, droppedTokenIn } from "./droppedTokens";
import { type Memory, remembered } from "./remembered";
import { type RiskyUse, riskyUsesIn } from "./riskyUses";
import { type PipelineScript, scriptSets } from "./scripts";

/** What one script says by itself. */
export interface ScriptFacts {
  readonly sets: readonly CredentialSet[];
  readonly runs: readonly DockerRun[];
  readonly changedValues: readonly ChangedValue[];
  readonly droppedToken: DroppedToken | undefined;
  readonly riskyUses: readonly RiskyUse[];
}

const known: Memory<ScriptFacts> = new WeakMap();

/** `step` is where a script stands that has no file of its own. */
export function scriptFacts(script: ScriptDocument, step?: PipelineScript): ScriptFacts {
  return remembered(known, [script, step?.name, step?.around], () => factsOf(script, step));
}

function factsOf(script: ScriptDocument, step: PipelineScript | undefined): ScriptFacts {
  const changes = changesIn(script);
  return {
    sets: scriptSets(script, new Set(changes.map((one) => one.assignment)), step?.name),
    runs: script.commands.flatMap((command) => dockerRunOf(command, script.source) ?? []),
    changedValues: changes.map(({ assignment: _, ...change }) => change),
    droppedToken: droppedTokenIn(script, step?.around),
    riskyUses: riskyUsesIn(script),
  };
}
