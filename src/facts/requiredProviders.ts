import type { Block, Expression, TerraformDocument } from "../documents/terraform";

/** An entry of `required_providers`; Terraform 0.12 wrote a version alone. */
export interface RequiredProvider {
  readonly name: string;
  readonly source?: string;
  readonly version?: Expression;
}

export function requiredProvidersIn({ body }: TerraformDocument): readonly RequiredProvider[] {
  return settingsBlocks(body.blocks)
    .flatMap((block) => block.body.blocks.filter((inner) => inner.type === "required_providers"))
    .flatMap((block) => block.body.attributes)
    .map(({ name, value }) => ({ name, ...described(value) }));
}

export const settingsBlocks = (blocks: readonly Block[]) => blocks.filter((block) => block.type === "terraform");

function described(value: Expression): Omit<RequiredProvider, "name"> {
  if (value.kind === "string") return { version: value };
  if (value.kind !== "object") return {};
  const member = (name: string) => value.entries.find(({ key }) => key.kind === "string" && key.text === name)?.value;
  const source = member("source");
  const version = member("version");
  return { ...(source?.kind === "string" ? { source: source.text } : {}), ...(version ? { version } : {}) };
}

/** https://developer.hashicorp.com/terraform/language/files/dependency-lock */
export const isLockFile = (path: string) => /(?:^|\/)\.terraform\.lock\.hcl$/.test(path);
