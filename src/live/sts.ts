import http from "node:http";
import https from "node:https";
import type { STSClientResolvedConfig } from "@aws-sdk/client-sts";
import { isKnownRegion, stsHost } from "../aws/regions";
import type { Answer, Identity, Keys, Reply, UnknownReason } from "../model/credentials";

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
}

const defaultDeadline = 10_000;
const connectTimeout = 3_000;
const idleTimeout = 5_000;
const maxBody = 64 * 1024;
/** AWS's answers have about twenty; deep nesting would overflow the parser's stack. */
const maxTags = 200;
/** No token of AWS comes near, and servers refuse longer headers. */
const maxHeaderValue = 16 * 1024;
const questionBody = "Action=GetCallerIdentity&Version=2011-06-15";

/**
 * Asks STS whose keys these are: one POST to one host, no redirects, no retries, nothing read from ~/.aws.
 * Always resolves, within the deadline, and with nothing in it that a library worded. `host` is empty where the region
 * or the endpoint gave none.
 */
export async function getCallerIdentity(question: IdentityQuestion): Promise<Reply> {
  const { region, endpoint, signal, now = () => new Date(), deadlineMs = defaultDeadline } = question;
  if (!isKnownRegion(region)) return { host: "", answer: unknown("unknown-region") };
  const target = endpoint === undefined ? new URL(`https://${stsHost(region)}`) : allowedEndpoint(endpoint);
  if (!target) return { host: "", answer: unknown("forbidden-endpoint") };
  const { host } = target;
  const obstacle = obstacleTo(question);
  if (obstacle) return { host, answer: unknown(obstacle) };

  const exchange = new Exchange(target, now);
  let stop: (reason: UnknownReason) => void = () => {};
  const stopped = new Promise<Answer>((resolve) => {
    stop = (reason) => resolve(unknown(reason));
  });
  const timer = setTimeout(() => stop("timeout"), deadlineMs);
  const cancel = () => stop("cancelled");
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    const asked = ask(question, exchange).then((answer) => explainedByProxy(answer, exchange, question));
    const answer = await Promise.race([asked, stopped]);
    const { clockSkewSeconds } = exchange;
    return { host, answer, ...(clockSkewSeconds === undefined ? {} : { clockSkewSeconds }) };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", cancel);
    exchange.close();
  }
}

function unknown(reason: UnknownReason, requestId?: string): Answer {
  return { status: "unknown", reason, ...(requestId === undefined ? {} : { requestId }) };
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

/** The URL of an endpoint that may be asked: https, or http to this machine; scheme, host and port and nothing else. */
export function allowedEndpoint(text: string): URL | undefined {
  // Before the URL parser, which drops line breaks, turns backslashes and folds wide characters into ASCII.
  if (!/^https?:\/\/[A-Za-z0-9.:[\]-]+\/?$/i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.hostname === "" || url.hostname.endsWith(".")) return undefined;
  return url.protocol === "https:" || isLoopback(url.hostname) ? url : undefined;
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** One question put through the SDK, whose transport is `exchange`. Never rejects. */
async function ask({ keys, region }: IdentityQuestion, exchange: Exchange): Promise<Answer> {
  try {
    const { STSClient, GetCallerIdentityCommand } = await import("@aws-sdk/client-sts");
    // An option left out here is looked up in ~/.aws/config and in the environment instead.
    const client = new STSClient({
      region,
      endpoint: exchange.target.origin,
      credentials: {
        accessKeyId: keys.accessKeyId,
        secretAccessKey: keys.secretAccessKey.reveal(),
        ...(keys.sessionToken?.reveal() ? { sessionToken: keys.sessionToken.reveal() } : {}),
      },
      requestHandler: exchange.handler,
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
    try {
      const { Account, Arn, UserId } = await client.send(new GetCallerIdentityCommand({}));
      return exchange.judge({ identity: identityOf(Account, Arn, UserId) });
    } finally {
      client.destroy();
    }
  } catch (error) {
    return exchange.judge({ code: codeOf(error) });
  }
}

/** Present only if every part has AWS's form; an ARN may still hold any printable ASCII. */
function identityOf(account: unknown, arn: unknown, userId: unknown): Identity | undefined {
  if (typeof account !== "string" || typeof arn !== "string" || typeof userId !== "string") return undefined;
  const isWhole =
    /^\d{12}$/.test(account) &&
    /^arn:aws[a-z-]*:(iam|sts)::\d{12}:[\x21-\x7e]{1,600}$/.test(arn) &&
    arn.split(":")[4] === account &&
    /^[\x21-\x7e]{1,200}$/.test(userId);
  return isWhole ? { account, arn, userId } : undefined;
}

/** The `Code` element of an error answer, as the SDK read it. */
function codeOf(error: unknown): string | undefined {
  const code = typeof error === "object" && error !== null && "Code" in error ? error.Code : undefined;
  return typeof code === "string" && /^[A-Za-z][A-Za-z0-9.]{0,63}$/.test(code) ? code : undefined;
}

/** Retryable by the SDKs' rules. https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
const throttlingCodes: ReadonlySet<string> = new Set([
  "BandwidthLimitExceeded",
  "EC2ThrottledException",
  "LimitExceededException",
  "PriorRequestNotComplete",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestThrottledException",
  "SlowDown",
  "ThrottledException",
  "Throttling",
  "ThrottlingException",
  "TooManyRequestsException",
  "TransactionInProgressException",
]);

const faultCodes: ReadonlySet<string> = new Set([
  "InternalError",
  "InternalFailure",
  "InternalServerError",
  "RequestTimeout",
  "RequestTimeoutException",
  "ServiceUnavailable",
  "ServiceUnavailableException",
]);

type Handler = STSClientResolvedConfig["requestHandler"];
type Outgoing = Parameters<Handler["handle"]>[0];

interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** One request and what came back, kept as it arrived because the SDK takes a web page for an empty success. */
class Exchange {
  readonly handler: Handler;
  clockSkewSeconds: number | undefined;
  /** Whether somebody at the other end took the connection. */
  connected = false;
  #received: Received | undefined;
  #failure: UnknownReason | undefined;
  #close: () => void = () => {};
  #isClosed = false;

  constructor(
    readonly target: URL,
    readonly now: () => Date,
  ) {
    this.handler = {
      metadata: { handlerProtocol: "http/1.1" },
      handle: async (outgoing) => {
        const received = await this.#send(outgoing);
        this.#received = received;
        // Only what has a known root is parsed. A copy, because the SDK turns the array it gets into a class of its own.
        const body = new TextEncoder().encode(rootOf(received) ? received.text : "");
        const response = { statusCode: received.status, headers: { ...received.headers }, body };
        return { response } as Awaited<ReturnType<Handler["handle"]>>;
      },
      updateHttpClientConfig: () => {},
      httpHandlerConfigs: () => ({}),
      destroy: () => this.close(),
    };
  }

  /** Ends the connection in both directions and forbids another one. */
  close(): void {
    this.#isClosed = true;
    this.#close();
  }

  /** The verdict on what arrived; `identity` and `code` are what the SDK read in it. */
  judge({ identity, code }: { identity?: Identity | undefined; code?: string | undefined }): Answer {
    if (this.#failure) return unknown(this.#failure);
    const received = this.#received;
    // The SDK gave up before it sent anything.
    if (!received) return unknown("network");
    const { status } = received;
    const root = rootOf(received);
    const requestId = requestIdOf(received);
    if (status === 200 && root === "GetCallerIdentityResponse" && identity) return { status: "valid", identity };
    if (status >= 400 && root === "ErrorResponse" && code) {
      if (throttlingCodes.has(code)) return unknown("throttled", requestId);
      if (status >= 500 || faultCodes.has(code)) return unknown("aws-fault", requestId);
      return { status: "rejected", code, ...(requestId === undefined ? {} : { requestId }) };
    }
    return unknown(reasonWithoutVerdict(received), requestId);
  }

  #send(outgoing: Outgoing): Promise<Received> {
    return new Promise((resolve, reject) => {
      const fail = (reason: UnknownReason) => {
        this.#failure ??= reason;
        this.#close();
        reject(new Error("no answer"));
      };
      if (this.#isClosed) return fail("cancelled");
      if (!this.#isTheQuestion(outgoing)) return fail("forbidden-endpoint");

      const { protocol, hostname, port } = this.target;
      const isSecure = protocol === "https:";
      // An agent of our own: the global one's options win over a request's, and any code in the process can change them.
      const agent = isSecure
        ? new https.Agent({ keepAlive: false, rejectUnauthorized: true })
        : new http.Agent({ keepAlive: false });
      const connectTimer = setTimeout(() => fail("timeout"), connectTimeout);
      let request: http.ClientRequest;
      try {
        // Called as a property because the editor replaces it to apply its proxy settings.
        request = (isSecure ? https : http).request({
          agent,
          // Again here, because the editor puts its proxy's agent in place of ours.
          ...(isSecure ? { rejectUnauthorized: true } : {}),
          protocol,
          host: hostname.replace(/^\[(.*)\]$/, "$1"),
          port: port || undefined,
          method: "POST",
          path: "/",
          headers: outgoing.headers,
          timeout: idleTimeout,
        });
      } catch (error) {
        clearTimeout(connectTimer);
        return fail(reasonFor(error));
      }
      let response: http.IncomingMessage | undefined;
      this.#close = () => {
        clearTimeout(connectTimer);
        response?.destroy();
        request.destroy();
        agent.destroy();
      };
      const onConnect = () => {
        this.connected = true;
        clearTimeout(connectTimer);
      };
      request.on("socket", (socket) => {
        if (!socket.connecting) onConnect();
        else socket.once("connect", onConnect);
      });
      request.on("timeout", () => fail("timeout"));
      request.on("error", (error) => fail(reasonFor(error)));
      request.on("close", () => {
        if (!response) fail("reset");
      });
      request.on("response", (incoming) => {
        response = incoming;
        this.clockSkewSeconds = secondsAhead(incoming.headers.date, this.now());
        const chunks: Buffer[] = [];
        let size = 0;
        incoming.on("data", (chunk: Buffer) => {
          size += chunk.length;
          if (size > maxBody) fail("unreadable-answer");
          else chunks.push(chunk);
        });
        incoming.on("error", (error) => fail(reasonFor(error)));
        incoming.on("close", () => {
          if (!incoming.complete) return fail("reset");
          this.#close();
          resolve({
            status: incoming.statusCode ?? 0,
            headers: singleHeaders(incoming.headers),
            text: Buffer.concat(chunks).toString("utf8"),
          });
        });
      });
      request.end(questionBody);
    });
  }

  /** Whether the SDK is about to send the one request it was made for. */
  #isTheQuestion({ protocol, hostname, port, method, path, query, body }: Outgoing): boolean {
    const { target } = this;
    return (
      protocol === target.protocol &&
      hostname === target.hostname &&
      String(port ?? "") === target.port &&
      method === "POST" &&
      path === "/" &&
      Object.keys(query ?? {}).length === 0 &&
      body === questionBody
    );
  }
}

function singleHeaders(headers: http.IncomingHttpHeaders): Record<string, string> {
  const pairs = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
  return Object.fromEntries(pairs);
}

/** The root element, if it is one of the two that STS answers with and the rest is not a parser's trap. */
function rootOf({ text }: Received): "GetCallerIdentityResponse" | "ErrorResponse" | undefined {
  const root = /^\uFEFF?\s*(?:<\?xml[^>]{0,200}\?>\s*)?<(GetCallerIdentityResponse|ErrorResponse)[\s>]/.exec(text)?.[1];
  if (text.split("<", maxTags + 1).length > maxTags) return undefined;
  return root === "GetCallerIdentityResponse" || root === "ErrorResponse" ? root : undefined;
}

function requestIdOf({ headers, text }: Received): string | undefined {
  const id = headers["x-amzn-requestid"] ?? /<RequestId>([^<]{1,64})<\/RequestId>/.exec(text)?.[1];
  return id !== undefined && /^[A-Za-z0-9-]{1,64}$/.test(id) ? id : undefined;
}

/** Who sent an answer that has neither an identity nor an error code of AWS. */
function reasonWithoutVerdict({ status, headers, text }: Received): UnknownReason {
  const isPage = /^text\/html\b/i.test(headers["content-type"] ?? "") || /^\s*<(!doctype html|html)\b/i.test(text);
  if (status === 407) return "proxy";
  if (status === 429) return "throttled";
  // Network Authentication Required (RFC 6585), and redirects, which AWS never sends here.
  if (status === 511 || (status >= 300 && status < 400)) return "captive-portal";
  if (status >= 500) return "aws-fault";
  return isPage ? "captive-portal" : "unreadable-answer";
}

/** How far the other clock is ahead; undefined unless the header is a date as HTTP writes it. */
function secondsAhead(header: string | undefined, now: Date): number | undefined {
  if (!header || !/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(header)) return undefined;
  // Plus zero, because rounding leaves a minus on it.
  const seconds = Math.round((Date.parse(header) - now.getTime()) / 1000) + 0;
  return Number.isFinite(seconds) ? seconds : undefined;
}

const reasonsByCode: Readonly<Record<string, UnknownReason>> = {
  ECONNREFUSED: "refused",
  ECONNRESET: "reset",
  ECONNABORTED: "reset",
  EPIPE: "reset",
  ETIMEDOUT: "timeout",
  ENOTFOUND: "dns",
  EPROTO: "tls",
  ERR_INVALID_CHAR: "unsendable-key",
};

/** From the error's code alone: its message may quote anything. */
function reasonFor(error: unknown): UnknownReason {
  const code = systemCodeOf(error);
  if (Object.hasOwn(reasonsByCode, code)) return reasonsByCode[code] ?? "network";
  if (/^(EAI_|EDNS)/.test(code)) return "dns";
  if (/^HPE_/.test(code)) return "unreadable-answer";
  if (/^ERR_(TLS|SSL)_|CERT|SIGNATURE|UNABLE_TO_|^(CRL|OCSP)_|_CRL_|INVALID_CA|PATH_LENGTH/.test(code)) return "tls";
  return "network";
}

function systemCodeOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  return error instanceof AggregateError ? systemCodeOf(error.errors[0]) : "";
}

/** A host that is out of reach where a proxy is set is most likely out of reach because of it: Node goes straight. */
function explainedByProxy(answer: Answer, { connected, target }: Exchange, question: IdentityQuestion): Answer {
  if (answer.status !== "unknown" || connected || question.endpoint !== undefined) return answer;
  if (!["dns", "refused", "timeout", "network"].includes(answer.reason)) return answer;
  const variable = (name: string, { environment = process.env } = question) =>
    environment[name] || environment[name.toLowerCase()];
  const proxy = variable("HTTPS_PROXY");
  const exempt = (variable("NO_PROXY") ?? "").split(",").map((one) => one.trim());
  // An entry is a host, a domain with or without `*` or a dot before it, or `*` for all.
  const isExempt = exempt.filter(Boolean).some((one) => target.hostname.endsWith(one.replace(/^\*/, "")));
  return proxy && !isExempt ? unknown("proxy") : answer;
}
