import { backendArguments, providerArguments } from "../aws/arguments";
import type { Attribute, Block, Body, TerraformDocument } from "../documents/terraform";
import type { AssumedRole, CredentialSet, Misnamed, Origin, Setting, SettingName, Value } from "../model/credentials";
import { setId } from "../model/describe";
import type { Location, Span } from "../model/text";
import { type Environment, endpointKind, environmentEndpoint } from "./environment";
import { evaluate, type Field, isOverride, type Known, type Scope } from "./evaluate";
import { keySetting } from "./keySetting";
import { meantBy, settingNamed, spellingOf } from "./names";
import { surroundingsOf } from "./surroundings";

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
        endpoint: over.endpoint === "aws" ? base.endpoint : over.endpoint,
      };
    }
  }
  return merged;
}

interface Within {
  readonly directory: string;
  readonly document: TerraformDocument;
  readonly scope: Scope;
  /** Where calls go unless the block says otherwise. */
  readonly endpoint: CredentialSet["endpoint"];
}

/** `aws`, and whatever other local names `required_providers` gives to hashicorp/aws. */
export function localNamesOfAws(documents: readonly TerraformDocument[]): ReadonlySet<string> {
  const names = new Set(["aws"]);
  for (const document of documents) {
    for (const terraform of document.body.blocks) {
      if (terraform.type !== "terraform") continue;
      for (const required of terraform.body.blocks) {
        if (required.type !== "required_providers") continue;
        for (const attribute of required.body.attributes) {
          const source =
            attribute.value.kind === "object" && attribute.value.entries.find((one) => word(one.key) === "source");
          const address = source && source.value.kind === "string" ? source.value.text.toLowerCase() : undefined;
          if (address && /(?:^|\/)hashicorp\/aws$/.test(address)) names.add(attribute.name);
          else if (address && attribute.name === "aws") names.delete("aws");
        }
      }
    }
  }
  return names;
}

const word = (key: { kind: string; text?: string }) => (key.kind === "string" ? key.text : undefined);

/** A block's or an object's settings, whatever the syntax. */
type Fields = ReadonlyMap<string, Field>;

function fieldsOf(body: Body, { document, scope }: Within): Fields {
  const path = document.source.path;
  const fields = new Map<string, Field>();
  for (const attribute of body.attributes) {
    const wholeAt = { path, span: attribute.span };
    fields.set(attribute.name, {
      value: evaluate(attribute.value, document, scope, wholeAt),
      nameAt: { path, span: attribute.nameSpan },
      wholeAt,
    });
  }
  return fields;
}

function providerSet(block: Block, within: Within): CredentialSet {
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
  const { backend, config } = Object.fromEntries(
    block.body.attributes.map((attribute) => [attribute.name, attribute] as const),
  ) as { backend?: Attribute; config?: Attribute };
  if (backend?.value.kind !== "string" || backend.value.text !== "s3" || !config) return undefined;
  const name = block.labels[1]?.text ?? "";
  const at = block.labels[1]?.span ?? block.typeSpan;
  const known = evaluate(config.value, within.document, within.scope, {
    path: within.document.source.path,
    span: config.span,
  });
  const fields: Fields = known.kind === "object" ? known.entries : new Map();
  return credentialSet({ kind: "remote-state", name }, at, fields, [], backendArguments, within);
}

function credentialSet(
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
      const setting = settingOf(name, spelling, field, within.document);
      if (isEmpty(field.value)) empty[name] = setting;
      else settings[name] ??= setting;
    } else if (!accepted.has(spelling)) {
      const meant = meantBy(spelling);
      const expected = meant && spellingOf(meant, "terraform");
      if (expected) misnamed.push({ spelling, expected, at: field.nameAt, nameAt: field.nameAt });
    }
  }
  return {
    origin,
    at: { path: within.document.source.path, span: at },
    directory: within.directory,
    settings,
    empty,
    misnamed: misnamed.filter((one) => !fields.has(one.expected)),
    roles: rolesOf(fields, blocks, within),
    endpoint: endpointOf(fields, blocks, within),
  };
}

function settingOf(name: SettingName, spelling: string, field: Field, document: TerraformDocument): Setting {
  const { value } = field;
  const known = value.kind === "text" || value.kind === "unknown" ? (value.candidates ?? []) : [];
  const candidates = known.filter((one) => one.kind === "text" && one.literal);
  const setting = oneSettingOf(name, spelling, field, document);
  if (candidates.length === 0) return setting;
  const each = candidates.map((one) => oneSettingOf(name, spelling, { ...field, value: one }, document));
  return { ...setting, candidates: each };
}

function oneSettingOf(name: SettingName, spelling: string, field: Field, document: TerraformDocument): Setting {
  const { value, nameAt, wholeAt } = field;
  const literal = value.kind === "text" ? value.literal : undefined;
  const here = surroundingsOf(document.source.text, wholeAt.span, document.syntax);
  const uncertain = name === "profile" && value.kind === "text" ? value.defaultOf : undefined;
  if (value.kind !== "text" || uncertain !== undefined) {
    return {
      name,
      spelling,
      value: uncertain === undefined ? asValue(value) : { kind: "reference", expression: uncertain },
      at: nameAt,
      valueAt: wholeAt,
      nameAt,
      wholeAt,
      surroundings: here,
    };
  }
  const elsewhere = literal !== undefined && !contains(wholeAt, literal);
  const source = literal?.document.source.text ?? "";
  const place: Location = literal ? { path: literal.path, span: literal.span } : nameAt;
  return keySetting({
    name,
    spelling,
    text: value.text,
    raw: literal ? source.slice(literal.span.start, literal.span.end) : value.text,
    at: firstLine(place, source),
    valueAt: place,
    nameAt,
    wholeAt,
    surroundings: here,
    ...(elsewhere ? { usedAt: nameAt } : {}),
  });
}

function isEmpty(value: Known): boolean {
  return value.kind === "null" || (value.kind === "text" && value.text === "");
}

function contains(outer: Location, inner: Location): boolean {
  return outer.path === inner.path && outer.span.start <= inner.span.start && inner.span.end <= outer.span.end;
}

/** A finding covers one line at most: a heredoc is reported at its first. */
function firstLine(at: Location, source: string): Location {
  const lineEnd = source.slice(at.span.start, at.span.end).search(/[\r\n]/);
  return lineEnd < 0
    ? at
    : { path: at.path, span: { start: at.span.start, end: at.span.start + Math.max(1, lineEnd) } };
}

function asValue(known: Known): Value {
  if (known.kind === "text") return { kind: "literal", text: known.text };
  if (known.kind === "list") return { kind: "list", items: known.items.map(asValue) };
  return { kind: "reference", expression: known.kind === "unknown" ? known.name : "an expression" };
}

function rolesOf(fields: Fields, blocks: readonly Block[], within: Within): readonly AssumedRole[] {
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

const endpointArguments = /^(?:endpoint|sts_endpoint|iam_endpoint|dynamodb_endpoint)$/;

function endpointOf(fields: Fields, blocks: readonly Block[], within: Within): CredentialSet["endpoint"] {
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
