import type { STSClient as Client, STSClientResolvedConfig } from "@aws-sdk/client-sts";
import { isKnownRegion, stsHost } from "../aws/regions";
import type { Answer, Identity, Keys, Reply, UnknownReason } from "../model/credentials";
import { allowedEndpoint } from "./endpoint";
import { Exchange, NoAnswer, type Outgoing, type Received, within } from "./exchange";
import { proxyTo, type Route } from "./route";
import { codeOf, identityOf, refusalIn, rootOf, unknown } from "./stsAnswers";

export interface IdentityQuestion {
  readonly keys: Keys;
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

const defaultDeadline = 10_000;
/** No token of AWS comes near, and servers refuse longer headers. */
const maxHeaderValue = 16 * 1024;
const questionBody = "Action=GetCallerIdentity&Version=2011-06-15";

/**
 * Asks STS whose keys these are: one POST to one host, no redirects, no retries, nothing read from ~/.aws.
 * Always resolves, within the deadline, and with nothing in it that a library worded. `host` is empty where the region
 * or the endpoint gave none.
 */
export async function getCallerIdentity(question: IdentityQuestion): Promise<Reply> {
  const { region, endpoint, signal, now = () => new Date(), deadlineMs = defaultDeadline, route } = question;
  if (!isKnownRegion(region)) return { host: "", answer: unknown("unknown-region") };
  const target = endpoint === undefined ? new URL(`https://${stsHost(region)}`) : allowedEndpoint(endpoint);
  if (!target) return { host: "", answer: unknown("forbidden-endpoint") };
  const { host } = target;
  const obstacle = obstacleTo(question);
  if (obstacle) return { host, answer: unknown(obstacle) };

  const exchange = new Exchange(target, now, route);
  const asked = await within(exchange, { deadlineMs, signal }, () => ask(question, exchange));
  const answer = typeof asked === "string" ? unknown(asked) : explainedByProxy(asked, exchange, question);
  const { clockSkewSeconds } = exchange;
  return { host, answer, ...(clockSkewSeconds === undefined ? {} : { clockSkewSeconds }) };
}

/** What forbids to send anything at all. */
function obstacleTo({ keys, signal, environment = process.env }: IdentityQuestion): UnknownReason | undefined {
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

/** One question put through the SDK, whose transport is `exchange`. Never rejects. */
async function ask({ keys, region }: IdentityQuestion, exchange: Exchange): Promise<Answer> {
  let received: Received | undefined;
  const handler: Handler = {
    metadata: { handlerProtocol: "http/1.1" },
    handle: async (outgoing) => {
      // Kept as it arrived, because the SDK takes a web page for an empty success.
      received = await exchange.send(theQuestion(outgoing, exchange.target));
      // Only what has a known root is parsed. A copy, because the SDK turns the array it gets into a class of its own.
      const body = new TextEncoder().encode(rootOf(received) ? received.text : "");
      const response = { statusCode: received.status, headers: { ...received.headers }, body };
      return { response } as Awaited<ReturnType<Handler["handle"]>>;
    },
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
    destroy: () => exchange.close(),
  };
  let identity: Identity | undefined;
  let code: string | undefined;
  try {
    const sdk = await import("@aws-sdk/client-sts");
    const client = clientFor(sdk, region, keys, exchange, handler);
    try {
      const { Account, Arn, UserId } = await client.send(new sdk.GetCallerIdentityCommand({}));
      identity = identityOf(Account, Arn, UserId);
    } finally {
      client.destroy();
    }
  } catch (error) {
    if (error instanceof NoAnswer) return unknown(error.reason);
    code = codeOf(error);
  }
  // The SDK gave up before it sent anything.
  if (!received) return unknown("network");
  const root = rootOf(received);
  if (received.status === 200 && root === "success" && identity) return { status: "valid", identity };
  return refusalIn(received, root === "error" ? code : undefined);
}

type Sdk = typeof import("@aws-sdk/client-sts");

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
): Outgoing {
  const isOurs =
    protocol === target.protocol &&
    hostname === target.hostname &&
    String(port ?? "") === target.port &&
    method === "POST" &&
    path === "/" &&
    Object.keys(query ?? {}).length === 0 &&
    body === questionBody;
  if (!isOurs) throw new NoAnswer("forbidden-endpoint");
  return { headers, body };
}

/** A host that is out of reach where a proxy is set is most likely out of reach because of it: Node goes straight. */
function explainedByProxy(answer: Answer, { connected, target, route }: Exchange, question: IdentityQuestion): Answer {
  const { endpoint, environment = process.env } = question;
  if (answer.status !== "unknown" || connected || endpoint !== undefined || route) return answer;
  if (!["dns", "refused", "timeout", "network"].includes(answer.reason)) return answer;
  return proxyTo(target, environment) ? unknown("proxy") : answer;
}
