import type { TerraformDocument } from "../documents/terraform";
import type { Environment } from "./environment";
import { type Inputs, isAutomaticVariables, type Passed, type Scope, scopeOf } from "./evaluate";
import { calledDirectory, moduleOutputs } from "./evaluateOutputs";
import { withTwoAbove } from "./locations";
import { callsIn, moduleSources } from "./moduleSources";
import { terragruntInputs } from "./terragruntInputs";

type Modules = ReadonlyMap<string, readonly TerraformDocument[]>;

interface WorkspaceInputs extends Pick<Inputs, "home" | "fileText"> {
  /** What Terraform's command line sets, by the directory it is started in. */
  readonly given?: ReadonlyMap<string, NonNullable<Inputs["given"]>>;
  /** Files that set variables of modules below and elsewhere. */
  readonly terragrunt?: readonly TerraformDocument[];
}

/** What names stand for in each directory. */
export interface ModuleScopes {
  readonly scopeIn: (directory: string) => Scope;
  /** As long as these are the same, so is the scope of the directory. */
  readonly sourcesOf: (directory: string) => readonly unknown[];
}

/** The scope of each directory; an argument of a local module's call is read with the names of the caller. */
export function moduleScopes(
  modules: Modules,
  environment: Environment,
  { given, terragrunt = [], ...inputs }: WorkspaceInputs = {},
): ModuleScopes {
  const scopes = new Map<string, Scope>();
  const scopeIn = (directory: string): Scope => {
    const made = scopes.get(directory);
    if (made) return made;
    const own = calls.get(directory);
    const documents = modules.get(directory) ?? [];
    const names = new Set([...(own?.keys() ?? []), ...namesFromFiles(directory)]);
    const scope = scopeOf(documents, environment, names, {
      ...inputs,
      ...(own ? { passed: own, isCalled: true } : {}),
      given: given?.get(directory) ?? [],
      outputOf: outputsIn(directory),
      directory,
    });
    scopes.set(directory, scope);
    return scope;
  };
  const outputsIn = moduleOutputs(modules, environment, scopeIn, inputs);
  const calls = callsOf(modules, scopeIn);
  const files = variableFiles(modules);
  const namesFromFiles = (directory: string): readonly string[] => [
    ...(files.get(directory) ?? []),
    ...terragruntInputs(terragrunt, directory, modules.get(directory) ?? []),
  ];
  const shared = [environment, inputs.home, inputs.fileText, given] as const;
  return { scopeIn, sourcesOf: moduleSources(modules, shared, namesFromFiles) };
}

/** What local module calls pass, by the called directory and the variable. */
function callsOf(modules: Modules, scopeIn: (directory: string) => Scope): Map<string, Map<string, Passed[]>> {
  const calls = new Map<string, Map<string, Passed[]>>();
  for (const [directory, documents] of modules) {
    for (const document of documents) {
      for (const block of callsIn(document)) {
        const called = calledDirectory(block, directory);
        if (called === undefined) continue;
        const passed = calls.get(called) ?? new Map<string, Passed[]>();
        calls.set(called, passed);
        for (const argument of block.body.attributes) {
          const one = { argument, document, scope: () => scopeIn(directory) };
          passed.set(argument.name, [...(passed.get(argument.name) ?? []), one]);
        }
      }
    }
  }
  return calls;
}

/** The variables that a `-var-file` may set, by directory. */
function variableFiles(modules: Modules): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  for (const [directory, documents] of modules) {
    for (const document of documents) {
      if (!/\.tfvars(?:\.json)?$/.test(document.source.path) || isAutomaticVariables(document)) continue;
      for (const above of withTwoAbove(directory)) {
        const known = names.get(above) ?? new Set<string>();
        names.set(above, known);
        for (const { name } of document.body.attributes) known.add(name);
      }
    }
  }
  return names;
}
