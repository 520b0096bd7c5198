import { isContainerAddress } from "../aws/chain";
import { sha1 } from "../aws/digests";
import type { ChainProblem, ChainRole, ChainSource, Spot } from "../model/chain";
import type { KeySource } from "../model/sources";
import { type ChainContext, type NestedArguments, refusal, stop, variableIn } from "./chainBlock";
import type { GoProfile } from "./chainGoProfile";
import type { Material, Written } from "./chainKeys";
import { filled } from "./chainProfiles";
import { sessionOf } from "./chainRoles";
import { expandedPath, type Settings, wordOf } from "./chainSettings";
import { isWord } from "./chainValues";
import { resolvePath } from "./locations";

/** Where the first request gets its signature from, and the roles that are assumed with it. */
export interface Base {
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

export type Loaded = { readonly base: Base } | { readonly problem: ChainProblem };

export const fail = (problem: ChainProblem): Loaded => ({ problem });

export function webIdentityBase(
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

export function webIdentityArgument({ context }: Settings, { values, spot }: NestedArguments): Base {
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

export function ssoBase({ context }: Settings, profile: GoProfile): Loaded {
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

export function containerBase({ context }: Settings): Loaded | undefined {
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

export function metadataBase(settings: Settings): Loaded {
  if (hasMetadata(settings)) return { base: { source: { kind: "imds" }, roles: [] } };
  const message = "No source has credentials, and the instance metadata service is switched off.";
  return { base: { roles: [], problem: stop("no_valid_credentials", message) } };
}

export function hasMetadata({ block, context }: Settings): boolean {
  const skip = block.values.get("skip_metadata_api_check");
  if (isWord(skip) && skip.text !== "") return skip.text !== "true";
  return context.environment.get("AWS_EC2_METADATA_DISABLED")?.toLowerCase() !== "true";
}
