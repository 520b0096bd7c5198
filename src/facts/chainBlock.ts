import { type ArgumentType, conflictingArguments, nestedSchemas, s3BackendSchema } from "../aws/chain";
import { crc32 } from "../aws/digests";
import { type Attribute, type Block, backendsIn, type TerraformDocument } from "../documents/terraform";
import { parseTerraformJson } from "../documents/terraformJson";
import { parseTerraform } from "../documents/terraformParser";
import type { ChainCode, ChainProblem, ChainTarget, Spot } from "../model/chain";
import type { Location } from "../model/text";
import type { ChainFiles } from "./chainFiles";
import type { Written } from "./chainKeys";
import { expressionValue, isConstant, isWord, jsonValue, type RunValue, run } from "./chainValues";
import { resolvePath } from "./locations";
import { localNamesOfAws } from "./terraform";

/** A root module and the machine it runs on. */
export interface ChainContext {
  readonly directory: string;
  readonly home: string;
  /** The Terraform files of that directory, variable files left out. */
  readonly documents: readonly TerraformDocument[];
  /** The variables of the process, all of them: paths may name any. */
  readonly environment: ReadonlyMap<string, string>;
  /** Where a variable stands in the environment as it is laid out; undefined where it is not. */
  readonly variableAt?: (name: string) => Location | undefined;
  readonly files: ChainFiles;
  /** Whether a moment, in milliseconds since 1970, is over. */
  readonly isPast: (moment: number) => boolean;
  /** What an attribute comes to. */
  readonly valueOf: (attribute: Attribute, document: TerraformDocument) => RunValue;
  /**
   * Whether it is known how Terraform is called. Where it is not, -backend-config may give what a backend lacks, and a
   * file that is being typed says nothing about a run.
   */
  readonly isCallKnown: boolean;
  /** Terraform itself reads `login_session` from 1.14.9 on; the provider has brought a reader of its own before. */
  readonly backendsReadLogins: boolean;
}

/** The place of a variable of the process. */
export function variableSpot({ variableAt }: Pick<ChainContext, "variableAt">, name: string): Spot {
  const at = variableAt?.(name);
  return { variable: name, ...(at ? { at } : {}) };
}

/** The first variable of the list that is set to something. */
export function variableIn(context: ChainContext, names: readonly string[]): Written | undefined {
  for (const name of names) {
    const text = context.environment.get(name);
    if (text) return { text, spot: variableSpot(context, name) };
  }
  return undefined;
}

/** The arguments that a block is run with. */
export interface RunBlock {
  readonly target: ChainTarget;
  /** Whose rules hold: the S3 backend's, which a remote state shares, or the provider's. */
  readonly dialect: "backend" | "provider";
  readonly values: ReadonlyMap<string, RunValue>;
  /** The roles of `assume_role`, first hop first. */
  readonly roles: readonly NestedArguments[];
  readonly webIdentity?: NestedArguments;
  /** Arguments are missing that only the command line can give. */
  readonly isPartial?: true;
  /** What Terraform refuses before it looks for credentials, first things first. */
  readonly problems: readonly ChainProblem[];
}

export interface NestedArguments {
  readonly spot: Spot;
  readonly values: ReadonlyMap<string, RunValue>;
}

/** What stops the run before anything is signed. */
export const stop = (code: ChainCode, message: string, spot: Spot = {}): ChainProblem => ({
  code,
  stage: "before-signing",
  message,
  ...spot,
});

/** What AWS will say, foretold. */
export const refusal = (code: ChainCode, message: string, spot: Spot = {}): ChainProblem => ({
  code,
  stage: "at-aws",
  message,
  ...spot,
});

const isOverride = ({ source }: TerraformDocument) => /(?:^|[/_])override\.(?:tf|tofu)(?:\.json)?$/.test(source.path);

/** What stands in the way of reading the module at all. */
function moduleProblems({ documents, isCallKnown }: ChainContext): readonly ChainProblem[] {
  return isCallKnown ? syntaxProblems(documents) : [];
}

export function syntaxProblems(documents: readonly TerraformDocument[]): readonly ChainProblem[] {
  return documents.flatMap(({ source, problems }) =>
    problems.slice(0, 1).map((one) => stop("invalid_hcl", one.message, { at: { path: source.path, span: one.span } })),
  );
}

interface Found {
  readonly block: Block;
  readonly document: TerraformDocument;
}

/** All backends of the module, those of override files last. */
function backendsOf(documents: readonly TerraformDocument[]): readonly Found[] {
  return inOrder(documents).flatMap((document) => backendsIn(document).map((block) => ({ block, document })));
}

function inOrder(documents: readonly TerraformDocument[]): readonly TerraformDocument[] {
  const byPath = [...documents].sort((a, b) => (a.source.path < b.source.path ? -1 : 1));
  return [...byPath.filter((one) => !isOverride(one)), ...byPath.filter(isOverride)];
}

/** How `terraform` was, or will be, called. */
export interface RunArguments {
  /** Each item of -backend-config, and where it was given. */
  readonly backendConfig: readonly Written[];
  /** The command is not `init`, so that only what an earlier `init` saved counts. */
  readonly saved: boolean;
}

/** The S3 backend as `terraform init` would configure it; undefined where the module has none. */
export function backendBlock(context: ChainContext, given: RunArguments): RunBlock | undefined {
  const found = backendsOf(context.documents);
  const last = found.at(-1);
  if (last?.block.labels[0]?.text !== "s3") return undefined;
  const spotOf = ({ block, document }: Found): Spot => ({
    at: { path: document.source.path, span: block.labels[0]?.span ?? block.typeSpan },
  });
  const problems = [...moduleProblems(context)];
  const second = found.filter(({ document }) => !isOverride(document))[1];
  if (second) problems.push(stop("invalid_hcl", "The module has a second backend block.", spotOf(second)));
  const hasOverrides = given.backendConfig.length > 0;
  const base = bodyValues(last, context, hasOverrides, problems);
  const values = new Map(base);
  for (const item of given.backendConfig) applyBackendConfig(item, values, context, problems);
  const target: ChainTarget = { kind: "backend", ...spotOf(last) };
  const settled =
    problems.length === 0 ? withSaved(base, values, context, given, spotOf(last)) : { values, problem: undefined };
  if (settled.problem) problems.push(settled.problem);
  problems.push(...backendProblems(settled.values, context, spotOf(last)));
  const isPartial = !context.isCallKnown && !["bucket", "key"].every((name) => settled.values.has(name));
  return {
    target,
    dialect: "backend",
    ...nestedOf(settled.values),
    ...(isPartial ? { isPartial } : {}),
    problems,
  };
}

function nestedOf(values: ReadonlyMap<string, RunValue>): Pick<RunBlock, "values" | "roles" | "webIdentity"> {
  const role = nested(values.get("assume_role"));
  const web = nested(values.get("assume_role_with_web_identity"));
  return { values, roles: role ? [role] : [], ...(web ? { webIdentity: web } : {}) };
}

const nested = (value: RunValue | undefined): NestedArguments | undefined =>
  value?.kind === "object" ? { spot: value.spot, values: value.entries } : undefined;

function bodyValues(
  { block, document }: Found,
  context: ChainContext,
  hasOverrides: boolean,
  problems: ChainProblem[],
): ReadonlyMap<string, RunValue> {
  const values = new Map<string, RunValue>();
  const { path } = document.source;
  for (const attribute of block.body.attributes) {
    const spot: Spot = { at: { path, span: attribute.nameSpan } };
    const type = s3BackendSchema[attribute.name];
    // With any -backend-config Terraform reads both bodies in part and drops the rest without a word.
    if (!type) {
      if (!hasOverrides) problems.push(stop("invalid_hcl", `${attribute.name} is no argument of it.`, spot));
      continue;
    }
    const value = constantValue(attribute, document, context, type);
    if (typeof value === "string") problems.push(stop("invalid_hcl", value, spot));
    else values.set(attribute.name, value);
  }
  for (const inner of block.body.blocks) {
    if (hasOverrides) continue;
    const spot: Spot = { at: { path, span: inner.typeSpan } };
    problems.push(stop("invalid_hcl", `${inner.type} must be written with an equals sign here.`, spot));
  }
  return values;
}

function constantValue(
  attribute: Attribute,
  document: TerraformDocument,
  context: ChainContext,
  type: ArgumentType,
): RunValue | string {
  if (!isConstant(attribute.value)) return `${attribute.name} uses a name or a function, which no backend may.`;
  const scope = { ...context, variables: new Map(), locals: new Map(), workspace: "default" };
  return converted(run(attribute.value, document, scope), type) ?? `${attribute.name} has the wrong type.`;
}

/** The value as an argument of that type takes it; undefined where Terraform refuses it. */
function converted(value: RunValue, type: ArgumentType | "map"): RunValue | undefined {
  if (value.kind === "null" || value.kind === "unknown") return value;
  switch (type) {
    case "string":
      return isWord(value) ? { ...value, kind: "text" } : undefined;
    case "bool":
      return isWord(value) && /^(?:true|false|1|0)$/.test(value.text)
        ? { ...value, kind: "bool", text: String(/^(?:true|1)$/.test(value.text)) }
        : undefined;
    case "number":
      return isWord(value) && /^-?\d+(?:\.\d+)?$/.test(value.text) ? { ...value, kind: "number" } : undefined;
    case "strings": {
      if (value.kind !== "list") return undefined;
      const items = value.items.map((one) => converted(one, "string"));
      if (items.some((one) => one === undefined)) return undefined;
      return { ...value, items: items.filter((one) => one !== undefined) };
    }
    case "map":
      return value.kind === "object" ? value : undefined;
    default: {
      if (value.kind !== "object") return undefined;
      const entries = new Map<string, RunValue>();
      for (const [name, one] of value.entries) {
        const inner = nestedSchemas[type][name];
        // What the object's type does not know is dropped in the conversion.
        if (!inner) continue;
        const held = converted(one, inner);
        if (!held) return undefined;
        entries.set(name, held);
      }
      return { ...value, entries };
    }
  }
}

function applyBackendConfig(
  { text: item, spot }: Written,
  values: Map<string, RunValue>,
  context: ChainContext,
  problems: ChainProblem[],
): void {
  const equals = item.indexOf("=");
  if (equals < 0) {
    if (item !== "") applyBackendFile(item, spot, values, context, problems);
    return;
  }
  const name = item.slice(0, equals);
  const raw = item.slice(equals + 1);
  const type = s3BackendSchema[name];
  if (!type) {
    problems.push(stop("invalid_hcl", `The backend has no argument ${name}.`, spot));
    return;
  }
  const simple = type === "string" || type === "bool" || type === "number";
  const value = simple ? ({ kind: "text", text: raw, spot } as const) : expressionValue(raw, spot);
  const typed = value && converted(value, type);
  if (typed) values.set(name, typed);
  else problems.push(stop("invalid_hcl", `The value given for ${name} has the wrong type.`, spot));
}

function applyBackendFile(
  item: string,
  given: Spot,
  values: Map<string, RunValue>,
  context: ChainContext,
  problems: ChainProblem[],
): void {
  const path = resolvePath(context.directory, item);
  const fact = context.files.look(path, "text");
  if (!fact) return;
  if (fact.kind !== "text") {
    problems.push(stop("file_not_found", `${item} cannot be read.`, given));
    return;
  }
  const source = { path, text: fact.text };
  const document = item.endsWith(".json") ? parseTerraformJson(source) : parseTerraform(source);
  problems.push(...syntaxProblems([document]));
  for (const { type, typeSpan } of document.body.blocks) {
    problems.push(stop("invalid_hcl", `The backend has no block ${type}.`, { at: { path, span: typeSpan } }));
  }
  for (const attribute of document.body.attributes) {
    const spot: Spot = { at: { path, span: attribute.nameSpan } };
    const type = s3BackendSchema[attribute.name];
    const value = type
      ? constantValue(attribute, document, context, type)
      : `The backend has no argument ${attribute.name}.`;
    if (typeof value === "string") problems.push(stop("invalid_hcl", value, spot));
    else values.set(attribute.name, value);
  }
}

/** What `.terraform` keeps of an earlier init, where that is what counts. */
function withSaved(
  base: ReadonlyMap<string, RunValue>,
  values: ReadonlyMap<string, RunValue>,
  context: ChainContext,
  given: RunArguments,
  spot: Spot,
): { readonly values: ReadonlyMap<string, RunValue>; readonly problem?: ChainProblem | undefined } {
  const folder = context.environment.get("TF_DATA_DIR") || ".terraform";
  const path = resolvePath(context.directory, `${folder}/terraform.tfstate`);
  const fact = context.files.look(path, "text");
  const state = fact?.kind === "text" ? jsonValue(fact.text, path) : undefined;
  const saved = state?.kind === "object" ? state.entries.get("backend") : undefined;
  if (saved?.kind !== "object") {
    if (!given.saved || !fact) return { values };
    return {
      values,
      problem: stop("backend_changed", "The directory was not initialized with terraform init.", spot),
    };
  }
  const type = saved.entries.get("type");
  const hash = saved.entries.get("hash");
  const config = saved.entries.get("config");
  const kept = new Map<string, RunValue>();
  if (config?.kind === "object") {
    for (const [name, value] of config.entries) {
      const schema = s3BackendSchema[name];
      const held = schema && converted(value, schema);
      if (held && held.kind !== "null") kept.set(name, held);
    }
  }
  const isS3 = isWord(type) && type.text === "s3";
  const unchanged = isWord(hash) && Number(hash.text) === blockHash(base);
  const overridden = !given.saved && given.backendConfig.length > 0;
  if (isS3 && ((unchanged && !overridden) || fingerprint(kept) === fingerprint(values))) return { values: kept };
  if (!context.isCallKnown) return { values };
  const message = "The backend's arguments differ from those that the last terraform init saved.";
  return { values, problem: stop("backend_changed", message, spot) };
}

/** The block's arguments as one text, the same for the same arguments, in the form that Terraform hashes. */
function fingerprint(values: ReadonlyMap<string, RunValue>): string {
  const parts = Object.entries(s3BackendSchema).map(([name, type]) => `${hashed(values.get(name), type)};`);
  return `<${parts.join("")}>`;
}

const blockHash = (values: ReadonlyMap<string, RunValue>) => crc32(`<"s3";${fingerprint(values)};>`);

function hashed(value: RunValue | undefined, type: ArgumentType | "map"): string {
  if (!value || value.kind === "null") return "~";
  if (value.kind === "unknown") return "?";
  if (type === "role" || type === "web-identity" || type === "endpoints") {
    const entries = value.kind === "object" ? value.entries : new Map<string, RunValue>();
    const parts = Object.entries(nestedSchemas[type]).map(([name, inner]) => `${hashed(entries.get(name), inner)};`);
    return `<${parts.join("")}>`;
  }
  if (value.kind === "list") {
    const items = [...new Set(value.items.map((one) => hashed(one, "string")))].sort();
    return `[${items.map((one) => `${one};`).join("")}]`;
  }
  if (value.kind === "object") {
    const keys = [...value.entries.keys()].sort();
    return `{${keys.map((key) => `${quoted(key)}:${hashed(value.entries.get(key), "string")};`).join("")}}`;
  }
  if (value.kind === "bool") return value.text === "true" ? "T" : "F";
  return value.kind === "number" ? value.text : quoted(value.text);
}

/** As Go's `%q` writes it. */
const quoted = (text: string) => JSON.stringify(text);

/** What the backend itself refuses, in its order. */
function backendProblems(
  values: ReadonlyMap<string, RunValue>,
  context: ChainContext,
  spot: Spot,
): readonly ChainProblem[] {
  const problems: ChainProblem[] = [];
  const present = (name: string) => {
    const value = values.get(name);
    return value && value.kind !== "null" ? value : undefined;
  };
  for (const name of ["bucket", "key"]) {
    const value = present(name);
    if (!value && context.isCallKnown) problems.push(stop("invalid_hcl", `${name} is missing.`, spot));
    if (!value) continue;
    if (isWord(value) && value.text.trim() === "") {
      problems.push(stop("invalid_value", `${name} is empty.`, value.spot));
    } else if (name === "key" && isWord(value) && /^\/|\/$|\/\//.test(value.text)) {
      problems.push(
        stop("invalid_value", "key must not start or end with a slash, nor hold two in a row.", value.spot),
      );
    }
  }
  const region = present("region");
  const hasRegion = region?.kind === "unknown" || (isWord(region) && region.text !== "");
  if (
    context.isCallKnown &&
    !hasRegion &&
    !context.environment.get("AWS_REGION") &&
    !context.environment.get("AWS_DEFAULT_REGION")
  ) {
    problems.push(stop("missing_region", "Neither region, AWS_REGION nor AWS_DEFAULT_REGION is set.", spot));
  }
  for (const [name, type] of [
    ["assume_role", "AssumeRole"],
    ["assume_role_with_web_identity", "AssumeRoleWithWebIdentity"],
  ] as const) {
    const value = present(name);
    if (value?.kind === "object") problems.push(...roleProblems(value, type));
  }
  for (const [one, other] of conflictingArguments) {
    const second = present(other);
    if (present(one) && second) {
      problems.push(stop("invalid_hcl", `Only one of ${one} and ${other} can be set.`, second.spot));
    }
  }
  const endpoints = present("endpoints");
  for (const [deprecated, name] of deprecatedEndpoints) {
    const inner = endpoints?.kind === "object" ? endpoints.entries.get(name) : undefined;
    const old = present(deprecated);
    if (old && inner && inner.kind !== "null") {
      problems.push(stop("invalid_hcl", `${deprecated} and endpoints.${name} cannot be set together.`, old.spot));
    }
  }
  const retry = present("retry_mode");
  if (isWord(retry) && !/^(?:standard|adaptive)$/.test(retry.text)) {
    problems.push(stop("invalid_value", "retry_mode must be standard or adaptive.", retry.spot));
  }
  return problems;
}

const deprecatedEndpoints: readonly (readonly [string, string])[] = [
  ["dynamodb_endpoint", "dynamodb"],
  ["iam_endpoint", "iam"],
  ["endpoint", "s3"],
  ["sts_endpoint", "sts"],
];

/** https://github.com/hashicorp/terraform/blob/v1.11.4/internal/backend/remote-state/s3/validate.go */
function roleProblems(
  role: Extract<RunValue, { kind: "object" }>,
  type: "AssumeRole" | "AssumeRoleWithWebIdentity",
): readonly ChainProblem[] {
  const problems: ChainProblem[] = [];
  const wrong = (message: string, value: RunValue) => problems.push(stop("invalid_value", message, value.spot));
  const entry = (name: string) => {
    const value = role.entries.get(name);
    return value && value.kind !== "null" ? value : undefined;
  };
  if (type === "AssumeRoleWithWebIdentity") {
    const tokens = ["web_identity_token", "web_identity_token_file"].filter(entry);
    if (tokens.length !== 1) {
      const message = "Exactly one of web_identity_token and web_identity_token_file must be set.";
      problems.push(stop("invalid_hcl", message, role.spot));
    }
  }
  const arn = entry("role_arn");
  if (!arn) problems.push(stop("invalid_hcl", "role_arn is missing.", role.spot));
  for (const [name, inner] of role.entries) {
    if (!isWord(inner)) continue;
    const check = nestedChecks[name];
    const message = check?.(inner.text);
    if (message !== undefined) wrong(`${name} ${message}.`, inner);
  }
  return problems;
}

const nestedChecks: Readonly<Record<string, (text: string) => string | undefined>> = {
  role_arn: (text) => {
    if (text.trim() === "") return "is empty";
    const parts = text.split(":");
    if (parts.length < 6 || parts[0] !== "arn") return "is not an ARN";
    return parts.slice(5).join(":").startsWith("role/") ? undefined : "is not the ARN of a role";
  },
  duration: (text) => {
    const seconds = secondsOf(text);
    if (seconds === undefined) return "is not a duration";
    return seconds < 900 || seconds > 43200 ? "must be between 15 minutes and 12 hours" : undefined;
  },
  external_id: (text) =>
    text.length >= 2 && text.length <= 1224 && /^[\w+=,.@:/-]*$/.test(text) ? undefined : "has the wrong form",
  session_name: sessionName,
  source_identity: sessionName,
  web_identity_token: tokenLength,
  web_identity_token_file: tokenLength,
  policy: (text) => {
    if (text.trim() === "") return "is empty";
    try {
      JSON.parse(text);
      return text.trim().startsWith("{") ? undefined : "is not a JSON object";
    } catch {
      return "is not JSON";
    }
  },
};

function sessionName(text: string): string | undefined {
  return text.length >= 2 && text.length <= 64 && /^[\w+=,.@-]*$/.test(text) ? undefined : "has the wrong form";
}

function tokenLength(text: string): string | undefined {
  return text.length >= 4 && text.length <= 20000 ? undefined : "must have between 4 and 20000 characters";
}

/** A duration as Go reads it, in seconds. */
export function secondsOf(text: string): number | undefined {
  const units: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };
  if (text === "0") return 0;
  if (!/^[+-]?(?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, count = "0", unit = "s"] of text.matchAll(/(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)/g)) {
    total += Number(count) * (units[unit] ?? 0);
  }
  return text.startsWith("-") ? -total : total;
}

/** A `terraform_remote_state` with the S3 backend, whose settings may use names and functions. */
export function remoteStateBlock(context: ChainContext, name: string): RunBlock | undefined {
  const attributes = new Map<string, { attribute: Attribute; document: TerraformDocument }>();
  let spot: Spot | undefined;
  for (const document of inOrder(context.documents)) {
    for (const block of document.body.blocks) {
      const [type, label] = block.labels;
      if (block.type !== "data" || type?.text !== "terraform_remote_state" || label?.text !== name) continue;
      spot ??= { at: { path: document.source.path, span: label.span } };
      for (const attribute of block.body.attributes) attributes.set(attribute.name, { attribute, document });
    }
  }
  if (!spot) return undefined;
  const argument = (wanted: string) => {
    const found = attributes.get(wanted);
    return found && context.valueOf(found.attribute, found.document);
  };
  const type = argument("backend");
  if (!isWord(type) || type.text !== "s3") return undefined;
  const config = argument("config");
  const problems = [...moduleProblems(context)];
  const values = new Map<string, RunValue>();
  if (config?.kind === "object") {
    for (const [key, value] of config.entries) {
      const schema = s3BackendSchema[key];
      const held = schema && converted(value, schema);
      if (held) values.set(key, held);
      else
        problems.push(stop("invalid_hcl", `${key} is no argument of the backend, or of the wrong type.`, value.spot));
    }
  }
  if (!config || config.kind === "object") problems.push(...backendProblems(values, context, spot));
  return { target: { kind: "remote-state", name, ...spot }, dialect: "backend", ...nestedOf(values), problems };
}

/** A provider of which no block says more than this. */
export function providerWith(
  target: ChainTarget,
  given: Readonly<Record<string, string | readonly string[]>> = {},
): RunBlock {
  const asText = (text: string): RunValue => ({ kind: "text", text, spot: {} });
  const values = Object.entries(given).map(([name, value]): [string, RunValue] => [
    name,
    typeof value === "string" ? asText(value) : { kind: "list", items: value.map(asText), spot: {} },
  ]);
  return { target, dialect: "provider", values: new Map(values), roles: [], problems: [] };
}

/** A provider block of hashicorp/aws, by its address: `aws`, `aws.east`; `at` picks one of several that share it. */
export function providerBlock(context: ChainContext, address: string, at?: Location): RunBlock | undefined {
  const names = localNamesOfAws(context.documents);
  const values = new Map<string, RunValue>();
  let roles: NestedArguments[] = [];
  let webIdentity: NestedArguments | undefined;
  let target: ChainTarget | undefined;
  for (const document of inOrder(context.documents)) {
    for (const block of document.body.blocks) {
      const label = block.labels[0];
      if (block.type !== "provider" || !label || !names.has(label.text)) continue;
      const isOther = at && (document.source.path !== at.path || label.span.start !== at.span.start);
      if (isOther && !isOverride(document)) continue;
      const written = block.body.attributes.find((one) => one.name === "alias");
      const alias = written && context.valueOf(written, document);
      const called = isWord(alias) ? `${label.text}.${alias.text}` : label.text;
      if (called !== address) continue;
      const own = new Map<string, RunValue>();
      for (const one of block.body.attributes) own.set(one.name, context.valueOf(one, document));
      target ??= {
        kind: "provider",
        name: called,
        ...(isWord(alias) ? { alias: alias.text } : {}),
        at: { path: document.source.path, span: label.span },
      };
      for (const [name, value] of own) values.set(name, value);
      const blocks = (type: string): NestedArguments[] => [
        ...block.body.blocks
          .filter((one) => one.type === type)
          .map((one) => ({
            spot: { at: { path: document.source.path, span: one.typeSpan } },
            values: new Map(one.body.attributes.map((each) => [each.name, context.valueOf(each, document)])),
          })),
        ...objectsIn(own.get(type)),
      ];
      const endpoints = blocks("endpoints")[0];
      const isSwitched = block.body.blocks.some((one) => one.type === "dynamic" && one.labels[0]?.text === "endpoints");
      if (isSwitched)
        values.set("endpoints", { kind: "unknown", name: "dynamic", spot: target.at ? { at: target.at } : {} });
      else if (endpoints) values.set("endpoints", { kind: "object", entries: endpoints.values, spot: endpoints.spot });
      const ownRoles = blocks("assume_role");
      if (ownRoles.length > 0) roles = ownRoles;
      webIdentity = blocks("assume_role_with_web_identity")[0] ?? webIdentity;
    }
  }
  if (!target) return undefined;
  const problems = moduleProblems(context);
  return { target, dialect: "provider", values, roles, ...(webIdentity ? { webIdentity } : {}), problems };
}

function objectsIn(value: RunValue | undefined): NestedArguments[] {
  if (value?.kind === "list") return value.items.flatMap(objectsIn);
  const one = nested(value);
  return one ? [one] : [];
}

/** Every block of the module that has credentials of its own, in the order of the files. */
export function targetsIn(documents: readonly TerraformDocument[]): readonly Pick<ChainTarget, "kind" | "name">[] {
  const names = localNamesOfAws(documents);
  const targets = new Map<string, Pick<ChainTarget, "kind" | "name">>();
  if (backendsOf(documents).at(-1)?.block.labels[0]?.text === "s3") targets.set("backend", { kind: "backend" });
  for (const document of inOrder(documents)) {
    for (const block of document.body.blocks) {
      const [label, second] = block.labels;
      if (block.type === "provider" && label && names.has(label.text)) {
        const alias = block.body.attributes.find((one) => one.name === "alias")?.value;
        const name = alias?.kind === "string" ? `${label.text}.${alias.text}` : label.text;
        targets.set(`provider ${name}`, { kind: "provider", name });
      }
      if (block.type === "data" && label?.text === "terraform_remote_state" && second) {
        targets.set(`remote-state ${second.text}`, { kind: "remote-state", name: second.text });
      }
    }
  }
  return [...targets.values()];
}
