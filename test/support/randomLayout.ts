import fc from "fast-check";

/** A layout of files and variables such as people have, wrong ones included; `<home>`, `<aws>`, `<soon>` and `<past>` are filled in later. */
export interface Layout {
  readonly files: Readonly<Record<string, string | { readonly text: string; readonly mode: string }>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly instance?: true;
}

const profileNames = ["default", "dev", "base", "ops"] as const;
const sometimes = <T>(arbitrary: fc.Arbitrary<T>, weight = 3) => fc.option(arbitrary, { nil: undefined, freq: weight });
const keyId = (label: string, isTemporary: boolean) => `${isTemporary ? "ASIA" : "AKIA"}${label.padEnd(9, "X")}EXAMPLE`;
const secretOf = (label: string) => `${label.padEnd(30, "x")}EXAMPLEKEY`;
const tokenOf = (label: string) => `IQoJ${label}EXAMPLETOKEN`;

type Lines = readonly string[];

/** A pair of keys as it is, in a hurry, now and then written down. */
function keys(label: string, names: readonly [string, string, string], write: (name: string, value: string) => string) {
  return fc
    .record({
      isTemporary: fc.boolean(),
      parts: fc.constantFrom("pair", "pair", "pair", "pair", "id", "secret"),
      token: fc.constantFrom("right", "right", "right", "wrong"),
    })
    .map(({ isTemporary, parts, token }): Lines => {
      const hasToken = isTemporary === (token === "right");
      return [
        ...(parts === "secret" ? [] : [write(names[0], keyId(label, isTemporary))]),
        ...(parts === "id" ? [] : [write(names[1], secretOf(label))]),
        ...(hasToken ? [write(names[2], tokenOf(label))] : []),
      ];
    });
}

const iniLine = (name: string, value: string) => `${name} = ${value}`;
const iniNames = ["aws_access_key_id", "aws_secret_access_key", "aws_session_token"] as const;

const awayOr = (name: string) => fc.constantFrom(name, ...profileNames, "nobody");

function configBody(name: string): fc.Arbitrary<Lines> {
  const role = `role_arn = arn:aws:iam::222233334444:role/${name}`;
  return fc.oneof(
    keys(`CFG${name.slice(0, 3).toUpperCase()}`, iniNames, iniLine),
    fc
      .record({ source: awayOr(name), external: fc.boolean() })
      .map(
        ({ source, external }): Lines => [
          role,
          `source_profile = ${source}`,
          ...(external ? ["external_id = x-1"] : []),
        ],
      ),
    fc
      .constantFrom("Environment", "EcsContainer", "Ec2InstanceMetadata")
      .map((source): Lines => [role, `credential_source = ${source}`]),
    fc.boolean().map((hasRole): Lines => [...(hasRole ? [role] : []), "web_identity_token_file = <home>/token"]),
    fc.boolean().map((isGood): Lines => [`credential_process = ${isGood ? "<home>/good" : "<home>/missing"}`]),
    fc
      .constantFrom("corp", "stale", "nothing")
      .map((session): Lines => [`sso_session = ${session}`, "sso_account_id = 222233334444", "sso_role_name = Admin"]),
    fc.constant<Lines>([
      "sso_start_url = https://acme.awsapps.com/start",
      "sso_region = us-east-1",
      "sso_account_id = 222233334444",
      "sso_role_name = Admin",
    ]),
    fc.constant<Lines>([role]),
    fc.constant<Lines>(["output = json"]),
    fc.constant<Lines>([role, "source_profile = base", "mfa_serial = arn:aws:iam::222233334444:mfa/me"]),
  );
}

const configSection = (name: string) =>
  fc
    .record({
      body: configBody(name),
      header: fc.constantFrom("usual", "usual", "usual", "usual", "usual", "bare"),
      region: sometimes(fc.constantFrom("eu-west-1", "us-west-2"), 2),
    })
    .map(
      ({ body, header, region }): Lines => [
        name === "default" || header === "bare" ? `[${name}]` : `[profile ${name}]`,
        ...body,
        ...(region ? [`region = ${region}`] : []),
      ],
    );

const credentialsSection = (name: string) =>
  keys(`CRD${name.slice(0, 3).toUpperCase()}`, iniNames, iniLine).map((body): Lines => [`[${name}]`, ...body]);

const someSections = (section: (name: string) => fc.Arbitrary<Lines>) =>
  fc
    .subarray([...profileNames])
    .chain((names) => fc.tuple(...names.map(section)))
    .map((sections) => sections.flat());

const hclLine = (name: string, value: string) => `${name} = "${value}"`;

const region = fc.constantFrom("us-east-1", "us-east-1", "us-east-1", "eu-west-1", undefined, "us-esat-1");

const blockRole = fc
  .record({
    arn: fc.constantFrom("arn:aws:iam::333344445555:role/block", "arn:aws:iam::333344445555:role/block", "block"),
    external: fc.boolean(),
  })
  .map(({ arn, external }) => `assume_role = { role_arn = "${arn}"${external ? ', external_id = "x-2"' : ""} }`);

const blockWebIdentity = fc
  .constantFrom("<home>/token", "<home>/gone", "~/token")
  .map(
    (file) =>
      `assume_role_with_web_identity = { role_arn = "arn:aws:iam::444455556666:role/web", web_identity_token_file = "${file}" }`,
  );

const backend = fc
  .record({
    region,
    keys: sometimes(keys("BLK", ["access_key", "secret_key", "token"], hclLine), 4),
    profile: sometimes(
      awayOr("dev").map((name) => `profile = "${name}"`),
      2,
    ),
    role: sometimes(blockRole, 4),
    webIdentity: sometimes(blockWebIdentity, 8),
    credentialsFile: sometimes(
      fc
        .constantFrom("~/other", "<home>/other", "<home>/absent")
        .map((file) => `shared_credentials_files = ["${file}"]`),
      6,
    ),
    skips: sometimes(fc.constant("skip_credentials_validation = true"), 5),
  })
  .map(({ region: name, keys: pair, ...rest }) => {
    const lines = [
      'bucket = "tf_state_example"',
      'key = "app/terraform.tfstate"',
      ...(name ? [`region = "${name}"`] : []),
      ...(pair ?? []),
      ...Object.values(rest).filter((one) => one !== undefined),
    ];
    return `terraform {\n  backend "s3" {\n${lines.map((line) => `    ${line}\n`).join("")}  }\n}\n`;
  });

const variableLine = (name: string, value: string) => `${name}=${value}`;

const environment = fc
  .record({
    keys: sometimes(keys("ENV", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"], variableLine), 2),
    legacy: sometimes(keys("OLD", ["AWS_ACCESS_KEY", "AWS_SECRET_KEY", "AWS_SECURITY_TOKEN"], variableLine), 8),
    profile: sometimes(
      awayOr("dev").map((name): Lines => [`AWS_PROFILE=${name}`]),
      3,
    ),
    fallback: sometimes(
      awayOr("ops").map((name): Lines => [`AWS_DEFAULT_PROFILE=${name}`]),
      8,
    ),
    region: sometimes(fc.constantFrom<Lines>(["AWS_REGION=us-west-2"], ["AWS_DEFAULT_REGION=eu-west-1"]), 2),
    webIdentity: sometimes(
      fc.constantFrom<Lines>(
        ["AWS_WEB_IDENTITY_TOKEN_FILE=<home>/token", "AWS_ROLE_ARN=arn:aws:iam::555566667777:role/pod"],
        ["AWS_WEB_IDENTITY_TOKEN_FILE=<home>/token"],
        ["AWS_WEB_IDENTITY_TOKEN_FILE=<home>/gone", "AWS_ROLE_ARN=arn:aws:iam::555566667777:role/pod"],
        ["AWS_ROLE_ARN=arn:aws:iam::555566667777:role/pod"],
      ),
      6,
    ),
    container: sometimes(fc.constant<Lines>(["AWS_CONTAINER_CREDENTIALS_FULL_URI=<aws>/ecs"]), 6),
    credentialsFile: sometimes(
      fc.constantFrom<Lines>(["AWS_SHARED_CREDENTIALS_FILE=<home>/other"], ["AWS_SHARED_CREDENTIALS_FILE="]),
      8,
    ),
    configFile: sometimes(
      fc.constantFrom<Lines>(["AWS_CONFIG_FILE=<home>/absent"], ["AWS_CONFIG_FILE=~/.aws/config"]),
      8,
    ),
  })
  .map((groups) =>
    Object.fromEntries(
      Object.values(groups)
        .flatMap((lines) => lines ?? [])
        .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    ),
  );

const session = (name: string) => [
  `[sso-session ${name}]`,
  "sso_start_url = https://acme.awsapps.com/start",
  "sso_region = us-east-1",
];

/** Login caches by the digests of `corp`, `stale` and the start URL. */
const login = (expires: string) =>
  JSON.stringify({
    startUrl: "https://acme.awsapps.com/start",
    region: "us-east-1",
    accessToken: "ACCESSTOKEN",
    expiresAt: expires,
  });

const text = (lines: Lines) => `${lines.join("\n")}\n`;

export const layouts: fc.Arbitrary<Layout> = fc
  .record({
    backend,
    environment,
    config: someSections(configSection),
    credentials: someSections(credentialsSection),
    other: someSections((name) =>
      keys(`OTH${name.slice(0, 3).toUpperCase()}`, iniNames, iniLine).map((body) => [`[${name}]`, ...body]),
    ),
    instance: fc.constantFrom(false, false, true),
    legacyLogin: fc.constantFrom("<soon>", "<past>", undefined),
  })
  .map(({ backend: main, config, credentials, other, legacyLogin, instance, environment: variables }) => ({
    environment: variables,
    ...(instance ? { instance } : {}),
    files: {
      "main.tf": main,
      "home/.aws/config": text([...config, ...session("corp"), ...session("stale")]),
      "home/.aws/credentials": text(credentials),
      "home/other": text(other),
      "home/token": "aaa.bbb.ccc",
      "home/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json": login("<soon>"),
      "home/.aws/sso/cache/a4e976a3d3fc6d0b40453de216fbbe2e9aaecdc4.json": login("<past>"),
      ...(legacyLogin
        ? { "home/.aws/sso/cache/40169cea58ca6cbf23fb27b2542923fb5f524af0.json": login(legacyLogin) }
        : {}),
      "home/good": { text: processScript, mode: "755" },
    },
  }));

const processScript = `#!/bin/sh
echo '{"Version":1,"AccessKeyId":"${keyId("PRC", true)}","SecretAccessKey":"${secretOf("PRC")}","SessionToken":"${tokenOf("PRC")}"}'
`;
