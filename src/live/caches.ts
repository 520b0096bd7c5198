import fs from "node:fs";
import type { CachedLogin } from "../model/caches";

/** Reads a file's text as the world does: regular, small, or not at all. */
type ReadText = (path: string) => string | undefined;

/**
 * The logins that the AWS tools keep beside the AWS files, by their expiries. Tokens and keys in them are dropped on the spot.
 * https://docs.aws.amazon.com/sdkref/latest/guide/understanding-sso.html
 */
export function cachedLogins(
  home: string,
  loginDirectory: string | undefined,
  readText: ReadText,
): readonly CachedLogin[] {
  return [
    ...entriesOf(`${home}/.aws/sso/cache`, readText, ssoLogin),
    ...entriesOf(`${home}/.aws/cli/cache`, readText, cliLogin),
    ...entriesOf(loginDirectory || `${home}/.aws/login/cache`, readText, loginSession),
  ];
}

type Json = Readonly<Record<string, unknown>>;

const maxFiles = 200;

function entriesOf(
  directory: string,
  readText: ReadText,
  toLogin: (path: string, json: Json) => CachedLogin | undefined,
): CachedLogin[] {
  let names: string[];
  try {
    names = fs.readdirSync(directory);
  } catch {
    return [];
  }
  return names
    .filter((name) => name.endsWith(".json"))
    .slice(0, maxFiles)
    .flatMap((name) => {
      const path = `${directory}/${name}`;
      const json = parsed(readText(path));
      const login = json && toLogin(path, json);
      return login ? [login] : [];
    });
}

/** Undefined for what is no JSON object; the parser's message, which quotes the text, is dropped. */
function parsed(text: string | undefined): Json | undefined {
  try {
    const json: unknown = JSON.parse(text ?? "");
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
