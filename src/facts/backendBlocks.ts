import { storageArguments } from "../aws/arguments";
import { type Attribute, backendsIn, type TerraformDocument } from "../documents/terraform";
import { droppedArguments } from "./droppedArguments";
import { firstName } from "./expressionNames";
import type { BackendReference, DroppedArgument, ModuleVersions } from "./facts";
import { isReplaced } from "./moduleVersions";

/** What stands in a backend block and cannot stand there. */
export interface BackendFlaws {
  readonly references: readonly BackendReference[];
  readonly dropped: readonly DroppedArgument[];
}

/** The flaws of one directory's S3 backends. */
export function backendFlaws(documents: readonly TerraformDocument[], module: ModuleVersions): BackendFlaws {
  const references: BackendReference[] = [];
  const dropped: DroppedArgument[] = [];
  for (const document of documents) {
    const versions = isReplaced(document, documents) ? { ...module, tool: "Terraform" as const } : module;
    // Given by -backend-config, such a file follows the same rule.
    if (/\.tfbackend$/.test(document.source.path))
      references.push(...referencesIn(document.body.attributes, document, versions));
    for (const backend of backendsIn(document)) {
      if (backend.labels[0]?.text !== "s3") continue;
      references.push(...referencesIn(backend.body.attributes, document, versions));
      dropped.push(...droppedArguments(backend, document, versions));
    }
  }
  return { references, dropped };
}

function referencesIn(
  attributes: readonly Attribute[],
  { source }: TerraformDocument,
  versions: ModuleVersions,
): readonly BackendReference[] {
  const { path } = source;
  return attributes
    .filter(({ name }) => !storageArguments.has(name))
    .flatMap(({ name, value }) => {
      const inner = value.kind === "object" ? value.entries.map((entry) => entry.value) : [value];
      return inner.flatMap((one) => {
        const found = firstName(one);
        if (!found) return [];
        const isEarly = /^(?:(?:var|local|path|terraform)\.|(?!provider::).*\(…\)$)/.test(found.text);
        return [{ versions, argument: name, needs: found.text, isEarly, at: { path, span: found.span } }];
      });
    });
}
