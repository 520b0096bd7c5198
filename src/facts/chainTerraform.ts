import { consumers, isContainerAddress, roleArnForm, sessionNameForm } from "../aws/chain";
import { sha1 } from "../aws/digests";
import { isKnownRegion, isPossibleRegion, regionInfo } from "../aws/regions";
import type {
  ChainKind,
  ChainProblem,
  ChainRegion,
  ChainRole,
  ChainSource,
  ChainStep,
  Outcome,
  ShadowedSource,
  Spot,
} from "../model/chain";
import { Secret } from "../model/secret";
import type { KeySource } from "../model/sources";
import { type ChainContext, type NestedArguments, type RunBlock, stop, variableIn, variableSpot } from "./chainBlock";
import { type Material, material, type Written } from "./chainKeys";
import { filled, type SharedConfig, type SharedPaths, type SharedSection, sharedConfigForGo } from "./chainProfiles";
import { blockRoles, sessionOf } from "./chainRoles";
import { isWord } from "./chainValues";
import { endpointKind } from "./environment";
import { resolvePath } from "./locations";
import { spellingsOf } from "./names";

const terraform = consumers.terraform;

/** What the steps of the chain come to, before anybody is told. */
export interface TerraformOutcome extends Outcome {
  readonly region?: ChainRegion;
  readonly steps: readonly ChainStep[];
  readonly shadowed: readonly ShadowedSource[];
}

/**
 * Which credentials Terraform 1.6 and later, and the AWS provider from 4.0, use for a block.
 * hashicorp/aws-sdk-go-base, aws_config.go and credentials.go; aws/aws-sdk-go-v2, config/resolve_credentials.go and
 * config/shared_config.go; measured with Terraform 1.11.4.
 */
export function terraformOutcome(block: RunBlock, context: ChainContext): TerraformOutcome {
  const run = new Map(block.values);
  const settings: Settings = { block, context, word: (name) => wordOf(run.get(name)) };
  const profile = profileChoice(settings);
  const named = profileRegion(settings, profile);
  const region = regionOf(settings, named);
  const candidates = candidatesOf(settings, profile);
  const outcome = decided(settings, profile, region);
  return { ...outcome, ...(region ? { region } : {}), ...stepsOf(candidates, outcome) };
}

interface Settings {
  readonly block: RunBlock;
  readonly context: ChainContext;
  /** An argument's text; undefined where it is absent, null or empty. */
  readonly word: (name: string) => Written | undefined;
}

function wordOf(value: Parameters<typeof isWord>[0]): Written | undefined {
  return isWord(value) && value.text !== "" ? { text: value.text, spot: value.spot } : undefined;
}

const refusal = (code: ChainProblem["code"], message: string, spot: Spot = {}): ChainProblem => ({
  code,
  stage: "at-aws",
  message,
  ...spot,
});

interface ProfileChoice {
  readonly name: string;
  readonly by: "argument" | "variable" | "default";
  /** Terraform stops when it does not exist. */
  readonly mustExist: boolean;
  readonly spot: Spot;
}

function profileChoice({ word, context }: Settings): ProfileChoice {
  const argument = word("profile");
  const named = variableIn(context, terraform.profileVariables);
  const mustExist = argument !== undefined || Boolean(context.environment.get("AWS_PROFILE"));
  if (argument) return { name: argument.text, by: "argument", mustExist, spot: argument.spot };
  if (named) return { name: named.text, by: "variable", mustExist, spot: named.spot };
  return { name: "default", by: "default", mustExist: false, spot: {} };
}

function regionOf({ word, context, block }: Settings, named: Written | undefined): ChainRegion | undefined {
  const via = (one: Written): "arg" | "block" => (one.spot.argument ? "arg" : "block");
  const argument = word("sts_region") ?? word("region");
  if (argument) return { name: argument.text, via: via(argument), ...argument.spot };
  const fromEnvironment = variableIn(context, terraform.regionVariables);
  if (fromEnvironment) return { name: fromEnvironment.text, via: "env", ...fromEnvironment.spot };
  // The backend does not take the profile's region.
  if (block.dialect === "provider" && named) return { name: named.text, via: "profile", ...named.spot };
  return undefined;
}

function profileRegion(settings: Settings, { name }: ProfileChoice): Written | undefined {
  if (settings.block.dialect === "backend") return undefined;
  const paths = sharedPaths(settings);
  if ("problem" in paths) return undefined;
  return filled(sharedOf(paths, settings).profiles.get(name), "region");
}

/** A path as `os.ExpandEnv` and go-homedir read it; undefined where only another user's home would do. */
export function expandedPath(path: string, context: ChainContext): string | undefined {
  const expanded = path.replace(/\$(?:\{([^}]*)\}|(\w+)|([*#$@!?-]))/g, (_, braced, plain, special) =>
    special === undefined ? (context.environment.get(braced ?? plain) ?? "") : "",
  );
  if (!expanded.startsWith("~")) return expanded;
  return expanded === "~" || expanded.startsWith("~/") ? `${context.home}${expanded.slice(1)}` : undefined;
}

/** Of the variables that a path may name, an analysis knows only those that are about AWS or Terraform. */
function namesUnseen(path: string, { environment, isCallKnown }: ChainContext): boolean {
  if (isCallKnown) return false;
  return [...path.matchAll(/\$(?:\{([^}]*)\}|(\w+))/g)].some(
    ([, braced, plain]) => !environment.has(braced ?? plain ?? ""),
  );
}

/** A path as the system opens it: an empty one names nothing. */
export function openedPath(path: string, { directory, home }: ChainContext): readonly string[] {
  if (path.startsWith(`${home}/`)) return [path];
  return path === "" ? [] : [resolvePath(directory, path)];
}

function sharedPaths(settings: Settings): SharedPaths | { readonly problem: ChainProblem } {
  const { block, context } = settings;
  let isUnknown = false;
  const isBackend = block.dialect === "backend";
  const given = (argument: string, name: string | undefined): readonly Written[] | undefined => {
    const value = block.values.get(argument);
    if (value?.kind === "unknown") isUnknown = true;
    if (value?.kind === "list") {
      if (value.items.some((one) => one.kind === "unknown")) isUnknown = true;
      const words = value.items.flatMap((one) => (isWord(one) ? [{ text: one.text, spot: one.spot }] : []));
      // The backend's argument is a set, which comes out sorted.
      return isBackend ? [...words].sort((a, b) => (a.text < b.text ? -1 : 1)) : words;
    }
    const named = isBackend && name !== undefined ? variableIn(context, [name]) : undefined;
    return named && [named];
  };
  const deprecated = block.values.get("shared_credentials_file");
  if (deprecated?.kind === "unknown") isUnknown = true;
  const credentials =
    given("shared_credentials_files", "AWS_SHARED_CREDENTIALS_FILE") ??
    (isWord(deprecated) ? [{ text: deprecated.text, spot: deprecated.spot }] : []);
  const config = given("shared_config_files", "AWS_SHARED_CONFIG_FILE") ?? [];
  const opened = { credentials: [] as string[], config: [] as string[] };
  for (const [role, written] of [
    ["credentials", credentials],
    ["config", config],
  ] as const) {
    for (const { text, spot } of written) {
      if (namesUnseen(text, context)) isUnknown = true;
      const path = expandedPath(text, context);
      if (path === undefined) return { problem: stop("invalid_value", `${text} names another user's home.`, spot) };
      opened[role].push(...openedPath(path, context));
    }
  }
  const usual = (name: string, file: string) =>
    openedPath(context.environment.get(name) || `${context.home}/.aws/${file}`, context);
  return {
    credentials: credentials.length > 0 ? opened.credentials : usual("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
    config: config.length > 0 ? opened.config : usual("AWS_CONFIG_FILE", "config"),
    ...(isUnknown ? { isUnknown } : {}),
  };
}

interface Shared extends SharedConfig {
  readonly readsLogins: boolean;
}

function sharedOf(paths: SharedPaths, { block, context }: Settings): Shared {
  const readsLogins = block.dialect === "provider" || context.backendsReadLogins;
  return { ...sharedConfigForGo(paths, context.files), readsLogins };
}

/** A profile as the SDK for Go takes it out of its section. */
interface GoProfile {
  readonly name: string;
  readonly section: SharedSection;
  readonly roleArn: Written | undefined;
  readonly sourceName: Written | undefined;
  readonly credentialSource: Written | undefined;
  readonly process: Written | undefined;
  readonly webIdentityFile: Written | undefined;
  readonly login: Written | undefined;
  readonly keys: Material | undefined;
  readonly sso: "none" | "session" | "legacy";
  readonly session?: SharedSection;
  readonly source?: GoProfile;
}

function materialIn(section: SharedSection): Material | undefined {
  const id = filled(section, "aws_access_key_id");
  const secret = filled(section, "aws_secret_access_key");
  return id && secret && material(id, secret, section.values.get("aws_session_token"));
}

/** aws-sdk-go-v2, config/shared_config.go, setFromIniSections. */
function loadProfile(name: string, shared: Shared, visited: Set<string>): GoProfile | ChainProblem {
  const section = shared.profiles.get(name);
  if (!section) return stop("profile_not_found", `There is no profile ${name}.`);
  if (section.partial)
    return stop("partial_credentials", `Profile ${name} has one half of a key pair.`, section.partial);
  const invalid = badSetting(section);
  if (invalid) return invalid;
  const again = visited.has(name);
  const one = (key: string) => filled(section, key);
  const profile: GoProfile = {
    name,
    section,
    // Of a profile that names itself, only the credentials count the second time.
    roleArn: again ? undefined : one("role_arn"),
    sourceName: again ? undefined : one("source_profile"),
    credentialSource: one("credential_source"),
    process: one("credential_process"),
    webIdentityFile: one("web_identity_token_file"),
    login: shared.readsLogins ? one("login_session") : undefined,
    keys: materialIn(section),
    sso: one("sso_session")
      ? "session"
      : ["sso_region", "sso_account_id", "sso_start_url", "sso_role_name"].some(one)
        ? "legacy"
        : "none",
  };
  const needsRole = profile.sourceName ?? profile.credentialSource ?? profile.webIdentityFile;
  if (!again && needsRole && !profile.roleArn) {
    return stop("role_chain_invalid", `Profile ${name} says where a role's credentials come from, but no role_arn.`, {
      ...needsRole.spot,
    });
  }
  if (visited.size > 0 && profile.keys) return profile;
  visited.add(name);
  const kinds = [profile.sourceName, profile.credentialSource, profile.process, profile.webIdentityFile].filter(
    (kind) => kind !== undefined,
  );
  if (kinds[1]) {
    return stop("role_chain_invalid", `Profile ${name} has more than one source of credentials.`, kinds[1].spot);
  }
  const linked = profile.sourceName ? linkedProfile(profile, profile.sourceName, shared, visited) : profile;
  if ("code" in linked || linked.sso !== "session") return linked;
  const called = one("sso_session");
  const session = called && shared.sessions.get(called.text.trim());
  if (session) return { ...linked, session };
  return stop("sso_token_invalid", `There is no section [sso-session ${called?.text ?? ""}].`, called?.spot);
}

function linkedProfile(
  profile: GoProfile,
  { text, spot }: Written,
  shared: Shared,
  visited: Set<string>,
): GoProfile | ChainProblem {
  const source = loadProfile(text, shared, visited);
  if ("code" in source) {
    if (source.code !== "profile_not_found") return source;
    return stop("role_chain_invalid", `There is no profile ${text}, which source_profile names.`, spot);
  }
  const { sourceName, credentialSource, process, webIdentityFile, login, sso, keys } = source;
  const found = sourceName ?? credentialSource ?? process ?? webIdentityFile ?? login ?? keys;
  const hasCredentials = found !== undefined || sso !== "none";
  if (!hasCredentials) {
    return stop("role_chain_invalid", `Profile ${text}, which source_profile names, has no credentials.`, spot);
  }
  // The source has to provide the credentials: the profile's own are put aside, but for the name of an SSO session.
  const kept = profile.sso === "session" ? "session" : "none";
  return {
    ...profile,
    credentialSource: undefined,
    process: undefined,
    webIdentityFile: undefined,
    login: undefined,
    keys: undefined,
    sso: kept,
    source,
  };
}

/** Settings whose values stop the SDK for Go. */
const strictSettings: Readonly<Record<string, RegExp>> = {
  retry_mode: /^(?:standard|adaptive)$/,
  max_attempts: /^[+-]?\d+$/,
  defaults_mode: /^(?:auto|cross-region|in-region|legacy|mobile|standard)$/i,
  ec2_metadata_service_endpoint_mode: /^(?:ipv4|ipv6|)$/i,
};

function badSetting(section: SharedSection): ChainProblem | undefined {
  for (const [key, form] of Object.entries(strictSettings)) {
    const value = section.values.get(key);
    if (value && !form.test(value.text)) {
      return stop("config_parse", `Terraform does not know this value of ${key}.`, value.spot);
    }
  }
  return undefined;
}

/** Variables whose values stop the SDK for Go, whatever they are for. */
const strictVariables: Readonly<Record<string, RegExp>> = {
  AWS_RETRY_MODE: /^(?:standard|adaptive)$/,
  AWS_MAX_ATTEMPTS: /^[+-]?\d+$/,
};

function badVariable(context: ChainContext): ChainProblem | undefined {
  for (const [name, form] of Object.entries(strictVariables)) {
    const value = variableIn(context, [name]);
    if (value && !form.test(value.text)) return stop("invalid_value", `Terraform takes no such ${name}.`, value.spot);
  }
  return undefined;
}

/** Where the first request gets its signature from, and the roles that are assumed with it. */
interface Base {
  readonly source?: ChainSource;
  readonly profile?: string;
  readonly roles: readonly ChainRole[];
  /** Found when the credentials are fetched, not when the files are read. */
  readonly problem?: ChainProblem | undefined;
  readonly flaw?: Material["flaw"] | undefined;
  readonly hasGlobalToken?: true | undefined;
  /** The token that is sent has no chance. */
  readonly tokenProblem?: ChainProblem | undefined;
}

type Loaded = { readonly base: Base } | { readonly problem: ChainProblem };

const fail = (problem: ChainProblem): Loaded => ({ problem });

function keysBase(kind: ChainKind, found: Material, profile?: string, expires?: string): Base {
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

function decided(settings: Settings, profile: ProfileChoice, region: ChainRegion | undefined): Outcome {
  const { block, word } = settings;
  const [first] = block.problems;
  if (first) return { roles: [], problem: first };
  const own = word("region");
  const skipsRegion = isTrue(block, "skip_region_validation");
  const checked = block.dialect === "backend" ? own?.text : region?.name;
  // Another Terraform may know more regions.
  const isLater = checked !== undefined && !settings.context.isCallKnown && isPossibleRegion(checked);
  if (checked !== undefined && !skipsRegion && !isKnownRegion(checked) && !isLater) {
    return { roles: [], problem: stop("invalid_region", `${checked} is no region that Terraform knows.`, own?.spot) };
  }
  const odd = badVariable(settings.context);
  if (odd) return { roles: [], problem: odd };
  const loaded = loadedBase(settings, profile);
  if ("problem" in loaded) return { roles: [], problem: loaded.problem };
  const { base } = loaded;
  const shown = {
    ...(base.source ? { winner: base.source } : {}),
    ...(base.profile === undefined ? {} : { profile: base.profile }),
  };
  if (base.problem) return { ...shown, roles: [], problem: base.problem };
  if (base.flaw?.code === "invalid_value") {
    return { ...shown, roles: [], problem: { ...base.flaw, stage: "before-signing" } };
  }
  const badRegion = region && unsendableRegion(region);
  if (badRegion) return { ...shown, roles: [], problem: badRegion };
  const assumed = blockRoles(block);
  if ("problem" in assumed) return { roles: [], problem: assumed.problem };
  const roles = [...base.roles, ...assumed.roles];
  const foretold = refusalOf(settings, base, roles, region);
  if (foretold) return { ...shown, roles: roles.slice(0, foretold.reached), problem: foretold.problem };
  return { ...shown, roles };
}

function isTrue({ values }: RunBlock, name: string): boolean {
  const value = values.get(name);
  return isWord(value) && value.text === "true";
}

function unsendableRegion(region: ChainRegion): ChainProblem | undefined {
  const { name, via: _, ...spot } = region;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  return /[\x00-\x1f\x7f]/.test(name) ? stop("invalid_value", "The region holds a line break.", spot) : undefined;
}

function loadedBase(settings: Settings, profile: ProfileChoice): Loaded {
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

const isUnknown = (value: { readonly kind: string } | undefined) => value?.kind === "unknown";

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

const leafOf = (profile: GoProfile): GoProfile => (profile.source ? leafOf(profile.source) : profile);

function environmentBase(context: ChainContext): Base | undefined {
  const keys = environmentMaterial(context);
  const expires = variableIn(context, spellingsOf("expiration", "environment"))?.text;
  return keys && keysBase("env", keys, undefined, expires);
}

/** A profile of a file that nobody has looked at. */
const unreadProfile = ({ name, spot }: ProfileChoice): Base => ({
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

function profileSource(settings: Settings, profile: GoProfile | undefined): Loaded {
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

/** Login tools note the end of their keys beside them; no SDK looks at it. */
function expiryIn(section: SharedSection): string | undefined {
  return spellingsOf("expiration", "aws-file")
    .map((key) => filled(section, key)?.text)
    .find((one) => one !== undefined);
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

function webIdentityBase(
  { context }: Settings,
  file: Written,
  role: Written | undefined,
  via: "env" | "profile",
  sessionName: string | undefined,
): Loaded {
  const path = resolvePath(context.directory, file.text);
  const source: ChainSource = {
    kind: "web-identity",
    fetch: { kind: "web-identity", tokenFile: path },
    ...file.spot,
  };
  if (!role) {
    const problem = stop("web_identity_failed", "There is a token file, but no role to assume with it.", file.spot);
    return fail(problem);
  }
  const assumed: ChainRole = {
    operation: "AssumeRoleWithWebIdentity",
    roleArn: role.text,
    ...(sessionName ? { sessionName } : {}),
    via,
    ...role.spot,
  };
  return { base: { source, roles: [assumed], ...tokenFile(path, file, context) } };
}

function tokenFile(path: string, file: Written, context: ChainContext): Pick<Base, "problem" | "tokenProblem"> {
  const fact = context.files.look(path, "token");
  if (fact && fact.kind !== "token") {
    return { problem: stop("web_identity_failed", `The token file ${file.text} cannot be read.`, file.spot) };
  }
  if (!fact || fact.jwtLike) return {};
  return { tokenProblem: refusal("web_identity_failed", "The token in the file is no JSON web token.", file.spot) };
}

function webIdentityArgument({ context }: Settings, { values, spot }: NestedArguments): Base {
  const role = wordOf(values.get("role_arn"));
  const file = wordOf(values.get("web_identity_token_file"));
  const token = wordOf(values.get("web_identity_token"));
  const source: ChainSource = { kind: "web-identity", ...spot };
  const assumed: ChainRole = {
    operation: "AssumeRoleWithWebIdentity",
    roleArn: role?.text ?? "",
    ...sessionOf(values),
    via: "block",
    ...(role?.spot ?? spot),
  };
  if (token || !file) {
    const isFormed = !token || /^[A-Za-z0-9._=-]+$/.test(token.text.trim());
    const message = "The token is no JSON web token.";
    return {
      source,
      roles: [assumed],
      ...(isFormed ? {} : { tokenProblem: refusal("web_identity_failed", message, spot) }),
    };
  }
  const expanded = expandedPath(file.text, context);
  if (expanded === undefined) {
    const message = `${file.text} names another user's home.`;
    return { source, roles: [], problem: stop("web_identity_failed", message, file.spot) };
  }
  const path = resolvePath(context.directory, expanded);
  const fetch: KeySource = { kind: "web-identity", tokenFile: path };
  return { source: { ...source, fetch }, roles: [assumed], ...tokenFile(path, file, context) };
}

/** Where the SSO login of a session's name, or of a portal's address, is kept. */
export function loginPath(home: string, key: string): string {
  return `${home}/.aws/sso/cache/${sha1(key)}.json`;
}

function ssoBase({ context }: Settings, profile: GoProfile): Loaded {
  const { name, section, session } = profile;
  const own = (key: string) => filled(section, key);
  const spot = (own("sso_session") ?? own("sso_start_url"))?.spot ?? section.spot;
  const bad = (message: string) => fail(stop("sso_token_invalid", message, spot));
  let key: string;
  let place: { readonly startUrl: string; readonly region: string; readonly session?: string };
  if (profile.sso === "session") {
    const region = filled(session, "sso_region")?.text;
    const url = filled(session, "sso_start_url")?.text;
    if (region === undefined || url === undefined) return bad("The [sso-session] lacks sso_region or sso_start_url.");
    const differs = (key: string, value: string) => {
      const repeated = own(key)?.text;
      return repeated !== undefined && repeated !== value;
    };
    if (differs("sso_region", region)) return bad("sso_region of the profile differs from its session's.");
    if (differs("sso_start_url", url)) return bad("sso_start_url of the profile differs from its session's.");
    key = own("sso_session")?.text ?? "";
    place = { startUrl: url, region, session: key };
  } else {
    const missing = ["sso_region", "sso_start_url", "sso_account_id", "sso_role_name"].filter((key) => !own(key));
    if (missing.length > 0) return bad(`Profile ${name} lacks ${missing.join(", ")}.`);
    key = own("sso_start_url")?.text ?? "";
    place = { startUrl: key, region: own("sso_region")?.text ?? "" };
  }
  const [accountId, roleName] = [own("sso_account_id")?.text, own("sso_role_name")?.text];
  const fetch: KeySource | undefined =
    accountId && roleName ? { kind: "sso", profile: name, ...place, accountId, roleName } : undefined;
  const source: ChainSource = { kind: "sso", profile: name, ...(fetch ? { fetch } : {}), ...spot };
  const problem = loginProblem(loginPath(context.home, key), profile.sso === "session", context, spot);
  return { base: { source, roles: [], problem } };
}

export function loginProblem(
  path: string,
  mayRenew: boolean,
  context: ChainContext,
  spot: Spot,
): ChainProblem | undefined {
  const fact = context.files.look(path, "login");
  if (!fact) return undefined;
  if (fact.kind !== "login") return stop("sso_token_invalid", "Nobody has logged in with aws sso login.", spot);
  const expires = fact.expires === undefined ? Number.NaN : Date.parse(fact.expires);
  if (Number.isNaN(expires)) return stop("sso_token_invalid", "The cached SSO login cannot be read.", spot);
  if (!context.isPast(expires) || (mayRenew && fact.renewable)) return undefined;
  return stop("sso_token_invalid", "The SSO login has expired.", spot);
}

/** Words that the shell answers by itself. */
const shellWords = new Set(
  "echo printf test [ : . source eval exec exit export cd true false if for while case command set unset env".split(
    " ",
  ),
);

/** Whether the command of `credential_process` can be started at all, where that can be told without a shell. */
export function processProblem({ text, spot }: Written, context: ChainContext): ChainProblem | undefined {
  const first = /^\s*(?:"([^"$`\\]*)"|'([^']*)'|((?:[^\s"'`|&;<>()\\*?[\]#$=]|\$HOME\b|\$\{HOME\})+))(?=\s|$)/.exec(
    text,
  );
  const written = first?.[1] ?? first?.[2] ?? first?.[3];
  if (written === undefined || written === "" || shellWords.has(written)) return undefined;
  const isPlain = first?.[3] !== undefined;
  const expanded = isPlain
    ? written.replace(/^~(?=\/|$)/, context.home).replace(/\$HOME\b|\$\{HOME\}/g, () => context.home)
    : written;
  const path = expanded.includes("/") ? resolvePath(context.directory, expanded) : expanded;
  const fact = context.files.look(path, "program");
  if (!fact || (fact.kind === "program" && fact.executable)) return undefined;
  const why = fact.kind === "program" ? "is not executable" : "does not exist";
  return stop("credential_process_failed", `${written} of credential_process ${why}.`, spot);
}

function containerBase({ context }: Settings): Loaded | undefined {
  const relative = variableIn(context, ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"]);
  const full = variableIn(context, ["AWS_CONTAINER_CREDENTIALS_FULL_URI"]);
  const chosen = full ?? relative;
  if (!chosen) return undefined;
  const source: ChainSource = { kind: "container", ...chosen.spot };
  if (full && !isContainerAddress(full.text)) {
    const message = "AWS_CONTAINER_CREDENTIALS_FULL_URI leads to a host that is trusted over https alone.";
    return fail(stop("container_failed", message, full.spot));
  }
  return { base: { source, roles: [], problem: containerTokenProblem(context) } };
}

export function containerTokenProblem(context: ChainContext): ChainProblem | undefined {
  const file = variableIn(context, ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"]);
  if (file) {
    const fact = context.files.look(resolvePath(context.directory, file.text), "token");
    if (fact && fact.kind !== "token") return stop("container_failed", "The token file cannot be read.", file.spot);
    if (fact && !fact.oneLine) return stop("container_failed", "The token holds a line break.", file.spot);
    return undefined;
  }
  const token = variableIn(context, ["AWS_CONTAINER_AUTHORIZATION_TOKEN"]);
  return token && /[\r\n]/.test(token.text)
    ? stop("container_failed", "The token holds a line break.", token.spot)
    : undefined;
}

function metadataBase(settings: Settings): Loaded {
  if (hasMetadata(settings)) return { base: { source: { kind: "imds" }, roles: [] } };
  const message = "No source has credentials, and the instance metadata service is switched off.";
  return { base: { roles: [], problem: stop("no_valid_credentials", message) } };
}

function hasMetadata({ block, context }: Settings): boolean {
  const skip = block.values.get("skip_metadata_api_check");
  if (isWord(skip) && skip.text !== "") return skip.text !== "true";
  return context.environment.get("AWS_EC2_METADATA_DISABLED")?.toLowerCase() !== "true";
}

/** The refusal that can be foretold, and how many roles are asked for until then. */
function refusalOf(
  { block, context }: Settings,
  base: Base,
  roles: readonly ChainRole[],
  region: ChainRegion | undefined,
): { readonly problem: ChainProblem; readonly reached: number } | undefined {
  const skipsBoth = isTrue(block, "skip_credentials_validation") && isTrue(block, "skip_requesting_account_id");
  const allowed = block.values.get("allowed_account_ids");
  if (skipsBoth && allowed?.kind === "list" && allowed.items.length > 0 && roles.length === 0) {
    const message = "Without asking for the account id, no account is among allowed_account_ids.";
    return { problem: stop("account_not_allowed", message, allowed.spot), reached: 0 };
  }
  if (hasOtherEndpoint(block, context)) return undefined;
  const { flaw } = base;
  if (flaw) return { problem: { ...flaw, stage: "at-aws" }, reached: 1 };
  if (base.tokenProblem && roleArnForm.test(roles[0]?.roleArn ?? "")) return { problem: base.tokenProblem, reached: 1 };
  const optIn = skipsBoth ? undefined : optInProblem(base, region);
  if (optIn) return { problem: optIn, reached: 1 };
  for (const [index, role] of roles.entries()) {
    const isWeb = role.operation === "AssumeRoleWithWebIdentity";
    const isBad = isWeb
      ? !roleArnForm.test(role.roleArn) || role.roleArn.includes('"')
      : !role.roleArn.startsWith("arn:") || role.roleArn.length < 20;
    const { at, variable: name } = role;
    const spot: Spot = { ...(at ? { at } : {}), ...(name === undefined ? {} : { variable: name }) };
    if (isBad) {
      return { problem: refusal("sts_validation_error", "It is not the ARN of a role.", spot), reached: index + 1 };
    }
    if (!isWeb && role.sessionName !== undefined && !sessionNameForm.test(role.sessionName)) {
      const message = "STS takes no such name for a session.";
      return { problem: refusal("sts_validation_error", message, spot), reached: index + 1 };
    }
  }
  return undefined;
}

/** A region that has to be enabled knows no key of an account that has not done so. */
function optInProblem({ source, hasGlobalToken }: Base, region: ChainRegion | undefined): ChainProblem | undefined {
  const isSigned = source?.kind === "static" || source?.kind === "env" || source?.kind === "profile";
  if (!isSigned || !region || !regionInfo(region.name)?.optIn) return undefined;
  const { name, via: _, ...spot } = region;
  if (hasGlobalToken) {
    const message = `The session token comes from the global endpoint, and ${name} does not take such tokens.`;
    return refusal("invalid_client_token_id", message, spot);
  }
  const message = `${name} refuses every key of an account that has not enabled the region.`;
  return { ...refusal("invalid_client_token_id", message, spot), isPossible: true };
}

const endpointVariables = ["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL", "AWS_STS_ENDPOINT", "TF_AWS_STS_ENDPOINT"];

/** Whether the requests go to something else than AWS, of which nothing can be foretold. */
function hasOtherEndpoint(block: RunBlock, context: ChainContext): boolean {
  const { values } = block;
  const named = variableIn(context, endpointVariables);
  const endpoints = values.get("endpoints");
  if (endpoints?.kind === "unknown") return true;
  const nested = (name: string) => (endpoints?.kind === "object" ? endpoints.entries.get(name) : undefined);
  // Without the calls to STS, S3 is the first to see the key.
  const isStoreFirst = isTrue(block, "skip_credentials_validation") && isTrue(block, "skip_requesting_account_id");
  const given = [nested("sts"), values.get("sts_endpoint")];
  if (isStoreFirst) given.push(nested("s3"), values.get("endpoint"));
  return [named?.text, ...given.map((one) => (isUnknown(one) ? "?" : wordOf(one)?.text))].some(
    (url) => url !== undefined && endpointKind(url) !== "aws",
  );
}

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

function candidatesOf(settings: Settings, profile: ProfileChoice): readonly Candidate[] {
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

function stepsOf(
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
