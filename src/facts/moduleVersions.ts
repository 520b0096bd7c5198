import { admitsOnlyBelow } from "../aws/versions";
import type { TerraformDocument } from "../documents/terraform";
import { awsProviderVersions } from "./awsProviderVersions";
import type { ModuleVersions } from "./facts";
import { type Memory, remembered } from "./remembered";
import { isLockFile, requiredProvidersIn, settingsBlocks } from "./requiredProviders";
import { isOfOpenTofu } from "./terraformFiles";

/** OpenTofu began as a copy of Terraform 1.6. */
const firstOpenTofu = [1, 6];

/**
 * What each directory's files say about the program that reads them. Where a directory's own files leave open which one
 * it is, the other directories decide if they are of one mind: few repositories are kept for both.
 */
export function moduleVersions(
  modules: ReadonlyMap<string, readonly TerraformDocument[]>,
): ReadonlyMap<string, ModuleVersions> {
  const versions = new Map<string, ModuleVersions>();
  for (const [directory, documents] of modules)
    versions.set(
      directory,
      remembered(own, documents, () => versionsOf(documents)),
    );
  const tools = new Set([...versions.values()].flatMap(({ tool }) => tool ?? []));
  const [only] = tools;
  if (!only || tools.size > 1) return versions;
  return new Map(
    [...versions].map(([directory, one]) => [
      directory,
      remembered(agreed, [one, only], () => ({ ...one, tool: only })),
    ]),
  );
}

const own: Memory<ModuleVersions> = new WeakMap();
const agreed: Memory<ModuleVersions> = new WeakMap();

/** What a directory's own files say. */
export function versionsOf(documents: readonly TerraformDocument[]): ModuleVersions {
  const required = documents.flatMap(requiredVersionsIn).join(", ");
  const tool = toolOf(documents, required);
  return { required, awsProvider: awsProviderVersions(documents), ...(tool ? { tool } : {}) };
}

/** All of a module's constraints hold at once. */
function requiredVersionsIn({ body }: TerraformDocument): readonly string[] {
  return settingsBlocks(body.blocks).flatMap((block) => {
    const value = block.body.attributes.find(({ name }) => name === "required_version")?.value;
    return value?.kind === "string" ? [value.text] : [];
  });
}

function toolOf(documents: readonly TerraformDocument[], required: string): ModuleVersions["tool"] {
  if (documents.some(isReadByOpenTofu)) return "OpenTofu";
  const isOfTerraform = documents.some((document) => hostsIn(document).includes("registry.terraform.io"));
  return isOfTerraform || admitsOnlyBelow(required, firstOpenTofu) ? "Terraform" : undefined;
}

/** https://opentofu.org/docs/language/state/encryption/ */
function isReadByOpenTofu(document: TerraformDocument): boolean {
  const encrypts = settingsBlocks(document.body.blocks).some(({ body }) =>
    body.blocks.some((block) => block.type === "encryption"),
  );
  return isOfOpenTofu(document.source.path) || encrypts || hostsIn(document).includes("registry.opentofu.org");
}

/** The registries that provider addresses name, in `required_providers` and in the lock file, where all are written out. */
function hostsIn(document: TerraformDocument): readonly string[] {
  const addresses = isLockFile(document.source.path)
    ? document.body.blocks.map((block) => (block.type === "provider" ? block.labels[0]?.text : undefined))
    : requiredProvidersIn(document).map((required) => required.source);
  return addresses.flatMap((address) => address?.split("/").at(-3) ?? []);
}
