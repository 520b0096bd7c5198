import type { KeyShape, Keys, Mangling } from "../model/credentials";

/**
 * What identifies what, by the first four letters.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
 */
export const identifierPrefixes: ReadonlyMap<string, string> = new Map([
  ["AKIA", "a long-term access key"],
  ["ASIA", "a temporary access key"],
  ["ABIA", "an STS service bearer token"],
  ["ACCA", "a context-specific credential"],
  ["AGPA", "a user group"],
  ["AIDA", "an IAM user"],
  ["AIPA", "an instance profile"],
  ["ANPA", "a managed policy"],
  ["ANVA", "a version of a managed policy"],
  ["APKA", "a public key"],
  ["AROA", "a role"],
  ["ASCA", "a certificate"],
]);

const keyId = /^A[KS]IA[A-Z2-7]{16}$/;
const anyIdentifier = /^A[A-Z]{3}[A-Z2-7]{16,17}$/;
const secretKey = /^[A-Za-z0-9+/]{40}$/;
const hexDigest = /^[0-9a-f]{40}$/;
const documentedSecrets = new Set([
  "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY",
]);

/** Words whose presence makes a value a stand-in; too long to turn up in 40 random characters. */
const longPlaceholderWords =
  /placeholder|example|dummy|change[-_ ]?me|replace|insert|your[-_ ]?(?:aws|secret|access|key)|redacted|secret|password|testing|notreal|localstack|foobar|x{6}|\*{3}|\.{3}/i;
const placeholderWords =
  /fake|mock|test|sample|access|minio|admin|local|none|null|todo|your[-_ ]|aws[-_]|x{4}|[-_]key$/i;
const wholePlaceholder =
  /^(?:<[^>]*>|\$\{[^}]*\}|\$\([^)]*\)|%[^%]*%|\{\{.*\}\}|_+[a-z_]+_+|[a-z_ -]{1,15}|.|\d{12}|foo|bar|an?|key|id)$/i;

/** Whether `text` stands for a value instead of being one: `test`, `<your key>`, `xxxxxxxx`. */
export function isPlaceholder(text: string): boolean {
  if (/^L[KS]IA[A-Z2-7]{16}$/.test(text)) return true;
  if (new Set(text).size <= Math.min(4, text.length / 3)) return true;
  return wholePlaceholder.test(text) || longPlaceholderWords.test(text) || placeholderWords.test(text);
}

/** What an access key id looks like. `text` is the value as its consumer would send it. */
export function accessKeyIdShape(text: string): KeyShape {
  const good = goodKeyId(text);
  if (good) return good;
  if (anyIdentifier.test(text) && identifierPrefixes.has(text.slice(0, 4))) {
    return { kind: "other-identifier", prefix: text.slice(0, 4) };
  }
  const secret = goodSecret(text);
  if (secret) return secret;
  const mangled = mangledShape(text, goodKeyId);
  if (mangled) return mangled;
  const flaw = keyIdFlaw(text);
  if (flaw) return { kind: "malformed", of: "key-id", flaw };
  return isPlaceholder(text) ? { kind: "placeholder" } : { kind: "unrecognized" };
}

/** Whether a text in the place of a key id is surely one: anything else might be a secret, and is not shown. */
export function isShowableKeyId(shape: KeyShape): boolean {
  const { kind } = shape.kind === "documented" ? { kind: shape.of } : shape;
  return kind === "long-term-key-id" || kind === "temporary-key-id" || kind === "other-identifier";
}

/** Why AWS cannot know a key id and its token together, wherever it is asked. */
export function evidentFlaw({
  accessKeyId,
  sessionToken,
}: Keys): "no-token" | "needless-token" | "example" | undefined {
  if (accessKeyId.startsWith("ASIA") && !sessionToken) return "no-token";
  if (accessKeyId.startsWith("AKIA") && sessionToken) return "needless-token";
  return accessKeyId.endsWith("EXAMPLE") || goodKeyId(accessKeyId)?.kind === "placeholder" ? "example" : undefined;
}

/** What a secret access key looks like. */
export function secretKeyShape(text: string): KeyShape {
  if (hexDigest.test(text)) return { kind: "hex-digest" };
  const good = goodSecret(text) ?? goodKeyId(text);
  if (good) return good;
  const mangled = mangledShape(text, goodSecret);
  if (mangled) return mangled;
  if (isPlaceholder(text) && !looksIssued(text)) return { kind: "placeholder" };
  const flaw = secretKeyFlaw(text);
  return flaw ? { kind: "malformed", of: "secret-key", flaw } : { kind: "unrecognized" };
}

/** How tokens of the first version begin; those of the second are valid in all regions. */
const oldToken = /^(?:F[wQ]oGZXIvYXdz|[AF]QoDYXdz)/;

/** What a session token looks like. AWS promises nothing about its size or content. */
export function sessionTokenShape(text: string): KeyShape {
  if (/^AQoEXAMPLE|EXAMPLE(?:TOKEN)?=*$/.test(text)) return { kind: "documented", of: "session-token" };
  if (/^[A-Za-z0-9+/]{100,}={0,2}$/.test(text)) {
    return oldToken.test(text) ? { kind: "session-token", isRegional: true } : { kind: "session-token" };
  }
  return isPlaceholder(text) ? { kind: "placeholder" } : { kind: "unrecognized" };
}

function goodKeyId(text: string): KeyShape | undefined {
  const kind = text.startsWith("ASIA") ? "temporary-key-id" : "long-term-key-id";
  // The documentation's own keys have digits that AWS never issues (AKIAI44QH8DHBEXAMPLE).
  if (/^A[KS]IA[A-Z0-9]{9}EXAMPLE$/.test(text)) return { kind: "documented", of: kind };
  if (!keyId.test(text)) return undefined;
  return new Set(text.slice(4)).size <= 3 ? { kind: "placeholder" } : { kind };
}

function goodSecret(text: string): KeyShape | undefined {
  if (!secretKey.test(text) || hexDigest.test(text)) return undefined;
  if (documentedSecrets.has(text) || /EXAMPLE(?:KEY)?$/.test(text)) return { kind: "documented", of: "secret-key" };
  // 30 random bytes in base64 always show at least two of the three classes (P of the contrary < 1e-8).
  const classes = [/[a-z]/, /[A-Z]/, /[0-9+/]/].filter((one) => one.test(text)).length;
  if (classes < 2 || longPlaceholderWords.test(text) || new Set(text).size < 10) return undefined;
  return { kind: "secret-key" };
}

const manglings: readonly (readonly [Mangling, RegExp])[] = [
  ["invisible characters", /[\u00a0\u00ad\u180e\u2000-\u200f\u2028-\u202f\u2060\ufeff]/gu],
  ["smart quotes", /[‘’‚‛“”„‟«»′″]/gu],
  ["line breaks", /[\r\n\v\f]/gu],
  ["quotes", /["'`]/gu],
  ["angle brackets", /^<|>$/gu],
  ["spaces", /[ \t]/gu],
  ["percent-encoding", /%(?:2[bBfF]|3[dD])/gu],
  ["escaping", /\\(?=\/)/gu],
];

/** The good value inside a damaged one, if there is exactly one way to see it. */
function mangledShape(text: string, good: (text: string) => KeyShape | undefined): KeyShape | undefined {
  const found = manglings.filter(([, pattern]) => text.search(pattern) >= 0);
  const first = found[0];
  if (!first) return undefined;
  const inner = good(clean(text));
  if (!inner) return undefined;
  const kind = inner.kind === "documented" ? inner.of : inner.kind;
  if (kind !== "long-term-key-id" && kind !== "temporary-key-id" && kind !== "secret-key") return undefined;
  return { kind: "mangled", by: first[0], inner: kind };
}

/** `text` without what a paste can leave in it. */
export function clean(text: string): string {
  return cleanPieces(text)
    .map((piece) => (typeof piece === "string" ? piece : text.slice(piece.start, piece.end)))
    .join("");
}

/** How to write `text` without what a paste left in it: kept ranges of it, and decoded characters between them. */
export function cleanPieces(text: string): (string | { start: number; end: number })[] {
  const pieces: (string | { start: number; end: number })[] = [];
  let at = 0;
  for (const dirt of text.matchAll(
    /[\u00a0\u00ad\u180e\u2000-\u200f\u2028-\u202f\u2060\ufeff‘’‚‛“”„‟«»′″\r\n\v\f"'` \t<>]|\\[nrt"]?|%2[bBfF]|%3[dD]/gu,
  )) {
    if (dirt.index > at) pieces.push({ start: at, end: dirt.index });
    if (/^%2b$/i.test(dirt[0])) pieces.push("+");
    else if (/^%2f$/i.test(dirt[0])) pieces.push("/");
    else if (/^%3d$/i.test(dirt[0])) pieces.push("=");
    at = dirt.index + dirt[0].length;
  }
  if (at < text.length) pieces.push({ start: at, end: text.length });
  return pieces;
}

/** Why this, meant as a key id, cannot be one; undefined when it does not even look like an attempt. */
function keyIdFlaw(text: string): string | undefined {
  const upper = text.toUpperCase();
  if (/^A[KS]IA/.test(upper)) {
    if (text.length < 14 || text.length > 30 || !/^[A-Za-z0-9]+$/.test(text)) return undefined;
    if (/(?:key|id|here|example)/i.test(text.slice(4)) && text !== upper) return undefined;
    if (new Set(upper.slice(4)).size <= 3) return undefined;
    if (text.length !== 20) return `has ${text.length} characters; AWS issues 20`;
    if (text !== upper) return "has lower-case letters; AWS issues capitals and the digits 2 to 7";
    return "has a digit that AWS never issues (0, 1, 8 or 9): O and 0, I and 1, B and 8 are easily mistaken";
  }
  if (keyId.test(`A${text}`)) return "has lost its first character";
  return undefined;
}

/** Characters of every kind, as words do not have them: a damaged documentation key is damaged, not a stand-in. */
function looksIssued(text: string): boolean {
  return [/[a-z]/, /[A-Z]/, /[0-9]/, /[+/%]/].every((kind) => kind.test(text)) && !/[\s<>{}$]/.test(text);
}

function secretKeyFlaw(text: string): string | undefined {
  if (text.length < 30 || text.length > 60 || /\s/.test(text)) return undefined;
  if (!/[a-z]/.test(text) || !/[A-Z]/.test(text)) return undefined;
  if (/^[A-Za-z0-9+/]+$/.test(text)) return `has ${text.length} characters; AWS issues 40`;
  if (/^[A-Za-z0-9+/]+=+$/.test(text)) return "ends in =; AWS secret keys never do";
  if (/^[\x21-\x7e]+$/.test(text))
    return "has characters that no AWS secret key has (only letters, digits, + and / occur)";
  return undefined;
}

/**
 * The account that owns a key, decoded offline; undefined for keys of the old format and for what is no key.
 * Undocumented by AWS, published by Tal Be'ery (2023) and used by trufflehog; a hint, never a proof.
 */
export function accountOfKeyId(id: string): string | undefined {
  if (!/^A[A-Z]{3}[A-Z2-7]{16,17}$/.test(id) || id.endsWith("EXAMPLE")) return undefined;
  let number = 0n;
  for (const character of id.slice(4, 14)) {
    number = (number << 5n) | BigInt("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(character));
  }
  if (number >> 49n !== 1n) return undefined;
  const account = (number >> 9n) & ((1n << 40n) - 1n);
  return account > 999_999_999_999n ? undefined : account.toString().padStart(12, "0");
}

/** A key id as it may be shown: the first and the last four characters. */
export function maskKeyId(id: string): string {
  return /^[A-Z0-9]{16,128}$/.test(id) ? `${id.slice(0, 4)}…${id.slice(-4)}` : "****";
}

/**
 * Accounts of known honeytoken issuers: using such a key alerts its owner.
 * From trufflehog's published list (pkg/detectors/aws, canary accounts).
 */
export const canaryAccounts: ReadonlySet<string> = new Set([
  "052310077262",
  "171436882533",
  "266735846894",
  "534261010715",
  "595918472158",
  "717712589309",
  "730335385048",
  "819147034852",
  "893192397702",
  "992382622183",
]);
