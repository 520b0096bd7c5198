import type { Block } from "../documents/terraform";
import type { AssumedRole } from "../model/credentials";
import type { Location } from "../model/text";
import { asValue, type Fields, fieldsOf, objectsOf, type Within } from "./terraformSettings";

const operations = { assume_role: "AssumeRole", assume_role_with_web_identity: "AssumeRoleWithWebIdentity" } as const;
const types = ["assume_role", "assume_role_with_web_identity"] as const;

/** The roles of a block, as blocks, as an object or, in a backend of old, as an argument of its own. */
export function rolesOf(fields: Fields, blocks: readonly Block[], within: Within): readonly AssumedRole[] {
  const roles: AssumedRole[] = [];
  const { path } = within.document.source;
  const add = (operation: AssumedRole["operation"], inner: Fields, at: Location) => {
    const arn = inner.get("role_arn");
    if (!arn) roles.push({ operation, roleArn: { kind: "reference", expression: "unset" }, at });
    else if (arn.value.kind !== "null") roles.push({ operation, roleArn: asValue(arn.value), at: arn.nameAt });
  };
  for (const block of blocks) {
    const type = types.find((one) => one === block.type);
    if (type) add(operations[type], fieldsOf(block.body, within), { path, span: block.typeSpan });
  }
  for (const type of types) {
    const field = fields.get(type);
    if (!field) continue;
    for (const { entries } of objectsOf(field.value) ?? []) add(operations[type], entries, field.nameAt);
  }
  const flat = fields.get("role_arn");
  if (flat) roles.push({ operation: "AssumeRole", roleArn: asValue(flat.value), at: flat.nameAt });
  return roles;
}
