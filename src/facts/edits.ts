import type { CredentialSet, Setting, SettingName, Surroundings } from "../model/credentials";
import type { Piece, TextEdit } from "../model/text";
import type { AwsText, Profile, SectionPlace } from "./facts";
import { spellingOf } from "./names";

/** What stands in for a value that only the user has. */
const standIns: Partial<Record<SettingName, string>> = {
  accessKeyId: "<access key id>",
  secretAccessKey: "<secret access key>",
  sessionToken: "<session token>",
  ssoAccountId: "<account id>",
  ssoRoleName: "<role name>",
  ssoRegion: "<region>",
  ssoStartUrl: "<start URL>",
};

/** A missing setting put in with a stand-in for its value: where it stands empty, else on a line of its own below `after`. */
export function supply(set: CredentialSet, after: Setting, name: SettingName): TextEdit | undefined {
  const empty = set.empty[name];
  if (!empty) return addSetting(after, name);
  const { syntax, signs } = empty.surroundings;
  const value = standIns[name] ?? "";
  if (syntax === "environment") return undefined;
  // An unquoted line of a batch file would have to be written anew.
  if (syntax === "variable" || syntax === "action") {
    return signs && !signs.opening ? replaceEmpty(empty, value) : undefined;
  }
  // In an AWS file nothing stands behind the separator, not even a blank.
  return replaceValue(empty, [syntax === "aws-file" ? ` ${value}` : value]);
}

/** An empty variable filled; a sign of the language stands only where the value has no quotes yet. */
function replaceEmpty(empty: Setting, value: string): TextEdit {
  const { start, end } = empty.valueAt.span;
  const isQuoted = start > empty.nameAt.span.end + 1 && end < empty.wholeAt.span.end;
  const quote = /['"]/.exec(empty.surroundings.signs?.closing ?? "")?.[0] ?? "";
  return replaceValue(empty, [isQuoted ? value : `${quote}${value}${quote}`]);
}

/** One more setting on a line of its own below `after`, in that file's syntax; undefined where there is no room for a line. */
export function addSetting(after: Setting, name: SettingName, value = standIns[name] ?? ""): TextEdit | undefined {
  const { syntax, lineEnd, indent, newline, signs } = after.surroundings;
  const spelling = spellingOf(name, placeOf(syntax));
  // A process's environment is nobody's file.
  if (syntax === "environment" || lineEnd === undefined || spelling === undefined) return undefined;
  const assignment: readonly Piece[] = [
    signs?.lead ?? "",
    newline,
    indent,
    `${signs?.opening ?? ""}${spelling}${signs?.separator ?? "="}${value}${signs?.closing ?? ""}`,
  ];
  const line: Record<typeof syntax, readonly Piece[]> = {
    hcl: [newline, indent, `${spelling} = "${value}"`],
    json: [",", newline, indent, `"${spelling}": "${value}"`],
    "aws-file": [newline, indent, `${spelling} = ${value}`],
    variable: assignment,
    action: assignment,
  };
  return { path: after.wholeAt.path, span: { start: lineEnd, end: lineEnd }, pieces: line[syntax] };
}

const placeOf = (syntax: Surroundings["syntax"]) =>
  syntax === "aws-file" || syntax === "action" ? syntax : syntax === "variable" ? "environment" : "terraform";

/** Arguments of a block that are switched on, each on a line of its own below `after`. */
export function switchOn(after: Setting, names: readonly SettingName[]): TextEdit | undefined {
  const { syntax, lineEnd, indent, newline } = after.surroundings;
  if (lineEnd === undefined || (syntax !== "hcl" && syntax !== "json")) return undefined;
  const pieces = names.flatMap((name): readonly Piece[] => {
    const spelling = spellingOf(name, "terraform");
    return syntax === "hcl" ? [newline, indent, `${spelling} = true`] : [",", newline, indent, `"${spelling}": true`];
  });
  return { path: after.wholeAt.path, span: { start: lineEnd, end: lineEnd }, pieces };
}

/** The literal replaced by `pieces`, quotes kept. */
export function replaceValue(setting: Setting, pieces: readonly Piece[]): TextEdit {
  return { ...setting.valueAt, pieces };
}

/** The setting's whole line gone, where it has a line of its own. */
export function removeSetting(setting: Pick<Setting, "surroundings" | "wholeAt">): TextEdit | undefined {
  const { syntax, lineEnd, indent, newline, signs } = setting.surroundings;
  if (lineEnd === undefined || syntax === "json" || syntax === "environment" || signs?.lead) return undefined;
  const start = Math.max(0, indent.start - newline.length);
  return { path: setting.wholeAt.path, span: { start, end: lineEnd }, pieces: [] };
}

/** Settings on lines of their own below a section's header, with stand-ins for their values. */
export function addBelow({ at, lineEnd, newline }: SectionPlace, names: readonly SettingName[]): TextEdit {
  const lines = names.map((name) => `${newline}${spellingOf(name, "aws-file")} = ${standIns[name] ?? ""}`);
  return { path: at.path, span: { start: lineEnd, end: lineEnd }, pieces: lines };
}

/** A new section of the same file above this one. */
export function addSectionAbove(place: SectionPlace, header: string, lines: readonly string[]): TextEdit {
  const { at, lineStart, newline } = place;
  const text = [`[${header}]`, ...lines, "", ""].join(newline);
  return { path: at.path, span: { start: lineStart, end: lineStart }, pieces: [text] };
}

/**
 * Whatever names the profile now gets its keys from the AWS CLI: the profile moves to another name, and one of the old
 * name runs the CLI on it. Undefined for profiles that are not one plain section.
 */
export function bridge({ name, places, set }: Profile, suffix: string): readonly TextEdit[] | undefined {
  const [place, second] = places;
  const moved = `${name}-${suffix}`;
  if (!place || second || !/^[\w.@+-]+$/.test(name)) return undefined;
  const title = (profile: string) =>
    place.role === "config" && profile !== "default" ? `profile ${profile}` : profile;
  const { region } = set.settings;
  const lines = [`credential_process = aws configure export-credentials --profile ${moved}`];
  if (region?.value.kind === "literal" && /^[a-z0-9-]+$/.test(region.value.text)) {
    lines.unshift(`region = ${region.value.text}`);
  }
  return [addSectionAbove(place, title(name), lines), { ...place.at, pieces: [title(moved)] }];
}

/** A new, still empty profile at the end of an AWS file; undefined for a name that no header can hold. */
export function addProfile({ path, role, end }: AwsText, name: string): TextEdit | undefined {
  if (!/^[\w.@+:/-]+$/.test(name)) return undefined;
  const header = role === "config" && name !== "default" ? `[profile ${name}]` : `[${name}]`;
  return { path, span: { start: end.offset, end: end.offset }, pieces: [end.lead, header, end.newline] };
}

/** A setting taken out of its file and put below `after`, which stands in another; undefined where it has no line of its own. */
export function moveSetting(setting: Setting, after: Setting): readonly TextEdit[] | undefined {
  const { lineEnd, indent, newline } = after.surroundings;
  const removal = removeSetting(setting);
  if (!removal || lineEnd === undefined) return undefined;
  const { path, span } = setting.wholeAt;
  return [
    { path: after.wholeAt.path, span: { start: lineEnd, end: lineEnd }, pieces: [newline, indent, { path, ...span }] },
    removal,
  ];
}
