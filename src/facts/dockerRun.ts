import type { ShellAssignment, ShellCommand, ShellWord } from "../documents/shell";
import { assignmentIn } from "../documents/shellWords";
import type { SourceFile, Span } from "../model/text";
import type { Volume } from "./compose";
import { passedOn } from "./composeValues";

/** `docker run` and its like, by what it gives the container. */
export interface DockerRun {
  readonly source: SourceFile;
  readonly at: Span;
  readonly scope: number;
  readonly image?: string;
  readonly assignments: readonly ShellAssignment[];
  /** Where one more option goes: behind the word that holds an assignment. */
  readonly ends: ReadonlyMap<ShellAssignment, number>;
  readonly envFiles: readonly string[];
  readonly volumes: readonly Volume[];
  readonly user?: { readonly text: string; readonly span: Span };
}

const isProgram = /(?:^|\/)(?:docker|podman|nerdctl)$/;
/** Options without a value. https://docs.docker.com/reference/cli/docker/container/run/ */
const isSwitch =
  /^(?:-[ditP]+|--(?:rm|init|detach|interactive|tty|privileged|read-only|publish-all|no-healthcheck|oom-kill-disable|sig-proxy|quiet|disable-content-trust|no-deps|service-ports|use-aliases|build|remove-orphans|no-TTY)|-[Tq])(?:=.*)?$/;

/** The containers that a command of a script starts; undefined for any other command. */
export function dockerRunOf(command: ShellCommand, source: SourceFile): DockerRun | undefined {
  const words = [...command.words];
  let { name } = command;
  while (/^(?:sudo|exec|time|nohup|command)$/.test(name) && words.length > 0) name = words.shift()?.text ?? "";
  if (!isProgram.test(name)) return undefined;
  while (/^(?:container|compose)$/.test(words[0]?.text ?? "")) words.shift();
  const verb = words.findIndex(({ text }) => text === "run" || text === "create");
  if (verb < 0 || verb > 8) return undefined;
  return optionsOf(words.slice(verb + 1), command, source);
}

function optionsOf(words: readonly ShellWord[], { at, scope }: ShellCommand, source: SourceFile): DockerRun {
  const assignments: ShellAssignment[] = [];
  const ends = new Map<ShellAssignment, number>();
  const envFiles: string[] = [];
  const volumes: Volume[] = [];
  let user: DockerRun["user"];
  let image: string | undefined;
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    const written = word && plain(word, source);
    if (!word || written === undefined) break;
    if (!written.startsWith("-")) {
      image = word.text;
      break;
    }
    if (isSwitch.test(written)) continue;
    const [, option = "", sign = ""] = /^(-[evuwplhmc](?!-)|--[a-z-]+)(=?)/.exec(written) ?? [];
    const isInline = sign === "=" || (/^-[a-z]$/.test(option) && written.length > 2);
    const value = isInline ? word : words[++index];
    if (!value) break;
    const from = isInline ? option.length + sign.length : 0;
    if (option === "-e" || option === "--env") {
      const assignment = variableIn(value, from);
      if (assignment) {
        assignments.push(assignment);
        ends.set(assignment, value.span.end);
      }
    } else if (option === "--env-file") envFiles.push(plain(value, source).slice(from));
    else if (option === "-u" || option === "--user")
      user = { text: plain(value, source).slice(from), span: value.span };
    else if (option === "-v" || option === "--volume") volumes.push(...bindIn(value, source, from));
    else if (option === "--mount") volumes.push(...mountIn(value, source, from));
  }
  return {
    source,
    at,
    scope,
    ...(image ? { image } : {}),
    assignments,
    ends,
    envFiles,
    volumes,
    ...(user ? { user } : {}),
  };
}

/** The word as written, without quotes. */
function plain({ span }: ShellWord, { text }: SourceFile): string {
  return text.slice(span.start, span.end).replace(/["']/g, "");
}

function variableIn(word: ShellWord, from: number): ShellAssignment | undefined {
  const assigned = assignmentIn(word, from);
  if (assigned) return assigned;
  const first = word.pieces[0];
  const name = word.text?.slice(from) ?? "";
  if (!first || !/^[A-Za-z_]\w*$/.test(name)) return undefined;
  const start = first.span.start + from;
  const span = { start, end: start + name.length };
  return { name, nameSpan: span, value: passedOn(name, span), span };
}

function bindIn(word: ShellWord, source: SourceFile, from: number): readonly Volume[] {
  const match = /^(.+?):(\/[^:]*)(?::[\w,]+)?$/.exec(
    plain(word, source)
      .slice(from)
      .replace(/^[A-Za-z]:[\\/]/, ""),
  );
  return match ? [volume(word, source, match[1] ?? "", match[2] ?? "")] : [];
}

function mountIn(word: ShellWord, source: SourceFile, from: number): readonly Volume[] {
  const fields = new Map(
    plain(word, source)
      .slice(from)
      .split(",")
      .map((one) => one.split("=", 2) as [string, string]),
  );
  const target = fields.get("target") ?? fields.get("dst") ?? fields.get("destination");
  return target ? [volume(word, source, fields.get("source") ?? fields.get("src") ?? "", target)] : [];
}

function volume({ span }: ShellWord, { text }: SourceFile, from: string, target: string): Volume {
  const start = text.slice(span.start, span.end).lastIndexOf(target);
  const targetAt = start < 0 ? span : { start: span.start + start, end: span.start + start + target.length };
  return { source: from, target, at: span, targetAt };
}
