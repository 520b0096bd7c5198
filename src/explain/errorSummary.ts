import type { OutputError } from "../documents/terraformOutput";

const stageWords: Readonly<Record<Exclude<OutputError["stage"], "sso">, string>> = {
  provider: "while the provider was set up",
  backend: "while the backend was used",
  "remote-state": "while a remote state was read",
  refresh: "while the state was refreshed",
  resource: "at a resource",
  "assume-role": "while a role was assumed",
  init: "during terraform init",
  other: "in a tool beside Terraform",
};

const unknownKey = "AWS does not know this access key id, or not with this session token, or not in this region";
const wrongSignature = "AWS knows the access key id, but the signature is not the one its secret key makes";
const late = "The request was signed at a time that AWS does not accept";
const denied = "AWS knows the caller, and a policy does not allow the request";
const nothing = "No credentials were found";
const noBucketHere = "The bucket is in another region";
const noLogin = "There is no SSO login to use";
const blockFlaw = "Terraform does not accept the block as it is written";

const clauses: Readonly<Record<string, string>> = {
  InvalidClientTokenId: unknownKey,
  UnrecognizedClientException: unknownKey,
  InvalidAccessKeyId: unknownKey,
  AuthFailure: "EC2 does not accept the credentials",
  InvalidToken: "AWS cannot read the session token",
  SignatureDoesNotMatch: wrongSignature,
  InvalidSignatureException: wrongSignature,
  IncompleteSignature: "AWS cannot read the header that holds the access key id",
  IncompleteSignatureException: "AWS cannot read the header that holds the access key id",
  InvalidHeader: "The request cannot be written: the key id or the token does not fit into a header",
  MissingAuthenticationToken: "The request reached AWS without a signature",
  MissingAuthenticationTokenException: "The request reached AWS without a signature",
  StaticCredentialsEmpty: "The block has one half of a key pair",
  ExpiredToken: "The credentials or the token they are made from have expired",
  ExpiredTokenException: "The credentials or the token they are made from have expired",
  TokenRefreshRequired: "The credentials have expired",
  RequestExpired: late,
  RequestTimeTooSkewed: late,
  AccessDenied: denied,
  AccessDeniedException: denied,
  UnauthorizedOperation: denied,
  UnauthorizedAccess: denied,
  Forbidden: "S3 refused the request and does not say why: to this kind of request it never does",
  ForbiddenException: "The SSO login does not give access to this role of this account",
  UnauthorizedException: "The SSO login is not accepted",
  InvalidIdentityToken: "STS does not accept the web identity token",
  IDPCommunicationError: "STS could not reach the identity provider",
  IDPRejectedClaim: "The identity provider rejected the token",
  RegionDisabledException: "STS is switched off in this region",
  OptInRequired: "The account may not use this service yet",
  SubscriptionRequiredException: "The account may not use this service yet",
  MalformedPolicyDocument: "AWS cannot read the session's policy",
  PackedPolicyTooLarge: "The session's policies and tags are too large",
  InvalidGrantException: "The SSO login cannot be renewed",
  InvalidClientException: "The SSO login cannot be renewed",
  AuthorizationHeaderMalformed: noBucketHere,
  PermanentRedirect: noBucketHere,
  MovedPermanently: noBucketHere,
  BucketRegionError: noBucketHere,
  BucketNotVisible: "The state's bucket is not there for whoever asked",
  NoSuchBucket: "There is no such bucket for whoever asked",
  BadRequest: "S3 could not make anything of the request",
  ValidationError: "AWS does not accept a parameter of the call",
  NoCredentialProviders: nothing,
  NoValidCredentialSources: nothing,
  NoIMDSRole: nothing,
  NoAccountID: "The account could not be found out",
  CannotAssumeRole: "The role could not be assumed",
  RoleArnNotSet: "A web identity token is given and no role with it",
  WebIdentityTokenFile: "The web identity token cannot be read",
  SSOProviderInvalidToken: noLogin,
  SSOTokenCacheMissing: noLogin,
  SSOTokenExpired: "The SSO login has expired",
  SSOSessionMissing: "The profile names an sso_session that is not there",
  SSOMissingConfig: "The profile lacks settings that SSO needs",
  SSOGetRoleCredentials: "The SSO login gave no credentials for the role",
  LoginSessionExpired: "The console login has expired",
  MFAUnsupported: "The profile asks for an MFA code, which Terraform cannot ask you for",
  SharedConfigProfile: "The profile was not found",
  SharedConfigAssumeRole: "The profile's source_profile gives no credentials",
  SharedConfigAssumeRoleError: "The profile's source_profile gives no credentials",
  PartialCredentials: "The profile has one half of a key pair",
  LoadingConfiguration: "The profile's settings cannot be used",
  ConfigParse: "An AWS file cannot be read",
  CredentialProcess: "credential_process gave no credentials",
  InvalidEndpointHost: "The container's credentials endpoint is not allowed",
  AccountNotAllowed: "The credentials are of an account that the block keeps out",
  MissingRegion: "No region is given",
  InvalidRegion: "The region is not one that Terraform knows",
  VariablesNotAllowed: "The backend block holds a name where only literals are allowed",
  UnsupportedArgument: blockFlaw,
  UnsupportedBlock: blockFlaw,
  InvalidBackendArgument: blockFlaw,
  InvalidCombination: blockFlaw,
  MissingAssumeRoleBlock: blockFlaw,
  x509: "The secure connection failed",
  ProxyConnect: "The proxy kept the request from AWS",
  NoSuchHost: "The host's name could not be looked up",
  RequestSendFailed: "AWS could not be reached",
};

/** What happened, in one sentence: `No credentials were found (while the backend was used).` */
export function errorSummary({ code, stage, isStageGuessed, address }: OutputError): string {
  const clause = clauses[code] ?? code;
  // What the text leaves open is not named, and of a login the clause has said it.
  if (isStageGuessed || stage === "sso") return `${clause}.`;
  const where = stage === "resource" && address !== undefined ? `at ${address}` : stageWords[stage];
  return `${clause} (${where}).`;
}
