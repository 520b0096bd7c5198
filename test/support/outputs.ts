import type { OutputStage } from "../../src/documents/terraformOutputStages";

/** An output of Terraform's or of a tool near it, as programs of several ages print it. */
export interface Sample {
  readonly name: string;
  readonly code: string;
  readonly stage: OutputStage;
  /** What was wrong when it was printed. */
  readonly cause: string;
  readonly text: string;
}

const request = "00000000-0000-4000-8000-0000000000aa";
const role = "arn:aws:iam::444455556666:role/deploy";

/** An answer of AWS's as SDK v2 prints it, and as SDK v1 did. */
const v2 = (operation: string, status: number, answer: string, before = "") =>
  `operation error ${operation}, ${before}https response error StatusCode: ${status}, RequestID: ${request}, ${answer}`;
const v1 = (code: string, message: string, status = 403) =>
  `${code}: ${message}\n\tstatus code: ${status}, request id: ${request}`;

const sts = (status: number, answer: string, before = "") =>
  v2("STS: GetCallerIdentity", status, `api error ${answer}`, before);
const validating = (reason: string) =>
  `validating provider credentials: retrieving caller identity from STS: ${reason}`;

const init = (error: string) => `Initializing the backend...\n\nError: ${error}\n\n`;
const sources = (reason: string, of = "https://developer.hashicorp.com/terraform/language/backend/s3") =>
  `No valid credential sources found\n\nPlease see ${of}\nfor more information about providing credentials.\n\nError: failed to refresh cached credentials, ${reason}`;
const workspaces = (answer: string, before = "") =>
  `Failed to get existing workspaces: Unable to list objects in S3 bucket "demo-state" with prefix "env:/": operation error S3: ListObjectsV2, ${before}https response error StatusCode: 403, RequestID: EXAMPLEREQ000001, HostID: EXAMPLEHOSTID=, ${answer}`;
const assuming = (answer: string, status = 403) => `Cannot assume IAM Role

IAM Role (${role}) cannot be assumed.

There are a number of possible causes of this - the most common are:
  * The credentials used in order to assume the role are invalid
  * The credentials do not have appropriate permission to assume the role
  * The role ARN is not valid

Error: ${v2("STS: AssumeRole", status, `api error ${answer}`)}`;
const webIdentity = (answer: string, before = "") => `Cannot assume IAM Role with web identity

IAM Role (${role}) cannot be assumed with web
identity token.

There are a number of possible causes of this - the most common are:
  * The web identity token used in order to assume the role is invalid
  * The web identity token does not have appropriate permission to assume the role
  * The role ARN is not valid

Error: failed to retrieve credentials, ${v2("STS: AssumeRoleWithWebIdentity", 400, answer, before)}`;
const inBackend = (summary: string, line: number, source: string, detail: string) =>
  `Initializing the backend...\n\nError: ${summary}\n\n  on backend.tf line ${line}, in terraform:\n   ${line}: ${source}\n\n${detail}\n`;
/** A diagnostic of the provider's, in the box that Terraform draws since 0.15. */
const boxed = (
  summary: string,
  detail: string,
  address = 'provider["registry.terraform.io/hashicorp/aws"]',
  at = 'on main.tf line 10, in provider "aws":\n  10: provider "aws" {',
) =>
  `╷\n${[
    `Error: ${summary}`,
    "",
    `  with ${address},`,
    ...at.split("\n").map((one) => `  ${one}`),
    "",
    ...(detail === "" ? [] : detail.split("\n")),
  ]
    .map((one) => `│ ${one}`.trimEnd())
    .join("\n")}\n╵\n`;

const invalid = "InvalidClientTokenId: The security token included in the request is invalid.";
const imds =
  "no EC2 IMDS role found,\noperation error ec2imds: GetMetadata, http response error StatusCode: 403,\nrequest to EC2 IMDS failed";

const sample = (name: string, code: string, stage: OutputStage, cause: string, text: string): Sample => ({
  name,
  code,
  stage,
  cause,
  text,
});
const ofBackend = (name: string, code: string, cause: string, error: string) =>
  sample(name, code, "backend", cause, init(error));

const backend: readonly Sample[] = [
  ofBackend("sts invalid", "InvalidClientTokenId", "bad-key-material", validating(sts(403, invalid))),
  ofBackend(
    "sts expired",
    "ExpiredToken",
    "expired-session",
    validating(sts(403, "ExpiredToken: The security token included in the request is expired")),
  ),
  ofBackend(
    "signature expired",
    "SignatureDoesNotMatch",
    "clock-skew",
    validating(
      sts(
        403,
        "SignatureDoesNotMatch: Signature expired: 20240501T100000Z is now earlier than 20240501T112000Z (20240501T113500Z - 15 min.)",
      ),
    ),
  ),
  ofBackend(
    "signature plain",
    "SignatureDoesNotMatch",
    "wrapping-chars",
    validating(
      sts(
        403,
        "SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
      ),
    ),
  ),
  ofBackend(
    "request expired",
    "RequestExpired",
    "clock-skew",
    validating(
      sts(
        400,
        "RequestExpired: Request has expired.",
        "exceeded maximum number of attempts, 1, Probable clock skew error: ",
      ),
    ),
  ),
  ofBackend(
    "blank in the id",
    "IncompleteSignature",
    "wrapping-chars",
    validating(
      sts(
        400,
        "IncompleteSignature: '/20240501/us-east-1/sts/aws4_request' not a valid key=value pair (missing equal-sign) in Authorization header: 'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE /20240501/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=00'.",
      ),
    ),
  ),
  ofBackend(
    "swapped",
    "IncompleteSignature",
    "keys-swapped",
    validating(
      sts(
        400,
        "IncompleteSignature: Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY/20240501/us-east-1/sts/aws4_request'",
      ),
    ),
  ),
  ofBackend(
    "region switched off",
    "RegionDisabledException",
    "region-opt-in",
    validating(
      sts(
        403,
        "RegionDisabledException: STS is not activated in this region for account:111122223333. Your account administrator can activate STS in this region using the IAM Console.",
      ),
    ),
  ),
  ofBackend(
    "unsigned",
    "MissingAuthenticationToken",
    "keys-missing",
    validating(sts(403, "MissingAuthenticationToken: Request is missing Authentication Token")),
  ),
  ofBackend(
    "newline in the id",
    "InvalidHeader",
    "wrapping-chars",
    validating(
      'operation error STS: GetCallerIdentity, decomposing request: net/http: invalid header field value for "Authorization"',
    ),
  ),
  ofBackend(
    "s3 unknown key",
    "InvalidAccessKeyId",
    "bad-key-material",
    workspaces("api error InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records."),
  ),
  ofBackend(
    "s3 bad token",
    "InvalidToken",
    "mixed-key-and-token",
    workspaces("api error InvalidToken: The provided token is malformed or otherwise invalid."),
  ),
  ofBackend(
    "s3 clock",
    "RequestTimeTooSkewed",
    "clock-skew",
    workspaces(
      "api error RequestTimeTooSkewed: The difference between the request time and the current time is too large.",
      "exceeded maximum number of attempts, 1, Probable clock skew error: ",
    ),
  ),
  ofBackend(
    "s3 denied",
    "AccessDenied",
    "backend-provider-mismatch",
    workspaces("api error AccessDenied: Access Denied"),
  ),
  ofBackend(
    "no bucket",
    "NoSuchBucket",
    "backend-provider-mismatch",
    `Failed to get existing workspaces: S3 bucket "demo-state" does not exist.\n\nThe referenced S3 bucket must have been previously created. If the S3 bucket\nwas created within the last minute, please wait for a minute or two and try\nagain.\n\nError: operation error S3: ListObjectsV2, https response error StatusCode: 404, RequestID: EXAMPLEREQ000001, HostID: EXAMPLEHOSTID=, NoSuchBucket: \n`,
  ),
  ofBackend(
    "account asked twice",
    "InvalidClientTokenId",
    "non-aws-endpoint",
    `Retrieving AWS account details: AWS account ID not previously found and failed retrieving via all available methods.\n\nSee https://www.terraform.io/docs/providers/aws/index.html#skip_requesting_account_id for workaround and implications.\nErrors: 2 errors occurred:\n\t* retrieving caller identity from STS: ${sts(403, invalid)}\n\t* retrieving account information via iam:ListRoles: ${v2("IAM: ListRoles", 403, `api error ${invalid}`)}\n\n`,
  ),
  ofBackend("nothing", "NoIMDSRole", "no-credentials", sources(imds)),
  ofBackend(
    "imds off",
    "NoIMDSRole",
    "no-credentials",
    sources(
      'no EC2 IMDS role found,\noperation error ec2imds: GetMetadata, access disabled to EC2 IMDS via client\noption, or "AWS_EC2_METADATA_DISABLED" environment variable',
    ),
  ),
  ofBackend("half a pair in the environment", "NoIMDSRole", "partial-env", sources(imds)),
  ofBackend(
    "process fails",
    "CredentialProcess",
    "credential-process-failed",
    sources("process provider error: error in\ncredential_process: exit status 3"),
  ),
  ofBackend(
    "process chatters",
    "CredentialProcess",
    "credential-process-output",
    sources(
      'process provider error: parse\nfailed of process output: Updating cache...\n{"Version":1,"AccessKeyId":"ASIAIOSFODNN7EXAMPLE","SecretAccessKey":"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY","SessionToken":"t"}\n, error: invalid character \'U\' looking for beginning of value',
    ),
  ),
  ofBackend(
    "source missing",
    "SharedConfigProfile",
    "source-profile-missing",
    `failed to load assume role ${role}, of profile nosuchbase, failed to get shared config profile, nosuchbase`,
  ),
  ofBackend(
    "source loop",
    "SharedConfigAssumeRole",
    "source-profile-loop",
    "failed to load assume role arn:aws:iam::444455556666:role/b, of profile loopa, <nil>",
  ),
  ofBackend(
    "mfa",
    "MFAUnsupported",
    "mfa-required",
    "assume role with MFA enabled, but AssumeRoleTokenProvider session option not set.",
  ),
  ofBackend(
    "ecs",
    "LoadingConfiguration",
    "credential-source-mismatch",
    "EcsContainer was specified as the credential_source, but neither 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI' or AWS_CONTAINER_CREDENTIALS_FULL_URI' was set",
  ),
  ofBackend(
    "bad source",
    "LoadingConfiguration",
    "credential-source-invalid",
    "credential_source values must be EcsContainer, Ec2InstanceMetadata, or Environment",
  ),
  ofBackend(
    "retry mode",
    "LoadingConfiguration",
    "setting-for-cli-only",
    "failed to load retry_mode from shared config, unknown RetryMode, legacy",
  ),
  ofBackend(
    "missing profile",
    "SharedConfigProfile",
    "profile-missing",
    "failed to get shared config profile, prefixed",
  ),
  ofBackend(
    "half a profile",
    "PartialCredentials",
    "profile-partial-keys",
    "error fetching config from profile, half, Error using profile: \n 2, partial credentials found for profile half\n",
  ),
  ofBackend(
    "half a block",
    "StaticCredentialsEmpty",
    "missing-secret-key",
    "retrieving credentials: static credentials are empty",
  ),
  ofBackend(
    "account guard",
    "AccountNotAllowed",
    "account-guard-mismatch",
    "Invalid account ID\n\nAWS account ID not allowed: 111122223333",
  ),
  ofBackend(
    "dns",
    "NoSuchHost",
    "region-typo",
    validating(
      'operation error STS: GetCallerIdentity, https response error StatusCode: 0, RequestID: , request send failed, Post "https://sts.us-east2.amazonaws.com/": dial tcp: lookup sts.us-east2.amazonaws.com on 10.255.255.53:53: no such host',
    ),
  ),
  ofBackend(
    "tls",
    "x509",
    "tls-interception",
    validating(
      'operation error STS: GetCallerIdentity, exceeded maximum number of attempts, 1, https response error StatusCode: 0, RequestID: , request send failed, Post "https://sts.eu-west-1.amazonaws.com/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    ),
  ),
  ofBackend(
    "proxy",
    "ProxyConnect",
    "proxy",
    validating(
      'operation error STS: GetCallerIdentity, exceeded maximum number of attempts, 9, https response error StatusCode: 0, RequestID: , request send failed, Post "https://sts.eu-west-1.amazonaws.com/": proxyconnect tcp: dial tcp 10.0.0.9:3128: connect: connection refused',
    ),
  ),
  sample(
    "region typo",
    "InvalidRegion",
    "backend",
    "region-typo",
    inBackend("Invalid region value", 6, '    region = "us-east2"', "Invalid AWS Region: us-east2"),
  ),
  sample(
    "region in quotes",
    "InvalidRegion",
    "backend",
    "quoted-reference",
    inBackend("Invalid region value", 6, '    region = "var.region"', "Invalid AWS Region: var.region"),
  ),
  sample(
    "no region",
    "MissingRegion",
    "backend",
    "region-unset",
    inBackend(
      "Missing region value",
      2,
      '  backend "s3" {',
      'The "region" attribute or the "AWS_REGION" or "AWS_DEFAULT_REGION"\nenvironment variables must be set.',
    ),
  ),
  sample(
    "variable",
    "VariablesNotAllowed",
    "backend",
    "backend-variable",
    inBackend("Variables not allowed", 6, "    region = var.region", "Variables may not be used here."),
  ),
  sample(
    "session_token",
    "UnsupportedArgument",
    "backend",
    "session-token-wrong-arg",
    inBackend(
      "Unsupported argument",
      9,
      '    session_token = "abc"',
      'An argument named "session_token" is not expected here.',
    ),
  ),
  sample(
    "role_arn",
    "UnsupportedArgument",
    "backend",
    "backend-arg-removed",
    inBackend(
      "Unsupported argument",
      7,
      `    role_arn = "${role}"`,
      'An argument named "role_arn" is not expected here.',
    ),
  ),
];

const others: readonly Sample[] = [
  sample(
    "role invalid",
    "ValidationError",
    "assume-role",
    "role-arn-invalid",
    init(assuming("ValidationError:\narn:aws:iam::role/deploy is invalid", 400)),
  ),
  sample(
    "role denied",
    "AccessDenied",
    "assume-role",
    "assume-role-trust",
    init(
      assuming(
        `AccessDenied: User: arn:aws:iam::111122223333:user/ann is not authorized to perform: sts:AssumeRole on resource: ${role}`,
      ),
    ),
  ),
  sample(
    "role again",
    "AccessDenied",
    "assume-role",
    "role-self-assume",
    init(
      assuming(
        `AccessDenied: User: arn:aws:sts::444455556666:assumed-role/deploy/run-7 is not authorized to perform: sts:AssumeRole on resource: ${role}`,
      ),
    ),
  ),
  sample(
    "session too long",
    "ValidationError",
    "assume-role",
    "session-too-long",
    init(
      assuming(
        "ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
        400,
      ),
    ),
  ),
  sample(
    "no oidc provider",
    "InvalidIdentityToken",
    "assume-role",
    "oidc-provider-missing",
    init(
      webIdentity(
        "InvalidIdentityToken: No OpenIDConnect\nprovider found in your account for\nhttps://token.actions.githubusercontent.com",
        "exceeded maximum number of attempts, 3, ",
      ),
    ),
  ),
  sample(
    "oidc keys",
    "InvalidIdentityToken",
    "assume-role",
    "oidc-throttle",
    init(
      webIdentity(
        "InvalidIdentityToken: Couldn't retrieve\nverification key from your identity provider,  please reference\nAssumeRoleWithWebIdentity documentation for requirements",
      ),
    ),
  ),
  sample(
    "oidc expired",
    "ExpiredTokenException",
    "assume-role",
    "oidc-token-expired",
    init(
      webIdentity(
        "ExpiredTokenException: Token expired:\ncurrent date/time 1714563300 must be before the expiration date/time\n1714560000",
      ),
    ),
  ),
  sample(
    "oidc denied",
    "AccessDenied",
    "assume-role",
    "oidc-trust-condition",
    init(
      sources(
        `failed to retrieve credentials,\n${v2("STS: AssumeRoleWithWebIdentity", 403, "api error\nAccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity")}`,
      ),
    ),
  ),
  sample("no role", "RoleArnNotSet", "assume-role", "web-identity-arg-missing", init("role ARN is not set")),
  sample(
    "sso never",
    "SSOTokenCacheMissing",
    "sso",
    "sso-not-logged-in",
    init(
      sources(
        "failed to read cached SSO token\nfile, open\n/home/ann/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json:\nno such file or directory",
      ),
    ),
  ),
  sample(
    "sso expired",
    "SSOTokenExpired",
    "sso",
    "sso-session-expired",
    init(
      sources("refresh cached SSO token failed,\ncached SSO token is expired, or not present, and cannot be refreshed"),
    ),
  ),
  sample(
    "sso expired, legacy",
    "SSOTokenExpired",
    "sso",
    "sso-session-expired",
    init(sources("the SSO session has expired or\nis invalid")),
  ),
  sample(
    "sso section",
    "SSOSessionMissing",
    "sso",
    "sso-session-section-missing",
    init("failed to find SSO session section, missing"),
  ),
  sample(
    "remote state",
    "InvalidClientTokenId",
    "remote-state",
    "session-token-missing",
    `data.terraform_remote_state.net: Reading...\n\nPlanning failed. Terraform encountered an error while generating this plan.\n\n\nError: ${validating(sts(403, invalid))}\n\n`,
  ),
  sample(
    "terraform test",
    "InvalidClientTokenId",
    "remote-state",
    "session-token-missing",
    `tests/a.tftest.hcl... in progress\n  run "plan"... fail\n\nError: ${validating(sts(403, invalid))}\n\ntests/a.tftest.hcl... tearing down\ntests/a.tftest.hcl... fail\n\nFailure! 0 passed, 1 failed.\n`,
  ),
  sample(
    "provider 5",
    "InvalidClientTokenId",
    "provider",
    "bad-key-material",
    boxed(
      "Retrieving AWS account details: validating provider credentials: retrieving caller identity from STS: " +
        sts(403, invalid),
      "",
    ),
  ),
  sample(
    "provider 5, opt-in",
    "InvalidClientTokenId",
    "provider",
    "region-opt-in",
    boxed(
      `${validating(
        `operation error STS: GetCallerIdentity, https response error StatusCode: 403, RequestID: ${request}, api error ${invalid}`,
      )} (https://sts.me-south-1.amazonaws.com/)`,
      "",
    ),
  ),
  sample(
    "provider 5, none",
    "NoIMDSRole",
    "provider",
    "no-credentials",
    boxed(
      "No valid credential sources found",
      `Please see https://registry.terraform.io/providers/hashicorp/aws\nfor more information about providing credentials.\n\nError: failed to refresh cached credentials, ${imds}\n`,
    ),
  ),
  sample(
    "provider 4",
    "InvalidClientTokenId",
    "provider",
    "bad-key-material",
    boxed(
      `error configuring Terraform AWS Provider: error validating provider credentials: error calling sts:GetCallerIdentity: ${sts(403, invalid)}`,
      "",
    ),
  ),
  sample(
    "provider 3",
    "InvalidClientTokenId",
    "provider",
    "bad-key-material",
    `Error: error configuring Terraform AWS Provider: error validating provider credentials: error calling sts:GetCallerIdentity: ${v1("InvalidClientTokenId", "The security token included in the request is invalid.")}\n\n  on main.tf line 1, in provider "aws":\n   1: provider "aws" {\n`,
  ),
  sample(
    "provider 2",
    "NoCredentialProviders",
    "provider",
    "no-credentials",
    `Error: No valid credential sources found for AWS Provider.\n\tPlease see https://terraform.io/docs/providers/aws/index.html for more information on\n\tproviding credentials for the AWS Provider\n\n  on main.tf line 1, in provider "aws":\n   1: provider "aws" {\n`.replace(
      "No valid",
      "NoCredentialProviders: no valid",
    ),
  ),
  sample(
    "terraform 0.11",
    "InvalidClientTokenId",
    "refresh",
    "bad-key-material",
    `Error: Error refreshing state: 1 error(s) occurred:\n\n* provider.aws: ${v1("InvalidClientTokenId", "The security token included in the request is invalid.")}\n`,
  ),
  sample(
    "only iam fails",
    "InvalidClientTokenId",
    "resource",
    "iam-call-with-nonmfa-session",
    boxed(
      `creating IAM Role (app): ${v2("IAM: CreateRole", 403, `api error ${invalid}`)}`,
      "",
      "aws_iam_role.app",
      'on iam.tf line 4, in resource "aws_iam_role" "app":\n   4: resource "aws_iam_role" "app" {',
    ),
  ),
  sample(
    "ec2 refuses",
    "AuthFailure",
    "resource",
    "region-opt-in",
    boxed(
      `reading EC2 VPCs: ${v2("EC2: DescribeVpcs", 401, "api error AuthFailure: AWS was not able to validate the provided access credentials")}`,
      "",
      "data.aws_vpc.main",
      'on main.tf line 7, in data "aws_vpc" "main":\n   7: data "aws_vpc" "main" {',
    ),
  ),
  sample(
    "not allowed",
    "AccessDenied",
    "resource",
    "permission-missing",
    boxed(
      `creating S3 Bucket (logs): ${v2("S3: CreateBucket", 403, 'HostID: EXAMPLEHOSTID=, api error AccessDenied: User: arn:aws:iam::111122223333:user/ann is not authorized to perform: s3:CreateBucket on resource: "arn:aws:s3:::logs" because no identity-based policy allows the s3:CreateBucket action')}`,
      "",
      "aws_s3_bucket.logs",
      'on main.tf line 9, in resource "aws_s3_bucket" "logs":\n   9: resource "aws_s3_bucket" "logs" {',
    ),
  ),
  sample(
    "state not saved",
    "ExpiredToken",
    "backend",
    "expired-session-midrun",
    `aws_instance.web: Still creating... [59m50s elapsed]\n\nError: Failed to save state\n\nError saving state: failed to upload state: ${v2("S3: PutObject", 400, "HostID: EXAMPLEHOSTID=, api error ExpiredToken: The provided token has expired.")}\n`,
  ),
  sample(
    "cli, no profile",
    "SharedConfigProfile",
    "other",
    "profile-missing",
    "The config profile (stage) could not be found\n",
  ),
  sample(
    "cli, none",
    "NoValidCredentialSources",
    "other",
    "no-credentials",
    'Unable to locate credentials. You can configure credentials by running "aws configure".\n',
  ),
  sample(
    "cli, invalid",
    "InvalidClientTokenId",
    "other",
    "bad-key-material",
    "An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token included in the request is invalid.\n",
  ),
  sample(
    "json",
    "InvalidClientTokenId",
    "backend",
    "bad-key-material",
    `{"@level":"info","@message":"Initializing the backend...","@module":"terraform.ui","@timestamp":"2026-05-01T10:00:00.000000Z","message_code":"initializing_backend_message","type":"init_output"}\n${JSON.stringify({ "@level": "error", "@message": `Error: ${validating(sts(403, invalid))}`, "@module": "terraform.ui", "@timestamp": "2026-05-01T10:00:01.000000Z", diagnostic: { severity: "error", summary: validating(sts(403, invalid)), detail: "" }, type: "diagnostic" })}\n`,
  ),
  sample(
    "terragrunt asks",
    "BucketNotVisible",
    "backend",
    "expired-session",
    "Remote state S3 bucket demo-state does not exist or you don't have permissions to access it. Would you like Terragrunt to create it? (y/n)\n",
  ),
  sample(
    "a box copied without its top",
    "MovedPermanently",
    "resource",
    "bucket-region",
    `Error: reading S3 Bucket (logs): ${v2("S3: HeadBucket", 301, "HostID: EXAMPLEHOSTID=, api error MovedPermanently: Moved Permanently")}\n│ \n│   with aws_s3_bucket.logs,\n│   on main.tf line 21, in resource "aws_s3_bucket" "logs":\n│   21: resource "aws_s3_bucket" "logs" {\n│ \n╵\n`,
  ),
  sample(
    "the newest command line",
    "LoginSessionExpired",
    "sso",
    "login-expired",
    "aws: [ERROR]: Your session has expired. Please reauthenticate using 'aws login'.\n",
  ),
  sample(
    "the state's lock",
    "AccessDeniedException",
    "backend",
    "backend-authz",
    `╷\n│ Error: Error acquiring the state lock\n│ \n│ Error message: ${v2("DynamoDB: PutItem", 400, "api error AccessDeniedException: User: arn:aws:iam::111122223333:user/ann is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:eu-west-1:111122223333:table/locks because no identity-based policy allows the dynamodb:PutItem action")}\n│ \n│ Terraform acquires a state lock to protect the state from being written\n│ by multiple users at the same time.\n╵\n`,
  ),
  sample(
    "another region",
    "BucketRegionError",
    "backend",
    "bucket-region",
    init('requested bucket from "us-east-1", actual location "eu-west-1"'),
  ),
  sample(
    "a deadline",
    "RequestSendFailed",
    "backend",
    "network",
    init(
      validating(
        "operation error STS: GetCallerIdentity, exceeded maximum number of attempts, 9, https response error StatusCode: 0, RequestID: , canceled, context deadline exceeded",
      ),
    ),
  ),
  sample(
    "a policy forbids the role",
    "AccessDenied",
    "assume-role",
    "explicit-deny",
    init(
      assuming(
        `AccessDenied: User: arn:aws:iam::111122223333:user/ann is not authorized to perform: sts:AssumeRole on resource: ${role} with an explicit deny in a service control policy`,
      ),
    ),
  ),
  sample(
    "another program",
    "NoIMDSRole",
    "other",
    "tool-credential-chain",
    'Error aws_instance: failed to get caller identity: operation error STS: GetCallerIdentity, exceeded maximum number of attempts, 3, failed to sign request: failed to retrieve credentials: no EC2 IMDS role found, operation error ec2imds: GetMetadata, exceeded maximum number of attempts, 3, request send failed, Get "http://169.254.169.254/latest/meta-data/iam/security-credentials/": dial tcp 169.254.169.254:80: connect: host is down\n',
  ),
];

export const samples: readonly Sample[] = [...backend, ...others];
