import { spotOf } from "../facts/chainSteps";
import type { Chain, ChainCode, Outcome, Spot } from "../model/chain";
import { describeSource } from "../model/describe";
import { winnerWords } from "./chainWords";

/** Something worth knowing that stops nobody. */
export interface ChainNote extends Spot {
  /** Of a few words, where there is room for no more. */
  readonly short: string;
  readonly sentence: string;
}

/** Whose variable it is, in words; undefined where nobody knows. */
export type OwnerOf = (variable: string) => string | undefined;

/** What Terraform does without saying so. */
export function notesOf(chain: Chain, ownerOf: OwnerOf): readonly ChainNote[] {
  return [missingArguments(chain), ignoredKeys(chain, ownerOf), otherOfTheCli(chain)].filter(
    (note) => note !== undefined,
  );
}

function missingArguments({ isPartial, target }: Chain): ChainNote | undefined {
  if (!isPartial) return undefined;
  return {
    short: "arguments of init are not known",
    sentence: "What -backend-config gives to terraform init is not known here, and it may name other credentials.",
    ...(target.at ? { at: target.at } : {}),
  };
}

/**
 * A profile is named while keys are set in the environment. Terraform's library has a warning about it
 * («Configuration conflict detected») that no command prints; measured with Terraform 1.11.4.
 * https://github.com/hashicorp/aws-sdk-go-base/blob/main/credentials.go
 */
function ignoredKeys({ winner, steps, shadowed }: Chain, ownerOf: OwnerOf): ChainNote | undefined {
  const keys = shadowed.find(({ kind }) => kind === "env");
  const used = steps.findIndex(({ status }) => status === "used");
  const environment = steps.findIndex(({ source }) => source === "environment keys");
  const isNamed = winner !== undefined && steps[used]?.source.startsWith("profile ") === true && used < environment;
  if (!keys || !isNamed) return undefined;
  const owner = keys.variable === undefined ? undefined : ownerOf(keys.variable);
  const where = owner === undefined ? "" : ` in ${owner}`;
  return {
    short: "environment keys are ignored",
    sentence: `${keys.variable ?? "A key"} is set${where}, and the profile argument comes first. Terraform has a warning about this conflict and never prints it.`,
    ...(keys.variable === undefined ? {} : { variable: keys.variable }),
  };
}

/** What stops Terraform among the AWS files and need not stop others. */
const ofTheFiles: ReadonlySet<ChainCode> = new Set([
  "partial_credentials",
  "profile_not_found",
  "role_chain_invalid",
  "mfa_required",
  "config_parse",
  "no_valid_credentials",
]);

/** The AWS CLI comes to something else with the same profile, files and environment. */
function otherOfTheCli({ winner, problem, roles, others }: Chain): ChainNote | undefined {
  const cli = others["aws-cli"];
  const isOfTheBlock = winner?.kind === "static" || roles.some(({ via }) => via === "block");
  if (isOfTheBlock || !cli.winner || cli.problem || cli.winner.kind === "imds") return undefined;
  if (problem) {
    if (!ofTheFiles.has(problem.code)) return undefined;
    const spot = spotOf(cli.winner);
    const sentence = `The AWS CLI works where Terraform does not: it uses ${winnerWords(cli.winner)}.`;
    return { short: "the AWS CLI works", sentence, ...spot };
  }
  if (!winner || isSame(winner, cli.winner)) return undefined;
  return {
    short: "the AWS CLI is somebody else",
    sentence: `The AWS CLI uses ${winnerWords(cli.winner)} instead of ${describeSource(winner)}: it may be somebody else.`,
    ...spotOf(cli.winner),
  };
}

type Source = NonNullable<Outcome["winner"]>;

const isSame = (one: Source, other: Source) =>
  one.kind === other.kind && one.profile === other.profile && one.ending === other.ending;
