import { expiryOf } from "../aws/expiry";
import type { CredentialSet, Setting } from "../model/credentials";
import type { Facts } from "./facts";
import { keyKind } from "./shapes";

/** When keys that Terraform takes here stop working, as their login tool wrote it down. */
export interface RecordedExpiry {
  readonly set: CredentialSet;
  readonly setting: Setting;
  readonly at: Date;
}

export function expiriesInUse({ sets, profiles, uses }: Facts): readonly RecordedExpiry[] {
  const used = [
    ...[...uses.profiles.keys()].flatMap((name) => profiles.get(name)?.set ?? []),
    ...sets.filter(({ origin }) => origin.kind === "environment" && uses.environment),
  ];
  return used.flatMap((set) => {
    const { accessKeyId, sessionToken, expiration } = set.settings;
    const isTemporary = accessKeyId && (sessionToken || keyKind(accessKeyId) === "temporary-key-id");
    if (!isTemporary || expiration?.value.kind !== "literal") return [];
    const at = expiryOf(expiration.value.text);
    return at ? [{ set, setting: expiration, at }] : [];
  });
}

/** An SSO login that is over for a profile in use, and can be renewed only by logging in again. */
export interface EndedLogin {
  readonly set: CredentialSet;
  /** What names the login: `sso_session` or `sso_start_url`. */
  readonly setting: Setting;
  readonly at: Date;
}

export function endedLogins({ profiles, uses, ssoSessions, logins, now }: Facts): readonly EndedLogin[] {
  return [...uses.profiles.keys()].flatMap((name) => {
    const set = profiles.get(name)?.set;
    // Static keys come first: then the login does not matter.
    if (!set || (set.settings.accessKeyId && set.settings.secretAccessKey)) return [];
    const { ssoSession, ssoStartUrl } = set.settings;
    const session = ssoSession?.value.kind === "literal" ? ssoSessions.get(ssoSession.value.text.trim()) : undefined;
    const url = session ? session.settings.ssoStartUrl : ssoStartUrl;
    const setting = ssoSession ?? ssoStartUrl;
    if (!setting || url?.value.kind !== "literal") return [];
    const portal = url.value.text;
    const ends = logins
      .filter((login) => login.kind === "sso" && sameUrl(login.startUrl, portal))
      .map((login) => latest(expiryOf(login.expires), expiryOf(login.refreshableUntil)));
    // No login at all may be another machine's habit, or a start URL written another way.
    const at = ends.reduce<Date | undefined>((last, end) => latest(last, end), undefined);
    return at && at <= now ? [{ set, setting, at }] : [];
  });
}

const sameUrl = (a: string | undefined, b: string) => a?.replace(/[#/]+$/, "") === b.replace(/[#/]+$/, "");

function latest(a: Date | undefined, b: Date | undefined): Date | undefined {
  if (!a || !b) return a ?? b;
  return a > b ? a : b;
}

/** Day, hours and minutes in UTC, which mean the same everywhere. */
export function momentOf(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
