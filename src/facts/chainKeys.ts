import { accessKeyIdShape, isShowableKeyId } from "../aws/accessKey";
import type { ChainCode, Spot } from "../model/chain";
import type { Keys } from "../model/credentials";
import { Secret } from "../model/secret";

/** A text that may be a secret, and where it stands. */
export interface Written {
  readonly text: string;
  readonly spot: Spot;
}

/** Three values as a program would sign with them; what shows is worked out at once, and the texts go. */
export interface Material extends Spot {
  readonly ending: string;
  readonly hasToken: boolean;
  /** Absent where the key id is none: it might be a secret in the wrong place. */
  readonly keys?: Keys;
  /** The token was issued by the global endpoint, and regions that have to be enabled do not know it. */
  readonly hasGlobalToken?: true;
  readonly flaw?: Flaw;
}

/**
 * The head of a token that STS's global endpoint issued; those of regional endpoints are good in all regions.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html
 */
const globalToken = /^(?:F[wQ]oGZXIvYXdz|FQoDYXdz)/;

/** Why AWS, or the way to it, will refuse the keys; it can be told from their form. */
export interface Flaw extends Spot {
  readonly code: Extract<ChainCode, "invalid_value" | "invalid_client_token_id" | "signature_does_not_match">;
  readonly message: string;
}

export function material(id: Written, secret: Written, token: Written | undefined): Material {
  const held = token?.text === "" ? undefined : token;
  const flaw = flawOf(id, secret, held);
  return {
    ...id.spot,
    ending: endingOf(id.text),
    hasToken: held !== undefined,
    ...(isShowableKeyId(accessKeyIdShape(id.text)) ? { keys: keysOf(id, secret, held) } : {}),
    ...(held && globalToken.test(held.text) ? { hasGlobalToken: true } : {}),
    ...(flaw ? { flaw } : {}),
  };
}

function keysOf(id: Written, secret: Written, token: Written | undefined): Keys {
  return {
    accessKeyId: id.text,
    secretAccessKey: new Secret(secret.text),
    ...(token ? { sessionToken: new Secret(token.text) } : {}),
  };
}

/** The last four characters, quotation marks and invisible characters aside. */
export function endingOf(keyId: string): string {
  return keyId
    .replace(/[^\x21-\x7e]/g, "")
    .replace(/^["']+|["']+$/g, "")
    .slice(-4);
}

/** What no HTTP header may hold; a key id and a token travel in headers, a secret does not. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const unsendable = /[\x00-\x08\x0a-\x1f\x7f]/;

function flawOf(id: Written, secret: Written, token: Written | undefined): Flaw | undefined {
  for (const one of [id, token]) {
    if (one && unsendable.test(one.text)) {
      const which = one === id ? "key id" : "token";
      return { code: "invalid_value", message: `The ${which} holds a line break or a control character.`, ...one.spot };
    }
  }
  const refused = (message: string, spot: Spot): Flaw => ({ code: "invalid_client_token_id", message, ...spot });
  if (!/^A(?:KIA|SIA|BIA|CCA)[A-Z0-9]{16}$/.test(id.text)) return refused("AWS issues no key id like this.", id.spot);
  if (id.text.startsWith("ASIA") && !token) {
    return refused("It is a temporary key, and its session token is missing.", id.spot);
  }
  if (id.text.startsWith("AKIA") && token) {
    return refused("It is a permanent key, which takes no session token.", token.spot);
  }
  const text = secret.text;
  const isDamaged =
    /\s/.test(text) ||
    /%(?:2[bBfF]|3[dD])/.test(text) ||
    /^(["']).*\1$/.test(text) ||
    /^<.*>$/.test(text) ||
    (/^[A-Za-z0-9+/]*$/.test(text) && text.length !== 40);
  return isDamaged
    ? { code: "signature_does_not_match", message: "AWS issues no secret key like this.", ...secret.spot }
    : undefined;
}
