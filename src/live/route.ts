import http from "node:http";
import https from "node:https";
import type { Duplex } from "node:stream";
import tls from "node:tls";
import { isLoopback } from "./endpoint";

/** How the command line leaves this machine; in the editor its host replaces `https.request` and decides. */
export interface Route {
  readonly proxyTo: (target: URL) => URL | undefined;
  /** Certificates that count instead of the built-in ones, in PEM. */
  readonly ca?: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that Terraform's HTTP client takes to a host, by `HTTPS_PROXY` and `NO_PROXY` in either case; undefined for a
 * straight way. https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
 */
export function proxyTo({ protocol, hostname, port }: URL, environment: Variables): URL | undefined {
  const variable = (name: string) => environment[name] || environment[name.toLowerCase()] || "";
  const written = protocol === "https:" ? variable("HTTPS_PROXY") : "";
  if (written === "" || isLoopback(hostname)) return undefined;
  if (isExempt(hostname.toLowerCase(), port || "443", variable("NO_PROXY"))) return undefined;
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(written) ? written : `http://${written}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === "http:" || url?.protocol === "https:" ? url : undefined;
}

/** An entry is `*`, a host with all below it, or with a dot before it only those below; a port narrows it. */
function isExempt(host: string, port: string, list: string): boolean {
  return list
    .toLowerCase()
    .split(",")
    .map((one) => one.trim())
    .some((entry) => {
      if (entry === "*") return true;
      const [, name = "", wanted] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      if (name === "" || (wanted !== undefined && wanted !== port)) return false;
      const domain = name.replace(/^\*(?=\.)/, "");
      return domain.startsWith(".") ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
    });
}

/** The way out that this process's environment asks for; a certificate bundle that cannot be read leaves Node's own. */
export function routeFrom(environment: Variables, read: (path: string) => string | undefined): Route {
  const bundle = environment.AWS_CA_BUNDLE;
  const ca = bundle ? read(bundle) : undefined;
  return { proxyTo: (target) => proxyTo(target, environment), ...(ca ? { ca } : {}) };
}

/** A failure of the proxy itself, told from one of the host behind it. */
export const proxyFailed = "ERR_CALLERID_PROXY";

/** An agent whose connections lead through a proxy's CONNECT. https://www.rfc-editor.org/rfc/rfc9110#CONNECT */
export function tunnelAgent(proxy: URL, ca: string | undefined): https.Agent {
  return new TunnelAgent(proxy, ca);
}

class TunnelAgent extends https.Agent {
  readonly #proxy: URL;
  #underWay: http.ClientRequest | undefined;

  constructor(proxy: URL, ca: string | undefined) {
    super({ keepAlive: false, rejectUnauthorized: true, ...(ca ? { ca } : {}) });
    this.#proxy = proxy;
  }

  createConnection(
    options: https.RequestOptions & { servername?: string },
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const failed = () => {
      const error: NodeJS.ErrnoException = new Error("no way through the proxy");
      error.code = proxyFailed;
      callback?.(error, undefined as never);
    };
    const host = `${options.host}:${options.port ?? 443}`;
    const request = this.#connect(host);
    this.#underWay = request;
    request.once("error", failed);
    request.once("response", (response) => {
      response.destroy();
      failed();
    });
    request.once("connect", (response, socket) => {
      request.removeListener("error", failed);
      if (response.statusCode !== 200) {
        socket.destroy();
        return failed();
      }
      const secured = tls.connect({
        ...(options as tls.ConnectionOptions),
        socket,
        servername: options.servername ?? options.host ?? "",
      });
      const early = (error: Error) => callback?.(error, undefined as never);
      secured.once("error", early);
      secured.once("secureConnect", () => {
        secured.removeListener("error", early);
        callback?.(null, secured);
      });
    });
    request.end();
    return undefined;
  }

  override destroy(): void {
    this.#underWay?.destroy();
    super.destroy();
  }

  #connect(host: string): http.ClientRequest {
    const { protocol, hostname, port, username, password } = this.#proxy;
    const isSecure = protocol === "https:";
    const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    const headers = {
      host,
      ...(username === "" ? {} : { "proxy-authorization": `Basic ${Buffer.from(user).toString("base64")}` }),
    };
    const name = hostname.replace(/^\[(.*)\]$/, "$1");
    const options = {
      host: name,
      port: port || (isSecure ? 443 : 80),
      method: "CONNECT",
      path: host,
      headers,
      agent: false,
    };
    return isSecure ? https.request({ ...options, rejectUnauthorized: true }) : http.request(options);
  }
}
