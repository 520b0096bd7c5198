import type { Block } from "../documents/terraform";
import type { CredentialSet } from "../model/credentials";
import { endpointKind } from "./environment";
import type { Known } from "./evaluate";
import { type Fields, fieldsOf, isEmpty, objectsOf, type Within } from "./terraformSettings";

/** The backend's old arguments, one for each service. */
const flat = /^(?:endpoint|sts_endpoint|iam_endpoint|dynamodb_endpoint)$/;

/** Where a block's calls go; one that goes to an emulator makes the block an emulator's. */
export function endpointOf(fields: Fields, blocks: readonly Block[], within: Within): CredentialSet["endpoint"] {
  const kinds = addressesOf(fields, blocks, within)
    .filter((url) => !isEmpty(url))
    .map((url) => (url.kind === "text" ? endpointKind(url.text) : "other"));
  return (
    kinds.find((kind) => kind === "emulator") ?? kinds.find((kind) => kind === "other") ?? kinds[0] ?? within.endpoint
  );
}

function addressesOf(fields: Fields, blocks: readonly Block[], within: Within): readonly Known[] {
  const found: Known[] = [];
  const addAll = (entries: Fields) => found.push(...[...entries.values()].map(({ value }) => value));
  for (const [spelling, { value }] of fields) {
    if (flat.test(spelling)) found.push(value);
    if (spelling !== "endpoints") continue;
    const objects = objectsOf(value);
    if (!objects) found.push(value);
    for (const { entries } of objects ?? []) addAll(entries);
  }
  for (const block of blocks) {
    if (block.type === "endpoints") addAll(fieldsOf(block.body, within));
    // `dynamic "endpoints"` is how modules switch an emulator on and off.
    if (block.type === "dynamic" && block.labels[0]?.text === "endpoints")
      found.push({ kind: "unknown", name: "dynamic" });
  }
  return found;
}
