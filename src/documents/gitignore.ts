import { covers, type Glob, globOf } from "../model/glob";
import type { SourceFile } from "../model/text";
import type { ParsedFile } from "./document";

/** `.gitignore`: which files below its directory Git leaves out. */
export interface GitignoreDocument extends ParsedFile {
  readonly kind: "gitignore";
  readonly patterns: readonly IgnorePattern[];
}

export interface IgnorePattern {
  /** Against a path relative to the file's directory. */
  readonly glob: Glob;
  /** `!pattern` brings back what an earlier one left out. */
  readonly isNegated: boolean;
}

/** Never throws. https://git-scm.com/docs/gitignore#_pattern_format */
export function parseGitignore(source: SourceFile): GitignoreDocument {
  const patterns = source.text
    .split(/\r\n|\n|\r/)
    .map((line) => line.replace(/(?<!\\)[ \t]+$/, ""))
    .filter((line) => line !== "" && !line.startsWith("#") && line.length < 1000)
    .map((line) => ({ glob: globOf(line.replace(/^!/, "")), isNegated: line.startsWith("!") }));
  return { kind: "gitignore", source, patterns, problems: [], suppressions: [] };
}

/** Tells whether Git leaves a file out, by the ignore files at or above it; its path and theirs have one form. */
export function ignoredBy(ignores: readonly GitignoreDocument[]): (path: string) => boolean {
  const inDirectory = new Map(ignores.map((one) => [directoryOf(one.source.path), one.patterns]));
  return (path) => {
    let ignored = false;
    for (const directory of above(path)) {
      const relative = path.slice(directory.length);
      for (const { glob, isNegated } of inDirectory.get(directory) ?? []) {
        if (covers(glob, relative)) ignored = !isNegated;
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
