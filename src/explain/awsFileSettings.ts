/** A setting that a section of the AWS files may hold. */
export interface AwsFileSetting {
  readonly name: string;
  readonly about: string;
  /** `profile-in-config` is what programs look up in the config file alone. */
  readonly holder: "profile" | "profile-in-config" | "sso-session" | "services";
  readonly values?: readonly string[];
}

type Row = readonly [name: string, about: string, values?: readonly string[]];

const onOrOff = ["true", "false"];

/** https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html */
const rows: Readonly<Record<AwsFileSetting["holder"], readonly Row[]>> = {
  profile: [
    ["aws_access_key_id", "The id of an access key; it goes with its secret access key."],
    ["aws_secret_access_key", "The secret half of the access key."],
    ["aws_session_token", "The token of a temporary key (ASIA…), and of no other."],
    ["aws_account_id", "The account the credentials belong to."],
    ["region", "The region that requests go to when nothing else says so."],
    ["role_arn", "A role to assume, with the credentials of source_profile or credential_source."],
    ["source_profile", "The profile whose credentials assume the role."],
    [
      "credential_source",
      "Where the credentials come from that assume the role, instead of source_profile.",
      ["Environment", "Ec2InstanceMetadata", "EcsContainer"],
    ],
    ["role_session_name", "The name of the role's session, as CloudTrail shows it."],
    ["external_id", "The external id that the role's owner demands."],
    ["mfa_serial", "The MFA device to ask for when the role is assumed. Terraform cannot ask."],
    ["duration_seconds", "How long the role's session lasts, from 900 to 43200."],
    ["web_identity_token_file", "A file with an OpenID Connect token that assumes the role."],
    ["credential_process", "A program that prints credentials as JSON. Whoever uses the profile runs it."],
  ],
  "profile-in-config": [
    ["sso_session", "The [sso-session …] section to sign in with."],
    ["sso_account_id", "The account to get credentials for, by single sign-on."],
    ["sso_role_name", "The permission set to get credentials for, by single sign-on."],
    ["sso_start_url", "The portal of single sign-on. Better in an [sso-session …] section."],
    ["sso_region", "The region of the single sign-on portal. Better in an [sso-session …] section."],
    ["login_session", "The console session that `aws login` signed in with."],
    ["services", "The [services …] section with endpoints of single services."],
    ["endpoint_url", "The endpoint for all services, for example an emulator's."],
    ["ignore_configured_endpoint_urls", "Whether endpoints set elsewhere are passed over.", onOrOff],
    ["output", "How the AWS CLI prints answers.", ["json", "yaml", "yaml-stream", "text", "table", "off"]],
    ["cli_pager", "The program that the AWS CLI shows long answers in; empty for none."],
    ["ca_bundle", "A file with the certificates to trust, in PEM."],
    ["retry_mode", "How failed requests are repeated.", ["standard", "adaptive", "legacy"]],
    ["max_attempts", "How often a request is tried in all."],
    ["sts_regional_endpoints", "Whether STS is asked in the region or globally.", ["regional", "legacy"]],
    ["use_fips_endpoint", "Whether FIPS endpoints are used.", onOrOff],
    ["use_dualstack_endpoint", "Whether endpoints with IPv6 are used.", onOrOff],
    [
      "defaults_mode",
      "Which set of defaults SDKs choose.",
      ["standard", "in-region", "cross-region", "mobile", "auto", "legacy"],
    ],
    ["account_id_endpoint_mode", "Whether endpoints hold the account's id.", ["preferred", "disabled", "required"]],
    ["sdk_ua_app_id", "A name for your application in the user agent."],
  ],
  "sso-session": [
    ["sso_start_url", "The portal of single sign-on."],
    ["sso_region", "The region of the portal, often not the one you work in."],
    ["sso_registration_scopes", "What the sign-in asks for.", ["sso:account:access"]],
  ],
  services: ["dynamodb", "ec2", "iam", "s3", "sso", "sts"].map((name) => [
    name,
    "Settings of this service alone, indented on the lines below: endpoint_url.",
  ]),
};

/** What a section of this kind, in this file, may hold. */
export function settingsFor(
  section: "profile" | "sso-session" | "services",
  role: "credentials" | "config",
): readonly AwsFileSetting[] {
  const holders: readonly AwsFileSetting["holder"][] =
    section === "profile" && role === "config" ? ["profile", "profile-in-config"] : [section];
  return holders.flatMap((holder) =>
    rows[holder].map(([name, about, values]) => ({ name, about, holder, ...(values ? { values } : {}) })),
  );
}
