import type { ChainProblem, ChainRole, RoleSession } from "../model/chain";
import { type NestedArguments, type RunBlock, secondsOf } from "./chainBlock";
import { isWord, type RunValue } from "./chainValues";

/** The roles of a block's `assume_role`, first hop first. */
export function blockRoles({
  roles,
  dialect,
}: RunBlock): { readonly roles: readonly ChainRole[] } | { readonly problem: ChainProblem } {
  const found: ChainRole[] = [];
  for (const { values, spot } of roles) {
    const arn = values.get("role_arn");
    const text = isWord(arn) ? arn.text : arn?.kind === "unknown" ? arn.name : "";
    if (text === "") {
      // The provider warns about a single one and goes on without it.
      if (dialect === "provider" && roles.length === 1) continue;
      const message = "The role to assume has no ARN.";
      return { problem: { code: "invalid_value", stage: "before-signing", message, ...spot } };
    }
    found.push({
      operation: "AssumeRole",
      roleArn: text,
      ...sessionOf(values),
      via: "block",
      ...(arn?.spot ?? spot),
    });
  }
  return { roles: found };
}

/** All that goes along with a role's ARN. */
export function sessionOf(
  values: NestedArguments["values"],
): Pick<ChainRole, "externalId" | "sessionName" | "duration" | "session" | "unknown"> {
  const word = (name: string) => {
    const value = values.get(name);
    return isWord(value) && value.text !== "" ? value.text : undefined;
  };
  const words = (name: string) => {
    const value = values.get(name);
    return value?.kind === "list" ? value.items.flatMap((one) => (isWord(one) ? [one.text] : [])) : [];
  };
  const entry = <T>(name: string, value: T | undefined) => (value === undefined ? {} : { [name]: value });
  const filled = (list: readonly string[]) => (list.length > 0 ? list : undefined);
  const session: RoleSession = {
    ...entry("policy", word("policy")),
    ...entry("policyArns", filled(words("policy_arns"))),
    ...entry("tags", tagsOf(values.get("tags"))),
    ...entry("transitiveTagKeys", filled(words("transitive_tag_keys"))),
    ...entry("sourceIdentity", word("source_identity")),
  };
  const seconds = word("duration_seconds");
  const duration = seconds === undefined ? secondsOf(word("duration") ?? "") : Number(seconds);
  // What a session may do has no part in whether there is one.
  const decides = (name: string) => name !== "policy" && name !== "policy_arns";
  const unknown = [...values].filter(([name, value]) => decides(name) && holdsUnknown(value)).map(([name]) => name);
  return {
    ...entry("externalId", word("external_id")),
    ...entry("sessionName", word("session_name")),
    ...(duration && Number.isInteger(duration) ? { duration } : {}),
    ...(Object.keys(session).length > 0 ? { session } : {}),
    ...(unknown.length > 0 ? { unknown } : {}),
  };
}

function tagsOf(value: RunValue | undefined): Readonly<Record<string, string>> | undefined {
  if (value?.kind !== "object") return undefined;
  const tags = [...value.entries].flatMap(([key, one]): [string, string][] => (isWord(one) ? [[key, one.text]] : []));
  return tags.length > 0 ? Object.fromEntries(tags) : undefined;
}

function holdsUnknown(value: RunValue): boolean {
  if (value.kind === "list") return value.items.some(holdsUnknown);
  if (value.kind === "object") return [...value.entries.values()].some(holdsUnknown);
  return value.kind === "unknown";
}
