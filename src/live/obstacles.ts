import { accountOfKeyId, canaryAccounts } from "../aws/accessKey";
import type { Facts } from "../facts/facts";
import type { Chain, ChainSource } from "../model/chain";
import type { CredentialSet, NotAsked } from "../model/credentials";
import { describeSet, describeSource, isNoneFound, subjectOf } from "../model/describe";
import { shellWord } from "../model/shellWord";
import type { ProcessSource } from "../model/sources";
import { obstacleToRun, shownCommand } from "./programs";

/** What the user has agreed to. */
export interface Consent {
  readonly endpoint?: string;
  /** To send a key that stands in the workspace, or to fetch keys as a file there says. */
  readonly mayUseFoundKeys: boolean;
  /** Variables that the workspace sets, not the user. */
  readonly foundVariables?: ReadonlySet<string>;
  /** To run the `credential_process` of the user's own files, which was shown in full. */
  readonly mayRunProgram?: boolean;
  /** Directories in which no program may lie. */
  readonly workspace?: readonly string[];
}

/** What stands between a chain and a request. */
export function obstacleOf(facts: Facts, set: CredentialSet, chain: Chain, consent: Consent): NotAsked | undefined {
  const { winner } = chain;
  const stop = stopOf(chain);
  if (winner?.ending !== undefined && !winner.keys) {
    const because = `What stands in the key id's place for ${describeSet(set)} is no key id of AWS's, so it was not sent.`;
    return { kind: "broken-chain", because };
  }
  if (stop) return stop;
  if (!winner?.keys && !winner?.fetch) return outOfReach(set, chain);
  if (set.endpoint !== "aws" && consent.endpoint === undefined) {
    const who = set.endpoint === "emulator" ? "an emulator" : "a service that is not AWS";
    return { kind: "not-aws", because: `${subjectOf(set)} talks to ${who}; AWS does not know its keys.` };
  }
  const account = winner.keys && accountOfKeyId(winner.keys.accessKeyId);
  if (account && canaryAccounts.has(account)) {
    return {
      kind: "canary-key",
      because: `This key belongs to account ${account}, a known issuer of honeytokens: using it raises an alarm.`,
    };
  }
  if (winner.fetch?.kind === "process") return obstacleToProgram(set, winner, winner.fetch, facts, consent);
  if (consent.mayUseFoundKeys || !isFound(winner, facts, consent)) return undefined;
  const what = winner.keys
    ? `The key of ${describeSet(set)} stands in the workspace; it is only sent when you say so.`
    : `A file of the workspace has the keys of ${describeSet(set)} come from ${describeSource(winner)}; they are only fetched when you say so.`;
  return { kind: "consent-needed", because: what };
}

/** A program is only run by the user's word, out of the user's own files, and never one of the workspace. */
function obstacleToProgram(
  set: CredentialSet,
  winner: ChainSource,
  { profile, command }: ProcessSource,
  facts: Facts,
  consent: Consent,
): NotAsked | undefined {
  const text = command.reveal();
  const why = isFound(winner, facts, consent)
    ? "it stands in a file of the workspace"
    : obstacleToRun(text, consent.workspace ?? []);
  const shown = `The keys of ${describeSet(set)} come from a program, the credential_process of profile ${profile}: ${shownCommand(text)}`;
  if (why) return { kind: "keys-out-of-reach", because: `${shown} – it is not run, because ${why}.` };
  if (consent.mayRunProgram) return undefined;
  const next = [
    "Read the command, and then: callerid verify --run-credential-process",
    `Or run: aws sts get-caller-identity --profile ${shellWord(profile)}`,
  ];
  return { kind: "keys-out-of-reach", because: `${shown} – it is only run when you say so.`, next };
}

/** What Terraform says before it asks AWS; what AWS will say is asked. */
function stopOf({ problem }: Chain): NotAsked | undefined {
  if (problem?.stage !== "before-signing" || problem.isPossible) return undefined;
  return { kind: "broken-chain", because: `Terraform stops before it asks AWS: ${problem.message}` };
}

/** Why there are no keys to ask with. */
function outOfReach(set: CredentialSet, chain: Chain): NotAsked {
  const { winner } = chain;
  const how = winner && !isNoneFound(chain) ? `they come from ${describeSource(winner)}` : "no source has credentials";
  return { kind: "keys-out-of-reach", because: `The keys of ${describeSet(set)} are not in a file: ${how}.` };
}

/** Whether keys come from the workspace: from anything but the user's own AWS files and environment. */
function isFound(winner: ChainSource, { awsFiles, environment }: Facts, { foundVariables }: Consent): boolean {
  if (winner.kind === "static") return true;
  if (winner.variable !== undefined) return foundVariables?.has(winner.variable) === true;
  const path = winner.at?.path;
  if (path === undefined || path === environment.source.path) return false;
  const isOwn = path === awsFiles.credentialsPath || path === awsFiles.configPath;
  return !isOwn || ["AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"].some((name) => foundVariables?.has(name));
}
