import type { CredentialSet, Setting, SettingName } from "../model/credentials";
import type { Piece, TextEdit } from "../model/text";
import { spellingOf } from "./names";

/** What stands in for a value that only the user has. */
const standIns: Partial<Record<SettingName, string>> = {
  accessKeyId: "<access key id>",
  secretAccessKey: "<secret access key>",
  sessionToken: "<session token>",
};

/** A missing setting put in with a stand-in for its value: where it stands empty, else on a line of its own below `after`. */
export function supply(set: CredentialSet, after: Setting, name: SettingName): TextEdit | undefined {
  const empty = set.empty[name];
  if (!empty) return addSetting(after, name);
  const { syntax } = empty.surroundings;
  const value = standIns[name] ?? "";
  if (syntax === "environment") return undefined;
  // In an AWS file nothing stands behind the separator, not even a blank.
  return replaceValue(empty, [syntax === "aws-file" ? ` ${value}` : value]);
}

/** One more setting on a line of its own below `after`, in that file's syntax; undefined where there is no room for a line. */
function addSetting(after: Setting, name: SettingName): TextEdit | undefined {
  const { syntax, lineEnd, indent, newline } = after.surroundings;
  const spelling = spellingOf(name, syntax === "aws-file" ? syntax : "terraform");
  // A process's environment is nobody's file.
  if (syntax === "environment" || lineEnd === undefined || spelling === undefined) return undefined;
  const value = standIns[name] ?? "";
  const line: Record<typeof syntax, readonly Piece[]> = {
    hcl: [newline, indent, `${spelling} = "${value}"`],
    json: [",", newline, indent, `"${spelling}": "${value}"`],
    "aws-file": [newline, indent, `${spelling} = ${value}`],
  };
  return { path: after.wholeAt.path, span: { start: lineEnd, end: lineEnd }, pieces: line[syntax] };
}

/** The literal replaced by `pieces`, quotes kept. */
export function replaceValue(setting: Setting, pieces: readonly Piece[]): TextEdit {
  return { ...setting.valueAt, pieces };
}

/** The setting's whole line gone, where it has a line of its own. */
export function removeSetting(setting: Setting): TextEdit | undefined {
  const { syntax, lineEnd, indent, newline } = setting.surroundings;
  if (lineEnd === undefined || syntax === "json" || syntax === "environment") return undefined;
  const start = Math.max(0, indent.start - newline.length);
  return { path: setting.wholeAt.path, span: { start, end: lineEnd }, pieces: [] };
}
