import type { CredentialSet } from "../model/credentials";
import type { Location } from "../model/text";
import { type Environment, variableFor } from "./environment";
import type { Profile, ProfileUse, Uses } from "./facts";

/**
 * Which profiles Terraform takes credentials from here, and whether it takes the environment's: by what the blocks say,
 * or, where there are no blocks, by what the environment alone decides.
 */
export function usesOf(
  blocks: readonly CredentialSet[],
  environmentSet: CredentialSet | undefined,
  environment: Environment,
  profiles: ReadonlyMap<string, Profile>,
): Uses {
  const found = new Map<string, ProfileUse>();
  let usesEnvironment = false;
  const add = (name: string, by: ProfileUse["by"], at: Location | undefined, block?: CredentialSet) => {
    const known = found.get(name) ?? { name, by, places: [], blocks: [] };
    found.set(name, {
      ...known,
      by: known.by === "default" ? by : known.by,
      places: at && !known.places.some((one) => isSame(one, at)) ? [...known.places, at] : known.places,
      blocks: block ? [...known.blocks, block] : known.blocks,
    });
  };
  const fromOutside = (block?: CredentialSet) => {
    const { accessKeyId, secretAccessKey } = environmentSet?.settings ?? {};
    if (accessKeyId && secretAccessKey) usesEnvironment = true;
    if ((accessKeyId && secretAccessKey) || environment.variables.get("AWS_WEB_IDENTITY_TOKEN_FILE")?.value) return;
    const variable = variableFor(environment, "profile");
    const at = variable && { path: environment.source.path, span: variable.nameSpan };
    add(variable?.value ?? "default", variable ? "environment" : "default", at, block);
  };

  for (const block of blocks) {
    const { accessKeyId, secretAccessKey, sessionToken, profile, sharedCredentialsFiles, sharedConfigFiles } =
      block.settings;
    const looksElsewhere =
      accessKeyId ?? secretAccessKey ?? sessionToken ?? sharedCredentialsFiles ?? sharedConfigFiles;
    if (looksElsewhere || block.endpoint === "emulator") continue;
    if (profile?.value.kind === "literal") add(profile.value.text, "block", profile.at, block);
    else if (!profile) fromOutside(block);
  }
  if (blocks.length === 0) fromOutside();

  // A map grows while it is walked, so chains are followed to their end.
  for (const { name, blocks: users } of found.values()) {
    const source = profiles.get(name)?.set.settings.sourceProfile;
    if (source?.value.kind !== "literal" || found.has(source.value.text)) continue;
    found.set(source.value.text, { name: source.value.text, by: "source-profile", places: [source.at], blocks: users });
  }
  return { profiles: found, environment: usesEnvironment };
}

const isSame = (a: Location, b: Location) => a.path === b.path && a.span.start === b.span.start;
