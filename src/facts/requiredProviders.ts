import type { Block, Expression, TerraformDocument } from "../documents/terraform";

/** An entry of `required_providers`; Terraform 0.12 wrote a version alone. */
export interface RequiredProvider {
  readonly name: string;
  readonly source?: string;
}

export function requiredProvidersIn({ body }: TerraformDocument): readonly RequiredProvider[] {
  return settingsBlocks(body.blocks)
    .flatMap((block) => block.body.blocks.filter((inner) => inner.type === "required_providers"))
    .flatMap((block) => block.body.attributes)
    .map(({ name, value }) => ({ name, ...withSource(value) }));
}

export const settingsBlocks = (blocks: readonly Block[]) => blocks.filter((block) => block.type === "terraform");

function withSource(value: Expression): { readonly source?: string } {
  if (value.kind !== "object") return {};
  const source = value.entries.find(({ key }) => key.kind === "string" && key.text === "source")?.value;
  return source?.kind === "string" ? { source: source.text } : {};
}
