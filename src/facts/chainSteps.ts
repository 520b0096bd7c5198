import type { ChainKind, ChainSource, ChainStep, Outcome, ShadowedSource, Spot } from "../model/chain";
import { environmentMaterial, keysBase, profileSource, unreadProfile } from "./chainBase";
import { type ChainContext, variableIn, variableSpot } from "./chainBlock";
import { loadProfile, materialIn } from "./chainGoProfile";
import { isUnknown, type ProfileChoice, type Settings, sharedOf, sharedPaths, terraform } from "./chainSettings";
import { hasMetadata } from "./chainSources";
import type { TerraformOutcome } from "./chainTerraform";

/** One rung, whether or not anything above it comes first. */
interface Candidate {
  readonly source: string;
  readonly kinds: readonly ChainKind[];
  /** Undefined where there is nothing. */
  readonly found?: ChainSource;
  readonly state: "present" | "skipped" | "absent";
  readonly why: string;
  readonly spot: Spot;
}

export function candidatesOf(settings: Settings, profile: ProfileChoice): readonly Candidate[] {
  const { block, context, word } = settings;
  const statics = word("access_key") ?? word("secret_key") ?? word("token");
  const unknown = ["access_key", "secret_key", "token"].map((name) => block.values.get(name)).find(isUnknown);
  const absent = (source: string, kinds: readonly ChainKind[], why: string): Candidate => ({
    source,
    kinds,
    state: "absent",
    why,
    spot: {},
  });
  const list: Candidate[] = [];
  const staticSpot = statics?.spot ?? unknown?.spot;
  list.push(
    staticSpot
      ? {
          source: "keys in the block",
          kinds: ["static"],
          state: "present",
          why: "keys in the block come before everything else",
          spot: staticSpot,
          found: { kind: "static", ...staticSpot },
        }
      : absent("keys in the block", ["static"], "the block has none"),
  );
  if (block.webIdentity) {
    const { spot } = block.webIdentity;
    list.push({
      source: "assume_role_with_web_identity",
      kinds: ["web-identity"],
      state: "present",
      why: "it replaces whatever else would be found",
      spot,
      found: { kind: "web-identity", ...spot },
    });
  }
  const environment = [environmentCandidate(context), webIdentityCandidate(context)];
  const files = profileCandidate(settings, profile);
  list.push(...(profile.by === "argument" ? [files, ...environment] : [...environment, files]));
  const container = variableIn(context, [
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  ]);
  list.push(
    container
      ? {
          source: "container credentials",
          kinds: ["container"],
          state: "present",
          why: `${container.spot.variable} is set`,
          spot: container.spot,
          found: { kind: "container", ...container.spot },
        }
      : absent("container credentials", ["container"], "no AWS_CONTAINER_CREDENTIALS_* variable is set"),
  );
  list.push(
    hasMetadata(settings)
      ? { source: "instance metadata", kinds: ["imds"], state: "skipped", why: "asked last, on AWS machines", spot: {} }
      : absent("instance metadata", ["imds"], "switched off"),
  );
  return list;
}

function environmentCandidate(context: ChainContext): Candidate {
  const base = { source: "environment keys", kinds: ["env"] as const };
  const keys = environmentMaterial(context);
  if (keys) {
    const { source } = keysBase("env", keys);
    const why = `${keys.variable ?? "the key"} is set`;
    return {
      ...base,
      state: "present",
      why,
      spot: variableSpot(context, keys.variable ?? ""),
      ...(source ? { found: source } : {}),
    };
  }
  const half = variableIn(context, [...terraform.keyIdVariables, ...terraform.secretVariables]);
  return half
    ? { ...base, state: "skipped", why: "half a pair counts as none", spot: half.spot }
    : { ...base, state: "absent", why: "none are set", spot: {} };
}

function webIdentityCandidate(context: ChainContext): Candidate {
  const base = { source: "web identity variables", kinds: ["web-identity"] as const };
  const file = variableIn(context, ["AWS_WEB_IDENTITY_TOKEN_FILE"]);
  return file
    ? {
        ...base,
        state: "present",
        why: "AWS_WEB_IDENTITY_TOKEN_FILE is set",
        spot: file.spot,
        found: { kind: "web-identity", ...file.spot },
      }
    : { ...base, state: "absent", why: "AWS_WEB_IDENTITY_TOKEN_FILE is not set", spot: {} };
}

function profileCandidate(settings: Settings, profile: ProfileChoice): Candidate {
  const base = {
    source: `profile ${profile.name}`,
    kinds: ["profile", "process", "sso", "login", "web-identity", "env"] as const,
  };
  const paths = sharedPaths(settings);
  const shared = "problem" in paths ? undefined : sharedOf(paths, settings);
  const section = shared?.profiles.get(profile.name);
  if (!section && shared?.isUnread) {
    const { source: found } = unreadProfile(profile);
    return { ...base, state: "present", why: "its file was not read", spot: profile.spot, ...(found ? { found } : {}) };
  }
  if (!section) return { ...base, state: "absent", why: "no file has it", spot: profile.spot };
  const keys = materialIn(section);
  const word =
    profile.by === "argument"
      ? "the profile argument names it"
      : profile.by === "variable"
        ? `${profile.spot.variable} names it`
        : "it is the default";
  const loaded = shared ? loadProfile(profile.name, shared, new Set()) : undefined;
  const inner = loaded && !("code" in loaded) ? profileSource(settings, loaded) : undefined;
  const source = inner && "base" in inner ? inner.base.source : undefined;
  const isElsewhere = source?.kind === "container" || source?.kind === "imds";
  if (!keys && (isElsewhere || (inner && !source))) {
    return { ...base, state: "skipped", why: "it holds no credentials", spot: section.spot };
  }
  const found = keys ? keysBase("profile", keys, profile.name).source : source;
  return { ...base, state: "present", why: word, spot: found?.at ? found : section.spot, ...(found ? { found } : {}) };
}

export function stepsOf(
  candidates: readonly Candidate[],
  { winner, problem }: Outcome,
): Pick<TerraformOutcome, "steps" | "shadowed"> {
  const stopped = problem?.stage === "before-signing";
  let index = winner ? candidates.findIndex((one) => one.kinds.includes(winner.kind) && one.state !== "absent") : -1;
  if (!winner && stopped) index = candidates.findIndex((one) => one.state === "present");
  const used = candidates[index];
  const steps = candidates.map((one, at): ChainStep => {
    const { source, state, why } = one;
    const spot = spotOf(one.spot);
    if (state === "absent") return { source, status: "absent", why, ...spot };
    if (at === index)
      return { source, status: stopped ? "invalid" : "used", why: stopped ? problem.message : why, ...spot };
    if (state === "skipped" && (index < 0 || at < index)) return { source, status: "skipped", why, ...spot };
    if (index < 0) return { source, status: "not-reached", why, ...spot };
    return { source, status: "not-reached", why: comesFirst(used), ...spot };
  });
  const shadowed = candidates.flatMap((one, at): ShadowedSource[] =>
    used && at !== index && one.found && one.state === "present" ? [{ ...one.found, why: comesFirst(used) }] : [],
  );
  return { steps, shadowed };
}

function comesFirst(candidate: Candidate | undefined): string {
  const source = candidate?.source ?? "another source";
  const isPlural = /^(?:environment keys|keys in the block|web identity variables|container credentials)$/.test(source);
  return `${source} ${isPlural ? "come" : "comes"} first`;
}

export function spotOf({ at, variable: name, argument }: Spot): Spot {
  return {
    ...(at ? { at } : {}),
    ...(name === undefined ? {} : { variable: name }),
    ...(argument ? { argument } : {}),
  };
}
