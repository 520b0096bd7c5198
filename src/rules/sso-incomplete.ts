import { addBelow, addSectionAbove, replaceValue, supply } from "../facts/edits";
import type { Facts, Profile, SsoSession } from "../facts/facts";
import { spellingOf } from "../facts/names";
import { mostSimilar } from "../facts/similar";
import type { SettingName } from "../model/credentials";
import type { Problem } from "../model/finding";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "sso-incomplete",
  title: "SSO settings of which one is missing",
  severity: "error",
  why: "Keys come from SSO only if the account, the role, the region and the start URL are all known; the last two stand in the `[sso-session]` that the profile names, or else in the profile itself.",
  remedy: "Add what is missing, or run `aws configure sso` again.",
  silence:
    "Profiles with neither account nor role that Terraform does not use: they only log in. Sessions that no profile names. Profiles whose keys come from elsewhere first.",
  links: ["https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html"],
  examples: {
    "no such session": {
      "home/.aws/config": `
[profile dev]
sso_session    = wrok
#                ^^^^ sso-incomplete
sso_account_id = 111122223333
sso_role_name  = Admin

[sso-session work]
sso_region    = eu-west-1
sso_start_url = https://example.awsapps.com/start
`,
    },
    "no role": {
      "home/.aws/config": `
[profile dev]
sso_start_url  = https://example.awsapps.com/start
#                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ sso-incomplete
sso_region     = eu-west-1
sso_account_id = 111122223333
`,
    },
    "all there": {
      "home/.aws/config": `
[profile dev]
sso_session    = work
sso_account_id = 111122223333
sso_role_name  = Admin

[profile login-only]
sso_session = work

[sso-session work]
sso_region    = eu-west-1
sso_start_url = https://example.awsapps.com/start
`,
    },
  },
  *check(facts) {
    // The session may stand where nobody can read it.
    if (facts.awsTexts.some(({ encodingFlaw }) => encodingFlaw)) return;
    const written = facts.headers.map((header) => header.written).filter((one) => /^sso-session/i.test(one));
    const reported = new Set<SsoSession>();
    for (const profile of facts.profiles.values()) {
      const { ssoSession, sourceProfile, credentialSource, accessKeyId } = profile.set.settings;
      if (sourceProfile ?? credentialSource ?? accessKeyId) continue;
      const session =
        ssoSession?.value.kind === "literal" ? facts.ssoSessions.get(ssoSession.value.text.trim()) : undefined;
      if (ssoSession && !session) yield* noSession(facts, profile, written);
      if (session && !reported.has(session)) yield* halfSession(session);
      if (session) reported.add(session);
      yield* halfProfile(facts, profile);
    }
  },
};

const inSession: readonly SettingName[] = ["ssoRegion", "ssoStartUrl"];
const inProfile: readonly SettingName[] = ["ssoAccountId", "ssoRoleName"];
const words = (names: readonly SettingName[]) => names.map((name) => spellingOf(name, "aws-file")).join(" and ");

function* noSession(
  { ssoSessions }: Facts,
  { name, set, places }: Profile,
  written: readonly string[],
): Iterable<Problem> {
  const setting = set.settings.ssoSession;
  const [place] = places.filter(({ role }) => role === "config");
  if (setting?.value.kind !== "literal") return;
  const session = setting.value.text.trim();
  // Its header is there and reads as something else: said once, where it stands.
  if (written.some((one) => one.includes(session))) return;
  const similar = mostSimilar(session, ssoSessions.keys());
  const lines = ["sso_region = <region>", "sso_start_url = <start URL>"];
  yield {
    message: `Profile ${name} names the SSO session ${session}, and there is no [sso-session ${session}].`,
    at: setting.at,
    fixes: [
      ...(similar
        ? [{ title: `Change to ${similar}`, safety: "review" as const, edits: [replaceValue(setting, [similar])] }]
        : []),
      ...(place && /^[\w.@+-]+$/.test(session)
        ? [
            {
              title: `Add [sso-session ${session}]`,
              safety: "review" as const,
              edits: [addSectionAbove(place, `sso-session ${session}`, lines)],
            },
          ]
        : []),
    ],
  };
}

function* halfSession({ name, settings, empty, place }: SsoSession): Iterable<Problem> {
  const missing = inSession.filter((one) => !settings[one]);
  if (missing.length === 0) return;
  yield {
    message: `The SSO session ${name} has no ${words(missing)}.`,
    at: place.at,
    fixes: missing.some((one) => empty[one])
      ? []
      : [{ title: `Add ${words(missing)}`, safety: "review", edits: [addBelow(place, missing)] }],
  };
}

function* halfProfile({ uses }: Facts, { name, set }: Profile): Iterable<Problem> {
  const { ssoSession, ssoStartUrl, ssoRegion, ssoAccountId, ssoRoleName } = set.settings;
  const first = ssoSession ?? ssoStartUrl ?? ssoAccountId ?? ssoRoleName ?? ssoRegion;
  const missing = [...inProfile, ...(ssoSession ? [] : inSession)].filter((one) => !set.settings[one]);
  const onlyLogsIn = !ssoAccountId && !ssoRoleName && !uses.profiles.has(name);
  const isMeant = set.misnamed.some((one) => one.expected.startsWith("sso_"));
  if (!first || missing.length === 0 || onlyLogsIn || isMeant) return;
  const edits = missing.flatMap((one) => supply(set, first, one) ?? []);
  yield {
    message: `The SSO settings of profile ${name} lack ${words(missing)}.`,
    at: first.at,
    fixes: [{ title: `Add ${words(missing)}`, safety: "review", edits }],
  };
}
