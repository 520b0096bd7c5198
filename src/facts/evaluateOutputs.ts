import type { Block, TerraformDocument } from "../documents/terraform";
import type { Environment } from "./environment";
import { type Inputs, isAutomaticVariables, type Passed, type Scope, scopeOf } from "./evaluate";
import { resolvePath } from "./locations";

type OutputOf = NonNullable<Inputs["outputOf"]>;

/** The outputs of the local modules that each directory calls, worked out with what its call passes and nothing else. */
export function moduleOutputs(
  modules: ReadonlyMap<string, readonly TerraformDocument[]>,
  environment: Environment,
  scopeIn: (directory: string) => Scope,
  inputs: Pick<Inputs, "home" | "fileText">,
): (directory: string) => OutputOf {
  const scopes = new Map<Block, Scope>();
  const noEnvironment = { ...environment, variables: new Map() };
  const outputsIn = (directory: string): OutputOf => {
    return (name, output) => {
      const call = onlyCall(modules.get(directory) ?? [], name);
      const called = call && calledDirectory(call.block, directory);
      if (!call || called === undefined) return undefined;
      const documents = modules.get(called) ?? [];
      const scope = () => {
        const made = scopes.get(call.block);
        if (made) return made;
        const passed = new Map(
          call.block.body.attributes.map((argument): [string, readonly Passed[]] => [
            argument.name,
            [{ argument, document: call.document, scope: () => scopeIn(directory) }],
          ]),
        );
        const own = documents.filter((document) => !isAutomaticVariables(document));
        const more = { ...inputs, passed, isCalled: true, directory: called, outputOf: outputsIn(called) };
        const scope = scopeOf(own, noEnvironment, new Set(), more);
        scopes.set(call.block, scope);
        return scope;
      };
      const values = blocksNamed(documents, "output", output).flatMap(({ block, document }) => {
        const argument = argumentOf(block, "value");
        return argument ? { argument, document, scope } : [];
      });
      // More than one is an override file's, or a mistake.
      return values.length === 1 ? values[0] : undefined;
    };
  };
  return outputsIn;
}

/** The call of that name, unless it stands for several instances. */
function onlyCall(documents: readonly TerraformDocument[], name: string) {
  const [call, second] = blocksNamed(documents, "module", name);
  const isOne = call && !second && !argumentOf(call.block, "count") && !argumentOf(call.block, "for_each");
  return isOne ? call : undefined;
}

const blocksNamed = (documents: readonly TerraformDocument[], type: string, name: string) =>
  documents.flatMap((document) =>
    document.body.blocks.flatMap((block) =>
      block.type === type && block.labels[0]?.text === name ? [{ block, document }] : [],
    ),
  );

const argumentOf = ({ body }: Block, name: string) => body.attributes.find((attribute) => attribute.name === name);

/** Undefined for a module that does not stand in the workspace. */
export function calledDirectory(block: Block, directory: string): string | undefined {
  const source = argumentOf(block, "source")?.value;
  const isLocal = source?.kind === "string" && /^\.\.?(?:\/|$)/.test(source.text);
  return isLocal ? resolvePath(directory, source.text) : undefined;
}
