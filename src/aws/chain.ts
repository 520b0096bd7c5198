/** The type of a backend argument, as Terraform converts what is written. */
export type ArgumentType = "string" | "bool" | "number" | "strings" | "role" | "web-identity" | "endpoints";

/**
 * The arguments of Terraform's S3 backend, by name.
 * https://github.com/hashicorp/terraform/blob/v1.11.4/internal/backend/remote-state/s3/backend.go
 */
export const s3BackendSchema: Readonly<Record<string, ArgumentType>> = {
  access_key: "string",
  acl: "string",
  allowed_account_ids: "strings",
  assume_role: "role",
  assume_role_with_web_identity: "web-identity",
  bucket: "string",
  custom_ca_bundle: "string",
  dynamodb_endpoint: "string",
  dynamodb_table: "string",
  ec2_metadata_service_endpoint: "string",
  ec2_metadata_service_endpoint_mode: "string",
  encrypt: "bool",
  endpoint: "string",
  endpoints: "endpoints",
  forbidden_account_ids: "strings",
  force_path_style: "bool",
  http_proxy: "string",
  https_proxy: "string",
  iam_endpoint: "string",
  insecure: "bool",
  key: "string",
  kms_key_id: "string",
  max_retries: "number",
  no_proxy: "string",
  profile: "string",
  region: "string",
  retry_mode: "string",
  secret_key: "string",
  shared_config_files: "strings",
  shared_credentials_file: "string",
  shared_credentials_files: "strings",
  skip_credentials_validation: "bool",
  skip_metadata_api_check: "bool",
  skip_region_validation: "bool",
  skip_requesting_account_id: "bool",
  skip_s3_checksum: "bool",
  sse_customer_key: "string",
  sts_endpoint: "string",
  sts_region: "string",
  token: "string",
  use_dualstack_endpoint: "bool",
  use_fips_endpoint: "bool",
  use_lockfile: "bool",
  use_path_style: "bool",
  workspace_key_prefix: "string",
};

/** The arguments inside the backend's objects; everything is a string where nothing else is said. */
export const nestedSchemas: Readonly<
  Record<"role" | "web-identity" | "endpoints", Readonly<Record<string, "string" | "strings" | "map">>>
> = {
  role: {
    duration: "string",
    external_id: "string",
    policy: "string",
    policy_arns: "strings",
    role_arn: "string",
    session_name: "string",
    source_identity: "string",
    tags: "map",
    transitive_tag_keys: "strings",
  },
  "web-identity": {
    duration: "string",
    policy: "string",
    policy_arns: "strings",
    role_arn: "string",
    session_name: "string",
    web_identity_token: "string",
    web_identity_token_file: "string",
  },
  endpoints: { dynamodb: "string", iam: "string", s3: "string", sso: "string", sts: "string" },
};

/** Arguments of which the backend takes at most one of each pair. */
export const conflictingArguments: readonly (readonly [string, string])[] = [
  ["kms_key_id", "sse_customer_key"],
  ["shared_credentials_file", "shared_credentials_files"],
  ["force_path_style", "use_path_style"],
  ["allowed_account_ids", "forbidden_account_ids"],
];

/**
 * Where a program finds its files and its profile, and which variables it reads, each list in its order.
 * Measured with Terraform 1.11, botocore 1.40 and the JavaScript SDK 3.
 */
export interface Consumer {
  readonly profileVariables: readonly string[];
  /** Whether an empty profile variable counts as a name. */
  readonly emptyProfileCounts: boolean;
  readonly keyIdVariables: readonly string[];
  readonly secretVariables: readonly string[];
  readonly tokenVariables: readonly string[];
  readonly regionVariables: readonly string[];
}

export const consumers: Readonly<Record<"terraform" | "aws-cli" | "aws-sdk-js", Consumer>> = {
  terraform: {
    profileVariables: ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"],
    emptyProfileCounts: false,
    keyIdVariables: ["AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY"],
    secretVariables: ["AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY"],
    tokenVariables: ["AWS_SESSION_TOKEN"],
    regionVariables: ["AWS_REGION", "AWS_DEFAULT_REGION"],
  },
  "aws-cli": {
    profileVariables: ["AWS_DEFAULT_PROFILE", "AWS_PROFILE"],
    emptyProfileCounts: true,
    keyIdVariables: ["AWS_ACCESS_KEY_ID"],
    secretVariables: ["AWS_SECRET_ACCESS_KEY"],
    tokenVariables: ["AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN"],
    regionVariables: ["AWS_DEFAULT_REGION"],
  },
  "aws-sdk-js": {
    profileVariables: ["AWS_PROFILE"],
    emptyProfileCounts: false,
    keyIdVariables: ["AWS_ACCESS_KEY_ID"],
    secretVariables: ["AWS_SECRET_ACCESS_KEY"],
    tokenVariables: ["AWS_SESSION_TOKEN"],
    regionVariables: ["AWS_REGION"],
  },
};

/** Addresses of container agents, which are trusted over plain HTTP besides this machine itself. */
export const containerHosts: ReadonlySet<string> = new Set([
  "169.254.170.2",
  "169.254.170.23",
  "[fd00:ec2::23]",
  "localhost",
]);

/** Whether a container's credentials may be asked for at this address. */
export function isContainerAddress(url: string): boolean {
  const parts = /^(https?):\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)/i.exec(url);
  if (!parts) return false;
  const [, scheme = "", host = ""] = parts;
  if (host === "") return false;
  if (scheme.toLowerCase() === "https") return true;
  return containerHosts.has(host) || /^127(?:\.\d{1,3}){3}$/.test(host) || /^\[(?:0*:)*:?0*1\]$/.test(host);
}

/** What STS takes for a role's ARN; anything else it calls invalid or refuses. */
export const roleArnForm = /^arn:aws[\w-]*:iam::\d{12}:role\/.+$/;

/** What STS takes for a session's name. */
export const sessionNameForm = /^[\w+=,.@-]{2,64}$/;
