import type { Chain, ChainProblem, ChainRole, ChainSource, ChainTarget } from "../model/chain";
import { describeSource, isNoneFound } from "../model/describe";

/** Whose chain it is: `backend "s3"`, `provider aws.east`, `terraform_remote_state network`. */
export function targetWords({ kind, name }: ChainTarget): string {
  if (kind === "backend") return 'backend "s3"';
  return kind === "remote-state" ? `terraform_remote_state ${name ?? ""}` : `${kind} ${name ?? ""}`;
}

/** Where the keys come from, with the end of the key id, which is all that is ever shown of it. */
export function winnerWords(source: ChainSource): string {
  return source.ending === undefined ? describeSource(source) : `${describeSource(source)}, key ****${source.ending}`;
}

export function roleWords({ operation, roleArn, externalId }: ChainRole): string {
  const how = operation === "AssumeRole" ? "then assumes" : "assumes";
  return `${how} ${roleArn}${externalId === undefined ? "" : ` with external id ${externalId}`}`;
}

export const problemWords = ({ stage, message, isPossible }: ChainProblem) =>
  stage === "at-aws" ? `AWS ${isPossible ? "may" : "will"} refuse it: ${message}` : `Terraform stops: ${message}`;

/** Whether nothing comes of the chain, as far as that can be told from here. */
export const isStopped = ({ problem }: Chain) => problem !== undefined && !problem.isPossible;

/** What a chain comes to, in one line without the key: `profile dev in eu-west-1`, `Terraform stops: …`. */
export function chainInShort(chain: Chain, place = ""): string {
  const { winner, roles, problem, region } = chain;
  const stop = problem && isStopped(chain) ? problem : undefined;
  if (stop?.stage === "before-signing") return problemWords(stop);
  const where = region ? ` in ${region.name}` : "";
  if (!winner || isNoneFound(chain)) return `none found here${where}`;
  const way = `${[`${describeSource(winner)}${place}`, ...roles.map(roleWords)].join(", ")}${where}`;
  return stop ? `${way}; ${problemWords(stop)}` : way;
}
