/**
 * A pattern in the form of `.gitignore`: `*`, `?` and `[a-z]` stay inside a name, `**` spans folders, a pattern without
 * `/` covers that name wherever it stands, and what is covered takes all below it along.
 * https://git-scm.com/docs/gitignore#_pattern_format
 */
export interface Glob {
  readonly steps: readonly (readonly Sign[] | "**")[];
  /** It ends in `/`. */
  readonly foldersOnly: boolean;
}

/** What one character may be; `*` is any number of any. */
type Sign = "*" | ((character: string) => boolean);

export function globOf(pattern: string): Glob {
  const text = pattern.replace(/^\.\//, "/");
  const path = text.replace(/\/$/, "");
  const steps = path
    .split("/")
    .filter((name) => name !== "")
    .map((name) => (name === "**" ? name : signsOf(name)));
  return { steps: path.includes("/") || path === "**" ? steps : ["**", ...steps], foldersOnly: text.endsWith("/") };
}

function signsOf(name: string): readonly Sign[] {
  return [...name.matchAll(/\\(.)|\*+|\?|\[(!?)([\w.-]+)\]|[\s\S]/gu)].map(([text, escaped, negation, set]): Sign => {
    if (escaped !== undefined) return (one) => one === escaped;
    if (text.startsWith("*")) return "*";
    if (text === "?") return () => true;
    if (set === undefined) return (one) => one === text;
    const isIn = setOf(set);
    return negation === "!" ? (one) => !isIn(one) : isIn;
  });
}

/** `abc`, `a-z`: a dash at an end means itself. */
function setOf(set: string): (character: string) => boolean {
  const ranges = [...set.matchAll(/(.)-(.)|(.)/g)].map(
    ([, from, to, one]) => [from ?? one ?? "", to ?? one ?? ""] as const,
  );
  return (character) => ranges.some(([from, to]) => from <= character && character <= to);
}

/** Whether a path, seen from the pattern's folder, is covered. Takes no longer than the two lengths multiplied: a pattern may come from anybody. */
export function covers({ steps, foldersOnly }: Glob, path: string): boolean {
  const names = path.split("/");
  let reached = past(steps, new Set([0]));
  for (const [index, name] of names.entries()) {
    const isFolder = index < names.length - 1;
    const next = new Set<number>();
    for (const at of reached) {
      const step = steps[at];
      if (step === "**") next.add(at === steps.length - 1 ? steps.length : at);
      else if (step && nameMatches(step, [...name])) next.add(at + 1);
    }
    reached = past(steps, next);
    if (reached.has(steps.length) && (isFolder || !foldersOnly)) return true;
  }
  return false;
}

/** `**` may stand for no folder at all, unless it ends the pattern: `a/**` is what lies in `a`. */
function past(steps: Glob["steps"], places: Set<number>): Set<number> {
  for (const at of places) if (steps[at] === "**" && at < steps.length - 1) places.add(at + 1);
  return places;
}

/** Where it goes wrong, the last `*` takes one character more; what it took before need not be tried again. */
function nameMatches(signs: readonly Sign[], name: readonly string[]): boolean {
  let [at, n, star, retry] = [0, 0, -1, 0];
  while (n < name.length) {
    const sign = signs[at];
    if (sign === "*") [star, retry, at] = [at, n, at + 1];
    else if (sign?.(name[n] ?? "")) [at, n] = [at + 1, n + 1];
    else if (star >= 0) [at, n, retry] = [star + 1, retry + 1, retry + 1];
    else return false;
  }
  while (signs[at] === "*") at++;
  return at === signs.length;
}
