import { expiryOf } from "../../aws/expiry";
import type { Fetching } from "../../model/fetching";
import { Secret } from "../../model/secret";

export type Json = Readonly<Record<string, unknown>>;

/** Undefined for what is no JSON object; the parser's message, which quotes the text, is dropped. */
export function jsonIn(text: string | undefined): Json | undefined {
  try {
    return objectIn(JSON.parse(text ?? ""));
  } catch {
    return undefined;
  }
}

export const objectIn = (value: unknown): Json | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;

export const textIn = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** A moment as AWS's tools write it, or in milliseconds. */
export function dateIn(value: unknown): Date | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? new Date(value) : undefined;
  return typeof value === "string" ? expiryOf(value) : undefined;
}

/** Keys as the SSO portal and `aws login` write them; undefined where the id or the secret is missing. */
export function keysIn(json: Json | undefined): Extract<Fetching, { status: "fetched" }> | undefined {
  const accessKeyId = textIn(json?.accessKeyId);
  const secret = textIn(json?.secretAccessKey);
  if (accessKeyId === undefined || secret === undefined) return undefined;
  const token = textIn(json?.sessionToken);
  const expires = dateIn(json?.expiration ?? json?.expiresAt);
  return {
    status: "fetched",
    keys: {
      accessKeyId,
      secretAccessKey: new Secret(secret),
      ...(token === undefined ? {} : { sessionToken: new Secret(token) }),
    },
    ...(expires ? { expires } : {}),
  };
}
