import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import net, { type AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { proxyTo, routeFrom } from "../src/live/route";
import { getCallerIdentity } from "../src/live/sts";
import { Secret } from "../src/model/secret";
import { type FakeSts, fakeKey, startFakeSts } from "./support/fakeSts";

const sts = new URL("https://sts.eu-west-1.amazonaws.com");

test("which proxy a host is reached through", () => {
  const through = (variables: Record<string, string>, target = sts) => proxyTo(target, variables)?.href;
  assert.equal(through({}), undefined);
  assert.equal(through({ HTTPS_PROXY: "http://proxy:3128" }), "http://proxy:3128/");
  assert.equal(through({ https_proxy: "proxy:3128" }), "http://proxy:3128/");
  assert.equal(through({ HTTP_PROXY: "http://proxy:3128" }), undefined, "that one is for plain http");
  assert.equal(through({ HTTPS_PROXY: "socks5://proxy:1080" }), undefined);
  assert.equal(through({ HTTPS_PROXY: "http://proxy:3128" }, new URL("https://localhost:4566")), undefined);
  assert.equal(through({ HTTPS_PROXY: "http://proxy:3128" }, new URL("https://127.0.0.1")), undefined);
  const exempt = (list: string) => through({ HTTPS_PROXY: "http://proxy:3128", NO_PROXY: list }) === undefined;
  for (const list of [
    "*",
    "amazonaws.com",
    ".amazonaws.com",
    "*.amazonaws.com",
    "x, STS.eu-west-1.amazonaws.com:443",
  ]) {
    assert.ok(exempt(list), list);
  }
  for (const list of ["", "azonaws.com", ".sts.eu-west-1.amazonaws.com", "amazonaws.com:8443", "example.com"]) {
    assert.ok(!exempt(list), list);
  }
});

describe("through a proxy", { skip: hasOpenssl() ? false : "no openssl to make a certificate with" }, () => {
  const key = fakeKey();
  const keys = { accessKeyId: key.id, secretAccessKey: new Secret(key.secret) };
  const asked: { target: string; authorization: string | undefined }[] = [];
  let folder: string;
  let secure: FakeSts;
  let proxy: http.Server;
  let refuses = false;

  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "callerid-route-"));
    const file = (name: string) => path.join(folder, name);
    const subject = [
      "-subj",
      "/CN=sts.eu-west-1.amazonaws.com",
      "-addext",
      "subjectAltName=DNS:sts.eu-west-1.amazonaws.com",
    ];
    execFileSync(
      "openssl",
      [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        ...subject,
        "-keyout",
        file("key"),
        "-out",
        file("cert"),
      ],
      { stdio: "ignore" },
    );
    const tls = { key: fs.readFileSync(file("key"), "utf8"), cert: fs.readFileSync(file("cert"), "utf8") };
    secure = await startFakeSts({ keys: [key], tls });
    proxy = http.createServer();
    proxy.on("connect", (request, socket, head) => {
      asked.push({ target: request.url ?? "", authorization: request.headers["proxy-authorization"] });
      socket.on("error", () => {});
      if (refuses) return socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      const upstream = net.connect(secure.port, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        upstream.write(head);
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on("error", () => socket.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  });

  after(async () => {
    proxy.close();
    proxy.closeAllConnections();
    await secure.close();
    fs.rmSync(folder, { recursive: true });
  });

  const ask = (variables: Record<string, string>) => {
    const environment = {
      HTTPS_PROXY: `http://user:p%40ss@127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      ...variables,
    };
    const route = routeFrom(environment, (name) => fs.readFileSync(name, "utf8"));
    return getCallerIdentity({ keys, region: "eu-west-1", environment, route });
  };

  test("AWS's host is asked for by CONNECT, and vouched for by the bundle of AWS_CA_BUNDLE", async () => {
    const { answer, host } = await ask({ AWS_CA_BUNDLE: path.join(folder, "cert") });
    assert.equal(host, "sts.eu-west-1.amazonaws.com");
    assert.equal(answer.status, "valid");
    assert.deepEqual(asked, [
      {
        target: "sts.eu-west-1.amazonaws.com:443",
        authorization: `Basic ${Buffer.from("user:p@ss").toString("base64")}`,
      },
    ]);
  });

  test("without the bundle nobody vouches for it, and nothing is sent", async () => {
    const before = secure.requests.length;
    const { answer } = await ask({});
    assert.deepEqual(answer, { status: "unknown", reason: "tls" });
    assert.equal(secure.requests.length, before);
  });

  test("a proxy that refuses, and one that is not there, are named as such", async () => {
    refuses = true;
    assert.deepEqual((await ask({})).answer, { status: "unknown", reason: "proxy" });
    refuses = false;
    assert.deepEqual((await ask({ HTTPS_PROXY: "http://127.0.0.1:1" })).answer, { status: "unknown", reason: "proxy" });
  });
});

function hasOpenssl(): boolean {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
