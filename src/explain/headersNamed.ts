import type { Facts, SectionHeader } from "../facts/facts";
import type { Location } from "../model/text";
import type { NamedPlace } from "./namedPlace";

/** The section headers that a name stands for; `path` is where it is used. */
export function headersNamed(facts: Facts, { names, text }: NamedPlace, path: string): readonly Location[] {
  if (names === "region" || names === "key") return [];
  const inForce = facts.awsFiles.existing;
  const candidates = facts.headers.filter((header) => nameIn(header, names) === text);
  // A file of AWS's form that stands in a repository speaks of its own sections.
  const beside = inForce.includes(path) ? [] : candidates.filter((header) => header.path === path);
  if (beside.length > 0) return beside.map(placeOf);
  const found = names === "profile" ? facts.profiles.get(text)?.headers : undefined;
  return found ?? candidates.filter((header) => inForce.includes(header.path)).map(placeOf);
}

/** The sections of one kind that stand in the files in force, each name once. */
export function namesOf(facts: Facts, names: "sso-session" | "services"): readonly string[] {
  const all = facts.headers.flatMap((header) =>
    header.path === facts.awsFiles.configPath ? (nameIn(header, names) ?? []) : [],
  );
  return [...new Set(all)];
}

function nameIn(
  { profile, written }: SectionHeader,
  names: "profile" | "sso-session" | "services",
): string | undefined {
  if (names === "profile") return profile ?? (written === "default" ? written : undefined);
  return written.startsWith(`${names} `) ? written.slice(names.length).trim() : undefined;
}

const placeOf = ({ at }: SectionHeader): Location => at;
