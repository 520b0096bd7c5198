import type { Report } from "../analyzer";
import type { LoadOptions } from "../live/load";
import { isSkipped } from "../live/world";
import { absolute, type Console, FailureError } from "./console";
import { type Places, placeOf } from "./formats/json";

/** The file of `--config`; its patterns are seen from the working directory, and from what is scanned elsewhere. */
export function chosenConfiguration(file: string, roots: readonly string[], console: Console): LoadOptions["settings"] {
  const path = absolute(file, console);
  const source = console.world.read(path);
  if (!source) throw new FailureError(`${file} does not exist`);
  if (isSkipped(source)) throw new FailureError(`${file}: ${source.reason}`);
  const elsewhere = roots.filter((root) => root !== console.cwd && !root.startsWith(`${console.cwd}/`));
  return { source, roots: [console.cwd, ...elsewhere] };
}

/** Throws where a configuration is wrong, each mistake with its file and line: half of one would hide what it should not. */
export function assertConfigured({ configurationProblems }: Report, places: Places): void {
  if (configurationProblems.length === 0) return;
  const lines = configurationProblems.map(({ message, at }) => {
    const { file, line, column } = placeOf(at, places);
    return `${file}:${line}:${column}: ${message}`;
  });
  throw new FailureError(...(lines as [string, ...string[]]));
}
