import type { Credentials } from "@aws-sdk/client-sts";
import type { Answer, Identity, UnknownReason } from "../model/credentials";
import type { Fetching, RoleRefusal } from "../model/fetching";
import { Secret } from "../model/secret";
import type { Received } from "./exchange";

/** AWS's answers have about twenty; deep nesting would overflow the parser's stack. */
const maxTags = 200;

export function unknown(reason: UnknownReason, requestId?: string): Extract<Answer, { status: "unknown" }> {
  return { status: "unknown", reason, ...(requestId === undefined ? {} : { requestId }) };
}

/** Retryable by the SDKs' rules. https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
const throttlingCodes: ReadonlySet<string> = new Set([
  "BandwidthLimitExceeded",
  "EC2ThrottledException",
  "LimitExceededException",
  "PriorRequestNotComplete",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestThrottledException",
  "SlowDown",
  "ThrottledException",
  "Throttling",
  "ThrottlingException",
  "TooManyRequestsException",
  "TransactionInProgressException",
]);

const faultCodes: ReadonlySet<string> = new Set([
  "InternalError",
  "InternalFailure",
  "InternalServerError",
  "RequestTimeout",
  "RequestTimeoutException",
  "ServiceUnavailable",
  "ServiceUnavailableException",
]);

/** What an answer of AWS's says if it is no success: a verdict, or nothing about the keys. */
export function refusalIn(received: Received, code: string | undefined): Exclude<Answer, { status: "valid" }> {
  const requestId = requestIdOf(received);
  if (received.status >= 400 && code) {
    if (throttlingCodes.has(code)) return unknown("throttled", requestId);
    if (received.status >= 500 || faultCodes.has(code)) return unknown("aws-fault", requestId);
    return { status: "rejected", code, ...(requestId === undefined ? {} : { requestId }) };
  }
  return unknown(reasonWithoutVerdict(received), requestId);
}

/** Present only if every part has AWS's form; an ARN may still hold any printable ASCII. */
export function identityOf(account: unknown, arn: unknown, userId: unknown): Identity | undefined {
  if (typeof account !== "string" || typeof arn !== "string" || typeof userId !== "string") return undefined;
  const isWhole =
    /^\d{12}$/.test(account) &&
    /^arn:aws[a-z-]*:(iam|sts)::\d{12}:[\x21-\x7e]{1,600}$/.test(arn) &&
    arn.split(":")[4] === account &&
    /^[\x21-\x7e]{1,200}$/.test(userId);
  return isWhole ? { account, arn, userId } : undefined;
}

/** The `Code` element of an error answer, as the SDK read it. */
export function codeOf(error: unknown): string | undefined {
  const code = typeof error === "object" && error !== null && "Code" in error ? error.Code : undefined;
  return typeof code === "string" && /^[A-Za-z][A-Za-z0-9.]{0,63}$/.test(code) ? code : undefined;
}

/** What the root element makes of an answer; undefined for one that STS does not send, and for a parser's trap. */
export function rootOf({ text }: Received, action: string): "success" | "error" | undefined {
  const root = /^\uFEFF?\s*(?:<\?xml[^>]{0,200}\?>\s*)?<([A-Za-z]{1,60})[\s>]/.exec(text)?.[1];
  if (text.split("<", maxTags + 1).length > maxTags) return undefined;
  return root === `${action}Response` ? "success" : root === "ErrorResponse" ? "error" : undefined;
}

function requestIdOf({ headers, text }: Received): string | undefined {
  const id = headers["x-amzn-requestid"] ?? /<RequestId>([^<]{1,64})<\/RequestId>/.exec(text)?.[1];
  return id !== undefined && /^[A-Za-z0-9-]{1,64}$/.test(id) ? id : undefined;
}

/** Who sent an answer that has neither an identity nor an error code of AWS. */
export function reasonWithoutVerdict({ status, headers, text }: Received): UnknownReason {
  const isPage = /^text\/html\b/i.test(headers["content-type"] ?? "") || /^\s*<(!doctype html|html)\b/i.test(text);
  if (status === 407) return "proxy";
  if (status === 429) return "throttled";
  // Network Authentication Required (RFC 6585), and redirects, which AWS never sends here.
  if (status === 511 || (status >= 300 && status < 400)) return "captive-portal";
  if (status >= 500) return "aws-fault";
  return isPage ? "captive-portal" : "unreadable-answer";
}

/** Temporary keys, if every part is there and has AWS's form. */
export function keysOf(credentials: Credentials | undefined): Fetching | undefined {
  const { AccessKeyId: id, SecretAccessKey: secret, SessionToken: token, Expiration: expires } = credentials ?? {};
  if (!id || !secret || !token || !/^A[A-Z0-9]{15,127}$/.test(id)) return undefined;
  const keys = { accessKeyId: id, secretAccessKey: new Secret(secret), sessionToken: new Secret(token) };
  const isDate = expires instanceof Date && Number.isFinite(expires.getTime());
  return { status: "fetched", keys, ...(isDate ? { expires } : {}) };
}

/** A refusal of a role, its reason told from AWS's words, which go no further. */
export function roleRefusalOf(answer: Exclude<Answer, { status: "valid" }>, { text }: Received) {
  if (answer.status === "unknown") return answer;
  const message = /<Message>([^<]{0,4000})<\/Message>/.exec(text)?.[1]?.replace(/&(?:apos|#0?39);/g, "'") ?? "";
  const refusal = refusals.find(([code, pattern]) => code === answer.code && pattern.test(message))?.[2];
  return { ...answer, ...(refusal ? { refusal } : {}) };
}

/**
 * The first that fits. AWS words them so as of 2026; what is worded otherwise has no reason.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html#API_AssumeRole_Errors
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
const refusals: readonly (readonly [code: string, message: RegExp, refusal: RoleRefusal])[] = [
  ["AccessDenied", /with an explicit deny/, "explicit-deny"],
  ["AccessDenied", /because no (?:role trust|resource-based) policy allows/, "no-trust"],
  ["AccessDenied", /because no [a-z -]{1,40} allows/, "no-permission"],
  ["AccessDenied", /may not be assumed by root/i, "root-cannot"],
  ["ValidationError", /1 hour session limit/, "too-long-for-a-chain"],
  ["ValidationError", /exceeds the MaxSessionDuration|at 'durationSeconds'/, "too-long"],
  ["ValidationError", /at 'externalId'/, "malformed-external-id"],
  ["ValidationError", /at 'roleSessionName'/, "malformed-session-name"],
  ["ValidationError", /at 'roleArn'|^arn:\S* is invalid$|^Request ARN is invalid$/, "malformed-arn"],
];
