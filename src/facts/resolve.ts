import type {
  CredentialSet,
  CredentialSource,
  Keys,
  Resolution,
  Setting,
  SettingName,
  Step,
} from "../model/credentials";
import type { Location } from "../model/text";
import { variableFor } from "./environment";
import type { Facts } from "./facts";
import { profileFailure } from "./resolveProfiles";

/** One rung as it stands, before it is known whether anything above it wins. */
interface Rung {
  readonly source: CredentialSource;
  readonly title: string;
  readonly state: "present" | "broken" | "absent";
  readonly because: string;
  readonly at?: Location;
  readonly keys?: Keys;
  readonly profile?: string;
  readonly expiration?: string;
}

/**
 * Which credentials a block, a profile or the environment comes to, in the order of Terraform's AWS provider from 4.0
 * and S3 backend from 1.6 (hashicorp/aws-sdk-go-base, aws_config.go and credentials.go; measured with Terraform 1.11).
 */
export function resolve(facts: Facts, set: CredentialSet): Resolution {
  const rungs = rungsOf(facts, set);
  const winnerIndex = rungs.findIndex((rung) => rung.state !== "absent");
  const winner = rungs[winnerIndex];
  const steps = rungs.map((rung, index) => stepOf(rung, index, winnerIndex, winner));
  const failure = failureOf(facts, set, winner);
  const region = regionOf(facts, set, winner?.profile);
  return {
    of: set,
    steps,
    winner: winner?.state === "present" ? steps[winnerIndex] : undefined,
    ...(winner?.state === "present" && winner.keys ? { keys: winner.keys } : {}),
    ...(winner?.profile === undefined ? {} : { profile: winner.profile }),
    ...(winner?.expiration === undefined ? {} : { expiration: winner.expiration }),
    ...(region ? { region } : {}),
    ...(failure ? { failure } : {}),
  };
}

function stepOf(rung: Rung, index: number, winnerIndex: number, winner: Rung | undefined): Step {
  const { source, title, because, at } = rung;
  const verdict =
    rung.state === "absent"
      ? "absent"
      : index !== winnerIndex
        ? "shadowed"
        : rung.state === "broken"
          ? "incomplete"
          : "used";
  return {
    source,
    title,
    verdict,
    because: verdict === "shadowed" ? `${winner?.title ?? "another source"} comes first` : because,
    ...(at ? { at } : {}),
  };
}

function rungsOf(facts: Facts, set: CredentialSet): readonly Rung[] {
  switch (set.origin.kind) {
    case "profile":
      return profileRungs(facts, set.origin.name, set, new Set());
    case "environment":
      return [environmentKeys(facts), environmentWebIdentity(facts)];
    default:
      return blockRungs(facts, set);
  }
}

function blockRungs(facts: Facts, set: CredentialSet): readonly Rung[] {
  const statics = staticRung(set);
  const { profile } = set.settings;
  const elsewhere = [containerRung(facts), metadataRung(facts)];
  if (profile?.value.kind === "literal") {
    const name = profile.value.text;
    return [
      statics,
      ...webIdentityArgument(set),
      ...profileRungs(facts, name, facts.profiles.get(name)?.set, new Set()),
      ...elsewhere,
    ];
  }
  if (profile) {
    return [
      statics,
      {
        source: "profile",
        title: "The profile argument",
        state: "present",
        because: `its name comes from ${referenceOf(profile)}`,
        at: profile.at,
      },
    ];
  }
  const variable = variableFor(facts.environment, "profile");
  const name = variable?.value ?? "default";
  return [
    statics,
    ...webIdentityArgument(set),
    environmentKeys(facts),
    environmentWebIdentity(facts),
    ...profileRungs(facts, name, facts.profiles.get(name)?.set, new Set()),
    ...elsewhere,
  ];
}

/** `assume_role_with_web_identity` takes the place of everything but keys in the block. */
function webIdentityArgument(set: CredentialSet): readonly Rung[] {
  const role = set.roles.find((one) => one.operation === "AssumeRoleWithWebIdentity");
  if (!role) return [];
  const because = "it replaces whatever else would be found";
  return [{ source: "web-identity", title: "assume_role_with_web_identity", state: "present", because, at: role.at }];
}

const referenceOf = (setting: Setting) =>
  setting.value.kind === "reference" ? setting.value.expression : "an expression";

function keysOf(set: CredentialSet): Keys | undefined {
  const { accessKeyId, secretAccessKey, sessionToken } = set.settings;
  if (accessKeyId?.value.kind !== "literal" || secretAccessKey?.value.kind !== "secret") return undefined;
  if (sessionToken && sessionToken.value.kind !== "secret") return undefined;
  return {
    accessKeyId: accessKeyId.value.text,
    secretAccessKey: secretAccessKey.value.secret,
    ...(sessionToken?.value.kind === "secret" ? { sessionToken: sessionToken.value.secret } : {}),
  };
}

function expirationOf({ settings: { expiration } }: CredentialSet): { expiration?: string } {
  return expiration?.value.kind === "literal" ? { expiration: expiration.value.text } : {};
}

function staticRung(set: CredentialSet): Rung {
  const title = "Keys in the block";
  const { accessKeyId, secretAccessKey, sessionToken } = set.settings;
  const first = accessKeyId ?? secretAccessKey ?? sessionToken;
  if (!first) return { source: "static", title, state: "absent", because: "the block has none" };
  if (!accessKeyId || !secretAccessKey) {
    return { source: "static", title, state: "broken", because: "one half of the pair is missing", at: first.at };
  }
  const keys = keysOf(set);
  const open = [accessKeyId, secretAccessKey, sessionToken].find((one) => one?.value.kind === "reference");
  return {
    source: "static",
    title,
    state: "present",
    because: open ? `their values come from ${referenceOf(open)}` : "keys in the block come before everything else",
    at: accessKeyId.at,
    ...(keys ? { keys } : {}),
  };
}

function environmentKeys(facts: Facts): Rung {
  const title = "Environment variables";
  const set = facts.sets.find((one) => one.origin.kind === "environment");
  const id = set?.settings.accessKeyId;
  const secret = set?.settings.secretAccessKey;
  if (!set || (!id && !secret)) {
    return { source: "environment", title, state: "absent", because: "no access key is set in it" };
  }
  if (!id || !secret) {
    return { source: "environment", title, state: "absent", because: "half a pair counts as none" };
  }
  const keys = keysOf(set);
  return {
    source: "environment",
    title,
    state: "present",
    because: `${id.spelling} and ${secret.spelling} are set in ${facts.environment.owner}`,
    at: id.at,
    ...expirationOf(set),
    ...(keys ? { keys } : {}),
  };
}

function environmentWebIdentity(facts: Facts): Rung {
  const title = "Web identity in the environment";
  const file = facts.environment.variables.get("AWS_WEB_IDENTITY_TOKEN_FILE");
  if (!file?.value) {
    return { source: "web-identity", title, state: "absent", because: "AWS_WEB_IDENTITY_TOKEN_FILE is not set" };
  }
  const role = facts.environment.variables.get("AWS_ROLE_ARN")?.value;
  return {
    source: "web-identity",
    title,
    state: role ? "present" : "broken",
    because: role ? "AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN are set" : "AWS_ROLE_ARN is not set",
    at: { path: facts.environment.source.path, span: file.nameSpan },
  };
}

/** What a profile can get its credentials from, first match first. */
const profileSources: readonly (readonly [SettingName, CredentialSource, string])[] = [
  ["credentialSource", "credential-source", "credential_source"],
  ["webIdentityTokenFile", "web-identity", "a web identity token"],
  ["ssoSession", "sso", "an SSO session"],
  ["ssoStartUrl", "sso", "SSO"],
  ["loginSession", "login", "a login session"],
  ["credentialProcess", "process", "credential_process"],
];

function profileRungs(
  facts: Facts,
  name: string,
  set: CredentialSet | undefined,
  visited: Set<string>,
): readonly Rung[] {
  const title = `Profile ${name}`;
  if (!set) {
    const because = name === "default" ? "there is no default profile" : "no file has it";
    return [{ source: "profile", title, state: "absent", because, profile: name }];
  }
  const { settings } = set;
  const rungs: Rung[] = [];
  const source = settings.sourceProfile;
  if (source?.value.kind === "literal" && source.value.text !== name) {
    rungs.push(sourceProfileRung(facts, name, source, source.value.text, visited));
  }
  const keys = keysOf(set);
  const first = settings.accessKeyId ?? settings.secretAccessKey;
  if (first) {
    const whole = settings.accessKeyId && settings.secretAccessKey;
    rungs.push({
      source: "profile",
      title,
      state: whole ? "present" : "broken",
      because: whole ? `its keys stand in the ${fileOf(set)} file` : "one half of its pair is missing",
      at: first.at,
      profile: name,
      ...expirationOf(set),
      ...(keys ? { keys } : {}),
    });
  }
  for (const [setting, kind, words] of profileSources) {
    const found = settings[setting];
    if (!found || rungs.some((rung) => rung.source === kind)) continue;
    rungs.push({
      source: kind,
      title: `${title}: ${words}`,
      state: "present",
      because: `it says ${found.spelling}`,
      at: found.at,
      profile: name,
      ...environmentOfSource(facts, found),
    });
  }
  if (rungs.length === 0) {
    rungs.push({
      source: "profile",
      title,
      state: "absent",
      because: "it holds no credentials",
      at: set.at,
      profile: name,
    });
  }
  return rungs;
}

/** `credential_source = Environment` leads to the keys of the environment. */
function environmentOfSource(facts: Facts, { name, value }: Setting): { keys?: Keys } {
  if (name !== "credentialSource" || value.kind !== "literal" || value.text !== "Environment") return {};
  const { keys } = environmentKeys(facts);
  return keys ? { keys } : {};
}

const fileOf = (set: CredentialSet) => (set.origin.kind === "profile" ? set.origin.file : "config");

function sourceProfileRung(facts: Facts, name: string, setting: Setting, target: string, visited: Set<string>): Rung {
  const base = {
    source: "source-profile" as const,
    title: `Profile ${name}: source_profile ${target}`,
    at: setting.at,
    profile: name,
  };
  const next = facts.profiles.get(target);
  if (visited.has(target)) return { ...base, state: "broken", because: "the source profiles run in a circle" };
  if (!next) return { ...base, state: "broken", because: `there is no profile ${target}` };
  visited.add(name);
  const inner = profileRungs(facts, target, next.set, visited).find((rung) => rung.state !== "absent");
  if (!inner) return { ...base, state: "broken", because: `profile ${target} holds no credentials` };
  return { ...base, state: inner.state, because: inner.because, ...(inner.keys ? { keys: inner.keys } : {}) };
}

function containerRung(facts: Facts): Rung {
  const title = "Container credentials";
  const names = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"];
  const found = names.map((name) => facts.environment.variables.get(name)).find((variable) => variable?.value);
  return found
    ? {
        source: "container",
        title,
        state: "present",
        because: `${found.name} is set`,
        at: { path: facts.environment.source.path, span: found.nameSpan },
      }
    : { source: "container", title, state: "absent", because: "no AWS_CONTAINER_CREDENTIALS_* variable is set" };
}

function metadataRung(facts: Facts): Rung {
  const title = "Instance metadata";
  const disabled = facts.environment.variables.get("AWS_EC2_METADATA_DISABLED")?.value.toLowerCase() === "true";
  return disabled
    ? { source: "instance-metadata", title, state: "absent", because: "AWS_EC2_METADATA_DISABLED is true" }
    : {
        source: "instance-metadata",
        title,
        state: "absent",
        because: "asked last, and only answers on an AWS machine",
      };
}

function failureOf(facts: Facts, set: CredentialSet, winner: Rung | undefined): Resolution["failure"] {
  if (set.origin.kind !== "environment" && set.origin.kind !== "profile" && facts.awsFiles.read) {
    // Loaded even when the keys come from elsewhere: a named profile has to exist.
    const reference = facts.profileReferences.find(
      (one) =>
        (one.by === "block" && one.at.path === set.at.path && one.at === set.settings.profile?.at) ||
        (one.by === "environment" && !set.settings.profile),
    );
    if (reference?.decidable && !facts.profiles.has(reference.name)) {
      return { message: `profile ${reference.name} does not exist`, at: reference.at };
    }
  }
  const failure = facts.awsFiles.read ? profileFailure(facts, profileNamed(facts, set)) : undefined;
  if (failure) return failure;
  if (winner?.state === "broken") {
    return { message: `${winner.title}: ${winner.because}`, ...(winner.at ? { at: winner.at } : {}) };
  }
  return undefined;
}

/** The profile that is loaded for the set, whoever's keys win; undefined where its name is not known. */
function profileNamed(facts: Facts, set: CredentialSet): string | undefined {
  if (set.origin.kind === "profile") return set.origin.name;
  if (set.origin.kind === "environment") return undefined;
  const { profile, sharedCredentialsFiles, sharedConfigFiles } = set.settings;
  if (sharedCredentialsFiles || sharedConfigFiles) return undefined;
  if (profile) return profile.value.kind === "literal" ? profile.value.text : undefined;
  return variableFor(facts.environment, "profile")?.value ?? "default";
}

function regionOf(facts: Facts, set: CredentialSet, profile: string | undefined): Resolution["region"] {
  const own = set.settings.stsRegion ?? set.settings.region;
  if (own?.value.kind === "literal") return { name: own.value.text, at: own.at, via: own.spelling };
  if (own) return undefined;
  const variable = variableFor(facts.environment, "region");
  if (variable) {
    return {
      name: variable.value,
      at: { path: facts.environment.source.path, span: variable.nameSpan },
      via: variable.name,
    };
  }
  // The backend does not take the profile's region.
  if (set.origin.kind === "backend" || set.origin.kind === "remote-state") return undefined;
  const fallback = facts.profiles.get(profile ?? "default")?.set.settings.region;
  return fallback?.value.kind === "literal"
    ? { name: fallback.value.text, at: fallback.at, via: `profile ${profile ?? "default"}` }
    : undefined;
}
