import type { Block, TerraformDocument } from "../documents/terraform";
import { calledDirectory } from "./evaluateOutputs";
import { type Memory, remembered } from "./remembered";

type Modules = ReadonlyMap<string, readonly TerraformDocument[]>;

const moduleBlocks: Memory<readonly Block[]> = new WeakMap();

/** The blocks of a document that call modules. */
export function callsIn(document: TerraformDocument): readonly Block[] {
  return remembered(moduleBlocks, [document], () => document.body.blocks.filter(({ type }) => type === "module"));
}

/** Stands for all files that a family of modules is made of, as long as they are the same. */
type Token = object;

const tokens: Memory<Token> = new WeakMap();

/**
 * What the names of a directory depend on, as things that stay the same while nothing of it changes. Arguments come from
 * callers and outputs from those who are called, so modules that call each other count as one family.
 */
export function moduleSources(
  modules: Modules,
  shared: readonly [object, ...unknown[]],
  namesFromFiles: (directory: string) => readonly string[],
): (directory: string) => readonly unknown[] {
  const beside = new Map<string, Set<string>>();
  const link = (one: string, other: string) => beside.set(one, (beside.get(one) ?? new Set()).add(other));
  for (const [directory, documents] of modules) {
    for (const block of documents.flatMap(callsIn)) {
      const called = calledDirectory(block, directory);
      if (called === undefined) continue;
      link(directory, called);
      link(called, directory);
    }
  }
  const known = new Map<string, Token>();
  const tokenOf = (directory: string): Token => {
    const found = known.get(directory);
    if (found) return found;
    const family = new Set([directory]);
    // A set grows while it is walked, so the family is followed to its end.
    for (const one of family) for (const other of beside.get(one) ?? []) family.add(other);
    const sorted = [...family].sort();
    const names = sorted.flatMap((one) => [one, ...namesFromFiles(one)]).join(" ");
    const documents = sorted.flatMap((one) => modules.get(one) ?? []);
    const token = remembered(tokens, [...documents, ...shared, names], () => ({}));
    for (const one of family) known.set(one, token);
    return token;
  };
  return (directory) => [modules.get(directory)?.[0] ?? tokenOf(directory), tokenOf(directory), directory];
}
