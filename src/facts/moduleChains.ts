import type { TerraformDocument } from "../documents/terraform";
import type { Chain, FileFact } from "../model/chain";
import type { CredentialSet } from "../model/credentials";
import type { SourceFile } from "../model/text";
import { blockChain } from "./chain";
import {
  backendBlock,
  type ChainContext,
  providerBlock,
  providerWith,
  type RunBlock,
  remoteStateBlock,
} from "./chainBlock";
import { type ChainFiles, type FileWish, wishKey } from "./chainFiles";
import { chainValueOf } from "./chainKnown";
import type { Environment } from "./environment";
import type { Scope } from "./evaluate";
import type { ModuleScopes } from "./evaluateModules";
import type { Workspace } from "./facts";
import { awsFilePaths } from "./locations";
import { isSame } from "./remembered";

/** The chains of a workspace's sets, each worked out when it is first asked for. */
export interface WorkspaceChains {
  readonly chainOf: (set: CredentialSet) => Chain;
  /** Files that the chains looked for and that nobody has looked at. */
  readonly wishes: () => readonly FileWish[];
}

export function workspaceChains(
  workspace: Workspace,
  modules: ReadonlyMap<string, readonly TerraformDocument[]>,
  { scopeIn, sourcesOf }: ModuleScopes,
): WorkspaceChains {
  const files = workspaceFiles(workspace);
  const inForce = Object.values(awsFilePaths(workspace.environment, workspace.home));
  const contexts = new Map<string, ChainContext>();
  const contextIn = (directory: string): ChainContext => {
    const context = contexts.get(directory) ?? moduleContext(workspace, directory, modules, scopeIn, files);
    contexts.set(directory, context);
    return context;
  };
  const chains = new Map<CredentialSet, Chain>();
  const sources = new Map<string, readonly unknown[]>();
  const sourcesIn = (directory: string) => {
    const found = sources.get(directory) ?? sourcesOf(directory);
    sources.set(directory, found);
    return found;
  };
  /** The chain of an earlier analysis, if all that it was made of is the same. */
  const chainBefore = (set: CredentialSet): Chain | undefined => {
    const before = earlier.get(set);
    if (!before || !isSame(before.sources, sourcesIn(set.directory))) return undefined;
    for (const { path, use, fact } of before.looks) if (files.look(path, use) !== fact) return undefined;
    return before.chain;
  };
  const newChain = (set: CredentialSet): Chain => {
    const context = contextIn(set.directory);
    const looks: Look[] = [];
    let isTimed = false;
    const watched: ChainContext = {
      ...context,
      files: {
        wishes: files.wishes,
        look: (path, use) => {
          const fact = files.look(path, use);
          looks.push({ path, use, fact });
          return fact;
        },
      },
      isPast: (moment) => {
        isTimed = true;
        return context.isPast(moment);
      },
    };
    const chain = blockChain(blockOfSet(set, watched, inForce), watched);
    // What depends on the time of day has to be worked out anew.
    if (!isTimed) earlier.set(set, { sources: sourcesIn(set.directory), looks, chain });
    return chain;
  };
  return {
    wishes: () => [...files.wishes.values()],
    chainOf: (set) => {
      const known = chains.get(set);
      if (known) return known;
      const chain = chainBefore(set) ?? newChain(set);
      chains.set(set, chain);
      return chain;
    },
  };
}

interface Look extends FileWish {
  readonly fact: FileFact | undefined;
}

interface Earlier {
  readonly sources: readonly unknown[];
  readonly looks: readonly Look[];
  readonly chain: Chain;
}

const earlier = new WeakMap<CredentialSet, Earlier>();

function moduleContext(
  { home, environment, now }: Workspace,
  directory: string,
  modules: ReadonlyMap<string, readonly TerraformDocument[]>,
  scopeIn: (directory: string) => Scope,
  files: ChainFiles,
): ChainContext {
  const documents = (modules.get(directory) ?? []).filter(({ source }) =>
    /\.(?:tf|tofu)(?:\.json)?$/.test(source.path),
  );
  return {
    directory,
    home,
    documents,
    environment: variablesOf(environment, home),
    variableAt: (name) => {
      const variable = environment.variables.get(name);
      return variable && { path: environment.source.path, span: variable.nameSpan };
    },
    files,
    isPast: (moment) => moment < now.getTime(),
    valueOf: (attribute, document) => chainValueOf(attribute, document, scopeIn(directory)),
    isCallKnown: false,
    backendsReadLogins: true,
  };
}

const laidOut = new WeakMap<Environment, ReadonlyMap<string, string>>();

function variablesOf(environment: Environment, home: string): ReadonlyMap<string, string> {
  const known = laidOut.get(environment);
  if (known) return known;
  const variables = new Map([["HOME", home]]);
  for (const { name, value } of environment.variables.values()) variables.set(name, value);
  laidOut.set(environment, variables);
  return variables;
}

/** Files of the workspace as they stand there, others as far as `live/` has looked at them. */
function workspaceFiles({ files, known, awsFilesRead, environment, home }: Workspace): ChainFiles {
  const { credentials, config } = awsFilePaths(environment, home);
  const byPath = new Map(files.map((file) => [file.path, file]));
  const wishes = new Map<string, FileWish>();
  return {
    wishes,
    look: (path, use) => {
      const file = use === "text" ? byPath.get(path) : undefined;
      if (file) return textFact(file);
      const isAwsFile = use === "text" && (path === credentials || path === config);
      if (isAwsFile) return awsFilesRead ? absent : undefined;
      const wish = { path, use };
      const fact = known?.get(wishKey(wish));
      if (!fact) wishes.set(wishKey(wish), wish);
      return fact;
    },
  };
}

const absent: FileFact = { kind: "absent" };

const facts = new WeakMap<SourceFile, FileFact>();

function textFact(file: SourceFile): FileFact {
  const known = facts.get(file);
  if (known) return known;
  const fact: FileFact = { kind: "text", text: file.text, ...(file.encoding ? { encoding: file.encoding } : {}) };
  facts.set(file, fact);
  return fact;
}

function blockOfSet(set: CredentialSet, context: ChainContext, inForce: readonly string[]): RunBlock {
  const { origin, at } = set;
  switch (origin.kind) {
    case "provider":
      return providerBlock(context, origin.address, at) ?? providerWith({ kind: "provider", name: origin.address });
    case "backend":
      return backendBlock(context, { backendConfig: [], saved: false }) ?? providerWith({ kind: "backend", at });
    case "remote-state":
      return remoteStateBlock(context, origin.name) ?? providerWith({ kind: "remote-state", name: origin.name, at });
    case "profile":
      return providerWith(
        { kind: "profile", name: origin.name, at },
        { profile: origin.name, ...filesOfProfile(set, inForce) },
      );
    case "environment":
    // Whose environment a file's variables end up in, nobody here knows: the process's own stands for it.
    case "variables":
      return providerWith({ kind: "environment", at });
  }
}

/** A profile outside the two files in force has only its own; an empty path names no file. */
function filesOfProfile({ origin, at: { path } }: CredentialSet, inForce: readonly string[]) {
  if (inForce.includes(path) || origin.kind !== "profile") return {};
  const isCredentials = origin.file === "credentials";
  return { shared_credentials_files: [isCredentials ? path : ""], shared_config_files: [isCredentials ? "" : path] };
}
