import { isKnownRegion, isPossibleRegion, nearestRegion } from "../aws/regions";
import { type Case, certain, type Judge, likely, possible, type Suspicion } from "./suspicion";

/** Errors about regions, endpoints, the network, and the configuration itself. */
export const placeSuspicions: Judge = (one) => {
  const { code, text, argument = "" } = one.error;
  switch (code) {
    case "RegionDisabledException":
      return [certain("region-opt-in")];
    case "OptInRequired":
    case "SubscriptionRequiredException":
      return [likely("account-not-signed-up"), ...possible("region-opt-in")];
    case "MissingRegion":
      return [certain("region-unset")];
    case "InvalidRegion":
      return invalidRegion(one);
    case "VariablesNotAllowed":
      return [certain("backend-variable")];
    case "UnsupportedArgument":
      return unsupported(one, argument);
    case "UnsupportedBlock":
    case "InvalidBackendArgument":
    case "MissingAssumeRoleBlock":
      return [likely("backend-arg-removed"), ...possible("deprecated-argument")];
    case "InvalidCombination":
      return /web_identity/.test(text)
        ? [likely("web-identity-arg-missing"), ...possible("conflicting-arguments")]
        : [likely("conflicting-arguments")];
    case "InvalidEndpointHost":
      return [certain("endpoint-host")];
    case "NoSuchBucket":
      return [likely("bucket-missing"), ...possible("backend-provider-mismatch", "backend-cached-config")];
    case "BucketNotVisible":
      return possible("expired-session", "backend-provider-mismatch", "bucket-missing", "backend-authz");
    case "PermanentRedirect":
    case "MovedPermanently":
    case "BucketRegionError":
    case "AuthorizationHeaderMalformed":
      return [certain("bucket-region", locationIn(text)), ...possible("backend-cached-config")];
    case "x509":
      return /expired|notyetvalid/.test(text)
        ? [likely("clock-skew", "a certificate seems to be out of date"), ...possible("tls-interception")]
        : [
            likely("tls-interception"),
            ...possible(
              ...(/amazonaws/.test(text) ? (["proxy", "clock-skew"] as const) : (["non-aws-endpoint"] as const)),
            ),
          ];
    case "ProxyConnect":
      return [certain("proxy")];
    case "NoSuchHost":
    case "RequestSendFailed":
      return unreachable(one);
    default:
      return undefined;
  }
};

function invalidRegion({ error: { region, text } }: Case): readonly Suspicion[] {
  if (/Region:?\s*"?\$?\{?(?:var|local|data|module|each)\./.test(text))
    return [certain("quoted-reference", "the region is the name of a value")];
  if (region === undefined) return [likely("region-typo"), ...possible("quoted-reference", "region-unset")];
  if (isKnownRegion(region) || isPossibleRegion(region))
    return [likely("provider-too-old-for-region", `${region} has a region's form`), ...possible("region-typo")];
  const nearest = nearestRegion(region);
  return [certain("region-typo", nearest === undefined ? undefined : `${nearest} comes close`)];
}

function unsupported({ error: { stage } }: Case, argument: string): readonly Suspicion[] {
  if (/^(?:aws_)?(?:session_token|security_token)$/.test(argument)) return [certain("session-token-wrong-arg")];
  return stage === "backend" || stage === "remote-state"
    ? [likely("backend-arg-removed"), ...possible("deprecated-argument")]
    : [likely("deprecated-argument"), ...possible("backend-arg-removed")];
}

/** Where AWS says that the bucket is, if it does. */
function locationIn(text: string): string | undefined {
  const region = /(?:actuallocation"|expecting')([a-z0-9-]{5,30})["']/.exec(text)?.[1];
  return region === undefined ? undefined : `it is in ${region}`;
}

/** `sts.var.region.amazonaws.com`: the name of a value where its value belongs. */
const hostOfReference = /\/\/[\w-]+\.(?:var|local|data|module|each)\.[\w.-]*amazonaws/;

function unreachable({ error: { region, text, code } }: Case): readonly Suspicion[] {
  if (hostOfReference.test(text)) return [certain("quoted-reference", "the host's name holds the name of a value")];
  if (region !== undefined && !isKnownRegion(region) && code === "NoSuchHost") {
    const nearest = nearestRegion(region);
    const evidence = nearest === undefined ? `the host's name holds ${region}` : `${nearest} comes close to ${region}`;
    return [likely("region-typo", evidence), ...possible("network")];
  }
  if (/localhost|127\.0\.0\.1|\[::1\]|localstack|host\.docker\.internal/.test(text))
    return [likely("emulator-not-running"), ...possible("network")];
  return [likely("network"), ...possible("proxy", "tls-interception", "region-typo")];
}
