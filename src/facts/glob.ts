/**
 * Whether a pattern covers a path, both relative to the same folder: `*` and `?` stay inside a name, `**` spans folders,
 * a pattern without `/` covers that name wherever it stands, and a folder covers all below it. Time is bounded by the
 * product of the two lengths, because a pattern may come from anybody.
 */
export function covers(pattern: string, path: string): boolean {
  const names = pattern.replace(/^\.?\//, "").split("/");
  const [first = "", ...others] = names.filter((name) => name !== "" && name !== ".");
  const isName = others.length === 0 && first !== "**" && !pattern.startsWith("/") && !pattern.startsWith("./");
  return matches(isName ? ["**", first] : [first, ...others], path.split("/"));
}

/** Each round keeps the places of the pattern that the path so far may have come to. */
function matches(pattern: readonly string[], path: readonly string[]): boolean {
  let reached = past(pattern, new Set([0]));
  for (const name of path) {
    const next = new Set<number>();
    for (const at of reached) {
      if (pattern[at] === "**" && at === pattern.length - 1) return true;
      if (pattern[at] === "**") next.add(at);
      else if (nameMatches(pattern[at] ?? "", name)) next.add(at + 1);
    }
    reached = past(pattern, next);
    // What is left of the path lies below a folder that is covered.
    if (reached.has(pattern.length)) return true;
  }
  return false;
}

/** `**` may stand for no folder at all, unless it ends the pattern: `a/**` is what lies in `a`. */
function past(pattern: readonly string[], places: Set<number>): Set<number> {
  for (const at of places) if (pattern[at] === "**" && at < pattern.length - 1) places.add(at + 1);
  return places;
}

function nameMatches(pattern: string, name: string): boolean {
  let [p, n, star, retry] = [0, 0, -1, 0];
  while (n < name.length) {
    if (pattern[p] === "*") [star, retry, p] = [p, n, p + 1];
    else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === name[n])) [p, n] = [p + 1, n + 1];
    else if (star >= 0) [p, n, retry] = [star + 1, retry + 1, retry + 1];
    else return false;
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}
