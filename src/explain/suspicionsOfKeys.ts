import { partitionOf, regionInfo } from "../aws/regions";
import type { CauseId } from "./causes";
import { type Case, certain, type Judge, likely, possible, type Suspicion } from "./suspicion";

/** Errors about the key id, the signature or the session token. */
export const keySuspicions: Judge = (one) => {
  const { code, text, clocks, stage } = one.error;
  switch (code) {
    case "InvalidClientTokenId":
    case "UnrecognizedClientException":
    case "InvalidAccessKeyId":
      return unknownKey(one);
    case "SignatureDoesNotMatch":
    case "InvalidSignatureException":
      if (clocks || /Signature(?:expired|notyetcurrent)/i.test(text))
        return [certain("clock-skew", "AWS gives both times")];
      if (/scopedtoavalidregion/i.test(text)) return [likely("sts-region-mismatch"), ...possible("non-aws-endpoint")];
      return [
        likely("wrapping-chars"),
        ...possible("bad-key-material", ...(stage === "backend" ? (["non-aws-endpoint"] as const) : []), "proxy"),
      ];
    case "IncompleteSignature":
    case "IncompleteSignatureException":
      return /slash-delimited/.test(text)
        ? [certain("keys-swapped", "AWS found slashes where the key id belongs"), ...possible("wrapping-chars")]
        : [
            certain("wrapping-chars", "AWS could not read the header that holds the key id"),
            ...possible("keys-swapped"),
          ];
    case "InvalidHeader":
      return [certain("wrapping-chars", "the request could not even be written")];
    case "InvalidToken":
      return [likely("mixed-key-and-token"), ...possible("region-opt-in", "session-token-missing")];
    case "MissingAuthenticationToken":
    case "MissingAuthenticationTokenException":
      return [likely("keys-missing"), ...possible("non-aws-endpoint")];
    case "RequestExpired":
    case "RequestTimeTooSkewed":
      return [certain("clock-skew", "AWS compares the request's time with its own")];
    case "AuthFailure":
      return [
        ...byRegion(one),
        ...possible("region-opt-in", "clock-skew", "bad-key-material", "skip-validation-masked", "mock-endpoint-leak"),
      ];
    case "StaticCredentialsEmpty":
      return [certain("missing-secret-key")];
    default:
      return undefined;
  }
};

/** AWS does not know the key id, or not with this token, or not in this place. */
function unknownKey(one: Case): readonly Suspicion[] {
  const { code, text, stage, address } = one.error;
  if (onlyIamFails(one)) {
    return [
      likely("iam-call-with-nonmfa-session", "all that failed are calls to IAM"),
      ...possible("cloud9-managed-credentials", "bad-key-material", "session-token-missing"),
    ];
  }
  if (asksSeveralWays.test(text)) {
    return stage === "provider"
      ? [
          likely("mock-endpoint-leak"),
          ...possible("skip-validation-masked", "bad-key-material", "session-token-missing"),
        ]
      : [
          likely("non-aws-endpoint", "the account was asked for after the check of the keys had been skipped"),
          ...possible("skip-validation-masked", "bad-key-material", "session-token-missing"),
        ];
  }
  if (/iam:GetUser|IAM:GetUser|failedgettingaccountinformation/.test(text))
    return [likely("session-creds-iam-probe"), ...possible("session-token-missing", "bad-key-material")];
  const place = byRegion(one);
  const rest = (...ids: readonly CauseId[]) => [...place, ...possible(...ids)];
  switch (stage) {
    case "backend":
      return code === "InvalidAccessKeyId"
        ? rest("bad-key-material", "backend-cached-creds", "non-aws-endpoint", "region-opt-in")
        : rest(
            "bad-key-material",
            "backend-cached-creds",
            "session-token-missing",
            "session-token-wrong-arg",
            "non-aws-endpoint",
          );
    case "remote-state":
      return code === "InvalidAccessKeyId"
        ? rest("backend-cached-creds", "bad-key-material", "remote-state-no-profile")
        : rest("session-token-missing", "bad-key-material", "remote-state-no-profile");
    case "assume-role":
      return rest("bad-key-material", "region-opt-in", "session-token-missing", "cloud9-managed-credentials");
    case "resource":
      return address === undefined
        ? rest("session-token-missing", "bad-key-material", "skip-validation-masked")
        : code === "UnrecognizedClientException"
          ? rest("mixed-key-and-token", "skip-validation-masked", "region-opt-in", "bad-key-material")
          : rest("skip-validation-masked", "mock-endpoint-leak", "bad-key-material", "mixed-key-and-token");
    case "refresh":
      return rest("session-token-missing", "bad-key-material", "stale-env-override", "session-creds-iam-probe");
    default:
      return rest(
        "bad-key-material",
        "session-token-missing",
        "stale-env-override",
        "region-opt-in",
        "partition-mismatch",
      );
  }
}

/** The account id is asked for in more than one way, which happens after a check that was skipped. */
const asksSeveralWays = /iam:ListRoles|IAM:ListRoles/;

/** At the resources: every one that failed is IAM's, and some other call has succeeded before. */
function onlyIamFails({ error, output }: Case): boolean {
  const isIam = ({ address = "", text }: Case["error"]) =>
    /(?:^|\.)aws_iam_/.test(address) || /operationerrorIAM:|iam\.amazonaws\.com/.test(text);
  if (error.stage !== "resource" && !/(?:^|\.)aws_iam_/.test(error.address ?? "")) return false;
  return output.errors.filter(({ code }) => code === error.code).every(isIam) && isIam(error);
}

function byRegion({ error: { region } }: Case): readonly Suspicion[] {
  if (region === undefined) return [];
  const partition = partitionOf(region);
  if (partition !== undefined && partition !== "aws") return [likely("partition-mismatch", `the region is ${region}`)];
  return regionInfo(region)?.optIn ? [likely("region-opt-in", `the region is ${region}`)] : [];
}
