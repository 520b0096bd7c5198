import type { ScriptDocument, ShellAssignment, ShellCommand, ShellWord } from "../documents/shell";
import { assignmentIn } from "../documents/shellWords";

/** Variables as one stretch of a script leaves them, or as one command gets them. */
export interface Stretch {
  readonly assignments: readonly ShellAssignment[];
  readonly scope: number;
}

const keyName = /^(?:AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|ACCESS_KEY|SECRET_KEY|S(?:ESSION|ECURITY)_TOKEN))$/;

/**
 * A script from top to bottom: a new stretch begins where a key variable is set again; what was set before and not unset
 * still holds in it. Branches and functions are stretches of their own, and so is a command with variables before it.
 */
export function stretchesOf({ commands }: ScriptDocument): readonly Stretch[] {
  const stretches: Stretch[] = [];
  const scopes = new Map<number, { carried: Map<string, ShellAssignment>; own: Map<string, ShellAssignment> }>();
  const close = (scope: number) => {
    const flow = scopes.get(scope);
    if (!flow || flow.own.size === 0) return;
    stretches.push({ scope, assignments: [...new Map([...flow.carried, ...flow.own]).values()] });
    flow.carried = new Map([...flow.carried, ...flow.own]);
    flow.own = new Map();
  };
  for (const command of commands) {
    const assignments = assignedBy(command);
    if (isForItself(command)) {
      stretches.push({ scope: command.scope, assignments });
      continue;
    }
    const flow = scopes.get(command.scope) ?? { carried: new Map(), own: new Map() };
    scopes.set(command.scope, flow);
    for (const name of unsetBy(command)) {
      if (flow.own.has(name)) close(command.scope);
      flow.carried.delete(name);
    }
    for (const one of assignments) {
      if (keyName.test(one.name) && flow.own.has(one.name)) close(command.scope);
      flow.own.set(one.name, one);
    }
  }
  for (const scope of scopes.keys()) close(scope);
  return stretches;
}

const declares = /^(?:export|declare|typeset|local|readonly|read|printf|\$env|set|)$/;

/** `NAME=value program`: the variables are that program's alone. */
export function isForItself({ name, assignments }: ShellCommand): boolean {
  return assignments.length > 0 && !declares.test(name);
}

/** What a command gives values to, `read NAME` and `export "NAME=…"` included. */
export function assignedBy({ name, words, assignments }: ShellCommand): readonly ShellAssignment[] {
  if (name === "read") return words.flatMap((word) => (word.text && keyName.test(word.text) ? [unknown(word)] : []));
  if (name === "export" || name === "declare") {
    return [...assignments, ...words.flatMap((word) => assignmentIn(word) ?? [])];
  }
  return assignments;
}

function unknown({ span, text = "" }: ShellWord): ShellAssignment {
  const value: ShellWord = { span, pieces: [{ kind: "other", quoted: false, span }], quotes: "none", text: undefined };
  return { name: text, nameSpan: span, value, span };
}

function unsetBy({ name, words }: ShellCommand): readonly string[] {
  if (name !== "unset" && !(name === "export" && words[0]?.text === "-n")) return [];
  return words.flatMap(({ text }) => (text && !text.startsWith("-") ? [text] : []));
}

/** Whether a command takes variables from where nobody looked: another script, a tool, the output of a program. */
export function bringsMore({ name, words }: ShellCommand): boolean {
  if (/^(?:source|\.|eval|dotenv(?:_if_exists)?|source_(?:env|up|url)(?:_if_exists)?|use|load_\w+)$/.test(name))
    return true;
  return (
    name === "export" && words.some(({ pieces }) => pieces[0]?.kind === "output" || pieces[0]?.kind === "variable")
  );
}
