import { backendArguments, providerArguments } from "../aws/arguments";
import type { Attribute, Block, TerraformDocument } from "../documents/terraform";
import type { CredentialSet, Misnamed, Origin, Setting, SettingName } from "../model/credentials";
import { setId } from "../model/describe";
import type { Span } from "../model/text";
import { type Environment, environmentEndpoint } from "./environment";
import { evaluate, isOverride, type Scope } from "./evaluate";
import { foreignName, meantBy, settingNamed, spellingOf } from "./names";
import { requiredProvidersIn } from "./requiredProviders";
import { endpointOf, endpointsOf } from "./terraformEndpoints";
import { rolesOf } from "./terraformRoles";
import { type Fields, fieldsOf, isEmpty, settingOf, type Within } from "./terraformSettings";

/** The provider blocks, backends and remote states of one module directory, as credential sets. */
export function terraformSets(
  directory: string,
  documents: readonly TerraformDocument[],
  environment: Environment,
  scope: Scope,
): readonly CredentialSet[] {
  const awsNames = localNamesOfAws(documents);
  const sets: CredentialSet[] = [];
  for (const document of documents) {
    const within = { directory, document, scope, endpoint: environmentEndpoint(environment) };
    for (const block of document.body.blocks) {
      const [label] = block.labels;
      if (block.type === "provider" && label && awsNames.has(label.text)) sets.push(providerSet(block, within));
      if (block.type === "terraform") {
        for (const inner of block.body.blocks) {
          if (inner.type === "backend" && inner.labels[0]?.text === "s3") sets.push(backendSet(inner, within));
        }
      }
      if (block.type === "data" && label?.text === "terraform_remote_state") {
        const set = remoteStateSet(block, within);
        if (set) sets.push(set);
      }
    }
  }
  return withOverrides(sets);
}

/**
 * A provider block of an override file is laid over the block it names, argument by argument.
 * https://developer.hashicorp.com/terraform/language/files/override#merging-behavior
 */
function withOverrides(sets: readonly CredentialSet[]): readonly CredentialSet[] {
  const merged = sets.filter((set) => !isOverride(set.at.path));
  for (const over of sets) {
    if (!isOverride(over.at.path)) continue;
    const index = merged.findIndex((base) => setId(base) === setId(over));
    const base = merged[index];
    if (!base) merged.push(over);
    else if (over.origin.kind === "backend") merged[index] = over;
    else {
      merged[index] = {
        ...base,
        settings: { ...base.settings, ...over.settings },
        empty: { ...base.empty, ...over.empty },
        misnamed: [...base.misnamed, ...over.misnamed],
        roles: over.roles.length > 0 ? over.roles : base.roles,
        endpoints: over.endpoints?.length ? over.endpoints : (base.endpoints ?? []),
        endpoint: over.endpoint === "aws" ? base.endpoint : over.endpoint,
      };
    }
  }
  return merged;
}

/** `aws`, and whatever other local names `required_providers` gives to hashicorp/aws. */
export function localNamesOfAws(documents: readonly TerraformDocument[]): ReadonlySet<string> {
  const names = new Set(["aws"]);
  for (const { name, source } of documents.flatMap(requiredProvidersIn)) {
    const address = source?.toLowerCase();
    if (address && /(?:^|\/)hashicorp\/aws$/.test(address)) names.add(name);
    else if (address && name === "aws") names.delete("aws");
  }
  return names;
}

export function providerSet(block: Block, within: Within): CredentialSet {
  const fields = fieldsOf(block.body, within);
  const alias = fields.get("alias")?.value;
  const name = block.labels[0]?.text ?? "aws";
  const origin: Origin =
    alias?.kind === "text"
      ? { kind: "provider", address: `${name}.${alias.text}`, alias: alias.text }
      : { kind: "provider", address: name };
  return credentialSet(
    origin,
    block.labels[0]?.span ?? block.typeSpan,
    fields,
    block.body.blocks,
    providerArguments,
    within,
  );
}

function backendSet(block: Block, within: Within): CredentialSet {
  const fields = fieldsOf(block.body, within);
  const origin: Origin = { kind: "backend", type: "s3" };
  return credentialSet(
    origin,
    block.labels[0]?.span ?? block.typeSpan,
    fields,
    block.body.blocks,
    backendArguments,
    within,
  );
}

function remoteStateSet(block: Block, within: Within): CredentialSet | undefined {
  const name = block.labels[1]?.text ?? "";
  const at = block.labels[1]?.span ?? block.typeSpan;
  return configSet(block, { kind: "remote-state", name }, at, within);
}

/** What `backend = "s3"` and `config = { … }` say together. */
export function configSet(block: Block, origin: Origin, at: Span, within: Within): CredentialSet | undefined {
  const { backend, config } = Object.fromEntries(
    block.body.attributes.map((attribute) => [attribute.name, attribute] as const),
  ) as { backend?: Attribute; config?: Attribute };
  if (backend?.value.kind !== "string" || backend.value.text !== "s3" || !config) return undefined;
  const known = evaluate(config.value, within.document, within.scope, {
    path: within.document.source.path,
    span: config.span,
  });
  const fields: Fields = known.kind === "object" ? known.entries : new Map();
  return credentialSet(origin, at, fields, [], backendArguments, within);
}

const pathStyle = /^(?:s3_)?(?:use|force)_path_style$|^skip_s3_checksum$/;

/** Settings of one place as a set, whatever the place is. */
export function credentialSet(
  origin: Origin,
  at: Span,
  fields: Fields,
  blocks: readonly Block[],
  accepted: ReadonlySet<string>,
  within: Within,
): CredentialSet {
  const settings: Partial<Record<SettingName, Setting>> = {};
  const empty: Partial<Record<SettingName, Setting>> = {};
  const misnamed: Misnamed[] = [];
  for (const [spelling, field] of fields) {
    const name = settingNamed(spelling, "terraform");
    if (name) {
      const setting = settingOf(name, spelling, field, within);
      if (isEmpty(field.value)) empty[name] = setting;
      else settings[name] ??= setting;
    } else if (!accepted.has(spelling)) {
      const meant = meantBy(spelling);
      const expected = meant && spellingOf(meant, "terraform");
      if (expected) {
        const misspelt = foreignName(spelling) ? {} : { isMisspelt: true as const };
        misnamed.push({ spelling, expected, ...misspelt, at: field.nameAt, nameAt: field.nameAt });
      }
    }
  }
  const endpoints = endpointsOf(fields, blocks, within);
  return {
    origin,
    at: { path: within.document.source.path, span: at },
    directory: within.directory,
    settings,
    empty,
    misnamed: misnamed.filter((one) => !fields.has(one.expected)),
    roles: rolesOf(fields, blocks, within),
    endpoints,
    isOtherStore: [...fields].some(([name, { value }]) => pathStyle.test(name) && !isEmpty(value)),
    endpoint: endpointOf(endpoints, within),
  };
}
