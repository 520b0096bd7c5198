import type { Assignment, Command, Script, SyntaxNode, Word } from "unbash";
import type { SourceFile, Span } from "../model/text";
import { hashSuppressions } from "./hashComments";
import { parsers } from "./parsers";
import type { ScriptDocument, ShellAssignment, ShellCommand, ShellWord } from "./shell";
import { assignmentIn, type Frame, shellSpan, shellWord } from "./shellWords";

/** Substitutions in substitutions are parsed anew each; nobody reads deeper ones. */
const maxDepth = 8;

/** Reads a script of bash, sh or zsh. Never throws: what cannot be read is left out. */
export function parseShell(source: SourceFile): ScriptDocument {
  return {
    kind: "script",
    shell: "sh",
    source,
    commands: shellCommands(source.text),
    problems: [],
    suppressions: hashSuppressions(source.text),
  };
}

/** The commands of a piece of shell that begins at `base` of its file. */
export function shellCommands(text: string, base = 0): readonly ShellCommand[] {
  const { parse, forEachChild } = parsers.shell();
  const commands: ShellCommand[] = [];
  let scopes = 0;

  const visit = (node: SyntaxNode, scope: number, depth = 0): void => {
    if (node.type === "Command") commands.push(commandOf(node, { base, text }, scope));
    if (node.type === "AndOr") {
      node.commands.forEach((command, index) => {
        // What stands behind `&&` counts as run, what stands behind `||` is an emergency.
        visit(command, index > 0 && node.operators[index - 1] === "||" ? ++scopes : scope, depth);
      });
      return;
    }
    const isScript = node.type === "CommandExpansion" || node.type === "ProcessSubstitution";
    if (isScript && (depth === maxDepth || hasOwnSource(node.script))) return;
    const inner = opensScope(node) ? ++scopes : scope;
    forEachChild(node, (child) => {
      visit(child, child.type === "CompoundList" && isBranching(node) ? ++scopes : inner, isScript ? depth + 1 : depth);
    });
  };

  try {
    visit(parse(text), 0);
  } catch {
    // Deeper than the stack: what was read until there is all there is.
  }
  return commands.sort((a, b) => a.span.start - b.span.start);
}

/** Between escaped backticks: its offsets point into a text that is not the file's. */
function hasOwnSource(script: Script | undefined): boolean {
  return script !== undefined && "source" in script && script.source !== undefined;
}

function opensScope(node: SyntaxNode): boolean {
  if (node.type === "Pipeline") return node.commands.length > 1;
  if (node.type === "Statement") return node.background === true;
  return /^(?:Function|Subshell|For|ArithmeticFor|Select|While|Coproc|CommandExpansion|ProcessSubstitution)$/.test(
    node.type,
  );
}

const isBranching = ({ type }: SyntaxNode) => type === "If" || type === "Elif" || type === "CaseItem";

function commandOf(command: Command, frame: Frame, scope: number): ShellCommand {
  const name = command.name?.parts ? literalName(command.name, frame) : (command.name?.value ?? "");
  const words: ShellWord[] = [];
  const assignments: ShellAssignment[] = [];
  for (const one of command.prefix) if (one.type === "Assignment") assignments.push(...assignmentOf(one, frame));
  for (const one of command.args) {
    if (one.type === "Assignment") assignments.push(...assignmentOf(one, frame));
    else words.push(shellWord(one, frame));
  }
  if (/(?:^|\/)env$/.test(name)) assignments.push(...words.flatMap((word) => assignmentIn(word) ?? []));
  return {
    name,
    at: atOf(command, frame),
    words,
    assignments,
    exports: isExport(name, words),
    scope,
    span: shellSpan(command, frame),
  };
}

function literalName(word: Word, frame: Frame): string {
  return shellWord(word, frame).text ?? "";
}

function atOf(command: Command, frame: Frame): Span {
  return shellSpan(command.name ?? command.prefix[0] ?? command, frame);
}

function isExport(name: string, words: readonly ShellWord[]): boolean {
  if (name === "export") return !words.some(({ text }) => text === "-n");
  return /^(?:declare|typeset|local|readonly)$/.test(name) && words.some(({ text }) => /^-[a-zA-Z]*x/.test(text ?? ""));
}

function assignmentOf(assignment: Assignment, frame: Frame): readonly ShellAssignment[] {
  const { name, value, append, index, pos } = assignment;
  // A name that goes on after a line continuation has no place of its own.
  if (index || !frame.text.startsWith(name, pos)) return [];
  const start = frame.base + pos;
  const span = shellSpan(assignment, frame);
  const isPlain = !append && value.type === "Word";
  const unknown: ShellWord = {
    span: shellSpan(value, frame),
    pieces: [{ kind: "other", quoted: false, span: shellSpan(value, frame) }],
    quotes: "none",
    text: undefined,
  };
  return [
    {
      name,
      nameSpan: { start, end: start + name.length },
      value: isPlain ? shellWord(value, frame) : unknown,
      span,
    },
  ];
}
