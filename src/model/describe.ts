import type { Chain, ChainSource } from "./chain";
import type { CredentialSet } from "./credentials";

/** A set in words that fit into a sentence: `provider aws.east`, `backend "s3"`, `profile dev`. */
export function describeSet({ origin, outside, at }: CredentialSet): string {
  const words = describeOrigin(origin);
  return outside ? `${words} of ${at.path.slice(at.path.lastIndexOf("/") + 1)}` : words;
}

function describeOrigin(origin: CredentialSet["origin"]): string {
  switch (origin.kind) {
    case "provider":
      return `provider ${origin.address}`;
    case "backend":
      return `backend "${origin.type}"`;
    case "remote-state":
      return `remote state ${origin.name}`;
    case "profile":
      return `profile ${origin.name}`;
    case "environment":
      return "the environment";
    case "variables":
      return origin.name;
  }
}

/** Whether the set is a block of Terraform's, for which credentials are looked up. */
export function isBlock({ origin }: CredentialSet): boolean {
  return origin.kind === "provider" || origin.kind === "backend" || origin.kind === "remote-state";
}

/** The same at the start of a sentence. */
export function subjectOf(set: CredentialSet): string {
  const words = describeSet(set);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A name for a set that no other set of the workspace has; stable while the file is. */
export function setId(set: CredentialSet): string {
  const { origin } = set;
  if (origin.kind === "profile") return `profile:${origin.name}`;
  if (origin.kind === "environment") return "environment";
  if (origin.kind === "variables") return `${set.at.path}:${origin.name}:${set.at.span.start}`;
  return `${set.directory}:${describeSet(set)}`;
}

const kindWords: Readonly<Record<ChainSource["kind"], string>> = {
  static: "keys in the block",
  env: "environment keys",
  profile: "keys of a profile",
  process: "credential_process",
  sso: "SSO login",
  login: "aws login session",
  "web-identity": "web identity token",
  container: "container credentials",
  imds: "instance metadata",
};

/** Where keys come from, without the keys: `profile dev`, `SSO login of profile work`. */
export function describeSource({ kind, profile }: ChainSource): string {
  if (kind === "profile") return profile === undefined ? "a profile whose name is not known" : `profile ${profile}`;
  return profile === undefined ? kindWords[kind] : `${kindWords[kind]} of profile ${profile}`;
}

/** Whether only the machine's own metadata service is left, of which no file tells anything. */
export const isNoneFound = ({ winner, profile }: Chain) => !winner || (winner.kind === "imds" && profile === undefined);
