import type { Report } from "../analyzer";
import { type Loaded, outsideOf } from "../live/load";
import type { World } from "../live/world";
import type { Finding, Fix } from "../model/finding";
import type { Span } from "../model/text";
import type { ScanResult } from "./formats/json";
import { displayPath, printable } from "./output";

/** One look at the files: what is there, and what of it is to be reported. */
export interface Look {
  readonly loaded: Loaded;
  readonly report: Report;
  readonly result: ScanResult;
}

interface Fixing {
  readonly world: World;
  /** The user's own, and the one that `--home` names. */
  readonly homes: readonly string[];
  /** The user agreed to changes in their own AWS files. */
  readonly mayTouchHome: boolean;
  readonly tell: (line: string) => void;
}

/** A fix may uncover another mistake; five rounds are more than any needs, and end those that never would. */
const maxRounds = 5;

/** Applies the safe fixes of what `look` finds, until none is left; false if a file could not be written. */
export function applySafeFixes(look: () => Look, { world, homes, mayTouchHome, tell }: Fixing): [Look, boolean] {
  const isOwn = ownFiles(world, homes);
  const counts = new Map<string, number>();
  const obstacles = new Map<string, string>();
  let current = look();
  for (let round = 0; round < maxRounds; round++) {
    const written = new Set<string>();
    for (const source of current.loaded.workspace.files) {
      const real = world.realPath(source.path);
      // One file may go by several names.
      if (written.has(real) || obstacles.has(real) || (isOwn(source.path) && !mayTouchHome)) continue;
      const fixes = compatibleFixes(current.result.findings, source.path);
      const encoding = fixesOf(current.result.findings).find((fix) => fix.reencode === source.path);
      if (encoding && round === 0) {
        const isSaved = world.writeEdits(source, encoding.edits, isOwn(source.path), true).status === "ok";
        const name = printable(displayPath(source.path, current.result.cwd, current.result.home));
        if (isSaved) tell(`saved ${name} as UTF-8`);
        else obstacles.set(real, `${name} was not saved as UTF-8`);
        // The other fixes look at the file anew.
        written.add(real);
        continue;
      }
      const isExposed = current.result.findings.some((finding) => makesPrivate(finding, source.path));
      if (isExposed && round === 0 && world.makePrivate(source.path)) {
        tell(`made ${printable(displayPath(source.path, current.result.cwd, current.result.home))} private`);
        written.add(real);
      }
      if (fixes.length === 0) continue;
      const edits = fixes.flatMap((fix) => fix.edits);
      const answer = world.writeEdits(source, edits, isOwn(source.path));
      const name = displayPath(source.path, current.result.cwd, current.result.home);
      if (answer.status === "ok") {
        written.add(real);
        counts.set(name, (counts.get(name) ?? 0) + fixes.length);
      } else {
        const why = answer.status === "conflict" ? "another program changed it in the meantime" : answer.reason;
        obstacles.set(real, `${name} was not fixed: ${why}`);
      }
    }
    if (written.size === 0) break;
    current = look();
  }
  for (const [name, count] of counts) tell(`fixed ${count} in ${printable(name)}`);
  for (const line of obstacles.values()) tell(`callerid: ${printable(line)}`);
  if (!mayTouchHome) for (const line of leftAlone(current, world, isOwn)) tell(printable(line));
  return [current, obstacles.size === 0];
}

/** Whether a file is one of the user's AWS files, by whatever name. */
function ownFiles(world: World, homes: readonly string[]): (path: string) => boolean {
  const standard = homes.flatMap((home) => [`${home}/.aws/credentials`, `${home}/.aws/config`]);
  const own = new Set([...standard, ...outsideOf(world, "").awsFiles].map(world.realPath));
  return (path) => own.has(world.realPath(path));
}

/** The safe fixes of one file that do not touch each other's places; the others get their turn in the next round. */
function compatibleFixes(findings: readonly Finding[], path: string): readonly Fix[] {
  const taken: Span[] = [];
  const chosen: Fix[] = [];
  for (const finding of findings) {
    const fix = safeFixOf(finding, path);
    if (!fix) continue;
    const spans = fix.edits.flatMap((edit) => [edit.span, ...edit.pieces.filter((piece) => typeof piece !== "string")]);
    if (spans.some((span) => taken.some((other) => span.start <= other.end && other.start <= span.end))) continue;
    taken.push(...spans);
    chosen.push(fix);
  }
  return chosen;
}

const fixesOf = (findings: readonly Finding[]) => findings.flatMap(({ fixes = [] }) => fixes);

const makesPrivate = ({ fixes = [] }: Finding, path: string) => fixes.some((fix) => fix.makePrivate === path);

const reencodes = ({ fixes = [] }: Finding, path: string) => fixes.some((fix) => fix.reencode === path);

/** A fix that spans several files is left to a person: they cannot be written as one. */
const safeFixOf = ({ fixes = [] }: Finding, path: string) =>
  fixes.find(
    ({ safety, edits, reencode }) =>
      safety === "safe" && reencode === undefined && edits.length > 0 && edits.every((edit) => edit.path === path),
  );

/** What `--fix-home` would fix, by file and profile. */
function leftAlone(
  { loaded, report, result }: Look,
  world: World,
  isOwn: (path: string) => boolean,
): readonly string[] {
  const named = new Set<string>();
  return loaded.workspace.files.flatMap(({ path }) => {
    const real = world.realPath(path);
    const fixable =
      isOwn(path) && !named.has(real)
        ? result.findings.filter(
            (finding) => safeFixOf(finding, path) || makesPrivate(finding, path) || reencodes(finding, path),
          )
        : [];
    if (fixable.length === 0) return [];
    named.add(real);
    const profiles = new Set(fixable.map(({ at }) => profileAt(report, path, at.span.start)));
    const names = [...profiles].filter((one) => one !== undefined).join(", ");
    const file = displayPath(path, result.cwd, result.home);
    return [`left ${fixable.length} in ${file}${names === "" ? "" : ` (profile ${names})`}: --fix-home fixes it`];
  });
}

function profileAt({ facts }: Report, path: string, offset: number): string | undefined {
  const header = facts.headers.findLast((one) => one.path === path && one.at.span.start <= offset);
  return header && (header.profile ?? header.written);
}
