import { storageArguments } from "../aws/arguments";
import { type Attribute, type Block, backendsIn, type TerraformDocument } from "../documents/terraform";
import { droppedArguments } from "./droppedArguments";
import { firstName } from "./expressionNames";
import type { BackendReference, DroppedArgument } from "./facts";

/** What stands in a backend block and cannot stand there. */
export interface BackendFlaws {
  readonly references: readonly BackendReference[];
  readonly dropped: readonly DroppedArgument[];
}

/** The flaws of one directory's S3 backends. OpenTofu allows names in a backend and kept the old arguments. */
export function backendFlaws(directory: string, documents: readonly TerraformDocument[]): BackendFlaws {
  const references: BackendReference[] = [];
  const dropped: DroppedArgument[] = [];
  if (documents.some(isOpenTofu)) return { references, dropped };
  for (const document of documents) {
    // Given by -backend-config, such a file follows the same rule.
    if (/\.tfbackend$/.test(document.source.path)) references.push(...referencesIn(document.body.attributes, document));
    for (const backend of backendsIn(document)) {
      if (backend.labels[0]?.text !== "s3") continue;
      references.push(...referencesIn(backend.body.attributes, document));
      dropped.push(...droppedArguments(backend, document, directory));
    }
  }
  return { references, dropped };
}

/** https://opentofu.org/docs/language/state/encryption/ */
function isOpenTofu({ source, body }: TerraformDocument): boolean {
  if (/\.tofu(?:\.json)?$/.test(source.path)) return true;
  const terraform = body.blocks.filter((block) => block.type === "terraform").flatMap((block) => block.body.blocks);
  return terraform.some(
    (block) => block.type === "encryption" || (block.type === "required_providers" && namesOpenTofu(block)),
  );
}

const namesOpenTofu = ({ body }: Block) =>
  body.attributes.some(
    ({ value }) =>
      value.kind === "object" &&
      value.entries.some(
        (entry) => entry.value.kind === "string" && /^registry\.opentofu\.org\//.test(entry.value.text),
      ),
  );

function referencesIn(attributes: readonly Attribute[], { source }: TerraformDocument): readonly BackendReference[] {
  const { path } = source;
  return attributes
    .filter(({ name }) => !storageArguments.has(name))
    .flatMap(({ name, value }) => {
      const inner = value.kind === "object" ? value.entries.map((entry) => entry.value) : [value];
      return inner.flatMap((one) => {
        const found = firstName(one);
        return found ? [{ argument: name, needs: found.text, at: { path, span: found.span } }] : [];
      });
    });
}
