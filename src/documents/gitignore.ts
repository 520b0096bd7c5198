import type { SourceFile } from "../model/text";
import type { ParsedFile } from "./document";

/** `.gitignore`: which files below its directory Git leaves out. */
export interface GitignoreDocument extends ParsedFile {
  readonly kind: "gitignore";
  readonly patterns: readonly IgnorePattern[];
}

export interface IgnorePattern {
  /** Against a path relative to the file's directory. */
  readonly matches: RegExp;
  /** `!pattern` brings back what an earlier one left out. */
  readonly isNegated: boolean;
}

/** Never throws. https://git-scm.com/docs/gitignore#_pattern_format */
export function parseGitignore(source: SourceFile): GitignoreDocument {
  const patterns = source.text
    .split(/\r\n|\n|\r/)
    .map((line) => line.replace(/(?<!\\)[ \t]+$/, ""))
    .filter((line) => line !== "" && !line.startsWith("#") && line.length < 1000)
    .map(patternOf);
  return { kind: "gitignore", source, patterns, problems: [], suppressions: [] };
}

function patternOf(line: string): IgnorePattern {
  const isNegated = line.startsWith("!");
  const body = line.slice(isNegated ? 1 : 0);
  const isDirectory = body.endsWith("/");
  const path = body.replace(/\/$/, "");
  const isAnchored = path.includes("/");
  const steps = path.replace(/^\//, "").split("/").map(stepPattern);
  const inner = steps.join("").replace(/\/$/, "");
  // A directory that is left out takes all below it along.
  const end = isDirectory ? "/" : "(?:/|$)";
  return { matches: new RegExp(`${isAnchored ? "^" : "(?:^|/)"}${inner}${end}`), isNegated };
}

function stepPattern(step: string, index: number, all: readonly string[]): string {
  const isLast = index === all.length - 1;
  if (step === "**") return isLast ? ".+" : "(?:[^/]+/)*";
  const text = step.replace(/\\(.)|\*+|\?|\[!?[^\]/]*\]|[^\w-]/g, (one, escaped: string | undefined) => {
    if (escaped !== undefined) return literally(escaped);
    if (one.startsWith("*")) return "[^/]*";
    if (one === "?") return "[^/]";
    if (one.length > 2 && /^\[!?[\w.-]+\]$/.test(one)) return one.replace("[!", "[^");
    return [...one].map(literally).join("");
  });
  return isLast ? text : `${text}/`;
}

const literally = (character: string) => character.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");

/** Whether Git leaves the file out, by the ignore files at or above it; `path` and theirs have one form. */
export function isIgnored(path: string, ignores: readonly GitignoreDocument[]): boolean {
  let ignored = false;
  const above = ignores
    .map((one) => ({ one, directory: one.source.path.replace(/[^/]*$/, "") }))
    .filter(({ directory }) => path.startsWith(directory))
    .sort((a, b) => a.directory.length - b.directory.length);
  for (const { one, directory } of above) {
    const relative = path.slice(directory.length);
    for (const { matches, isNegated } of one.patterns) if (matches.test(relative)) ignored = !isNegated;
  }
  return ignored;
}
