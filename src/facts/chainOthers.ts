import { type Consumer, consumers, isContainerAddress } from "../aws/chain";
import type { Chain, ChainKind, ChainProblem, ChainRole, ChainSource, Outcome, Spot } from "../model/chain";
import { type ChainContext, type RunBlock, stop, variableIn } from "./chainBlock";
import { type Material, material, type Written } from "./chainKeys";
import { filled, overlaid, plainSections, type SharedSection } from "./chainProfiles";
import { openedPath } from "./chainSettings";
import { containerTokenProblem, loginPath, loginProblem, processProblem } from "./chainSources";
import { isWord } from "./chainValues";
import { resolvePath } from "./locations";

/**
 * What the AWS CLI (botocore 1.40) and the JavaScript SDK's default chain would use where Terraform uses this block: they
 * know nothing of it but the profile it names.
 */
export function otherOutcomes(block: RunBlock, context: ChainContext): Chain["others"] {
  const named = wordIn(block, "profile");
  const region = wordIn(block, "region");
  return { "aws-cli": awsCli(context, named, region), "aws-sdk-js": javaScript(context, named, region) };
}

function wordIn({ values }: RunBlock, name: string): string | undefined {
  const value = values.get(name);
  return isWord(value) && value.text !== "" ? value.text : undefined;
}

/** Without a region that can be part of a host name nothing is sent. */
function withRegion(
  outcome: Outcome,
  region: string | undefined,
  consumer: Consumer,
  context: ChainContext,
  section: SharedSection | undefined,
): Outcome {
  if (outcome.problem?.stage === "before-signing") return outcome;
  const found = region ?? variableIn(context, consumer.regionVariables)?.text ?? filled(section, "region")?.text;
  if (found === undefined) return failed("missing_region", "No region is set.");
  return /^[A-Za-z0-9-]{1,63}$/.test(found)
    ? outcome
    : failed("invalid_region", "The region is no part of a host name.");
}

/** A result, or nothing: then the next source is tried. */
type Attempt = Outcome | undefined;

const failed = (code: ChainProblem["code"], message: string, spot: Spot = {}): Outcome => ({
  roles: [],
  problem: stop(code, message, spot),
});

function signed(kind: ChainKind, keys: Material, profile?: string): Outcome {
  const { ending, hasToken, keys: held, at, variable, argument, flaw } = keys;
  const winner: ChainSource = {
    kind,
    ending,
    hasToken,
    ...(held ? { keys: held } : {}),
    ...(profile === undefined ? {} : { profile }),
    ...(at ? { at } : {}),
    ...(variable === undefined ? {} : { variable }),
    ...(argument ? { argument } : {}),
  };
  if (!flaw) return { winner, roles: [] };
  if (flaw.code === "invalid_value") return { roles: [], problem: { ...flaw, stage: "before-signing" } };
  return { winner, roles: [], problem: { ...flaw, stage: "at-aws" } };
}

function unsigned(kind: ChainKind, spot: Spot, problem?: ChainProblem, profile?: string): Outcome {
  const winner: ChainSource = { kind, ...(profile === undefined ? {} : { profile }), ...spot };
  return { winner, roles: [], ...(problem ? { problem } : {}) };
}

/** A role on top: asked for unless the way there is barred. */
function withRole(base: Outcome, role: ChainRole): Outcome {
  const { problem } = base;
  if (problem?.stage === "before-signing") return base;
  if (problem && base.roles.length > 0) return base;
  return { ...base, roles: [...base.roles, role] };
}

const idKey = "aws_access_key_id";
const secretKey = "aws_secret_access_key";

function tokenIn(section: SharedSection, names: readonly string[]): Written | undefined {
  return names.map((name) => filled(section, name)).find((one) => one !== undefined);
}

function environmentKeys(context: ChainContext, consumer: Consumer): Attempt {
  const id = variableIn(context, consumer.keyIdVariables);
  const secret = variableIn(context, consumer.secretVariables);
  return id && secret && signed("env", material(id, secret, variableIn(context, consumer.tokenVariables)));
}

function assumed(section: SharedSection, role: Written): ChainRole {
  const externalId = filled(section, "external_id")?.text;
  const sessionName = filled(section, "role_session_name")?.text;
  return {
    operation: "AssumeRole",
    roleArn: role.text,
    ...(externalId === undefined ? {} : { externalId }),
    ...(sessionName === undefined ? {} : { sessionName }),
    via: "profile",
    ...role.spot,
  };
}

function webIdentity(
  file: Written,
  role: Written | undefined,
  via: "env" | "profile",
  context: ChainContext,
  path: string,
): Outcome {
  if (!role) return unsigned("web-identity", file.spot, stop("web_identity_failed", "There is no role to assume."));
  const fact = context.files.look(path, "token");
  if (fact && fact.kind !== "token") {
    return unsigned(
      "web-identity",
      file.spot,
      stop("web_identity_failed", "The token file cannot be read.", file.spot),
    );
  }
  const taken: ChainRole = { operation: "AssumeRoleWithWebIdentity", roleArn: role.text, via, ...role.spot };
  return { winner: { kind: "web-identity", ...file.spot }, roles: [taken] };
}

function container(context: ChainContext): Attempt {
  const chosen = variableIn(context, ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"]);
  if (!chosen) return undefined;
  return unsigned("container", chosen.spot, containerTokenProblem(context));
}

const nothing = () => failed("no_valid_credentials", "No source has credentials.");

// --- botocore

interface Cli {
  readonly context: ChainContext;
  readonly profiles: ReadonlyMap<string, SharedSection>;
  readonly credentials: ReadonlyMap<string, SharedSection>;
  readonly config: ReadonlyMap<string, SharedSection>;
  readonly sessions: ReadonlyMap<string, SharedSection>;
  /** The profile was named by an argument, which sets the environment's keys aside. */
  readonly isExplicit: boolean;
}

function home(path: string, context: ChainContext): string {
  const variables = path.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (whole, braced, plain) => context.environment.get(braced ?? plain) ?? whole,
  );
  return variables.replace(/^~(?=\/|$)/, () => context.home);
}

/** botocore, credentials.py, create_credential_resolver. */
function awsCli(context: ChainContext, named: string | undefined, region: string | undefined): Outcome {
  const consumer = consumers["aws-cli"];
  const { environment, files } = context;
  const credentialsPath = home(environment.get("AWS_SHARED_CREDENTIALS_FILE") ?? "~/.aws/credentials", context);
  const configPath = home(environment.get("AWS_CONFIG_FILE") ?? "~/.aws/config", context);
  const read = (path: string, role: "credentials" | "config") => {
    const [opened] = openedPath(path, context);
    return opened === undefined
      ? { profiles: new Map<string, SharedSection>(), sessions: new Map<string, SharedSection>() }
      : plainSections(opened, role, "aws-cli", files);
  };
  const config = read(configPath, "config");
  const credentials = read(credentialsPath, "credentials");
  const broken = [config.problem, credentials.problem].find((one) => one && !isDirectory(one));
  if (broken) return { roles: [], problem: broken };
  const profiles = overlaid(config.profiles, credentials.profiles);
  const fromEnvironment = consumer.profileVariables.find((name) => environment.has(name));
  const chosen = named ?? (fromEnvironment === undefined ? undefined : environment.get(fromEnvironment));
  const name = chosen ?? "default";
  if (chosen !== undefined && !profiles.has(chosen)) {
    return failed("profile_not_found", `There is no profile ${chosen}.`);
  }
  const cli: Cli = {
    context,
    profiles,
    credentials: credentials.profiles,
    config: config.profiles,
    sessions: config.sessions,
    isExplicit: named !== undefined,
  };
  if (!cli.isExplicit) {
    const id = variableIn(context, consumer.keyIdVariables);
    if (id) {
      const keys = environmentKeys(context, consumer);
      if (!keys) return failed("partial_credentials", "AWS_SECRET_ACCESS_KEY is missing.", id.spot);
      return withRegion(keys, region, consumer, context, profiles.get(name));
    }
  }
  const found = cliProfile(cli, name, [name], !cli.isExplicit) ?? cliElsewhere(cli);
  return withRegion(found, region, consumer, context, profiles.get(name));
}

/** A file that cannot be opened is none to the CLI. */
const isDirectory = (problem: ChainProblem) => problem.message.startsWith("A directory");

function cliProfile(cli: Cli, name: string, visited: readonly string[], usesEnvironment: boolean): Attempt {
  const section = cli.profiles.get(name);
  return (
    cliRole(cli, name, visited) ??
    cliWebIdentity(cli, section, usesEnvironment) ??
    cliSso(cli, section) ??
    cliKeys(cli.credentials.get(name), name) ??
    cliProcess(cli, section) ??
    cliKeys(cli.config.get(name), name)
  );
}

function cliKeys(section: SharedSection | undefined, name: string): Attempt {
  const id = section?.values.get(idKey);
  if (!section || !id) return undefined;
  const secret = section.values.get(secretKey);
  if (!secret) return failed("partial_credentials", `Profile ${name} has one half of a key pair.`, id.spot);
  return signed("profile", material(id, secret, tokenIn(section, ["aws_security_token", "aws_session_token"])), name);
}

function cliRole(cli: Cli, name: string, visited: readonly string[]): Attempt {
  const section = cli.profiles.get(name);
  const role = section?.values.get("role_arn");
  if (!section || !role || section.values.has("web_identity_token_file")) return undefined;
  const source = section.values.get("source_profile");
  const credentialSource = section.values.get("credential_source");
  if (source && credentialSource) return failed("role_chain_invalid", "It has two sources.", source.spot);
  if (!source && !credentialSource) {
    return failed("partial_credentials", "Its role has no source of credentials.", role.spot);
  }
  const mfa = filled(section, "mfa_serial");
  const base = credentialSource
    ? cliCredentialSource(cli, credentialSource)
    : cliSource(cli, source as Written, visited);
  if (base.problem?.stage === "before-signing") return base;
  if (mfa) return failed("mfa_required", "It asks for a code.", mfa.spot);
  if (role.text.length < 20) return failed("sts_validation_error", "Its ARN is too short.", role.spot);
  return withRole(base, assumed(section, role));
}

function cliSource(cli: Cli, { text, spot }: Written, visited: readonly string[]): Outcome {
  const section = cli.profiles.get(text);
  if (!section) return failed("role_chain_invalid", `There is no profile ${text}.`, spot);
  const hasKeys = section.values.has(idKey) || section.values.has(secretKey);
  if (visited.includes(text) && (text !== visited.at(-1) || !hasKeys)) {
    return failed("role_chain_invalid", "The source profiles run in a circle.", spot);
  }
  const isRole = section.values.has("role_arn") && !section.values.has("web_identity_token_file");
  if (isRole && !hasKeys) {
    return cliRole(cli, text, [...visited, text]) ?? failed("role_chain_invalid", "It has no credentials.", spot);
  }
  const found =
    cliWebIdentity(cli, section, false) ??
    cliSso(cli, section) ??
    cliKeys(cli.credentials.get(text), text) ??
    cliProcess(cli, section) ??
    cliKeys(cli.config.get(text), text);
  return found ?? failed("role_chain_invalid", `Profile ${text} has no credentials.`, spot);
}

function cliCredentialSource({ context }: Cli, { text, spot }: Written): Outcome {
  switch (text) {
    case "Environment": {
      const keys = environmentKeys(context, consumers["aws-cli"]);
      if (keys) return keys;
      const half = variableIn(context, ["AWS_ACCESS_KEY_ID"]);
      return half
        ? failed("partial_credentials", "AWS_SECRET_ACCESS_KEY is missing.", half.spot)
        : failed("role_chain_invalid", "The environment has no keys.", spot);
    }
    case "EcsContainer":
      return container(context) ?? failed("role_chain_invalid", "No variable leads to a container.", spot);
    case "Ec2InstanceMetadata":
      return cliMetadata(context) ?? failed("role_chain_invalid", "Instance metadata is switched off.", spot);
    default:
      return failed("role_chain_invalid", "It names an unknown source.", spot);
  }
}

function cliWebIdentity({ context }: Cli, section: SharedSection | undefined, usesEnvironment: boolean): Attempt {
  const own = (key: string, name: string) =>
    (usesEnvironment ? variableIn(context, [name]) : undefined) ?? filled(section, key);
  const file = own("web_identity_token_file", "AWS_WEB_IDENTITY_TOKEN_FILE");
  if (!file) return undefined;
  const role = own("role_arn", "AWS_ROLE_ARN");
  const via = file.spot.variable === undefined ? "profile" : "env";
  return webIdentity(file, role, via, context, resolvePath(context.directory, file.text));
}

const ssoSettings = ["sso_start_url", "sso_region", "sso_account_id", "sso_role_name"];

function cliSso({ context, sessions }: Cli, section: SharedSection | undefined): Attempt {
  if (!section) return undefined;
  const called = section.values.get("sso_session");
  // One of the two that name a role is what makes a profile one of SSO.
  if (!["sso_start_url", "sso_session", "sso_account_id", "sso_role_name"].some((key) => section.values.has(key))) {
    return undefined;
  }
  const bad = (message: string) => unsigned("sso", called?.spot ?? {}, stop("sso_token_invalid", message));
  const session = called && sessions.get(called.text);
  if (called && !session) return bad("There is no such session.");
  const merged = (key: string) => filled(session, key)?.text ?? filled(section, key)?.text;
  for (const key of ["sso_start_url", "sso_region"]) {
    const [one, other] = [filled(section, key)?.text, filled(session, key)?.text];
    if (one !== undefined && other !== undefined && one !== other) return bad(`${key} differs.`);
  }
  if (ssoSettings.some((key) => merged(key) === undefined)) return bad("A setting is missing.");
  const path = loginPath(context.home, called?.text ?? merged("sso_start_url") ?? "");
  const spot = called?.spot ?? section.values.get("sso_start_url")?.spot ?? {};
  return unsigned("sso", spot, loginProblem(path, called !== undefined, context, spot), section.name);
}

function cliProcess({ context }: Cli, section: SharedSection | undefined): Attempt {
  const command = filled(section, "credential_process");
  if (!command) return undefined;
  // The CLI starts it without a shell.
  const isPlain = !/[~$]/.test(command.text.trim().split(/\s/)[0] ?? "");
  const problem = isPlain
    ? processProblem(command, context)
    : stop("credential_process_failed", "The CLI expands neither ~ nor variables.", command.spot);
  return unsigned("process", command.spot, problem, section?.name);
}

function cliMetadata({ environment }: ChainContext): Attempt {
  return environment.get("AWS_EC2_METADATA_DISABLED")?.toLowerCase() === "true" ? undefined : unsigned("imds", {});
}

/** After the profile: two files of old tools, the container and the instance. */
function cliElsewhere({ context }: Cli): Outcome {
  return legacyKeys(context) ?? container(context) ?? cliMetadata(context) ?? nothing();
}

/** `AWS_CREDENTIAL_FILE` and `~/.boto`. */
function legacyKeys(context: ChainContext): Attempt {
  const old = variableIn(context, ["AWS_CREDENTIAL_FILE"]);
  if (old) {
    const path = resolvePath(context.directory, home(old.text, context));
    const found = lineKeys(path, context, /^AWSAccessKeyId\s*=\s*(.+)$/m, /^AWSSecretKey\s*=\s*(.+)$/m);
    if (found) return found;
  }
  const named = context.environment.get("BOTO_CONFIG");
  for (const path of named === undefined ? ["/etc/boto.cfg", "~/.boto"] : [named]) {
    const full = resolvePath(context.directory, home(path, context));
    const found = lineKeys(full, context, /^aws_access_key_id\s*=\s*(.+)$/m, /^aws_secret_access_key\s*=\s*(.+)$/m);
    if (found) return found;
  }
  return undefined;
}

function lineKeys(path: string, context: ChainContext, idForm: RegExp, secretForm: RegExp): Attempt {
  const fact = context.files.look(path, "text");
  if (fact?.kind !== "text") return undefined;
  const written = (form: RegExp): Written | undefined => {
    const match = form.exec(fact.text);
    if (!match?.[1]) return undefined;
    const start = match.index + match[0].length - match[1].length;
    return { text: match[1].trim(), spot: { at: { path, span: { start, end: start + match[1].length } } } };
  };
  const id = written(idForm);
  const secret = written(secretForm);
  return id && secret && signed("profile", material(id, secret, undefined));
}

// --- the JavaScript SDK

interface Js {
  readonly context: ChainContext;
  readonly profiles: ReadonlyMap<string, SharedSection>;
  readonly sessions: ReadonlyMap<string, SharedSection>;
}

/** @aws-sdk/credential-provider-node, defaultProvider. */
function javaScript(context: ChainContext, named: string | undefined, region: string | undefined): Outcome {
  const { environment, files } = context;
  const read = (variableName: string, file: string, role: "credentials" | "config") => {
    const path = (environment.get(variableName) || `~/.aws/${file}`).replace(/^~(?=\/)/, () => context.home);
    return plainSections(resolvePath(context.directory, path), role, "aws-sdk-js", files);
  };
  const config = read("AWS_CONFIG_FILE", "config", "config");
  const credentials = read("AWS_SHARED_CREDENTIALS_FILE", "credentials", "credentials");
  const profiles = overlaid(config.profiles, credentials.profiles);
  const js: Js = { context, profiles, sessions: config.sessions };
  const profile = named ?? (environment.get("AWS_PROFILE") || undefined);
  const consumer = consumers["aws-sdk-js"];
  const keys = profile === undefined ? environmentKeys(context, consumer) : undefined;
  const found = keys ?? jsProfile(js, profile ?? "default", [], false) ?? jsElsewhere(context);
  return withRegion(found, region, consumer, context, profiles.get(profile ?? "default"));
}

function jsProfile(js: Js, name: string, visited: readonly string[], recursive: boolean): Attempt {
  const section = js.profiles.get(name);
  if (!section) return undefined;
  const keys = jsKeys(section, name);
  if (visited.length > 0 && keys) return keys;
  const role = section.values.get("role_arn");
  const source = section.values.get("source_profile");
  const credentialSource = section.values.get("credential_source");
  const isRole = role !== undefined && (source === undefined) !== (credentialSource === undefined);
  if (role && (recursive || isRole)) return jsRole(js, name, section, role, visited);
  return (
    keys ??
    jsWebIdentity(js, section) ??
    jsProcess(js, section) ??
    jsSso(js, section) ??
    (visited.length > 0 ? failed("role_chain_invalid", `Profile ${name} has no credentials.`) : undefined)
  );
}

function jsKeys(section: SharedSection, name: string): Attempt {
  const id = filled(section, idKey);
  const secret = filled(section, secretKey);
  return id && secret && signed("profile", material(id, secret, filled(section, "aws_session_token")), name);
}

function jsRole(js: Js, name: string, section: SharedSection, role: Written, visited: readonly string[]): Attempt {
  const source = section.values.get("source_profile");
  const credentialSource = section.values.get("credential_source");
  if (source && visited.includes(source.text)) {
    return failed("role_chain_invalid", "The source profiles run in a circle.", source.spot);
  }
  let base: Attempt;
  if (source) {
    const next = js.profiles.get(source.text);
    if (!next) return failed("role_chain_invalid", `There is no profile ${source.text}.`, source.spot);
    const leads =
      next.values.has("role_arn") && (next.values.has("source_profile") || next.values.has("credential_source"));
    base = jsProfile(js, source.text, [...visited, name, source.text], leads);
  } else if (credentialSource) {
    base = jsCredentialSource(js, credentialSource);
  }
  if (!base || base.problem?.stage === "before-signing") {
    return base ?? failed("role_chain_invalid", "Its source has no credentials.", role.spot);
  }
  const mfa = filled(section, "mfa_serial");
  if (mfa) return failed("mfa_required", "It asks for a code.", mfa.spot);
  return withRole(base, assumed(section, role));
}

function jsCredentialSource({ context }: Js, { text, spot }: Written): Outcome {
  switch (text) {
    case "Environment":
      return (
        environmentKeys(context, consumers["aws-sdk-js"]) ??
        failed("role_chain_invalid", "The environment has no keys.", spot)
      );
    case "EcsContainer":
      return container(context) ?? failed("role_chain_invalid", "No variable leads to a container.", spot);
    case "Ec2InstanceMetadata":
      return unsigned("imds", {});
    default:
      return failed("role_chain_invalid", "It names an unknown source.", spot);
  }
}

function jsWebIdentity({ context }: Js, section: SharedSection): Attempt {
  const file = section.values.get("web_identity_token_file");
  const role = section.values.get("role_arn");
  return file && role && webIdentity(file, role, "profile", context, resolvePath(context.directory, file.text));
}

function jsProcess({ context }: Js, section: SharedSection): Attempt {
  const command = section.values.get("credential_process");
  if (!command) return undefined;
  const problem = processProblem(command, context);
  // A process that fails is passed over, as if the profile had none.
  return problem ? jsElsewhere(context) : unsigned("process", command.spot, undefined, section.name);
}

function jsSso({ context, sessions }: Js, section: SharedSection): Attempt {
  const own = (key: string) => section.values.get(key);
  if (!["sso_start_url", "sso_account_id", "sso_session", "sso_region", "sso_role_name"].some(own)) return undefined;
  const called = own("sso_session");
  const session = called && sessions.get(called.text);
  const bad = (message: string) => unsigned("sso", called?.spot ?? {}, stop("sso_token_invalid", message));
  if (called && !session) return bad("There is no such session.");
  for (const key of ["sso_start_url", "sso_region"]) {
    const [one, other] = [own(key)?.text, session?.values.get(key)?.text];
    if (one !== undefined && other !== undefined && one !== other) return bad(`${key} differs.`);
  }
  const merged = (key: string) => own(key)?.text ?? session?.values.get(key)?.text;
  if (ssoSettings.some((key) => !merged(key))) return bad("A setting is missing.");
  const path = loginPath(context.home, called?.text ?? merged("sso_start_url") ?? "");
  const spot = called?.spot ?? own("sso_start_url")?.spot ?? {};
  return unsigned("sso", spot, loginProblem(path, called !== undefined, context, spot), section.name);
}

function jsElsewhere(context: ChainContext): Outcome {
  const file = variableIn(context, ["AWS_WEB_IDENTITY_TOKEN_FILE"]);
  const role = variableIn(context, ["AWS_ROLE_ARN"]);
  if (file && role) return webIdentity(file, role, "env", context, resolvePath(context.directory, file.text));
  const disabled = context.environment.get("AWS_EC2_METADATA_DISABLED");
  const full = context.environment.get("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  const relative = context.environment.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  if (full && !relative && !isContainerAddress(full)) return nothing();
  return container(context) ?? (disabled && disabled !== "false" ? nothing() : unsigned("imds", {}));
}
