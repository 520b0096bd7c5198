import type { AwsFileRole, AwsIniDocument } from "../documents/awsIni";
import { type ReadSection, type ReadSetting, readAwsIni, sections } from "../documents/awsIniReading";
import type { CredentialSet, Misnamed, Setting, SettingName } from "../model/credentials";
import { Secret } from "../model/secret";
import type { Location, Span } from "../model/text";
import { holdsSecret } from "./awsLayout";
import type { Profile, ProfileReference, SectionHeader, SectionPlace, SsoSession } from "./facts";
import { keySetting } from "./keySetting";
import { meantInProfile, settingNamed, spellingOf } from "./names";
import { keyKind } from "./shapes";
import { surroundingsOf } from "./surroundings";

/** A profile's section in one file, as Terraform reads it. */
interface Part {
  readonly document: AwsIniDocument;
  readonly section: ReadSection;
}

/**
 * The profiles Terraform would find in the two files, merged as its SDK merges them: the credentials file wins setting
 * by setting, but a key pair is only ever taken whole.
 */
export function profilesOf(
  credentials: AwsIniDocument | undefined,
  config: AwsIniDocument | undefined,
): ReadonlyMap<string, Profile> {
  const parts = new Map<string, { credentials?: Part; config?: Part }>();
  for (const [role, document] of [
    ["credentials", credentials],
    ["config", config],
  ] as const) {
    if (!document) continue;
    for (const section of readAwsIni(document, "terraform").sections) {
      if (section.kind !== "profile") continue;
      parts.set(section.name, { ...parts.get(section.name), [role]: { document, section } });
    }
  }
  const profiles = new Map<string, Profile>();
  for (const [name, both] of parts) {
    profiles.set(name, {
      name,
      set: profileSet(name, both),
      headers: [both.credentials, both.config].flatMap((part) => (part ? headersOf(part) : [])),
      ...splitPairOf(both),
      places: [both.credentials, both.config].flatMap((part) => (part ? placesOf(part) : [])),
    });
  }
  return profiles;
}

function headersOf({ document, section }: Part): readonly Location[] {
  return section.headers.map((span) => ({ path: document.source.path, span }));
}

function splitPairOf(both: { credentials?: Part; config?: Part }): Pick<Profile, "splitPair"> {
  if (!both.credentials || !both.config) return {};
  const files = [settingsOf(both.credentials), settingsOf(both.config)];
  if (files.some((one) => one.accessKeyId && one.secretAccessKey)) return {};
  const accessKeyId = files.find((one) => one.accessKeyId)?.accessKeyId;
  const secretAccessKey = files.find((one) => one.secretAccessKey)?.secretAccessKey;
  return accessKeyId && secretAccessKey ? { splitPair: { accessKeyId, secretAccessKey } } : {};
}

/** `[sso-session x]`; the credentials file may hold them too, and the config file wins. */
export function ssoSessionsOf(documents: readonly (AwsIniDocument | undefined)[]): ReadonlyMap<string, SsoSession> {
  const sessions = new Map<string, SsoSession>();
  for (const document of documents) {
    if (!document) continue;
    for (const section of readAwsIni(document, "terraform").sections) {
      const part = { document, section };
      const place = placesOf(part)[0];
      if (section.kind !== "sso-session" || !place) continue;
      sessions.set(section.name, { name: section.name, settings: settingsOf(part), empty: emptyOf(part), place });
    }
  }
  return sessions;
}

function placesOf({ document, section }: Part): readonly SectionPlace[] {
  const { path, text } = document.source;
  return section.headers.map((span) => {
    const { newline, indent, lineEnd = span.end } = surroundingsOf(text, span, "aws-file");
    return { role: document.role, at: { path, span }, lineStart: indent.start, lineEnd, newline };
  });
}

function profileSet(name: string, both: { credentials?: Part; config?: Part }): CredentialSet {
  const fromCredentials = both.credentials ? settingsOf(both.credentials) : {};
  const fromConfig = both.config ? settingsOf(both.config) : {};
  const settings = { ...fromConfig, ...fromCredentials };
  const pairs = [fromCredentials, fromConfig];
  const whole = pairs.find((one) => one.accessKeyId && one.secretAccessKey);
  const half = whole ?? pairs.find((one) => one.accessKeyId || one.secretAccessKey);
  if (half) {
    delete settings.accessKeyId;
    delete settings.secretAccessKey;
    if (half.accessKeyId) settings.accessKeyId = half.accessKeyId;
    if (half.secretAccessKey) settings.secretAccessKey = half.secretAccessKey;
  }
  const home = half === fromConfig || !both.credentials ? both.config : both.credentials;
  const role: AwsFileRole = home === both.config ? "config" : "credentials";
  const at = home ? headersOf(home)[0] : undefined;
  return {
    origin: { kind: "profile", name, file: role },
    at: at ?? { path: "", span: { start: 0, end: 0 } },
    directory: "",
    settings,
    empty: home ? emptyOf(home) : {},
    misnamed: [both.credentials, both.config].flatMap((part) => (part ? misnamedIn(part, settings) : [])),
    roles: [],
    endpoint: "aws",
  };
}

function settingsOf(part: Part): Partial<Record<SettingName, Setting>> {
  const found: Partial<Record<SettingName, Setting>> = {};
  // A problem with a secret is shown at the key id, else at the header: an editor's assistant may read the lines of problems.
  const keyId = [...part.section.settings.values()].find((one) => settingNamed(one.name, "aws-file") === "accessKeyId");
  for (const read of part.section.settings.values()) {
    const name = settingNamed(read.name, "aws-file");
    if (name && read.value !== "") found[name] ??= settingOf(part, name, read, keyId);
  }
  return found;
}

/** `aws_session_token =` and the like. */
function emptyOf(part: Part): Partial<Record<SettingName, Setting>> {
  const found: Partial<Record<SettingName, Setting>> = {};
  for (const read of part.section.settings.values()) {
    const name = settingNamed(read.name, "aws-file");
    if (name && read.value === "" && !read.nested) found[name] = settingOf(part, name, read);
  }
  return found;
}

/** Names that no reader knows, beside which the setting that was meant is missing. */
function misnamedIn(part: Part, present: Partial<Record<SettingName, Setting>>): readonly Misnamed[] {
  const { path, text } = part.document.source;
  return [...part.section.settings.values()].flatMap((read) => {
    const meant = meantInProfile(read.name);
    const expected = meant && spellingOf(meant, "aws-file");
    if (!meant || !expected || read.value === "") return [];
    const other = present[meant]?.value;
    // Login tools write a token under both names, for old programs.
    const contradicts =
      read.name === "aws_security_token" && other?.kind === "secret" && !other.secret.equals(new Secret(read.value));
    if (other && !contradicts) return [];
    // A bare `token` may be any tool's; beside a temporary key without one it is the key's.
    const wantsToken = present.accessKeyId && keyKind(present.accessKeyId) === "temporary-key-id";
    if (meant === "sessionToken" && !wantsToken && read.name !== "aws_security_token") return [];
    const nameAt = { path, span: read.keySpan };
    const at = holdsSecret(text, { name: read.name, value: read.valueSpan, comment: undefined })
      ? (present.accessKeyId?.at ?? headersOf(part)[0] ?? nameAt)
      : nameAt;
    return [{ spelling: text.slice(read.keySpan.start, read.keySpan.end), expected, at, nameAt }];
  });
}

function settingOf({ document, section }: Part, name: SettingName, read: ReadSetting, keyId?: ReadSetting): Setting {
  const { path, text } = document.source;
  const at = (span: Span): Location => ({ path, span });
  const header = section.headers[0] ?? read.keySpan;
  const secret = name === "secretAccessKey" || name === "sessionToken";
  // Of a value on several lines, a correction replaces all of them.
  const valueSpan = read.value.includes("\n")
    ? { start: read.valueSpan.start, end: read.lineSpan.end }
    : read.valueSpan;
  const setting = keySetting({
    name,
    spelling: text.slice(read.keySpan.start, read.keySpan.end),
    text: read.value,
    raw: text.slice(valueSpan.start, valueSpan.end),
    at: at(read.valueSpan),
    valueAt: at(valueSpan),
    nameAt: at(read.keySpan),
    wholeAt: at(read.lineSpan),
    surroundings: surroundingsOf(text, read.lineSpan, "aws-file"),
  });
  if (setting.value.kind === "literal") return setting;
  const safe = secret && keyId && keyIdIsShowable(part(keyId)) ? keyId.valueSpan : header;
  return { ...setting, at: at(safe) };

  function part(one: ReadSetting): Setting {
    return keySetting({ ...setting, name: "accessKeyId", text: one.value, raw: one.value });
  }
}

const keyIdIsShowable = (setting: Setting) => setting.value.kind === "literal";

/** `source_profile = x`, wherever it stands. */
export function sourceProfileReferences(profiles: ReadonlyMap<string, Profile>): readonly ProfileReference[] {
  return [...profiles.values()].flatMap(({ set }) => {
    const setting = set.settings.sourceProfile;
    if (setting?.value.kind !== "literal") return [];
    return [
      {
        name: setting.value.text,
        at: setting.at,
        nameAt: setting.valueAt,
        by: "source-profile" as const,
        spelling: setting.spelling,
        decidable: true,
      },
    ];
  });
}

/** Settings that only make sense in a profile; a section that holds one was meant to be a profile. */
const profileSettings =
  /^(?:aws_|region$|output$|role_arn$|source_profile$|credential_|sso_|web_identity_|mfa_serial$)/i;

/** Every section header of one file with what it was meant to be. */
export function headersIn(document: AwsIniDocument): readonly SectionHeader[] {
  const { path, text } = document.source;
  const withProfileSettings = new Set<number>();
  let header = -1;
  for (const line of document.lines) {
    if (line.kind === "header") header = line.span.start;
    if (line.kind === "setting" && profileSettings.test(text.slice(line.keySpan.start, line.keySpan.end))) {
      withProfileSettings.add(header);
    }
  }
  return sections(document).map((form) => {
    // `[Profile dev]`: the word is meant, and no reader takes it.
    const [prefix = ""] = form.prefix === "none" ? (/^profile[ \t]+(?=\S)/i.exec(form.name) ?? []) : [];
    const name = form.name.slice(prefix.length);
    const isProfile = form.prefix === "profile" || (form.prefix === "none" && form.name !== "default");
    const { start, end } = form.afterPrefixSpan;
    return {
      path,
      role: document.role,
      profile: isProfile ? name : undefined,
      written: form.text,
      form: prefix ? "miswritten" : form.prefix === "profile" ? "prefixed" : "bare",
      nameSpan: form.nameSpan,
      profileSpan: { start: start + prefix.length, end },
      holdsProfile: withProfileSettings.has(form.line.span.start),
      at: { path, span: form.nameSpan },
    };
  });
}
