import { sha1 } from "../../aws/digests";
import { isKnownRegion, stsHost } from "../../aws/regions";
import type { Fetching, FetchReply } from "../../model/fetching";
import { shellWord } from "../../model/shellWord";
import type { SsoSource } from "../../model/sources";
import { allowedEndpoint } from "../endpoint";
import type { Received } from "../exchange";
import { reasonWithoutVerdict } from "../stsAnswers";
import { dateIn, type Json, jsonIn, keysIn, objectIn, textIn } from "./json";
import { type Exchanged, exchanged, type SourceOptions, type SourceWorld } from "./source";
import { unavailable } from "./unavailable";

export interface SsoOptions extends SourceOptions {
  /** The user agreed that a login that is over is renewed and kept, as Terraform does. */
  readonly mayRenew?: boolean;
}

/**
 * The keys of a role behind an SSO login, by the token that `aws sso login` left.
 * https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html
 */
export async function fetchSso(source: SsoSource, world: SourceWorld, options: SsoOptions): Promise<FetchReply> {
  const { session, startUrl, region, accountId, roleName } = source;
  const nobody = (answer: Fetching): FetchReply => ({ host: "", answer });
  if (!isKnownRegion(region)) return nobody(unavailable(`${region} (sso_region) is no region that is known here.`));
  const portal = addressOf("portal.sso", region, options);
  if (!portal) return nobody({ status: "unknown", reason: "forbidden-endpoint" });
  const path = `${world.home}/.aws/sso/cache/${sha1(session ?? startUrl)}.json`;
  const login = jsonIn(world.read(path));
  const token = await tokenOf(login, path, source, world, options);
  if (typeof token !== "string") return token;
  const query = new URLSearchParams({ role_name: roleName, account_id: accountId });
  const asked = await exchanged(
    world,
    portal,
    {
      method: "GET",
      path: `/federation/credentials?${query}`,
      headers: { accept: "application/json", "x-amz-sso_bearer_token": token },
      body: "",
    },
    options.signal,
  );
  return replyOf(asked, (received) => roleKeys(received, source));
}

function roleKeys(received: Received, source: SsoSource): Fetching {
  const { status, text } = received;
  const keys = keysIn(objectIn(jsonIn(text)?.roleCredentials));
  if (status === 200 && keys) return keys;
  if (status === 401) return unavailable(`AWS no longer takes the SSO login${ofSession(source)}.`, logIn(source));
  return refusal(received);
}

/** What an answer in JSON says if it is no success. */
function refusal(received: Received): Fetching {
  const { status, headers, text } = received;
  const named = headers["x-amzn-errortype"] ?? textIn(jsonIn(text)?.__type);
  const code = named?.replace(/[:,].*$/, "").replace(/^.*#/, "");
  if (code === "TooManyRequestsException") return { status: "unknown", reason: "throttled" };
  const isRefusal = status >= 400 && status < 500 && code !== undefined && /^[A-Za-z]{1,60}$/.test(code);
  return isRefusal ? { status: "rejected", code } : { status: "unknown", reason: reasonWithoutVerdict(received) };
}

function replyOf({ received, ...rest }: Exchanged, read: (received: Received) => Fetching): FetchReply {
  return { ...rest, answer: "reason" in received ? { status: "unknown", ...received } : read(received) };
}

/** The service's host in a region of the table, or the one that the user named. */
function addressOf(service: "portal.sso" | "oidc", region: string, { endpoint }: SourceOptions): URL | undefined {
  if (endpoint !== undefined) return allowedEndpoint(endpoint);
  return new URL(`https://${stsHost(region).replace(/^sts\b/, service)}`);
}

const ofSession = ({ session }: SsoSource) => (session === undefined ? "" : ` of session ${session}`);

const logIn = ({ profile }: SsoSource) => `Log in again: aws sso login --profile ${shellWord(profile)}`;

const isHeaderText = (text: string) => text.length <= 16_384 && /^[\x21-\x7e]+$/.test(text);

/** The login's token if it is good, renewed where it can and may be; else why there is none. */
async function tokenOf(
  login: Json | undefined,
  path: string,
  source: SsoSource,
  world: SourceWorld,
  options: SsoOptions,
): Promise<string | FetchReply> {
  const nobody = (answer: Fetching): FetchReply => ({ host: "", answer });
  if (!login) {
    const { session } = source;
    return nobody(
      unavailable(
        `Nobody has logged in to SSO${session === undefined ? "" : ` session ${session}`} on this machine.`,
        logIn(source),
      ),
    );
  }
  const token = textIn(login.accessToken);
  const expires = dateIn(login.expiresAt);
  if (token !== undefined && expires && expires > world.now()) {
    return isHeaderText(token) ? token : nobody({ status: "unknown", reason: "unsendable-key" });
  }
  const client = source.session === undefined ? undefined : clientOf(login, world.now());
  const over = expires ? ` ended at ${expires.toISOString()}` : " is over";
  if (!client) return nobody(unavailable(`The SSO login${ofSession(source)}${over}.`, logIn(source)));
  if (!options.mayRenew) {
    return nobody(
      unavailable(
        `The SSO login${ofSession(source)}${over}. Terraform renews it by its refresh token; CallerID only does so when told to.`,
        logIn(source),
        "Or renew it as Terraform does: callerid verify --renew-login",
      ),
    );
  }
  return renewed(login, client, path, source, world, options);
}

interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
}

function clientOf(login: Json, now: Date): Client | undefined {
  const clientId = textIn(login.clientId);
  const clientSecret = textIn(login.clientSecret);
  const refreshToken = textIn(login.refreshToken);
  const registered = dateIn(login.registrationExpiresAt);
  if (!clientId || !clientSecret || !refreshToken || (registered && registered <= now)) return undefined;
  return { clientId, clientSecret, refreshToken };
}

/** A new token for an old login, kept where the old one was: the old refresh token may be spent. */
async function renewed(
  login: Json,
  client: Client,
  path: string,
  source: SsoSource,
  world: SourceWorld,
  options: SsoOptions,
): Promise<string | FetchReply> {
  const target = addressOf("oidc", source.region, options);
  if (!target) return { host: "", answer: { status: "unknown", reason: "forbidden-endpoint" } };
  // https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html
  const body = JSON.stringify({ ...client, grantType: "refresh_token" });
  const length = String(Buffer.byteLength(body));
  const headers = { accept: "application/json", "content-type": "application/json", "content-length": length };
  const asked = await exchanged(world, target, { path: "/token", headers, body }, options.signal);
  const { received } = asked;
  if (!("reason" in received) && received.status === 200) {
    const given = jsonIn(received.text);
    const token = textIn(given?.accessToken);
    const seconds = given?.expiresIn;
    if (token !== undefined && isHeaderText(token) && typeof seconds === "number" && Number.isFinite(seconds)) {
      const expiresAt = new Date(world.now().getTime() + seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
      const refreshToken = textIn(given?.refreshToken) ?? client.refreshToken;
      world.replace(path, `${JSON.stringify({ ...login, accessToken: token, expiresAt, refreshToken })}\n`);
      return token;
    }
  }
  return replyOf(asked, (answer) => {
    const refused = refusal(answer);
    return refused.status === "rejected"
      ? unavailable(`The SSO login${ofSession(source)} is over and could not be renewed.`, logIn(source))
      : refused;
  });
}
