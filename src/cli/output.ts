/** Where a file stands, in the words of the command line's contract: relative below `cwd`, `~/…` below home, else as it is. */
export function displayPath(path: string, cwd: string, home: string): string {
  const clean = path.replace(/^\.\//, "");
  if (cwd !== "/" && clean.startsWith(`${cwd}/`)) return clean.slice(cwd.length + 1);
  if (home !== "" && clean.startsWith(`${home}/`)) return `~/${clean.slice(home.length + 1)}`;
  return clean;
}

/** Control, format (bidirectional, zero-width), unpaired surrogate, and the two separators that end a line. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/** Text from outside as one harmless line: control, bidirectional and invisible characters show as escapes. */
export function printable(text: string): string {
  return text.replace(unprintable, (one) => `\\u${(one.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);
}

/** A line that no CI system takes for a command of its own. */
export function plainLine(text: string): string {
  const line = printable(text);
  return /^\s*(?:::|##\[|##vso\[|section_(?:start|end):)/.test(line) ? `\u00b7${line}` : line;
}
