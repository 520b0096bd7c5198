import { createHash, createHmac, randomBytes, randomInt, randomUUID, timingSafeEqual } from "node:crypto";
import http from "node:http";
import https from "node:https";
import type { AddressInfo, Socket } from "node:net";

/** A key the fake knows. Its secret exists only in this process. */
export interface FakeKey {
  readonly id: string;
  readonly secret: string;
  readonly token?: string;
  readonly account: string;
  readonly arn: string;
  readonly userId: string;
  state: "active" | "inactive" | "deleted" | "expired";
  /** The only regions that know the key; by default all do. */
  regions?: readonly string[];
}

/** A role the fake knows, and whom it lets in. */
export interface FakeRole {
  readonly arn: string;
  /** ARNs of callers; of a session, the part up to its name. */
  readonly trusts: readonly string[];
  readonly externalId?: string;
  readonly maxSeconds?: number;
  /** What it refuses everybody with. */
  readonly refusal?: { readonly code: string; readonly message: string };
}

/** The access portal of IAM Identity Center. */
export interface FakePortal {
  /** Those of logins that are not over. */
  readonly tokens: Set<string>;
  /** `account/name`, all assigned. */
  readonly permissionSets: Set<string>;
  readonly refreshTokens: Set<string>;
}

/** What goes wrong instead of an answer. */
export type Fault = keyof typeof wrongAnswers | keyof typeof wrongBehaviours;

/** An answer word for word, for whatever has no fault of its own. */
export interface RawAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface FakeStsOptions {
  readonly keys?: readonly FakeKey[];
  readonly roles?: readonly FakeRole[];
  readonly port?: number;
  /** How far the fake's clock is ahead of this machine's; settable later as `skewSeconds`. */
  readonly skewSeconds?: number;
  readonly fault?: Fault;
  /** The only region whose signatures are accepted; by default all are. */
  readonly region?: string;
  readonly tls?: { readonly key: string; readonly cert: string };
  /** After a wrong signature AWS also refuses a right one of the same key id for about five seconds. */
  readonly grudgeMs?: number;
}

export interface FakeSts {
  readonly url: string;
  readonly port: number;
  /** Every request that arrived whole, oldest first. */
  readonly requests: FakeRequest[];
  readonly keys: Map<string, FakeKey>;
  readonly roles: Map<string, FakeRole>;
  readonly portal: FakePortal;
  /** Connections taken so far, whether or not a request came through them. */
  connections: number;
  /** Bytes of a `huge` body that were taken off our hands. */
  bytesSent: number;
  skewSeconds: number;
  /** Another `Date` header than the clock's; null leaves it out. */
  date: string | null | undefined;
  fault: Fault | undefined;
  raw: RawAnswer | undefined;
  close(): Promise<void>;
}

const namespace = "https://sts.amazonaws.com/doc/2011-06-15/";

/** A new key of random letters and, for a temporary one, a token. Nothing of it is ever a real key's. */
export function fakeKey(kind: "long-term" | "temporary" = "long-term", given: Partial<FakeKey> = {}): FakeKey {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const word = (length: number) => Array.from({ length }, () => letters[randomInt(letters.length)]).join("");
  const account = given.account ?? "123456789012";
  const isTemporary = kind === "temporary";
  return {
    id: `${isTemporary ? "ASIA" : "AKIA"}${word(16)}`,
    secret: randomBytes(30).toString("base64"),
    ...(isTemporary ? { token: `IQoJb3JpZ2luX2Vj${randomBytes(510).toString("base64")}` } : {}),
    account,
    arn: isTemporary
      ? `arn:aws:sts::${account}:assumed-role/Deployer/session`
      : `arn:aws:iam::${account}:user/terraform`,
    userId: isTemporary ? `AROA${word(17)}:session` : `AIDA${word(17)}`,
    state: "active",
    ...given,
  };
}

/** Starts an STS on the loopback address that checks Signature Version 4 as AWS does and answers in AWS's XML. */
export async function startFakeSts(options: FakeStsOptions = {}): Promise<FakeSts> {
  const sockets = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();
  const grudges = new Map<string, number>();

  const server = options.tls ? https.createServer(options.tls) : http.createServer();
  const fake: FakeSts = {
    url: "",
    port: 0,
    requests: [],
    keys: new Map((options.keys ?? []).map((key) => [key.id, key])),
    roles: new Map((options.roles ?? []).map((role) => [role.arn, role])),
    portal: { tokens: new Set(), permissionSets: new Set(), refreshTokens: new Set() },
    connections: 0,
    bytesSent: 0,
    skewSeconds: options.skewSeconds ?? 0,
    date: undefined,
    fault: options.fault,
    raw: undefined,
    close: async () => {
      for (const timer of timers) clearInterval(timer);
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const clock = () => new Date(Date.now() + fake.skewSeconds * 1000);

  server.on("connection", (socket: Socket) => {
    fake.connections++;
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("request", async (request: http.IncomingMessage, response: http.ServerResponse) => {
    response.on("error", () => {});
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return;
    }
    const recorded: FakeRequest = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body: Buffer.concat(chunks).toString("utf8"),
    };
    fake.requests.push(recorded);
    response.sendDate = false;
    if (fake.date !== null) response.setHeader("Date", fake.date ?? clock().toUTCString());
    const { raw = cannedAnswer(fake.fault) } = fake;
    if (raw) {
      response.writeHead(raw.status, { ...xml, ...raw.headers });
      response.end(raw.body);
    } else if (fake.fault) {
      const misbehave: WrongBehaviour = wrongBehaviours[fake.fault as keyof typeof wrongBehaviours];
      misbehave(fake, response, request.socket, (timer) => timers.add(timer));
    } else if (/^\/(?:federation\/credentials|token)\b/.test(recorded.path)) {
      const { status, body } = portalAnswer(recorded, fake, clock());
      response.writeHead(status, {
        ...json,
        ...(status === 200 ? {} : { "x-amzn-ErrorType": `${JSON.parse(body).__type}:http://internal.amazon.com/` }),
      });
      response.end(body);
    } else {
      const { status, body } = verdict(recorded, fake, options, clock(), grudges);
      const requestId = /<RequestId>([^<]*)/.exec(body)?.[1] ?? "";
      response.writeHead(status, { "Content-Type": "text/xml", "x-amzn-RequestId": requestId });
      response.end(body);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign(fake, { port, url: `${options.tls ? "https" : "http"}://127.0.0.1:${port}` });
}

interface Reply {
  readonly status: number;
  readonly body: string;
}

export function identityXml({ account, arn, userId }: Pick<FakeKey, "account" | "arn" | "userId">): string {
  return `<GetCallerIdentityResponse xmlns="${namespace}">
  <GetCallerIdentityResult>
    <Arn>${escapeXml(arn)}</Arn>
    <UserId>${escapeXml(userId)}</UserId>
    <Account>${escapeXml(account)}</Account>
  </GetCallerIdentityResult>
  <ResponseMetadata>
    <RequestId>${randomUUID()}</RequestId>
  </ResponseMetadata>
</GetCallerIdentityResponse>
`;
}

export function errorXml(code: string, message: string, type: "Sender" | "Receiver" = "Sender"): string {
  return `<ErrorResponse xmlns="${namespace}">
  <Error>
    <Type>${type}</Type>
    <Code>${escapeXml(code)}</Code>
    <Message>${escapeXml(message)}</Message>
  </Error>
  <RequestId>${randomUUID()}</RequestId>
</ErrorResponse>
`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** In AWS's order: can the header be read, is the key known with this token, is it alive, is the time right, is the signature. */
function verdict(
  request: FakeRequest,
  fake: FakeSts,
  options: FakeStsOptions,
  now: Date,
  grudges: Map<string, number>,
): Reply {
  const refuse = (status: number, code: string, message: string): Reply => ({ status, body: errorXml(code, message) });
  const unknownKey = () =>
    refuse(403, "InvalidClientTokenId", "The security token included in the request is invalid.");
  const mismatch = (message = wrongSignature) => refuse(403, "SignatureDoesNotMatch", message);

  const { authorization } = request.headers;
  const form = new URLSearchParams(request.body);
  if (!authorization && form.get("Action") === "AssumeRoleWithWebIdentity") return trade(form, fake);
  if (!authorization) {
    return refuse(403, "MissingAuthenticationToken", "Request is missing Authentication Token");
  }
  const parts = /^AWS4-HMAC-SHA256 Credential=([^,]*), ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/.exec(
    authorization,
  );
  const [, credential = "", signedHeaders = "", signature = ""] = parts ?? [];
  const scope = credential.split("/");
  if (!parts || scope.length !== 5 || /\s/.test(credential)) {
    return refuse(
      400,
      "IncompleteSignature",
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    );
  }
  const [id = "", date = "", region = "", service = "", term = ""] = scope;

  const key = fake.keys.get(id);
  const token = request.headers["x-amz-security-token"];
  const isHere = key?.regions?.includes(region) ?? true;
  if (!key || key.state === "deleted" || key.state === "inactive" || token !== key.token || !isHere)
    return unknownKey();
  if (key.state === "expired") {
    return refuse(403, "ExpiredToken", "The security token included in the request is expired");
  }

  const sentAt = String(request.headers["x-amz-date"] ?? "");
  const late = lateness(sentAt, now);
  if (late) return mismatch(late);
  if (service !== "sts" || term !== "aws4_request" || !sentAt.startsWith(date)) {
    return mismatch("Credential should be scoped to correct service: 'sts'.");
  }
  if (options.region !== undefined && region !== options.region) {
    return mismatch("Credential should be scoped to a valid region.");
  }
  const mustBeSigned = ["host", "x-amz-date", ...(token === undefined ? [] : ["x-amz-security-token"])];
  const signed = signedHeaders.split(";");
  const expected = sign(request, key.secret, { date, region, service, sentAt, signed });
  const isRight =
    mustBeSigned.every((name) => signed.includes(name)) &&
    timingSafeEqual(Buffer.from(expected, "hex"), Buffer.from(signature, "hex"));
  const holdsGrudge = Date.now() - (grudges.get(id) ?? Number.NEGATIVE_INFINITY) < (options.grudgeMs ?? 0);
  if (!isRight) grudges.set(id, Date.now());
  if (!isRight || holdsGrudge) return mismatch();

  if (form.get("Action") === "AssumeRole" && form.get("Version") === "2011-06-15") return assumption(form, key, fake);
  if (form.get("Action") !== "GetCallerIdentity" || form.get("Version") !== "2011-06-15") {
    return refuse(
      400,
      "InvalidAction",
      `Could not find operation ${form.get("Action")} for version ${form.get("Version")}`,
    );
  }
  return { status: 200, body: identityXml(key) };
}

/** In AWS's order: the form of what was sent, who may, and then for how long. */
function assumption(form: URLSearchParams, caller: FakeKey, fake: FakeSts): Reply {
  const refuse = (status: number, code: string, message: string): Reply => ({ status, body: errorXml(code, message) });
  const arn = form.get("RoleArn") ?? "";
  const session = form.get("RoleSessionName") ?? "";
  if (!/^arn:aws[\w-]*:iam::\d{12}:role\/.+$/.test(arn)) return refuse(400, "ValidationError", `${arn} is invalid`);
  const role = fake.roles.get(arn);
  if (role?.refusal) return refuse(403, role.refusal.code, role.refusal.message);
  const isTrusted = role?.trusts.some((one) => caller.arn === one || caller.arn.startsWith(`${one}/`));
  const isMeant = role?.externalId === undefined || role.externalId === form.get("ExternalId");
  if (!role || !isTrusted || !isMeant) {
    const message = `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn}`;
    return refuse(403, "AccessDenied", message);
  }
  const seconds = Number(form.get("DurationSeconds") ?? 3600);
  if (caller.arn.includes(":assumed-role/") && seconds > 3600) {
    const message =
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.";
    return refuse(400, "ValidationError", message);
  }
  if (seconds > (role.maxSeconds ?? 3600)) {
    const message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    return refuse(400, "ValidationError", message);
  }
  const [, account = "", name = ""] = /:iam::(\d{12}):role\/(?:.*\/)?(.+)$/.exec(arn) ?? [];
  const key = fakeKey("temporary", { account, arn: `arn:aws:sts::${account}:assumed-role/${name}/${session}` });
  fake.keys.set(key.id, key);
  return { status: 200, body: assumptionXml(key, seconds) };
}

/** A role trusts the tokens of its provider that say `sub` as it wants them. */
function trade(form: URLSearchParams, fake: FakeSts): Reply {
  const refuse = (status: number, code: string, message: string): Reply => ({ status, body: errorXml(code, message) });
  const claims = JSON.parse(
    Buffer.from(form.get("WebIdentityToken")?.split(".")[1] ?? "", "base64url").toString() || "{}",
  );
  if (claims.exp < Date.now() / 1000) return refuse(400, "ExpiredTokenException", "Token expired");
  if (claims.iss !== "https://issuer.example")
    return refuse(400, "InvalidIdentityToken", `No OpenIDConnect provider found in your account for ${claims.iss}`);
  const role = fake.roles.get(form.get("RoleArn") ?? "");
  if (!role?.trusts.includes(claims.sub)) {
    return refuse(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity");
  }
  const [, account = "", name = ""] = /:iam::(\d{12}):role\/(?:.*\/)?(.+)$/.exec(role.arn) ?? [];
  const arn = `arn:aws:sts::${account}:assumed-role/${name}/${form.get("RoleSessionName")}`;
  const key = fakeKey("temporary", { account, arn });
  fake.keys.set(key.id, key);
  return { status: 200, body: assumptionXml(key).replaceAll("AssumeRoleRe", "AssumeRoleWithWebIdentityRe") };
}

/** https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html */
function portalAnswer({ path, headers, body }: FakeRequest, fake: FakeSts, now: Date): Reply {
  const { tokens, permissionSets, refreshTokens } = fake.portal;
  const refuse = (status: number, __type: string): Reply => ({
    status,
    body: JSON.stringify({ __type, message: "No." }),
  });
  if (path === "/token") {
    const { refreshToken, grantType } = JSON.parse(body);
    if (grantType !== "refresh_token" || !refreshTokens.delete(refreshToken))
      return refuse(400, "InvalidGrantException");
    const [accessToken, next] = [randomBytes(40).toString("base64url"), randomBytes(40).toString("base64url")];
    tokens.add(accessToken);
    refreshTokens.add(next);
    return {
      status: 200,
      body: JSON.stringify({ accessToken, refreshToken: next, expiresIn: 3600, tokenType: "Bearer" }),
    };
  }
  if (!tokens.has(String(headers["x-amz-sso_bearer_token"]))) return refuse(401, "UnauthorizedException");
  const query = new URLSearchParams(path.split("?")[1]);
  const [account = "", name = ""] = [query.get("account_id") ?? "", query.get("role_name") ?? ""];
  if (!permissionSets.has(`${account}/${name}`)) return refuse(403, "ForbiddenException");
  const key = fakeKey("temporary", {
    account,
    arn: `arn:aws:sts::${account}:assumed-role/AWSReservedSSO_${name}_0123456789abcdef/me`,
  });
  fake.keys.set(key.id, key);
  const expiration = now.getTime() + 3_600_000;
  const roleCredentials = { accessKeyId: key.id, secretAccessKey: key.secret, sessionToken: key.token, expiration };
  return { status: 200, body: JSON.stringify({ roleCredentials }) };
}

export function assumptionXml({ id, secret, token = "", arn, userId }: FakeKey, seconds = 900): string {
  return `<AssumeRoleResponse xmlns="${namespace}">
  <AssumeRoleResult>
    <AssumedRoleUser><AssumedRoleId>${escapeXml(userId)}</AssumedRoleId><Arn>${escapeXml(arn)}</Arn></AssumedRoleUser>
    <Credentials>
      <AccessKeyId>${id}</AccessKeyId>
      <SecretAccessKey>${secret}</SecretAccessKey>
      <SessionToken>${token}</SessionToken>
      <Expiration>${new Date(Date.now() + seconds * 1000).toISOString()}</Expiration>
    </Credentials>
  </AssumeRoleResult>
  <ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>
</AssumeRoleResponse>
`;
}

const wrongSignature =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

function lateness(sentAt: string, now: Date): string | undefined {
  const digits = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(sentAt);
  if (!digits) return "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP";
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = digits.slice(1).map(Number);
  const sent = Date.UTC(year, month - 1, day, hour, minute, second);
  const allowed = 5 * 60_000;
  const ahead = sent - now.getTime();
  const edge = (milliseconds: number) => compact(new Date(now.getTime() + milliseconds));
  if (ahead < -allowed) {
    return `Signature expired: ${sentAt} is now earlier than ${edge(-allowed)} (${compact(now)} - 5 min.)`;
  }
  if (ahead > allowed) {
    return `Signature not yet current: ${sentAt} is still later than ${edge(allowed)} (${compact(now)} + 5 min.)`;
  }
  return undefined;
}

function compact(time: Date): string {
  return time.toISOString().replace(/[-:]|\.\d{3}/g, "");
}

interface Scope {
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly sentAt: string;
  readonly signed: readonly string[];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function sign(request: FakeRequest, secret: string, { date, region, service, sentAt, signed }: Scope): string {
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
  const [path = "/", query = ""] = request.path.split("?");
  const headers = signed.map((name) => {
    const value = request.headers[name];
    return `${name}:${String(value ?? "")
      .trim()
      .replace(/\s+/g, " ")}\n`;
  });
  const canonical = [request.method, path, query, headers.join(""), signed.join(";"), sha256(request.body)].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", sentAt, `${date}/${region}/${service}/aws4_request`, sha256(canonical)].join(
    "\n",
  );
  const key = [date, region, service, "aws4_request"].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return hmac(key, toSign).toString("hex");
}

const loginPage =
  "<!DOCTYPE html><html><head><title>Sign in</title></head><body><p>Welcome to the café.</p></body></html>";

const html = { "Content-Type": "text/html; charset=utf-8" };
const xml = { "Content-Type": "text/xml" };
const json = { "Content-Type": "application/json" };
const someone = { account: "123456789012", arn: "arn:aws:iam::123456789012:user/x", userId: "AIDAX" };
const depth = 20_000;

const wrongAnswers = {
  html200: { status: 200, headers: html, body: loginPage },
  empty200: { status: 200, headers: xml, body: "" },
  json200: { status: 200, headers: json, body: JSON.stringify({ GetCallerIdentityResponse: someone }) },
  wrongxml200: {
    status: 200,
    headers: xml,
    body: identityXml(someone).replaceAll("GetCallerIdentity", "GetSessionToken"),
  },
  "valid-shape-in-html": { status: 200, headers: html, body: `<html><body>${identityXml(someone)}</body></html>` },
  nesting: { status: 200, headers: xml, body: "<a>".repeat(depth) },
  "nesting-in-shape": { status: 200, headers: xml, body: `<GetCallerIdentityResponse>${"<a>".repeat(depth)}` },
  xml503: { status: 503, headers: xml, body: errorXml("ServiceUnavailable", "Please try again.", "Receiver") },
  xml500: { status: 500, headers: xml, body: errorXml("InvalidClientTokenId", "A server unwell.", "Receiver") },
  html503: { status: 503, headers: html, body: "<html><body><h1>503 Service Unavailable</h1></body></html>" },
  throttle: { status: 400, headers: xml, body: errorXml("Throttling", "Rate exceeded") },
  empty429: { status: 429, headers: xml, body: "" },
  redirect302: { status: 302, headers: { ...html, Location: "/login" }, body: loginPage },
  redirect307: { status: 307, headers: { ...html, Location: "/" }, body: loginPage },
  proxy407: { status: 407, headers: { ...html, "Proxy-Authenticate": "Basic" }, body: loginPage },
  portal511: { status: 511, headers: html, body: loginPage },
  html403: { status: 403, headers: html, body: "<html><body>Blocked by policy</body></html>" },
  json403: { status: 403, headers: json, body: '{"__type":"InvalidClientTokenId","message":"no"}' },
} satisfies Record<string, RawAnswer>;

type WrongBehaviour = (
  fake: FakeSts,
  response: http.ServerResponse,
  socket: Socket,
  keep: (timer: NodeJS.Timeout) => void,
) => void;

const wrongBehaviours = {
  silence: () => {},
  huge: (fake, response) => flood(fake, response),
  drip: (_, response, __, keep) => {
    response.writeHead(200, xml);
    response.write("<");
    keep(setInterval(() => response.write(" "), 1000));
  },
  "hang-in-body": (_, response) => {
    response.writeHead(200, xml);
    response.write(identityXml(someone).slice(0, 60));
  },
  reset: (_, __, socket) => socket.resetAndDestroy(),
  "reset-in-body": (_, response, socket) => {
    response.writeHead(200, { ...xml, "Content-Length": "4096" });
    response.write(identityXml(someone), () => socket.resetAndDestroy());
  },
  "half-close": (_, __, socket) => socket.end(),
  garbage: (_, __, socket) => socket.end("SSH-2.0-OpenSSH_9.9\r\n"),
} satisfies Record<string, WrongBehaviour>;

function cannedAnswer(fault: Fault | undefined): RawAnswer | undefined {
  return fault && fault in wrongAnswers ? wrongAnswers[fault as keyof typeof wrongAnswers] : undefined;
}

/** 150 MB of one text node, as fast as the other side takes them. */
function flood(fake: FakeSts, response: http.ServerResponse): void {
  const chunk = Buffer.alloc(64 * 1024, "A");
  response.writeHead(200, { "Content-Type": "text/xml" });
  response.write("<GetCallerIdentityResponse>");
  const pour = () => {
    while (fake.bytesSent < 150_000_000 && !response.destroyed) {
      fake.bytesSent += chunk.length;
      if (!response.write(chunk)) {
        response.once("drain", pour);
        return;
      }
    }
    response.end();
  };
  pour();
}
