/** Codes of AWS that speak of credentials, of roles, or of the state's bucket. */
const awsCodes: readonly string[] = [
  "InvalidClientTokenId",
  "UnrecognizedClientException",
  "InvalidAccessKeyId",
  "InvalidToken",
  "AuthFailure",
  "SignatureDoesNotMatch",
  "InvalidSignatureException",
  "IncompleteSignatureException",
  "IncompleteSignature",
  "MissingAuthenticationTokenException",
  "MissingAuthenticationToken",
  "ExpiredTokenException",
  "ExpiredToken",
  "TokenRefreshRequired",
  "RequestExpired",
  "RequestTimeTooSkewed",
  "AccessDeniedException",
  "AccessDenied",
  "UnauthorizedOperation",
  "UnauthorizedAccess",
  "UnauthorizedException",
  "ForbiddenException",
  "Forbidden",
  "InvalidIdentityToken",
  "IDPCommunicationError",
  "IDPRejectedClaim",
  "RegionDisabledException",
  "OptInRequired",
  "SubscriptionRequiredException",
  "MalformedPolicyDocument",
  "PackedPolicyTooLarge",
  "InvalidGrantException",
  "InvalidClientException",
  "AuthorizationHeaderMalformed",
  "PermanentRedirect",
  "MovedPermanently",
  "BucketRegionError",
  "NoSuchBucket",
  "BadRequest",
  "ValidationError",
];

/** Only where the state's bucket was asked for, or a role: elsewhere these speak of anything. */
const onlyOfTheState: ReadonlySet<string> = new Set([
  "AuthorizationHeaderMalformed",
  "PermanentRedirect",
  "MovedPermanently",
  "BucketRegionError",
  "NoSuchBucket",
  "BadRequest",
  "Forbidden",
]);
const onlyOfRoles: ReadonlySet<string> = new Set([
  "ValidationError",
  "MalformedPolicyDocument",
  "PackedPolicyTooLarge",
]);

/** Codes of the older SDK for Go, which are words of that SDK and not AWS's. */
const sdkCodes: readonly string[] = [
  "SSOProviderInvalidToken",
  "SharedConfigAssumeRoleError",
  "SharedConfigProfileNotExistsError",
  "SharedConfigLoadError",
  "SharedCredsLoad",
  "SharedCredsAccessKey",
  "SharedCredsSecret",
  "NoCredentialProviders",
];

const before = "(?:error|causedby:|occurred\\(|<Code>|RequestID:[\\w-]*,(?:HostID:[^,]*,)?|ErrorCode:|[*:.,>|=()\"'])";
const after = "(?=[:)<(,;\"']|$|Anerror|statuscode)";
const awsCode = new RegExp(`(?:^|${before})(${awsCodes.join("|")})${after}`, "gm");
const sdkCode = new RegExp(`(${sdkCodes.join("|")})`);

/** The first code of AWS's that a text without white space holds and that is about credentials there. */
export function awsCodeIn(text: string): string | undefined {
  const ofState =
    /S3:|S3[Bb]ucket|hostid:|HostID:|HeadObject|HeadBucket|ListObjects|ListBuckets|GetObject|PutObject|backend"?s3|remotestate|state:/.test(
      text,
    );
  const ofRole = /AssumeRole|userName|cannotbeassumed|CannotassumeIAMRole|accountID/.test(text);
  for (const [, code = ""] of text.matchAll(awsCode)) {
    if (onlyOfTheState.has(code) && !ofState) continue;
    if (onlyOfRoles.has(code) && !ofRole) continue;
    return code;
  }
  return undefined;
}

/** The older SDK lists why each source failed; the list as a whole is what it says, unless a login has run out. */
export function legacyCode(text: string): string | undefined {
  const code = /SSOProviderInvalidToken|SharedConfigAssumeRoleError/.exec(text)?.[0] ?? sdkCode.exec(text)?.[1];
  if (code === undefined || !/^Shared(?:Creds|ConfigProfile|ConfigLoad)/.test(code)) return code;
  if (text.includes("NoCredentialProviders")) return "NoCredentialProviders";
  switch (code) {
    case "SharedConfigLoadError":
      return "ConfigParse";
    case "SharedCredsAccessKey":
    case "SharedCredsSecret":
      return "PartialCredentials";
    default:
      return "SharedConfigProfile";
  }
}
