import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { implicitProvider } from "../src/analyzer";
import { expiryOf } from "../src/aws/expiry";
import { clock, type IdentityState, nameOf, statusDetails, statusText, timeLeft } from "../src/explain/status";
import type { Chain, ChainSource, ChainStep } from "../src/model/chain";
import type { Answer, Verification } from "../src/model/credentials";
import { chainWith } from "./support/chains";
import { now } from "./support/fixture";

const minute = 60_000;
const after = (ms: number) => new Date(now.getTime() + ms);

const step = (given: Partial<ChainStep> = {}): ChainStep => ({
  source: "profile dev",
  status: "used",
  why: "it is the default",
  at: { path: "/home/me/.aws/credentials", span: { start: 6, end: 10 } },
  ...given,
});

const expiring = (expires: string): { winner: ChainSource } => ({
  winner: { kind: "profile", profile: "dev", expires },
});

interface Given {
  readonly answer?: Answer;
  readonly chain?: Partial<Chain>;
  readonly rest?: Partial<Verification>;
}

const identity = { account: "123456789012", arn: "arn:aws:iam::123456789012:user/x", userId: "AIDAX" };
const valid: Answer = { status: "valid", identity };
const refused: Answer = { status: "rejected", code: "InvalidClientTokenId" };
const silent: Answer = { status: "unknown", reason: "timeout" };

function verification({ answer = valid, chain = {}, rest = {} }: Given = {}): Verification {
  const whole = chainWith({
    steps: [step()],
    winner: { kind: "profile", profile: "dev" },
    profile: "dev",
    ...chain,
  });
  const host = "sts.eu-west-1.amazonaws.com";
  return {
    set: implicitProvider,
    chain: whole,
    region: "eu-west-1",
    observation: { of: ":provider aws", answer, host, region: "eu-west-1", at: now, chain: whole },
    ...rest,
  };
}

const answered = (given: Given = {}, outdated = false): IdentityState => ({
  kind: "answered",
  verification: verification(given),
  outdated,
});

const notAsked: IdentityState = {
  kind: "answered",
  outdated: false,
  verification: {
    set: implicitProvider,
    chain: chainWith(),
    region: "us-east-1",
    notAsked: { kind: "keys-out-of-reach", because: "The keys of provider aws are not in a file." },
  },
};

describe("the indicator", () => {
  const table: [string, IdentityState, string, string, string, string][] = [
    ["nothing asked yet", { kind: "idle" }, "idle", "$(key) AWS", "AWS identity not verified", "none"],
    [
      "asking",
      { kind: "checking", name: "profile dev" },
      "checking",
      "$(sync~spin) AWS",
      "Verifying profile dev",
      "none",
    ],
    ["valid", answered(), "verified", "$(verified) dev · …9012", "dev is account …9012", "none"],
    [
      "valid before a change",
      answered({}, true),
      "outdated",
      "$(history) dev · …9012",
      "dev was account …9012 before a change",
      "none",
    ],
    [
      "refused",
      answered({ answer: refused }),
      "refused",
      "$(error) AWS: InvalidClientTokenId",
      "dev refused: InvalidClientTokenId",
      "error",
    ],
    [
      "refused before a change",
      answered({ answer: refused }, true),
      "outdated",
      "$(history) dev: InvalidClientTokenId",
      "dev refused: InvalidClientTokenId",
      "none",
    ],
    ["no answer", answered({ answer: silent }), "unknown", "$(question) dev", "dev: not verified", "none"],
    [
      "no answer before a change",
      answered({ answer: silent }, true),
      "unknown",
      "$(question) dev",
      "dev: not verified",
      "none",
    ],
    ["not asked", notAsked, "unknown", "$(question) provider aws", "provider aws: not verified", "none"],
  ];
  for (const [title, state, kind, text, accessible, attention] of table) {
    test(title, () => assert.deepEqual(statusText(state, now), { kind, text, accessible, attention }));
  }

  test("only a refusal is an error, and nothing unknown speaks of the key", () => {
    for (const reason of ["dns", "proxy", "captive-portal", "throttled", "unknown-region"] as const) {
      const shown = statusText(answered({ answer: { status: "unknown", reason } }), now);
      assert.equal(shown.attention, "none");
      assert.doesNotMatch(`${shown.text} ${shown.accessible}`, /invalid|refused|rejected|expired/i);
    }
  });

  test("an answer looks its age", () => {
    const at = (ms: number) => statusText(answered(), after(ms)).text;
    assert.equal(at(0), "$(verified) dev · …9012");
    assert.equal(at(10 * minute), "$(verified) dev · …9012");
    assert.equal(at(10 * minute + 1), "$(verified) dev · …9012 (12:00 UTC)");
    assert.equal(at(9 * 60 * minute), "$(verified) dev · …9012 (12:00 UTC)");
    assert.match(statusText(answered(), after(11 * minute)).accessible, /\(12:00 UTC\)$/);
    assert.equal(at(-minute), "$(verified) dev · …9012", "a clock set back makes nothing old");
  });

  test("temporary credentials count down, run out, and a change outweighs both", () => {
    const until = (ms: number) => answered({ chain: expiring(after(ms).toISOString()) });
    const kinds = [60, 10.02, 10, 9.5, 1.9, 0.5, 0.001, 0, -5].map((minutes) => {
      const { kind, text, attention } = statusText(until(minutes * minute), now);
      return `${minutes}: ${kind} ${text} ${attention}`;
    });
    assert.deepEqual(kinds, [
      "60: verified $(verified) dev · …9012 none",
      "10.02: verified $(verified) dev · …9012 none",
      "10: expiring $(warning) AWS: expires 10m warning",
      "9.5: expiring $(warning) AWS: expires 9m warning",
      "1.9: expiring $(warning) AWS: expires 1m warning",
      "0.5: expiring $(warning) AWS: expires 1m warning",
      "0.001: expiring $(warning) AWS: expires 1m warning",
      "0: expired $(warning) dev: expired warning",
      "-5: expired $(warning) dev: expired warning",
    ]);
    const changed = { ...until(-minute), outdated: true } as IdentityState;
    assert.equal(statusText(changed, now).kind, "outdated");
  });

  test("a count of one is one", () => {
    const { accessible } = statusText(answered({ chain: expiring(after(90_000).toISOString()) }), now);
    assert.equal(accessible, "The credentials of dev expire in 1 minute");
  });

  test("an expiry does not hide a refusal", () => {
    const expiration = after(-minute).toISOString();
    assert.equal(statusText(answered({ answer: refused, chain: expiring(expiration) }), now).kind, "refused");
  });

  test("is named after the profile, else the environment, else the block", () => {
    const named = (chain: Partial<Chain>) => nameOf({ set: implicitProvider, chain: chainWith(chain), region: "" });
    assert.equal(named({ profile: "prod", winner: { kind: "profile", profile: "base" } }), "prod");
    assert.equal(named({ winner: { kind: "env" } }), "environment");
    assert.equal(named({ winner: { kind: "static" } }), "provider aws");
    assert.equal(named({}), "provider aws");
  });
});

describe("an expiry", () => {
  const table: [string, string | undefined][] = [
    ["2026-06-01T12:34:56Z", "2026-06-01T12:34:56.000Z"],
    ["2026-06-01T12:34:56.789Z", "2026-06-01T12:34:56.789Z"],
    ["2026-06-01T12:34:56.123456Z", "2026-06-01T12:34:56.123Z"],
    ["2026-06-01T12:34Z", "2026-06-01T12:34:00.000Z"],
    ["2026-06-01T14:34:56+02:00", "2026-06-01T12:34:56.000Z"],
    ["2026-06-01T14:34:56+0200", "2026-06-01T12:34:56.000Z"],
    ["2026-06-01T07:04:56-05:30", "2026-06-01T12:34:56.000Z"],
    ["2026-06-01 12:34:56", "2026-06-01T12:34:56.000Z"],
    ["2026-06-01T12:34:56UTC", "2026-06-01T12:34:56.000Z"],
    ["2026-06-01 12:34:56 UTC", "2026-06-01T12:34:56.000Z"],
    ["  2026-06-01T12:34:56Z \r", "2026-06-01T12:34:56.000Z"],
    ["2026-06-01", undefined],
    ["2026-13-01T12:34:56Z", undefined],
    ["2026-06-01T25:00:00Z", undefined],
    ["1780317296", undefined],
    ["tomorrow", undefined],
    ["Mon, 01 Jun 2026 12:34:56 GMT", undefined],
    ["", undefined],
  ];
  for (const [text, expected] of table) {
    test(JSON.stringify(text), () => assert.equal(expiryOf(text)?.toISOString(), expected));
  }

  test("is as far away as the clock says, and unknown where nobody wrote it", () => {
    const at = (expiration: string) => timeLeft(verification({ chain: expiring(expiration) }), now);
    assert.equal(timeLeft(verification(), now), undefined);
    assert.equal(at("soon"), undefined);
    assert.equal(at(after(minute).toISOString()), minute);
    assert.equal(expiryOf(undefined), undefined);
  });

  test("and every time is shown in UTC", () => {
    assert.equal(clock(new Date("2026-06-01T23:05:59+02:00")), "21:05 UTC");
  });
});

describe("the details", () => {
  const place = ({ path, span }: { path: string; span: { start: number } }) => `${path}:${span.start}`;
  const details = (state: IdentityState) => statusDetails(state, place);

  test("are none before an answer", () => {
    assert.deepEqual(details({ kind: "idle" }), []);
    assert.deepEqual(details({ kind: "checking", name: "x" }), []);
  });

  test("of a valid answer: who, by which steps, asked where and when", () => {
    const { at: _, ...nowhere } = step({ source: "container credentials", status: "not-reached" });
    const steps = [step({ source: "keys in the block", status: "absent" }), step(), nowhere];
    assert.deepEqual(details(answered({ chain: { steps } })), [
      "Provider aws is account 123456789012 as arn:aws:iam::123456789012:user/x in eu-west-1.",
      "→ profile dev — /home/me/.aws/credentials:6 (used)",
      "· container credentials (not reached)",
      "Asked sts.eu-west-1.amazonaws.com (eu-west-1) at 12:00 UTC.",
    ]);
  });

  test("of an answer before a change end with what to do", () => {
    assert.equal(details(answered({}, true)).at(-1), "Something changed since: verify again.");
  });

  test("of a refusal say what it means", () => {
    const lines = details(answered({ answer: { status: "rejected", code: "ExpiredToken" } }));
    assert.equal(lines[0], "AWS refused provider aws: ExpiredToken.");
    assert.match(lines[1] ?? "", /have expired/);
  });

  test("of what was not asked say why, and name no host", () => {
    assert.deepEqual(details(notAsked), [
      "Provider aws was not verified.",
      "The keys of provider aws are not in a file.",
    ]);
  });
});
