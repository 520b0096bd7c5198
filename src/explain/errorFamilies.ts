/** Errors that the same mistakes lead to. */
export type ErrorFamily =
  | "key"
  | "signature"
  | "header"
  | "half"
  | "nothing"
  | "profile"
  | "sso"
  | "expired"
  | "mfa"
  | "region"
  | "block"
  | "process"
  | "denied"
  | "argument"
  | "identity"
  | "unreachable"
  | "other";

const families: Readonly<Record<string, ErrorFamily>> = {
  InvalidClientTokenId: "key",
  UnrecognizedClientException: "key",
  InvalidAccessKeyId: "key",
  InvalidToken: "key",
  AuthFailure: "key",
  SignatureDoesNotMatch: "signature",
  InvalidSignatureException: "signature",
  IncompleteSignature: "header",
  IncompleteSignatureException: "header",
  InvalidHeader: "header",
  StaticCredentialsEmpty: "half",
  NoIMDSRole: "nothing",
  NoValidCredentialSources: "nothing",
  NoCredentialProviders: "nothing",
  SharedConfigProfile: "profile",
  SharedConfigAssumeRole: "profile",
  SharedConfigAssumeRoleError: "profile",
  PartialCredentials: "profile",
  LoadingConfiguration: "profile",
  ConfigParse: "profile",
  SSOTokenCacheMissing: "sso",
  SSOTokenExpired: "sso",
  SSOProviderInvalidToken: "sso",
  SSOSessionMissing: "sso",
  SSOMissingConfig: "sso",
  InvalidGrantException: "sso",
  ExpiredToken: "expired",
  ExpiredTokenException: "expired",
  TokenRefreshRequired: "expired",
  MFAUnsupported: "mfa",
  InvalidRegion: "region",
  MissingRegion: "region",
  NoSuchHost: "region",
  VariablesNotAllowed: "block",
  UnsupportedArgument: "block",
  UnsupportedBlock: "block",
  InvalidBackendArgument: "block",
  MissingAssumeRoleBlock: "block",
  CredentialProcess: "process",
  AccessDenied: "denied",
  AccessDeniedException: "denied",
  Forbidden: "denied",
  NoSuchBucket: "denied",
  BucketNotVisible: "denied",
  ValidationError: "argument",
  RoleArnNotSet: "identity",
  WebIdentityTokenFile: "identity",
  InvalidCombination: "identity",
  RequestSendFailed: "unreachable",
};

/** Undefined for errors that have one cause only. */
export const familyOf = (code: string): ErrorFamily | undefined => families[code];
