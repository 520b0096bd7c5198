import type { CredentialSet } from "./credentials";

/** A set in words that fit into a sentence: `provider aws.east`, `backend "s3"`, `profile dev`. */
export function describeSet({ origin }: CredentialSet): string {
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
  }
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
  return `${set.directory}:${describeSet(set)}`;
}
