import { randomBytes, randomInt } from "node:crypto";
import { clean } from "../../src/aws/accessKey";
import type { Setting } from "../../src/model/credentials";
import { analyzeFixture, type Fixture } from "./fixture";

/** A fresh secret that stands where a fixture has one; it must never be seen again. */
export interface Canary {
  readonly text: string;
  /** Key ids may be shown in part, secret keys and tokens not at all. */
  readonly isKeyId: boolean;
}

export interface Planted {
  readonly fixture: Fixture;
  readonly canaries: readonly Canary[];
}

/** Below this, pieces of a value turn up in any text. */
const shortestSecret = 16;

/**
 * A fixture with every key id, secret key and token replaced by a random one of the same shape: one that might be real,
 * or, with `documented`, one that ends like AWS's examples where the original did.
 */
export function plant(fixture: Fixture, { documented = false } = {}): Planted {
  const replacements = new Map<string, string>();
  for (const text of secretsIn(fixture)) {
    const ending = documented ? (/EXAMPLE(?:KEY)?$/.exec(text)?.[0] ?? "") : "";
    replacements.set(text, `${disguise(text).slice(0, text.length - ending.length)}${ending}`);
  }
  const longestFirst = [...replacements].sort(([a], [b]) => b.length - a.length);
  const planted = Object.fromEntries(
    Object.entries(fixture).map(([file, text]) => [
      file,
      longestFirst.reduce((done, [old, fresh]) => done.replaceAll(old, () => fresh), text),
    ]),
  );
  const texts = new Set([...replacements.values()].flatMap((text) => [text, clean(text)]));
  const canaries = [...texts].map((text) => ({ text, isKeyId: /^A[KS]IA[A-Z0-9]*$/i.test(clean(text)) }));
  return { fixture: planted, canaries };
}

/** What the analysis takes for a secret or a key id, and whatever looks like one where it does not look. */
function secretsIn(fixture: Fixture): Set<string> {
  const found = new Set<string>();
  const { facts } = analyzeFixture(fixture);
  const isHeld = ({ name, value }: Setting) =>
    value.kind === "secret" || (name === "accessKeyId" && value.kind === "literal");
  for (const set of facts.sets) {
    for (const setting of Object.values(set.settings)) {
      const { path, span } = setting.valueAt;
      if (isHeld(setting)) found.add((fixture[path] ?? "").slice(span.start, span.end));
    }
  }
  for (const text of Object.values(fixture)) {
    for (const [word] of text.matchAll(
      /A[KS]IA[A-Z0-9]{12,}|CANARY[\w+/\\=]{20,}|AQoEXAMPLE[\w+/=]*|[A-Za-z0-9+/]{40,}={0,2}/g,
    )) {
      found.add(word);
    }
  }
  return new Set([...found].filter((text) => text.length >= shortestSecret && /[A-Za-z0-9]{9}/.test(text)));
}

const pick = (letters: string) => letters.charAt(randomInt(letters.length));
const upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Another value of the same shape: what damages it stays, what is secret changes. */
function disguise(text: string): string {
  if (/^[0-9a-f]{40}$/.test(text)) return randomBytes(20).toString("hex");
  if (/^[A-Za-z0-9+/]{40}$/.test(text)) return `CANARY+/${randomBytes(24).toString("base64")}`;
  return text.replace(/^A[KS]IA|%[0-9A-Fa-f]{2}|\\.|[a-z]|[A-Z]|[0-9]/g, (one) => {
    if (one.length > 1) return one;
    if (/[0-9]/.test(one)) return pick("234567");
    return /[A-Z]/.test(one) ? pick(upper) : pick(upper.toLowerCase());
  });
}

/** Every way in which a program writes a text that it was not meant to write. */
export const encodings: Readonly<Record<string, (text: string) => readonly string[]>> = {
  plain: (text) => [text],
  base64: (text) => [0, 1, 2].map((shift) => base64Inside(text, shift)),
  base64url: (text) => [0, 1, 2].map((shift) => base64Inside(text, shift).replaceAll("+", "-").replaceAll("/", "_")),
  hex: (text) => [Buffer.from(text).toString("hex"), Buffer.from(text).toString("hex").toUpperCase()],
  url: (text) => [encodeURIComponent(text)],
  "url, twice": (text) => [encodeURIComponent(encodeURIComponent(text))],
  html: (text) => [html(text), text.replace(/[^A-Za-z0-9]/g, (one) => `&#x${one.charCodeAt(0).toString(16)};`)],
  json: (text) => [JSON.stringify(text).slice(1, -1), text.replaceAll("/", "\\/")],
  markdown: (text) => [text.replace(/[\\`*_{}[\]()#+\-!~./]/g, "\\$&"), text.replace(/[\\`*_{}[\]()#+\-!~]/g, "\\$&")],
  reversed: (text) => [[...text].reverse().join("")],
};

/** The middle of the base64 of something that holds `text` at an offset of `shift` bytes. */
function base64Inside(text: string, shift: number): string {
  const whole = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]).toString("base64");
  return whole.slice(shift === 0 ? 0 : shift + 1, -4);
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const html = (text: string) => text.replace(/[&<>"']/g, (one) => entities[one] ?? one);

const windowSize = 9;

function windowsOf(text: string): Set<string> {
  const windows = new Set<string>();
  for (let at = 0; at + windowSize <= text.length; at++) windows.add(text.slice(at, at + windowSize));
  return windows;
}

/** Which canaries show in an output, by position and encoding; the words quote none of them. */
export function sweep(output: string, canaries: readonly Canary[]): string[] {
  const shown = windowsOf(output);
  const leaks: string[] = [];
  canaries.forEach(({ text }, index) => {
    for (const [name, encode] of Object.entries(encodings)) {
      if (encode(text).some((one) => output.includes(one))) leaks.push(`canary ${index} as ${name}`);
    }
    // The ending of AWS's examples is in every documented key: two letters before it may be alike by chance.
    for (const piece of windowsOf(text.replace(/EXAMPLE(?:KEY)?$/, ""))) {
      // Punctuation alone gives nobody away.
      if (shown.has(piece) && piece.replace(/[^A-Za-z0-9]/g, "").length >= 5) leaks.push(`a piece of canary ${index}`);
    }
  });
  return leaks;
}
