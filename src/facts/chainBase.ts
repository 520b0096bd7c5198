import type { ChainKind, ChainRole, ChainSource, Spot } from "../model/chain";
import { Secret } from "../model/secret";
import type { KeySource } from "../model/sources";
import { type ChainContext, stop, variableIn } from "./chainBlock";
import { expiryIn, type GoProfile, leafOf, loadProfile } from "./chainGoProfile";
import { type Material, material, type Written } from "./chainKeys";
import { filled } from "./chainProfiles";
import { isUnknown, type ProfileChoice, type Settings, sharedOf, sharedPaths, terraform } from "./chainSettings";
import {
  type Base,
  containerBase,
  fail,
  type Loaded,
  metadataBase,
  processProblem,
  ssoBase,
  webIdentityArgument,
  webIdentityBase,
} from "./chainSources";
import { spellingsOf } from "./names";

export function keysBase(kind: ChainKind, found: Material, profile?: string, expires?: string): Base {
  const { ending, hasToken, keys, flaw, hasGlobalToken, at, variable: name, argument } = found;
  const spot: Spot = {
    ...(at ? { at } : {}),
    ...(name === undefined ? {} : { variable: name }),
    ...(argument ? { argument } : {}),
  };
  const source: ChainSource = {
    kind,
    ending,
    hasToken,
    ...(keys ? { keys } : {}),
    ...(profile === undefined ? {} : { profile }),
    ...(expires === undefined ? {} : { expires }),
    ...spot,
  };
  return { source, roles: [], flaw, hasGlobalToken };
}

export function environmentMaterial(context: ChainContext, names = terraform): Material | undefined {
  const id = variableIn(context, names.keyIdVariables);
  const secret = variableIn(context, names.secretVariables);
  return id && secret && material(id, secret, variableIn(context, names.tokenVariables));
}

export function loadedBase(settings: Settings, profile: ProfileChoice): Loaded {
  const { block, word } = settings;
  const [id, secret, token] = ["access_key", "secret_key", "token"].map(word);
  const open = ["access_key", "secret_key", "token"].map((name) => block.values.get(name)).find(isUnknown);
  const isStatic = id !== undefined || secret !== undefined || token !== undefined || open !== undefined;
  if (isStatic && !open && (!id || !secret)) {
    const missing = id ? "secret_key" : secret ? "access_key" : "access_key and secret_key";
    const { spot } = id ?? secret ?? token ?? { spot: {} };
    return fail(stop("static_credentials_empty", `${missing} is missing; nothing else completes it.`, spot));
  }
  const paths = sharedPaths(settings);
  if ("problem" in paths) return paths;
  const shared = sharedOf(paths, settings);
  if (shared.problem) return fail(shared.problem);
  const unnamed = isStatic ? undefined : block.values.get("profile");
  if (unnamed?.kind === "unknown") return { base: { source: { kind: "profile", ...unnamed.spot }, roles: [] } };
  const loaded = loadProfile(profile.name, shared, new Set());
  if ("code" in loaded && !shared.isUnread) {
    const isMissing = loaded.code === "profile_not_found";
    if (!isMissing) return fail(loaded);
    if (profile.mustExist) return fail({ ...loaded, ...profile.spot });
  }
  const found = "code" in loaded ? undefined : loaded;
  if (isStatic) {
    if (open || !id || !secret) return { base: { source: { kind: "static", ...open?.spot }, roles: [] } };
    return { base: keysBase("static", material(id, secret, token)) };
  }
  const base = chosenBase(settings, profile, found, shared.isUnread === true);
  if ("problem" in base || !block.webIdentity) return base;
  return { base: webIdentityArgument(settings, block.webIdentity) };
}

function chosenBase(
  settings: Settings,
  profile: ProfileChoice,
  found: GoProfile | undefined,
  isUnread: boolean,
): Loaded {
  const { context } = settings;
  const fromFiles = () => (!found && isUnread ? { base: unreadProfile(profile) } : ownBase(settings, found));
  if (profile.by === "argument") return fromFiles();
  const keys = environmentBase(context);
  if (keys) return { base: keys };
  const file = variableIn(context, ["AWS_WEB_IDENTITY_TOKEN_FILE"]);
  if (file) {
    const role = variableIn(context, ["AWS_ROLE_ARN"]);
    const sessionName = context.environment.get("AWS_ROLE_SESSION_NAME");
    return webIdentityBase(settings, file, role, "env", sessionName);
  }
  return fromFiles();
}

/** What a profile comes to; containers and instances, which are asked after it, are none of its. */
function ownBase(settings: Settings, found: GoProfile | undefined): Loaded {
  const loaded = profileBase(settings, found);
  if ("problem" in loaded || !found) return loaded;
  const { credentialSource } = leafOf(found);
  const isElsewhere = loaded.base.source?.kind === "container" || loaded.base.source?.kind === "imds";
  return isElsewhere && !credentialSource ? loaded : { base: { ...loaded.base, profile: found.name } };
}

function environmentBase(context: ChainContext): Base | undefined {
  const keys = environmentMaterial(context);
  const expires = variableIn(context, spellingsOf("expiration", "environment"))?.text;
  return keys && keysBase("env", keys, undefined, expires);
}

/** A profile of a file that nobody has looked at. */
export const unreadProfile = ({ name, spot }: ProfileChoice): Base => ({
  source: { kind: "profile", profile: name, ...spot },
  profile: name,
  roles: [],
});

/** aws-sdk-go-v2, config/resolve_credentials.go, resolveCredsFromProfile. */
function profileBase(settings: Settings, profile: GoProfile | undefined): Loaded {
  const inner = profileSource(settings, profile);
  if ("problem" in inner || !profile) return inner;
  const { roleArn, section } = profile;
  // A web identity token is spent on the role already.
  const isSpent = inner.base.roles.some((one) => one.at !== undefined && one.at === roleArn?.spot.at);
  if (!roleArn || isSpent) return inner;
  const mfa = filled(section, "mfa_serial");
  if (mfa)
    return fail(stop("mfa_required", `Profile ${profile.name} asks for a code, which Terraform cannot.`, mfa.spot));
  const externalId = filled(section, "external_id")?.text;
  const sessionName = filled(section, "role_session_name")?.text;
  const duration = Number(filled(section, "duration_seconds")?.text);
  const role: ChainRole = {
    operation: "AssumeRole",
    roleArn: roleArn.text,
    ...(externalId === undefined ? {} : { externalId }),
    ...(sessionName === undefined ? {} : { sessionName }),
    ...(Number.isInteger(duration) && duration > 0 ? { duration } : {}),
    via: "profile",
    ...roleArn.spot,
  };
  return { base: { ...inner.base, roles: [...inner.base.roles, role] } };
}

export function profileSource(settings: Settings, profile: GoProfile | undefined): Loaded {
  const { context } = settings;
  if (profile?.source) return profileBase(settings, profile.source);
  if (profile?.keys) return { base: keysBase("profile", profile.keys, profile.name, expiryIn(profile.section)) };
  if (profile?.credentialSource) return credentialSourceBase(settings, profile, profile.credentialSource);
  if (profile?.webIdentityFile) {
    const sessionName = filled(profile.section, "role_session_name")?.text;
    return webIdentityBase(settings, profile.webIdentityFile, profile.roleArn, "profile", sessionName);
  }
  if (profile && profile.sso !== "none") return ssoBase(settings, profile);
  if (profile?.login) {
    const { name, login } = profile;
    const fetch: KeySource = { kind: "login", profile: name, session: login.text };
    return { base: { source: { kind: "login", profile: name, fetch, ...login.spot }, roles: [] } };
  }
  if (profile?.process) {
    const { name, process: program } = profile;
    const fetch: KeySource = { kind: "process", profile: name, command: new Secret(program.text) };
    const source: ChainSource = { kind: "process", profile: name, fetch, ...program.spot };
    return { base: { source, roles: [], problem: processProblem(profile.process, context) } };
  }
  return containerBase(settings) ?? metadataBase(settings);
}

function credentialSourceBase(settings: Settings, profile: GoProfile, { text, spot }: Written): Loaded {
  switch (text) {
    case "Environment": {
      const keys = environmentBase(settings.context);
      if (keys) return { base: keys };
      const message = `Profile ${profile.name} takes the environment's keys, and it has none.`;
      return { base: { roles: [], problem: stop("static_credentials_empty", message, spot) } };
    }
    case "Ec2InstanceMetadata":
      return metadataBase(settings);
    case "EcsContainer":
      return (
        containerBase(settings) ??
        fail(stop("role_chain_invalid", "credential_source names a container, but no variable leads to one.", spot))
      );
    default:
      return fail(
        stop("role_chain_invalid", "credential_source must be Environment, Ec2InstanceMetadata or EcsContainer.", spot),
      );
  }
}
