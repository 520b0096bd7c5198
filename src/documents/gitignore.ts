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

/** Tells whether Git leaves a file out, by the ignore files at or above it; its path and theirs have one form. */
export function ignoredBy(ignores: readonly GitignoreDocument[]): (path: string) => boolean {
  const inDirectory = new Map(ignores.map((one) => [directoryOf(one.source.path), one.patterns]));
  return (path) => {
    let ignored = false;
    for (const directory of above(path)) {
      const relative = path.slice(directory.length);
      for (const { matches, isNegated } of inDirectory.get(directory) ?? []) {
        if (matches.test(relative)) ignored = !isNegated;
      }
    }
    return ignored;
  };
}

const directoryOf = (path: string) => path.slice(0, path.lastIndexOf("/") + 1);

/** The directories that a path leads through, the outermost first. */
function above(path: string): readonly string[] {
  const directories = [""];
  for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) directories.push(path.slice(0, at + 1));
  return directories;
}
