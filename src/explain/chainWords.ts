import type { ChainProblem, ChainRole, ChainSource, ChainTarget } from "../model/chain";

const kindWords: Readonly<Record<ChainSource["kind"], string>> = {
  static: "keys in the block",
  env: "environment keys",
  profile: "keys of a profile",
  process: "credential_process",
  sso: "SSO login",
  "web-identity": "web identity token",
  container: "container credentials",
  imds: "instance metadata",
};

/** Whose chain it is: `backend "s3"`, `provider aws.east`, `terraform_remote_state network`. */
export function targetWords({ kind, name }: ChainTarget): string {
  if (kind === "backend") return 'backend "s3"';
  return kind === "remote-state" ? `terraform_remote_state ${name ?? ""}` : `${kind} ${name ?? ""}`;
}

/** Where the keys come from, without the keys: `profile dev`, `SSO login of profile work`. */
function sourceName({ kind, profile }: ChainSource): string {
  if (kind === "profile") return profile === undefined ? "a profile whose name is not known" : `profile ${profile}`;
  return profile === undefined ? kindWords[kind] : `${kindWords[kind]} of profile ${profile}`;
}

/** The same with the end of the key id, which is all that is ever shown of it. */
export function winnerWords(source: ChainSource): string {
  return source.ending === undefined ? sourceName(source) : `${sourceName(source)}, key ****${source.ending}`;
}

export function roleWords({ operation, roleArn, externalId }: ChainRole): string {
  const how = operation === "AssumeRole" ? "then assumes" : "assumes";
  return `${how} ${roleArn}${externalId === undefined ? "" : ` with external id ${externalId}`}`;
}

export const problemWords = ({ stage, message }: ChainProblem) =>
  stage === "at-aws" ? `AWS will refuse it: ${message}` : `Terraform stops: ${message}`;
