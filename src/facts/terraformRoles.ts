import type { Block } from "../documents/terraform";
import type { AssumedRole } from "../model/credentials";
import type { Location } from "../model/text";
import { asValue, type Fields, fieldsOf, type Within } from "./terraformSettings";

export function rolesOf(fields: Fields, blocks: readonly Block[], within: Within): readonly AssumedRole[] {
  const operations = { assume_role: "AssumeRole", assume_role_with_web_identity: "AssumeRoleWithWebIdentity" } as const;
  const roles: AssumedRole[] = [];
  const add = (operation: AssumedRole["operation"], inner: Fields, at: Location) => {
    const arn = inner.get("role_arn");
    if (arn && arn.value.kind !== "null") roles.push({ operation, roleArn: asValue(arn.value), at: arn.nameAt });
    else if (!arn) roles.push({ operation, roleArn: { kind: "reference", expression: "unset" }, at });
  };
  for (const block of blocks) {
    if (block.type !== "assume_role" && block.type !== "assume_role_with_web_identity") continue;
    add(operations[block.type], fieldsOf(block.body, within), {
      path: within.document.source.path,
      span: block.typeSpan,
    });
  }
  for (const type of ["assume_role", "assume_role_with_web_identity"] as const) {
    const field = fields.get(type);
    if (field?.value.kind === "object") add(operations[type], field.value.entries, field.nameAt);
  }
  const flat = fields.get("role_arn");
  if (flat) roles.push({ operation: "AssumeRole", roleArn: asValue(flat.value), at: flat.nameAt });
  return roles;
}
