import type { Block } from "../documents/terraform";
import type { AssumedRole } from "../model/credentials";
import type { Location } from "../model/text";
import type { Field } from "./evaluate";
import { asValue, type Fields, fieldsOf, isEmpty, objectsOf, settingOf, type Within } from "./terraformSettings";

const operations = { assume_role: "AssumeRole", assume_role_with_web_identity: "AssumeRoleWithWebIdentity" } as const;
const types = ["assume_role", "assume_role_with_web_identity"] as const;

/** The roles of a block, as blocks, as an object or, in a backend of old, as an argument of its own. */
export function rolesOf(fields: Fields, blocks: readonly Block[], within: Within): readonly AssumedRole[] {
  const roles: AssumedRole[] = [];
  const { path } = within.document.source;
  const add = (operation: AssumedRole["operation"], inner: Fields, at: Location) => {
    const arn = inner.get("role_arn");
    const file = inner.get("web_identity_token_file");
    const tokenFile =
      file && !isEmpty(file.value)
        ? { tokenFile: settingOf("webIdentityTokenFile", "web_identity_token_file", file, within) }
        : {};
    if (!arn) roles.push({ operation, roleArn: { kind: "reference", expression: "unset" }, ...tokenFile, at });
    else if (arn.value.kind !== "null") roles.push({ ...roleOf(operation, arn, within), ...tokenFile });
  };
  for (const block of blocks) {
    const type = types.find((one) => one === block.type);
    if (type) add(operations[type], fieldsOf(block.body, within), { path, span: block.typeSpan });
    // Whether there is a role depends on a condition, and so does whose.
    if (block.type === "dynamic" && block.labels[0]?.text === "assume_role") {
      add("AssumeRole", new Map(), { path, span: block.typeSpan });
    }
  }
  for (const type of types) {
    const field = fields.get(type);
    if (!field || isEmpty(field.value)) continue;
    const objects = objectsOf(field.value) ?? [{ entries: new Map() }];
    for (const { entries } of objects) add(operations[type], entries, field.nameAt);
  }
  const flat = fields.get("role_arn");
  if (flat) roles.push(roleOf("AssumeRole", flat, within));
  return roles;
}

function roleOf(operation: AssumedRole["operation"], field: Field, within: Within): AssumedRole {
  const arn = isEmpty(field.value) ? {} : { arn: settingOf("roleArn", "role_arn", field, within) };
  return { operation, roleArn: asValue(field.value), ...arn, at: field.nameAt };
}
