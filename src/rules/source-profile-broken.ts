import { addSetting, removeSetting } from "../facts/edits";
import type { Facts, Profile } from "../facts/facts";
import type { Setting } from "../model/credentials";
import type { Fix, Problem } from "../model/finding";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "source-profile-broken",
  title: "A role without exactly one source of credentials",
  severity: "error",
  why: "A role is assumed with credentials that come from elsewhere: `source_profile` or `credential_source`, one of the two. Terraform stops at a profile with several sources (`only one credential type may be specified per profile`) or with a source and no `role_arn`.",
  remedy: "Name one profile that has credentials as `source_profile`; one that has keys of its own may name itself.",
  silence:
    "A source profile that no file has is `profile-not-found`. Roles on top of SSO, `credential_process` or a web identity work in Terraform. What only Terraform refuses is reported for profiles that it uses here.",
  links: ["https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html"],
  examples: {
    "a circle": {
      "home/.aws/config": `
[profile a]
role_arn       = arn:aws:iam::111122223333:role/a
source_profile = b
#                ^ source-profile-broken

[profile b]
role_arn       = arn:aws:iam::111122223333:role/b
source_profile = a
`,
    },
    "a role alone": {
      "home/.aws/config": `
[profile deploy]
role_arn = arn:aws:iam::111122223333:role/deploy
#          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ source-profile-broken

[profile base]
credential_process = /usr/local/bin/keys base
`,
    },
    "a chain to its end": {
      "home/.aws/config": `
[profile prod]
role_arn       = arn:aws:iam::111122223333:role/prod
source_profile = hub

[profile hub]
role_arn       = arn:aws:iam::444455556666:role/hub
source_profile = base

[profile base]
credential_process = /usr/local/bin/keys base
`,
    },
  },
  *check(facts) {
    const sources = [...facts.profiles.values()].filter(hasCredentials).map(({ name }) => name);
    for (const profile of facts.profiles.values()) {
      const problem = severalSources(facts, profile) ?? circle(facts, profile) ?? noRole(facts, profile);
      if (problem) yield problem;
      else yield* noSource(profile, sources.slice(0, 3));
    }
  },
};

const removal = (setting: Setting): readonly Fix[] => {
  const edit = removeSetting(setting);
  return edit ? [{ title: `Remove ${setting.spelling}`, safety: "review", edits: [edit] }] : [];
};

function severalSources({ uses }: Facts, { name, set }: Profile): Problem | undefined {
  const { sourceProfile, credentialSource, credentialProcess, webIdentityTokenFile } = set.settings;
  const [first, second] = [sourceProfile, credentialSource, credentialProcess, webIdentityTokenFile].filter(
    (one) => one !== undefined,
  );
  const everybodyMinds = sourceProfile && credentialSource;
  if (!first || !second || (!everybodyMinds && !uses.profiles.has(name))) return undefined;
  return {
    message: `Profile ${name} has both ${first.spelling} and ${second.spelling}; only one of them may be there.`,
    at: second.at,
    related: [{ message: `${first.spelling} stands here.`, at: first.at }],
    fixes: [...removal(second), ...removal(first)],
  };
}

/** A circle is told once, at the first of its profiles; keys on the way end the search for a source. */
function circle({ profiles }: Facts, { name, set }: Profile): Problem | undefined {
  const source = set.settings.sourceProfile;
  const path = [name];
  for (let next = source; next?.value.kind === "literal"; ) {
    const target = profiles.get(next.value.text);
    if (!target || !source) return undefined;
    const { accessKeyId, sourceProfile } = target.set.settings;
    if (accessKeyId) return undefined;
    if (target.name === name) {
      const order = [...profiles.keys()];
      if (path.some((one) => order.indexOf(one) < order.indexOf(name))) return undefined;
      const message =
        path.length > 1
          ? `The source profiles ${path.join(", ")} lead back to the first, and none of them has credentials.`
          : `Profile ${name} is its own source profile and has no keys.`;
      return { message, at: source.at };
    }
    if (path.includes(target.name) || path.length > 20) return undefined;
    path.push(target.name);
    next = sourceProfile;
  }
  return undefined;
}

function noRole({ uses }: Facts, { name, set }: Profile): Problem | undefined {
  const { sourceProfile, credentialSource, roleArn } = set.settings;
  const source = sourceProfile ?? credentialSource;
  if (!source || roleArn || set.misnamed.some((one) => one.expected === "role_arn") || !uses.profiles.has(name)) {
    return undefined;
  }
  return {
    message: `Profile ${name} has ${source.spelling} but no role_arn: the AWS CLI passes over it, and Terraform stops.`,
    at: source.at,
    fixes: removal(source),
  };
}

function* noSource({ name, set }: Profile, sources: readonly string[]): Iterable<Problem> {
  const { roleArn, accessKeyId, secretAccessKey, ...rest } = set.settings;
  const { sourceProfile, credentialSource, webIdentityTokenFile, ssoSession, ssoStartUrl, loginSession } = rest;
  const source = sourceProfile ?? credentialSource ?? webIdentityTokenFile ?? ssoSession ?? ssoStartUrl ?? loginSession;
  const isMeant = set.misnamed.some((one) => /^(?:source_profile|credential_|sso_|web_)/.test(one.expected));
  if (!roleArn || source || rest.credentialProcess || isMeant) return;
  const ownKeys = accessKeyId && secretAccessKey;
  const candidates = ownKeys ? [name] : sources;
  yield {
    message: ownKeys
      ? `Profile ${name} has a role and keys, but no source_profile: Terraform assumes the role with them, the AWS CLI stops.`
      : `Profile ${name} has a role but neither source_profile nor credential_source to assume it with.`,
    at: roleArn.at,
    severity: ownKeys ? "warning" : "error",
    fixes: candidates.flatMap((candidate): readonly Fix[] => {
      const edit = addSetting(roleArn, "sourceProfile", candidate);
      return edit ? [{ title: `Add source_profile = ${candidate}`, safety: "review", edits: [edit] }] : [];
    }),
  };
}

function hasCredentials({ set: { settings } }: Profile): boolean {
  const { accessKeyId, secretAccessKey, ssoSession, loginSession, credentialProcess } = settings;
  return Boolean((accessKeyId && secretAccessKey) || ssoSession || loginSession || credentialProcess);
}
