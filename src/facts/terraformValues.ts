import { backendArguments, providerArguments } from "../aws/arguments";
import { type Block, isOfModule, type TerraformDocument } from "../documents/terraform";
import type { CredentialSet } from "../model/credentials";
import type { Environment } from "./environment";
import { environmentEndpoint } from "./environment";
import { evaluate, type Scope } from "./evaluate";
import { directoryOf } from "./locations";
import { credentialSet } from "./terraform";
import { type Fields, fieldsOf, type Within } from "./terraformSettings";

/** Settings for providers and backends that stand outside the blocks: backend configuration, tests, Terragrunt's files. */
export function valueSets(
  document: TerraformDocument,
  environment: Environment,
  scope: Scope,
): readonly CredentialSet[] {
  const { path } = document.source;
  const name = path.slice(path.lastIndexOf("/") + 1);
  const within = { directory: directoryOf(path), document, scope, endpoint: environmentEndpoint(environment) };
  if (isBackendConfiguration(name)) {
    return used(set(name, document.body, { start: 0, end: 0 }, backendArguments, within));
  }
  if (isOfModule(document)) return [];
  return document.body.blocks.flatMap((block) => {
    const [label] = block.labels;
    if (block.type === "provider" && label?.text === "aws" && /\.tftest\.hcl$/.test(name)) {
      return used(set(`provider aws of ${name}`, block.body, label.span, providerArguments, within));
    }
    return block.type === "remote_state" ? used(remoteState(block, name, within)) : [];
  });
}

const isBackendConfiguration = (name: string) =>
  /\.tfbackend$/.test(name) || (/backend/i.test(name) && /\.(?:hcl|conf|config|tfvars)$/i.test(name));

/** Such a file need not be about credentials at all. */
function used(one: CredentialSet | undefined): readonly CredentialSet[] {
  return one && Object.keys(one.settings).length > 0 ? [one] : [];
}

type Place = Pick<Block, "body">["body"];

function set(
  name: string,
  body: Place,
  at: Block["span"],
  accepted: ReadonlySet<string>,
  within: Within,
  fields: Fields = fieldsOf(body, within),
): CredentialSet {
  return credentialSet({ kind: "variables", of: "terraform", name }, at, fields, body.blocks, accepted, within);
}

/** https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/#remote_state */
function remoteState(block: Block, name: string, within: Within): CredentialSet | undefined {
  const { attributes } = block.body;
  const backend = attributes.find((one) => one.name === "backend")?.value;
  const config = attributes.find((one) => one.name === "config");
  if (backend?.kind !== "string" || backend.text !== "s3" || !config) return undefined;
  const at = { path: within.document.source.path, span: config.span };
  const known = evaluate(config.value, within.document, within.scope, at);
  if (known.kind !== "object") return undefined;
  return set(`remote_state of ${name}`, block.body, block.typeSpan, backendArguments, within, known.entries);
}
