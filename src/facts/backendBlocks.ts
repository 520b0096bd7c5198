import { storageArguments } from "../aws/arguments";
import { type Attribute, backendsIn, type TerraformDocument } from "../documents/terraform";
import { droppedArguments } from "./droppedArguments";
import { firstName } from "./expressionNames";
import type { BackendReference, DroppedArgument, ModuleVersions } from "./facts";
import { directoryOf } from "./locations";
import { versionsOf } from "./moduleVersions";
import { type Memory, remembered } from "./remembered";
import type { TerraformFiles } from "./terraformFiles";

/** What stands in a backend block and cannot stand there. */
export interface BackendFlaws {
  readonly references: readonly BackendReference[];
  readonly dropped: readonly DroppedArgument[];
}

/** The flaws of all S3 backends. */
export function backendFlawsOf(
  { modules, replaced, backendConfigs }: TerraformFiles,
  versions: ReadonlyMap<string, ModuleVersions>,
): BackendFlaws {
  const versionsIn = (directory: string) => versions.get(directory) ?? versionsOf([]);
  const found = [
    ...[...modules].map(([directory, documents]) => {
      const own = versionsIn(directory);
      return remembered(moduleFlaws, [...documents, own], () => flawsIn(documents, own));
    }),
    ...[...replaced].map(([directory, { documents }]) =>
      flawsIn(documents, { ...versionsIn(directory), tool: "Terraform" }),
    ),
    ...backendConfigs.map((document) => ({
      references: referencesIn(document.body.attributes, document, versionsIn(directoryOf(document.source.path))),
      dropped: [],
    })),
  ];
  return {
    references: found.flatMap(({ references }) => references),
    dropped: found.flatMap(({ dropped }) => dropped),
  };
}

const moduleFlaws: Memory<BackendFlaws> = new WeakMap();

function flawsIn(documents: readonly TerraformDocument[], versions: ModuleVersions): BackendFlaws {
  const backends = documents.flatMap((document) =>
    backendsIn(document).flatMap((backend) => (backend.labels[0]?.text === "s3" ? { backend, document } : [])),
  );
  return {
    references: backends.flatMap(({ backend, document }) => referencesIn(backend.body.attributes, document, versions)),
    dropped: backends.flatMap(({ backend, document }) => droppedArguments(backend, document, versions)),
  };
}

/** Names among the arguments of a backend, in its block or in a file for -backend-config: the same rule holds. */
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
