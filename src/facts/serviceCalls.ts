import { serviceOfType } from "../aws/services";
import type { Block, TerraformDocument } from "../documents/terraform";
import type { CredentialSet } from "../model/credentials";
import type { ServiceCall } from "./facts";

/** The services that the resources and data sources of a provider block's own directory call, each once. */
export function serviceCalls(
  { origin }: CredentialSet,
  documents: readonly TerraformDocument[],
): readonly ServiceCall[] {
  if (origin.kind !== "provider") return [];
  const calls = new Map<string, ServiceCall>();
  for (const { body, source } of documents) {
    for (const block of body.blocks) {
      const [type] = block.labels;
      if ((block.type !== "resource" && block.type !== "data") || !type) continue;
      const service = serviceOfType(type.text);
      if (!service || calls.has(service) || providerOf(block) !== origin.address) continue;
      calls.set(service, { service, at: { path: source.path, span: type.span } });
    }
  }
  return [...calls.values()];
}

/** The provider's address that a resource names, or the one that its type has by default. */
function providerOf(block: Block): string | undefined {
  const meta = block.body.attributes.find(({ name }) => name === "provider")?.value;
  if (!meta) return "aws";
  if (meta.kind === "string") return meta.text;
  if (meta.kind !== "reference") return undefined;
  const names = meta.steps.map((step) => (step.kind === "attribute" ? step.name : "?"));
  return [meta.root, ...names].join(".");
}
