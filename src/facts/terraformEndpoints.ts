import type { Block } from "../documents/terraform";
import type { CredentialSet } from "../model/credentials";
import { endpointKind } from "./environment";
import type { Known } from "./evaluate";
import { type Fields, fieldsOf, isEmpty, type Within } from "./terraformSettings";

const endpointArguments = /^(?:endpoint|sts_endpoint|iam_endpoint|dynamodb_endpoint)$/;

export function endpointOf(fields: Fields, blocks: readonly Block[], within: Within): CredentialSet["endpoint"] {
  const urls: Known[] = [];
  for (const [name, field] of fields) {
    if (endpointArguments.test(name)) urls.push(field.value);
    if (name === "endpoints" && field.value.kind === "object") {
      for (const one of field.value.entries.values()) urls.push(one.value);
    } else if (name === "endpoints") urls.push(field.value);
  }
  for (const block of blocks) {
    if (block.type === "endpoints") for (const one of fieldsOf(block.body, within).values()) urls.push(one.value);
    // `dynamic "endpoints"` is how modules switch an emulator on and off.
    if (block.type === "dynamic" && block.labels[0]?.text === "endpoints")
      urls.push({ kind: "unknown", name: "dynamic" });
  }
  const kinds = urls
    .filter((url) => !isEmpty(url))
    .map((url) => (url.kind === "text" ? endpointKind(url.text) : "other"));
  return (
    kinds.find((kind) => kind === "emulator") ?? kinds.find((kind) => kind === "other") ?? kinds[0] ?? within.endpoint
  );
}
