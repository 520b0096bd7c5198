import type { Block } from "../documents/terraform";
import type { CredentialSet, Endpoint } from "../model/credentials";
import type { Location } from "../model/text";
import { endpointKind } from "./environment";
import type { Field, Known } from "./evaluate";
import { surroundingsOf } from "./surroundings";
import { asValue, type Fields, fieldsOf, isEmpty, objectsOf, type Within } from "./terraformSettings";

/** The backend's old arguments, one for each service. */
const flat: ReadonlyMap<string, string> = new Map([
  ["endpoint", "s3"],
  ["sts_endpoint", "sts"],
  ["iam_endpoint", "iam"],
  ["dynamodb_endpoint", "dynamodb"],
]);

/** The addresses a block names; what cannot be known counts as one of an unnamed service. */
export function endpointsOf(fields: Fields, blocks: readonly Block[], within: Within): readonly Endpoint[] {
  const { path } = within.document.source;
  const found: Endpoint[] = [];
  const add = (service: string, spelling: string, field: Field, listAt = field.nameAt) => {
    if (!isEmpty(field.value)) found.push(endpointAt(service, spelling, field, listAt, within));
  };
  for (const [spelling, field] of fields) {
    const service = flat.get(spelling);
    if (service !== undefined) add(service, spelling, field);
    if (spelling !== "endpoints") continue;
    const objects = objectsOf(field.value);
    if (!objects) add("", spelling, field);
    for (const object of objects ?? []) for (const [name, one] of object.entries) add(name, name, one, field.nameAt);
  }
  for (const block of blocks) {
    const at = { path, span: block.typeSpan };
    if (block.type === "endpoints") for (const [name, one] of fieldsOf(block.body, within)) add(name, name, one, at);
    // `dynamic "endpoints"` is how modules switch an emulator on and off.
    if (block.type !== "dynamic" || block.labels[0]?.text !== "endpoints") continue;
    const value: Known = { kind: "unknown", name: "dynamic" };
    add("", "endpoints", { value, nameAt: at, wholeAt: { path, span: block.span } });
  }
  return found;
}

function endpointAt(
  service: string,
  spelling: string,
  { value, nameAt, wholeAt }: Field,
  listAt: Location,
  { document }: Within,
): Endpoint {
  const literal = value.kind === "text" ? value.literal : undefined;
  const at: Location = literal ? { path: literal.path, span: literal.span } : nameAt;
  const surroundings = surroundingsOf(document.source.text, wholeAt.span, document.syntax);
  return { service, spelling, url: asValue(value), listAt, at, nameAt, wholeAt, surroundings };
}

/** Where a block's calls go; one that goes to an emulator makes the block an emulator's. */
export function endpointOf(endpoints: readonly Endpoint[], within: Within): CredentialSet["endpoint"] {
  const kinds = endpoints.map(({ url }) => (url.kind === "literal" ? endpointKind(url.text) : "other"));
  return (
    kinds.find((kind) => kind === "emulator") ?? kinds.find((kind) => kind === "other") ?? kinds[0] ?? within.endpoint
  );
}
