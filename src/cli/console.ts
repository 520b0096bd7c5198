import path from "node:path";
import { Option } from "commander";
import { forwardSlashes } from "../live/node";
import type { World } from "../live/world";

/** The documented exit codes. */
export const exitCodes = { clean: 0, findings: 1, usage: 2, failure: 3 } as const;

/** Where a command prints, where it stands, and what it may touch. */
export interface Console {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly color: boolean;
  readonly cwd: string;
  readonly world: World;
  /** Whether somebody sits at standard input, instead of a program. */
  readonly isTyped?: boolean;
}

/** Sets the exit code of a command that did its work. */
export type Finish = (code: number) => void;

/** Wrong use of the command line, found after parsing. */
export class UsageError extends Error {}

/** The work cannot be done: a file that is not there, a disk that is full. One line for each reason. */
export class FailureError extends Error {
  readonly lines: readonly string[];

  constructor(...lines: readonly [string, ...string[]]) {
    super(lines[0]);
    this.lines = lines;
  }
}

/** `--format`; the first is what it is without the option. */
export function formatOption(first: string, ...others: readonly string[]): Option {
  return new Option("--format <format>", "output format").choices([first, ...others]).default(first);
}

/** Throws where more than one of these options is given, each of which names what the command is about. */
export function assertOneAtMost(options: Readonly<Record<string, unknown>>): void {
  if (Object.values(options).filter((one) => one !== undefined).length <= 1) return;
  const names = Object.keys(options);
  throw new UsageError(`${names.slice(0, -1).join(", ")} and ${names.at(-1)} each name one thing: give one of them`);
}

/** Paths are made absolute, so that one file has one name however it is reached; formats shorten them again. */
export function absolute(file: string, { cwd }: Console): string {
  return forwardSlashes(path.resolve(cwd, file));
}

export function existing(file: string, console: Console): string {
  const found = absolute(file, console);
  if (!console.world.exists(found)) throw new FailureError(`${file} does not exist`);
  return found;
}
