/** What keeps a `credential_process` from running everywhere. Ranges are offsets into the command. */
export type CommandFlaw =
  | { readonly kind: "quoted-whole" | "split-path"; readonly path: Range | undefined }
  | { readonly kind: "relative-path" | "home-path" };

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Directories whose name has a blank in it, or that hold no program themselves: the path goes on behind the blank. */
const splitAt =
  /^(?:[A-Za-z]:\\Program Files(?: \(x86\))?\\|[A-Za-z]:\\Users\\[^\\ "]+ [^ "]*\\|\/(?:Users|home|Volumes)\/[^/ "\\]+ [^ "]*\/|\/Library\/Application Support\/|\/Applications\/[^/"\\]* [^"]*?\.app\/|\/[^ "\\]*\/Application Support\/)/;

/**
 * Terraform hands the command to a shell, the AWS CLI splits it into words itself, and Terraform strips one pair of
 * quotation marks around the whole of it. `isQuoted` says that there was one.
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sourcing-external.html
 */
export function commandFlaw(command: string, isQuoted: boolean): CommandFlaw | undefined {
  // With marks left inside, nobody can say which words belong together.
  const isOneWord = !/["']/.test(command);
  if (isQuoted && /\s/.test(command)) return { kind: "quoted-whole", path: isOneWord ? pathIn(command) : undefined };
  if (splitAt.test(command)) return { kind: "split-path", path: pathIn(command) };
  const [program = ""] = command.split(/\s/, 1);
  if (/^(?:~|\$HOME|\$\{HOME\})(?:\/|$)/.test(program)) return { kind: "home-path" };
  const isRelative = /^\.{1,2}[/\\]/.test(program) || (/^[\w.-]+\//.test(program) && !program.includes("://"));
  return isRelative ? { kind: "relative-path" } : undefined;
}

/** The program's path in a command that does not say where it ends: up to its extension, or up to the first option. */
function pathIn(command: string): Range | undefined {
  if (!/^(?:\/|[A-Za-z]:\\)/.test(command)) return undefined;
  const program = /\.(?:exe|cmd|bat|sh|py)(?=\s|$)/i.exec(command);
  const option = / -/.exec(command);
  const end = program ? program.index + program[0].length : (option?.index ?? command.length);
  return { start: 0, end };
}
