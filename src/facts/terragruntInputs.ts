import type { Expression, TerraformDocument } from "../documents/terraform";
import { directoryOf, resolvePath } from "./locations";

/**
 * The variables of a directory's module that Terragrunt sets by `inputs`: from its own directory, from those above,
 * whose files are included, and from where the module is named as `source`.
 * https://terragrunt.gruntwork.io/docs/reference/hcl/attributes/#inputs
 */
export function terragruntInputs(
  files: readonly TerraformDocument[],
  directory: string,
  module: readonly TerraformDocument[],
): readonly string[] {
  return files.filter((file) => reaches(file, directory)).flatMap((file) => namesIn(file) ?? variablesOf(module));
}

function reaches(file: TerraformDocument, directory: string): boolean {
  const own = directoryOf(file.source.path);
  if (own === "" || directory === own || directory.startsWith(`${own}/`)) return true;
  const source = file.body.blocks
    .filter(({ type }) => type === "terraform")
    .flatMap(({ body }) => body.attributes.filter(({ name }) => name === "source"))[0]?.value;
  // A doubled slash divides what is copied from what is run in it.
  return source?.kind === "string" && resolvePath(own, source.text.replace("//", "/")) === directory;
}

/** Undefined where they are worked out from something. */
function namesIn({ body }: TerraformDocument): readonly string[] | undefined {
  const inputs = body.attributes.find(({ name }) => name === "inputs")?.value;
  return inputs ? keysOf(inputs) : [];
}

function keysOf(inputs: Expression): readonly string[] | undefined {
  if (inputs.kind !== "object") return undefined;
  const keys = inputs.entries.map(({ key }) => (key.kind === "string" ? key.text : undefined));
  return keys.every((key) => key !== undefined) ? keys : undefined;
}

const variablesOf = (module: readonly TerraformDocument[]) =>
  module
    .flatMap(({ body }) => body.blocks)
    .flatMap((block) => (block.type === "variable" ? (block.labels[0]?.text ?? []) : []));
