import type { CredentialSet, Setting } from "../model/credentials";

/** Everything that names a role to assume: a block's, a profile's, the environment's. */
export function roleSettings({ roles, settings }: CredentialSet): readonly Setting[] {
  const own = settings.roleArn ? [settings.roleArn] : [];
  return [...roles.flatMap(({ arn }) => arn ?? []), ...own];
}

/** The texts that a setting may come to; none where nobody can tell. */
export function textsOf(setting: Setting): readonly { readonly text: string; readonly setting: Setting }[] {
  return [setting, ...(setting.candidates ?? [])].flatMap((one) =>
    one.value.kind === "literal" && one.value.text !== "" ? [{ text: one.value.text, setting: one }] : [],
  );
}

/** The one text that a setting has. */
export function textOf(setting: Setting | undefined): string | undefined {
  return setting?.value.kind === "literal" ? setting.value.text : undefined;
}
