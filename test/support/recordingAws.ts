import http from "node:http";
import type { AddressInfo } from "node:net";

/** One request as the chain's order shows in it. */
export interface Recorded {
  readonly service: "sts" | "s3" | "iam" | "sso" | "instance" | "container" | "other";
  readonly operation: string;
  /** Whose key signed it; undefined for unsigned requests. */
  readonly keyId?: string;
  readonly region?: string;
  readonly role?: string;
  readonly externalId?: string;
}

export interface RecordingAws {
  readonly url: string;
  readonly requests: Recorded[];
  stop(): Promise<void>;
}

/** As much of AWS as `terraform init` and a remote state need; it writes down who signs what, and checks no signature. */
export async function recordingAws(hasInstance: boolean): Promise<RecordingAws> {
  const requests: Recorded[] = [];
  let issued = 0;
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      const [status, body, headers] = answer(request, form);
      // Terraform sizes its buffer by the length that HEAD tells.
      const length = String(Buffer.byteLength(body));
      response.writeHead(status, { "x-amzn-requestid": "0", "content-length": length, ...headers });
      response.end(request.method === "HEAD" ? "" : body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };

  function answer(
    request: http.IncomingMessage,
    form: URLSearchParams,
  ): [number, string, Readonly<Record<string, string>>] {
    const url = new URL(request.url ?? "/", "http://aws");
    const scope = /Credential=(.*)\/\d{8}\/([^/]*)\/(\w+)\/aws4_request/.exec(request.headers.authorization ?? "");
    const [, keyId, region, service] = scope ?? [];
    const signed = keyId === undefined ? {} : { keyId, region: region ?? "" };
    const token = request.headers["x-amz-security-token"];
    if (url.pathname.startsWith("/latest/")) return instance(request.method ?? "GET", url.pathname);
    if (url.pathname.startsWith("/ecs")) {
      requests.push({ service: "container", operation: "GET" });
      return [200, JSON.stringify(temporary("ECS")), {}];
    }
    if (url.pathname === "/federation/credentials") {
      requests.push({ service: "sso", operation: "GetRoleCredentials" });
      const { AccessKeyId, SecretAccessKey, Token } = temporary("SSO");
      const roleCredentials = {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: Token,
        expiration: Date.now() + 3_600_000,
      };
      return [200, JSON.stringify({ roleCredentials }), { "content-type": "application/json" }];
    }
    const refused = keyId !== undefined && !isGood(keyId, token !== undefined);
    if (service === "s3") {
      requests.push({ service: "s3", operation: `${request.method} ${url.pathname}`, ...signed });
      if (refused) return [403, errorXml("InvalidAccessKeyId"), {}];
      if (url.searchParams.has("list-type")) return [200, emptyList, {}];
      if (url.pathname.endsWith("/remote.tfstate")) return [200, emptyState, {}];
      return [404, errorXml("NoSuchKey"), {}];
    }
    const operation = form.get("Action") ?? "";
    const role = form.get("RoleArn") ?? undefined;
    const externalId = form.get("ExternalId") ?? undefined;
    requests.push({
      service: service === "iam" ? "iam" : "sts",
      operation,
      ...signed,
      ...(role === undefined ? {} : { role }),
      ...(externalId === undefined ? {} : { externalId }),
    });
    if (refused)
      return [403, stsError("InvalidClientTokenId", "The security token included in the request is invalid."), {}];
    if (operation === "GetUser") return [403, stsError("AccessDenied", "not authorized"), {}];
    if (operation.startsWith("AssumeRole")) {
      const isRole = /^arn:aws[\w-]*:iam::\d{12}:role\/.+$/.test(role ?? "") && !(role ?? "").includes('"');
      const hasName = /^[\w+=,.@-]{2,64}$/.test(form.get("RoleSessionName") ?? "");
      if (!isRole || !hasName) return [400, stsError("ValidationError", `${role} is invalid`), {}];
      if (operation.endsWith("WebIdentity") && !/^[\w.=-]+$/.test((form.get("WebIdentityToken") ?? "").trim())) {
        return [400, stsError("InvalidIdentityToken", "The ID Token provided is not a valid JWT."), {}];
      }
      return [200, roleXml(operation), {}];
    }
    return [200, identityXml, {}];
  }

  function instance(method: string, path: string): [number, string, Readonly<Record<string, string>>] {
    requests.push({ service: "instance", operation: `${method} ${path}` });
    if (!hasInstance) return [403, "", {}];
    if (path === "/latest/api/token") return [200, "TOKEN", { "x-aws-ec2-metadata-token-ttl-seconds": "21600" }];
    const role = /^\/latest\/meta-data\/iam\/security-credentials\/?(.*)$/.exec(path)?.[1];
    if (role === "") return [200, "instance-role", {}];
    return role === "instance-role"
      ? [200, JSON.stringify({ Code: "Success", ...temporary("IMDS") }), {}]
      : [404, "", {}];
  }

  function roleXml(operation: string): string {
    const { AccessKeyId, SecretAccessKey, Token, Expiration } = temporary(`R${"ABCDEFGH"[issued++ % 8] ?? ""}`);
    const credentials = `<Credentials><AccessKeyId>${AccessKeyId}</AccessKeyId><SecretAccessKey>${SecretAccessKey}</SecretAccessKey><SessionToken>${Token}</SessionToken><Expiration>${Expiration}</Expiration></Credentials>`;
    return `<${operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${operation}Result>${credentials}<AssumedRoleUser><AssumedRoleId>A:s</AssumedRoleId><Arn>arn:aws:sts::222233334444:assumed-role/r/s</Arn></AssumedRoleUser></${operation}Result></${operation}Response>`;
  }
}

/** What AWS would take: a well-formed id, and a token exactly where the id is a temporary one. */
function isGood(keyId: string, hasToken: boolean): boolean {
  return /^A[KS]IA[A-Z2-7]{9}EXAMPLE$/.test(keyId) && keyId.startsWith("ASIA") === hasToken;
}

const temporary = (label: string) => ({
  AccessKeyId: `ASIA${label.padEnd(9, "X")}EXAMPLE`,
  SecretAccessKey: `${"x".repeat(30)}EXAMPLEKEY`,
  Token: `${label}EXAMPLETOKEN`,
  Expiration: new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, ""),
});

const emptyState = JSON.stringify({
  version: 4,
  terraform_version: "1.11.4",
  serial: 1,
  lineage: "11111111-2222-4333-8444-555555555555",
  outputs: {},
  resources: [],
});
const emptyList =
  '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><KeyCount>0</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated></ListBucketResult>';
const identityXml =
  '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/a</Arn><UserId>A</UserId><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>';
const errorXml = (code: string) => `<Error><Code>${code}</Code><Message>${code}</Message></Error>`;
const stsError = (code: string, message: string) =>
  `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>0</RequestId></ErrorResponse>`;
