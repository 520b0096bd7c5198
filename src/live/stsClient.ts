import type { STSClient as Client, STSClientResolvedConfig } from "@aws-sdk/client-sts";
import { isKnownRegion, stsHost } from "../aws/regions";
import type { Answer, Keys, UnknownReason } from "../model/credentials";
import { allowedEndpoint } from "./endpoint";
import { Exchange, NoAnswer, type Outgoing, type Received, within } from "./exchange";
import { proxyTo, type Route } from "./route";
import { codeOf, refusalIn, rootOf, unknown } from "./stsAnswers";

/** Whom to ask, and how. */
export interface StsPlace {
  /** Exactly a name of the table; decides the host, unless `endpoint` does, and the signature's scope. */
  readonly region: string;
  /** A host the user asked for in person. Never hand over what a file says. */
  readonly endpoint?: string;
  readonly signal?: AbortSignal;
  readonly now?: () => Date;
  readonly deadlineMs?: number;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The way out of this machine, where no host of ours decides it. */
  readonly route?: Route;
}

export type Sdk = typeof import("@aws-sdk/client-sts");

type Refused = Exclude<Answer, { status: "valid" }>;
type Unknown = Extract<Answer, { status: "unknown" }>;

/** One operation: what is sent, how a success is read, and what a refusal means. */
export interface Operation<T> {
  readonly action: "GetCallerIdentity" | "AssumeRole" | "AssumeRoleWithWebIdentity";
  readonly isBody: (body: string) => boolean;
  /** Undefined where the answer lacks what a success has. */
  readonly send: (client: Client, sdk: Sdk) => Promise<T | undefined>;
  readonly refused: (answer: Refused, received: Received) => T | Unknown;
}

export interface StsReply<T> {
  readonly host: string;
  readonly answer: T | Unknown;
  readonly clockSkewSeconds?: number;
}

const defaultDeadline = 10_000;
/** No token of AWS comes near, and servers refuse longer headers. */
const maxHeaderValue = 16 * 1024;

/**
 * One operation of STS: one POST to one host, no redirects, no retries, nothing read from ~/.aws. Always resolves, within
 * the deadline, and with nothing in it that a library worded. `host` is empty where the region or the endpoint gave none.
 */
export async function askSts<T extends object>(
  place: StsPlace,
  keys: Keys,
  operation: Operation<T>,
): Promise<StsReply<T>> {
  const { region, endpoint, signal, now = () => new Date(), deadlineMs = defaultDeadline, route } = place;
  if (!isKnownRegion(region)) return { host: "", answer: unknown("unknown-region") };
  const target = endpoint === undefined ? new URL(`https://${stsHost(region)}`) : allowedEndpoint(endpoint);
  if (!target) return { host: "", answer: unknown("forbidden-endpoint") };
  const { host } = target;
  const obstacle = obstacleTo(place, keys);
  if (obstacle) return { host, answer: unknown(obstacle) };

  const exchange = new Exchange(target, now, route);
  const asked = await within(exchange, { deadlineMs, signal }, () => ask(region, keys, exchange, operation));
  const answer = typeof asked === "string" ? unknown(asked) : explainedByProxy(asked, exchange, place);
  const { clockSkewSeconds } = exchange;
  return { host, answer, ...(clockSkewSeconds === undefined ? {} : { clockSkewSeconds }) };
}

/** What forbids to send anything at all. */
function obstacleTo({ signal, environment = process.env }: StsPlace, keys: Keys): UnknownReason | undefined {
  if (signal?.aborted) return "cancelled";
  // Ours are verified in any case; but who set this expects no protection, and other code in the process has none.
  const name = "NODE_TLS_REJECT_UNAUTHORIZED";
  if (environment[name] === "0" || process.env[name] === "0") return "tls-verification-disabled";
  return isSendable(keys) ? undefined : "unsendable-key";
}

function isSendable({ accessKeyId, secretAccessKey, sessionToken }: Keys): boolean {
  const isHeaderText = (text: string) => text.length <= maxHeaderValue && /^[\x20-\x7e]*$/.test(text);
  // The key id travels readable, so a secret key in its place must not.
  const looksSecret = /^[A-Za-z0-9+/]{40}$/.test(accessKeyId);
  return (
    accessKeyId !== "" &&
    secretAccessKey.reveal() !== "" &&
    !looksSecret &&
    isHeaderText(accessKeyId) &&
    isHeaderText(sessionToken?.reveal() ?? "")
  );
}

type Handler = STSClientResolvedConfig["requestHandler"];
type SdkRequest = Parameters<Handler["handle"]>[0];

/** One operation put through the SDK, whose transport is `exchange`. Never rejects. */
async function ask<T extends object>(
  region: string,
  keys: Keys,
  exchange: Exchange,
  { action, isBody, send, refused }: Operation<T>,
): Promise<T | Unknown> {
  let received: Received | undefined;
  const handler: Handler = {
    metadata: { handlerProtocol: "http/1.1" },
    handle: async (outgoing) => {
      // Kept as it arrived, because the SDK takes a web page for an empty success.
      received = await exchange.send(theQuestion(outgoing, exchange.target, isBody));
      // Only what has a known root is parsed. A copy, because the SDK turns the array it gets into a class of its own.
      const body = new TextEncoder().encode(rootOf(received, action) ? received.text : "");
      const response = { statusCode: received.status, headers: { ...received.headers }, body };
      return { response } as Awaited<ReturnType<Handler["handle"]>>;
    },
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
    destroy: () => exchange.close(),
  };
  let success: T | undefined;
  let code: string | undefined;
  try {
    const sdk = await import("@aws-sdk/client-sts");
    const client = clientFor(sdk, region, keys, exchange, handler);
    try {
      success = await send(client, sdk);
    } finally {
      client.destroy();
    }
  } catch (error) {
    if (error instanceof NoAnswer) return unknown(error.reason);
    code = codeOf(error);
  }
  // The SDK gave up before it sent anything.
  if (!received) return unknown("network");
  const root = rootOf(received, action);
  if (received.status === 200 && root === "success" && success) return success;
  return refused(refusalIn(received, root === "error" ? code : undefined), received);
}

function clientFor(
  { STSClient }: Sdk,
  region: string,
  keys: Keys,
  { target }: Exchange,
  requestHandler: Handler,
): Client {
  const token = keys.sessionToken?.reveal();
  // An option left out here is looked up in ~/.aws/config and in the environment instead.
  return new STSClient({
    region,
    endpoint: target.origin,
    credentials: {
      accessKeyId: keys.accessKeyId,
      secretAccessKey: keys.secretAccessKey.reveal(),
      ...(token ? { sessionToken: token } : {}),
    },
    requestHandler,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    maxAttempts: 1,
    retryMode: "standard",
    defaultsMode: "standard",
    userAgentAppId: "callerid",
    authSchemePreference: ["sigv4"],
    sigv4aSigningRegionSet: [region],
    // Or a wrong clock would be corrected behind our back, and the next signature dated as the server likes.
    disableClockSkewCorrection: true,
  });
}

/** The request as it goes out; a `NoAnswer` where the SDK is about to send another one than it was made for. */
function theQuestion(
  { protocol, hostname, port, method, path, query, headers, body }: SdkRequest,
  target: URL,
  isBody: (body: string) => boolean,
): Outgoing {
  const isOurs =
    protocol === target.protocol &&
    hostname === target.hostname &&
    String(port ?? "") === target.port &&
    method === "POST" &&
    path === "/" &&
    Object.keys(query ?? {}).length === 0 &&
    typeof body === "string" &&
    isBody(body);
  if (!isOurs) throw new NoAnswer("forbidden-endpoint");
  return { headers, body };
}

/** A host that is out of reach where a proxy is set is most likely out of reach because of it: Node goes straight. */
function explainedByProxy<T extends object>(
  answer: T | Unknown,
  { connected, target, route }: Exchange,
  { endpoint, environment = process.env }: StsPlace,
): T | Unknown {
  if (!("reason" in answer) || connected || endpoint !== undefined || route) return answer;
  if (!["dns", "refused", "timeout", "network"].includes(answer.reason as string)) return answer;
  return proxyTo(target, environment) ? unknown("proxy") : answer;
}
