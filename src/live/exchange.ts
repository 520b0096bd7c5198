import http from "node:http";
import https from "node:https";
import type { UnknownReason } from "../model/credentials";
import { proxyFailed, type Route, tunnelAgent } from "./route";

const connectTimeout = 3_000;
const idleTimeout = 5_000;
const maxBody = 64 * 1024;

/** What is sent to the exchange's host: posted to `/`, if nothing else is said. */
export interface Outgoing {
  readonly method?: "GET" | "POST" | "PUT";
  readonly path?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Nothing came back that says anything; by which layer. */
export class NoAnswer extends Error {
  constructor(readonly reason: UnknownReason) {
    super("no answer");
  }
}

/** One request to one host, and what came back as it arrived: no redirects, no retries, capped in size and in time. */
export class Exchange {
  clockSkewSeconds: number | undefined;
  /** Whether somebody at the other end took the connection. */
  connected = false;
  #close: () => void = () => {};
  #isClosed = false;

  constructor(
    readonly target: URL,
    readonly now: () => Date,
    readonly route?: Route,
  ) {}

  /** Ends the connection in both directions and forbids another one. */
  close(): void {
    this.#isClosed = true;
    this.#close();
  }

  /** Rejects with a `NoAnswer` and nothing else. */
  send(outgoing: Outgoing): Promise<Received> {
    return new Promise((resolve, reject) => {
      // Only the first reason counts: what closing brings about comes later.
      const fail = (reason: UnknownReason) => {
        reject(new NoAnswer(reason));
        this.#close();
      };
      if (this.#isClosed) return fail("cancelled");
      const connectTimer = setTimeout(() => fail("timeout"), connectTimeout);
      let request: http.ClientRequest;
      let agent: http.Agent | undefined;
      try {
        agent = this.#agent();
        request = this.#request(outgoing, agent);
      } catch (error) {
        clearTimeout(connectTimer);
        agent?.destroy();
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
      request.end(outgoing.body);
    });
  }

  /** One of our own: the global one's options win over a request's, and any code in the process can change them. */
  #agent(): http.Agent {
    if (this.target.protocol !== "https:") return new http.Agent({ keepAlive: false });
    const proxy = this.route?.proxyTo(this.target);
    if (proxy) return tunnelAgent(proxy, this.route?.ca);
    return new https.Agent({
      keepAlive: false,
      rejectUnauthorized: true,
      ...(this.route?.ca ? { ca: this.route.ca } : {}),
    });
  }

  #request({ method = "POST", path = "/", headers }: Outgoing, agent: http.Agent): http.ClientRequest {
    const { protocol, hostname, port } = this.target;
    const isSecure = protocol === "https:";
    // Called as a property because the editor replaces it to apply its proxy settings.
    return (isSecure ? https : http).request({
      agent,
      // Again here, because the editor puts its proxy's agent in place of ours.
      ...(isSecure ? { rejectUnauthorized: true } : {}),
      protocol,
      host: hostname.replace(/^\[(.*)\]$/, "$1"),
      port: port || undefined,
      method,
      path,
      headers,
      timeout: idleTimeout,
    });
  }
}

/** The work, or the reason why it was not waited for: the deadline, or the caller's word. The exchange is closed. */
export async function within<T extends object>(
  exchange: Exchange,
  { deadlineMs, signal }: { readonly deadlineMs: number; readonly signal?: AbortSignal | undefined },
  work: () => Promise<T>,
): Promise<T | UnknownReason> {
  let stop: (reason: UnknownReason) => void = () => {};
  const stopped = new Promise<UnknownReason>((resolve) => {
    stop = resolve;
  });
  const timer = setTimeout(() => stop("timeout"), deadlineMs);
  const cancel = () => stop("cancelled");
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    return await Promise.race([work(), stopped]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", cancel);
    exchange.close();
  }
}

function singleHeaders(headers: http.IncomingHttpHeaders): Record<string, string> {
  const pairs = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
  return Object.fromEntries(pairs);
}

/** How far the other clock is ahead; undefined unless the header is a date as HTTP writes it. */
function secondsAhead(header: string | undefined, now: Date): number | undefined {
  if (!header || !/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(header)) return undefined;
  // Plus zero, because rounding leaves a minus on it.
  const seconds = Math.round((Date.parse(header) - now.getTime()) / 1000) + 0;
  return Number.isFinite(seconds) ? seconds : undefined;
}

const reasonsByCode: Readonly<Record<string, UnknownReason>> = {
  [proxyFailed]: "proxy",
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
