import { accountOfKeyId } from "../aws/accessKey";
import { accountOfProfile } from "../facts/accounts";
import { variableFor } from "../facts/environment";
import { isNoneFound } from "../model/describe";
import { fakeSecrets, type Rule } from "./rule";

export const rule: Rule = {
  id: "environment-overrides-profile",
  title: "Keys in the environment set AWS_PROFILE aside",
  severity: "warning",
  why: "Where `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` are both set, Terraform and the AWS CLI use them and `AWS_PROFILE` only counts for settings such as the region. Keys left over from an earlier session are sent in place of the profile's.",
  remedy: "Clear the variables (`unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN`), or `AWS_PROFILE`.",
  silence:
    "Keys that belong to the profile's account, as of tools that export both; profiles that hold other settings alone; half a pair, which counts as none; work that needs no credentials of the environment.",
  links: ["https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html"],
  examples: {
    "keys of another session": {
      environment: `
AWS_PROFILE=dev
#<---------- environment-overrides-profile
AWS_ACCESS_KEY_ID=AKIAI44QH8DHBEXAMPLE
#<---------------- placeholder-key
AWS_SECRET_ACCESS_KEY=${fakeSecrets[1]}
`,
      "home/.aws/config": `
[profile dev]
sso_session    = company
sso_account_id = 111122223333
sso_role_name  = Developer

[sso-session company]
sso_region    = eu-west-1
sso_start_url = https://example.awsapps.com/start
`,
    },
    "the profile alone": {
      environment: `
AWS_PROFILE=dev
`,
      "home/.aws/config": `
[profile dev]
credential_process = /usr/local/bin/keys dev
`,
    },
  },
  *check({ environment, sets, uses, profiles, awsFiles, chainOf }) {
    const variable = variableFor(environment, "profile");
    const set = sets.find(({ origin }) => origin.kind === "environment");
    if (!variable || !set || !uses.environment || set.endpoint === "emulator") return;
    const profile = profiles.get(variable.value);
    // One that does not exist is `profile-not-found`.
    if (!profile && awsFiles.read) return;
    // One that only holds settings is not meant to give credentials.
    if (profile && isNoneFound(chainOf(profile.set))) return;
    const { accessKeyId } = set.settings;
    const account = accessKeyId?.value.kind === "literal" ? accountOfKeyId(accessKeyId.value.text) : undefined;
    const own = profile && accountOfProfile(profile)?.account;
    if (!accessKeyId || (account !== undefined && account === own)) return;
    const whose =
      account !== undefined && own !== undefined ? ` They belong to account ${account}, the profile to ${own}.` : "";
    yield {
      message: `${variable.name}=${variable.value} has no say over credentials: the keys in ${environment.owner} come before it.${whose}`,
      at: { path: environment.source.path, span: variable.nameSpan },
      related: [{ at: accessKeyId.nameAt, message: `${accessKeyId.spelling} is set here.` }],
    };
  },
};
