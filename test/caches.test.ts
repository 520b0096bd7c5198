import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { inspect } from "node:util";
import { cachedLogins } from "../src/live/caches";

const secret = "CANARY-token-that-must-not-be-kept";

function homeWith(files: Readonly<Record<string, string>>): string {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "callerid-caches-"));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(home, ".aws", name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
  return home;
}

const readText = (file: string) => fs.readFileSync(file, "utf8");

test("expiries are kept, tokens and keys are not", () => {
  const home = homeWith({
    "sso/cache/1111111111111111111111111111111111111111.json": JSON.stringify({
      startUrl: "https://example.awsapps.com/start",
      region: "eu-west-1",
      accessToken: secret,
      expiresAt: "2026-06-01T11:00:00Z",
      refreshToken: secret,
      clientSecret: secret,
      registrationExpiresAt: "2026-08-01T00:00:00Z",
    }),
    "sso/cache/botocore-client-id-eu-west-1.json": JSON.stringify({
      clientId: "x",
      clientSecret: secret,
      expiresAt: "2026-08-01T00:00:00Z",
    }),
    "sso/cache/2222.json": JSON.stringify({
      startUrl: "https://legacy.awsapps.com/start",
      accessToken: secret,
      expiresAt: "2026-06-01T13:00:00Z",
    }),
    "cli/cache/3333.json": JSON.stringify({
      Credentials: {
        AccessKeyId: "ASIAIOSFODNN7EXAMPLE",
        SecretAccessKey: secret,
        Expiration: "2026-06-01T12:30:00UTC",
      },
    }),
    "login/cache/4444.json": JSON.stringify({
      accessToken: { secretAccessKey: secret, expiresAt: "2026-06-01T12:15:00Z" },
    }),
    "sso/cache/broken.json": `{"accessToken": "${secret}`,
    "sso/cache/list.json": "[1, 2]",
    "sso/cache/README": secret,
  });
  const logins = cachedLogins(home, undefined, readText);
  assert.deepEqual(
    logins.map(({ path: _, ...rest }) => rest),
    [
      {
        kind: "sso",
        expires: "2026-06-01T11:00:00Z",
        startUrl: "https://example.awsapps.com/start",
        refreshableUntil: "2026-08-01T00:00:00Z",
      },
      { kind: "sso", expires: "2026-06-01T13:00:00Z", startUrl: "https://legacy.awsapps.com/start" },
      { kind: "cli", expires: "2026-06-01T12:30:00UTC" },
      { kind: "login", expires: "2026-06-01T12:15:00Z" },
    ],
  );
  assert.ok(!inspect(logins, { depth: 9 }).includes("CANARY"));
  fs.rmSync(home, { recursive: true });
});

test("no caches, and a cache that is a file, are no error", () => {
  const home = homeWith({ "sso/cache": "not a directory" });
  assert.deepEqual(cachedLogins(home, undefined, readText), []);
  assert.deepEqual(cachedLogins(`${home}/nowhere`, undefined, readText), []);
  fs.rmSync(home, { recursive: true });
});

test("AWS_LOGIN_CACHE_DIRECTORY moves the login cache", () => {
  const home = homeWith({ "elsewhere/4444.json": '{"accessToken":{"expiresAt":"2026-06-01T12:15:00Z"}}' });
  const logins = cachedLogins(home, path.join(home, ".aws", "elsewhere"), readText);
  assert.deepEqual(
    logins.map(({ kind }) => kind),
    ["login"],
  );
  fs.rmSync(home, { recursive: true });
});
