/** Where a file stands, in the words of the command line's contract: relative below `cwd`, `~/…` below home, else as it is. */
export function displayPath(path: string, cwd: string, home: string): string {
  const clean = path.replace(/^\.\//, "");
  if (cwd !== "/" && clean.startsWith(`${cwd}/`)) return clean.slice(cwd.length + 1);
  if (home !== "" && clean.startsWith(`${home}/`)) return `~/${clean.slice(home.length + 1)}`;
  return clean;
}

/** Control, format (bidirectional, zero-width), unpaired surrogate, and the two separators that end a line. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/** What Azure's and GitHub's agents take for a command wherever it stands in a line. */
const agentCommand = /##(?=\[|vso\[|teamcity\[)/g;

/** Text from outside as one harmless line: control, bidirectional and invisible characters show as escapes. */
export function printable(text: string): string {
  return text.replace(unprintable, escaped).replace(agentCommand, "#\u00b7#");
}

function escaped(one: string): string {
  const digits = (one.codePointAt(0) ?? 0).toString(16);
  return digits.length > 4 ? `\\u{${digits}}` : `\\u${digits.padStart(4, "0")}`;
}

/** A line that no CI system takes for a command of its own. */
export function plainLine(text: string): string {
  const line = printable(text);
  return /^\s*(?:::|section_(?:start|end):)/.test(line) ? line.replace(/(?=\S)/, "\u00b7") : line;
}

/** A JSON document in which every character that could do harm on a screen or in a log is an escape. */
export function jsonText(content: unknown): string {
  const units = (one: string) =>
    Array.from(one.split(""), (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
  const text = JSON.stringify(content, undefined, 2);
  return `${text.replace(unprintable, (one) => (one === "\n" ? one : units(one))).replace(agentCommand, "\\u0023#")}\n`;
}
