import { spotOf } from "../facts/chainSteps";
import type { Chain, ChainProblem, ChainStep, Spot } from "../model/chain";
import { isNoneFound } from "../model/describe";
import { notesOf, type OwnerOf } from "./chainNotes";
import { stopOf } from "./chainSummary";
import { chainInShort, problemWords, roleWords, targetWords, winnerWords } from "./chainWords";
import type { PlaceOf } from "./profileCard";
import { whereWords } from "./whereWords";

/** A block's chain, and the name by which it can be verified. */
export interface BlockChain {
  readonly id: string;
  readonly directory: string;
  readonly chain: Chain;
}

/** One line of the tree. Everything but the words for its state may hold text of a file. */
export interface ChainNode extends Spot {
  /** The same as long as the line stands for the same thing. */
  readonly id: string;
  readonly kind: "directory" | "block" | "problem" | "note" | "step" | "role" | "region";
  /** What became of it; of a block, whether Terraform gets through. */
  readonly state: "used" | "shadowed" | "unasked" | "absent" | "stops" | "refused" | "told";
  readonly label: string;
  readonly description: string;
  /** More of it, a line each. */
  readonly details: readonly string[];
  /** What Verify would ask about. */
  readonly block?: string;
  readonly children: readonly ChainNode[];
  /** Whether its children are seen at first; many at once hide each other. */
  readonly isOpen: boolean;
}

/** How places, directories and variables are called by the surface. */
export interface ChainNames {
  readonly placeOf: PlaceOf;
  readonly directoryName: (directory: string) => string;
  readonly ownerOf: OwnerOf;
}

const maxOpenBlocks = 3;
const maxOpenDirectories = 10;

/** The chains of a workspace as a tree: blocks, or modules with their blocks where there are several. */
export function chainTree(found: readonly BlockChain[], names: ChainNames): readonly ChainNode[] {
  // Half-typed, a block may have the name of another.
  const blocks = found.filter(({ id }, index) => found.findIndex((one) => one.id === id) === index);
  const directories = new Map<string, BlockChain[]>();
  for (const one of blocks) directories.set(one.directory, [...(directories.get(one.directory) ?? []), one]);
  const isOpen = blocks.length <= maxOpenBlocks;
  if (directories.size <= 1) return blocks.map((one) => blockNode(one, isOpen, names));
  return [...directories].sort(byName).map(([directory, ones]): ChainNode => {
    const children = ones.map((one) => blockNode(one, isOpen, names));
    const stopped = children.filter(({ state }) => state === "stops" || state === "refused").length;
    return {
      id: directory,
      kind: "directory",
      state: stopped > 0 ? "stops" : "told",
      label: names.directoryName(directory),
      description: stopped > 0 ? `${stopped} of ${children.length} stopped` : "",
      details: [],
      children,
      isOpen: directories.size <= maxOpenDirectories,
    };
  });
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1);

function blockNode({ id, chain }: BlockChain, isOpen: boolean, names: ChainNames): ChainNode {
  const { target, problem, region } = chain;
  const line = nodesUnder(id);
  const steps = chain.steps.map((step, index) => stepNode(step, index, chain, names, line));
  const notes = notesOf(chain, names.ownerOf).map((note, index) =>
    line(`note${index}`, {
      kind: "note",
      state: "told",
      label: note.short,
      description: note.sentence,
      ...spotOf(note),
    }),
  );
  return {
    id,
    kind: "block",
    state: stateOfBlock(chain),
    label: targetWords(target),
    description: chainInShort(chain),
    details: [],
    block: id,
    isOpen,
    ...spotOf(target),
    children: [
      ...(problem ? [problemNode(problem, names, line)] : []),
      ...steps.filter(({ state }) => state === "used"),
      ...(region && stopOf(chain) !== "before-signing"
        ? [
            line("region", {
              kind: "region",
              state: "told",
              label: `region ${region.name}`,
              description: whereWords(region, names, ""),
              ...spotOf(region),
            }),
          ]
        : []),
      ...notes,
      ...steps.filter(({ state }) => state === "shadowed"),
      ...steps.filter(({ state }) => state !== "used" && state !== "shadowed"),
    ],
  };
}

function stateOfBlock(chain: Chain): ChainNode["state"] {
  const stop = stopOf(chain);
  if (stop) return stop === "at-aws" ? "refused" : "stops";
  return isNoneFound(chain) ? "absent" : "used";
}

function problemNode(problem: ChainProblem, names: ChainNames, line: Line): ChainNode {
  return line("problem", {
    kind: "problem",
    state: problem.stage === "at-aws" ? "refused" : "stops",
    label: problemWords(problem),
    description: whereWords(problem, names, ""),
    ...spotOf(problem),
  });
}

type Line = (
  name: string,
  rest: Omit<ChainNode, "id" | "details" | "children" | "isOpen"> & Partial<ChainNode>,
) => ChainNode;

const nodesUnder =
  (id: string): Line =>
  (name, rest) => ({ id: `${id} ${name}`, details: [], children: [], isOpen: true, ...rest });

const stepWords = {
  used: "used",
  shadowed: "shadowed",
  unasked: "not asked",
  absent: "absent",
} as const;

function stepNode(step: ChainStep, index: number, chain: Chain, names: ChainNames, line: Line): ChainNode {
  const { winner, roles, problem } = chain;
  const isWinner = step.status === "used" && winner !== undefined;
  const isCutOff = step.status === "invalid" || (problem !== undefined && !winner && step.status !== "absent");
  const state = isCutOff ? "unasked" : stateOf(step);
  const description = isCutOff ? "not asked: Terraform stops" : `${stepWords[state]}: ${step.why}`;
  const spot = isWinner && winner.at ? winner : step;
  return line(`step${index}`, {
    kind: "step",
    state,
    label: step.source,
    description: `${description}${whereWords(spot, names, " — ")}`,
    details: isWinner ? [winnerWords(winner)] : [],
    ...spotOf(spot),
    children: isWinner
      ? roles.map((role, hop) =>
          line(`role${hop}`, {
            kind: "role",
            state: "used",
            label: roleWords(role),
            description: whereWords(role, names, ""),
            ...spotOf(role),
          }),
        )
      : [],
  });
}

/** A source with a place was found and lost; without one nobody knows whether it is there. */
function stateOf({ status, at, variable }: ChainStep): "used" | "shadowed" | "unasked" | "absent" {
  if (status === "used" || status === "absent") return status;
  if (status === "not-reached" && (at || variable !== undefined)) return "shadowed";
  return "unasked";
}
