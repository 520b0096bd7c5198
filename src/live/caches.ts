import fs from "node:fs";
import type { CachedLogin } from "../model/caches";

/** Reads a file's text as the world does: regular, small, or not at all. */
type ReadText = (path: string) => string | undefined;

const maxFiles = 200;

/**
 * The logins that the AWS tools keep beside the AWS files, by their expiries. Tokens and keys in them are dropped on the spot.
 * https://docs.aws.amazon.com/sdkref/latest/guide/understanding-sso.html
 */
export function cachedLogins(
  home: string,
  loginDirectory: string | undefined,
  readText: ReadText,
): readonly CachedLogin[] {
  const directories = [
    ["sso", `${home}/.aws/sso/cache`],
    ["cli", `${home}/.aws/cli/cache`],
    ["login", loginDirectory || `${home}/.aws/login/cache`],
  ] as const;
  return directories.flatMap(([kind, directory]) =>
    namesIn(directory).flatMap(
      (name) => loginIn(kind, `${directory}/${name}`, readText(`${directory}/${name}`) ?? "") ?? [],
    ),
  );
}

function namesIn(directory: string): readonly string[] {
  try {
    const names = fs.readdirSync(directory).filter((name) => name.endsWith(".json"));
    return names.slice(0, maxFiles);
  } catch {
    return [];
  }
}

/** What one cache file says of its login; undefined for a client's registration and for what is none of these files. */
export function loginIn(kind: CachedLogin["kind"], path: string, text: string): CachedLogin | undefined {
  const json = parsed(text);
  return json && readers[kind](path, json);
}

type Json = Readonly<Record<string, unknown>>;

/** Undefined for what is no JSON object; the parser's message, which quotes the text, is dropped. */
function parsed(text: string): Json | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return objectIn(json);
  } catch {
    return undefined;
  }
}

const objectIn = (value: unknown) => (typeof value === "object" && value !== null ? (value as Json) : undefined);
const textIn = (value: unknown) => (typeof value === "string" ? value : undefined);

/** The other files of that directory are client registrations: no access token, no start URL. */
function ssoLogin(path: string, json: Json): CachedLogin | undefined {
  const expires = textIn(json.expiresAt);
  const startUrl = textIn(json.startUrl);
  if (json.accessToken === undefined || expires === undefined || startUrl === undefined) return undefined;
  const registration = textIn(json.registrationExpiresAt);
  const refreshable = json.refreshToken !== undefined && registration !== undefined;
  return { kind: "sso", path, expires, startUrl, ...(refreshable ? { refreshableUntil: registration } : {}) };
}

function cliLogin(path: string, json: Json): CachedLogin | undefined {
  const expires = textIn(objectIn(json.Credentials)?.Expiration);
  return expires === undefined ? undefined : { kind: "cli", path, expires };
}

function loginSession(path: string, json: Json): CachedLogin | undefined {
  const expires = textIn(objectIn(json.accessToken)?.expiresAt);
  return expires === undefined ? undefined : { kind: "login", path, expires };
}

const readers: Readonly<Record<CachedLogin["kind"], (path: string, json: Json) => CachedLogin | undefined>> = {
  sso: ssoLogin,
  cli: cliLogin,
  login: loginSession,
};
