import type { JsoncDocument } from "../documents/jsonc";
import type { ShellAssignment, ShellPiece, ShellWord } from "../documents/shell";
import { nodeAt, scalarOf, type YamlNode, type YamlScalar } from "../documents/yaml";
import type { CredentialSet } from "../model/credentials";
import type { SourceFile, Span } from "../model/text";
import type { Volume } from "./compose";
import type { Container } from "./containers";
import { endOfLine, newlineAt } from "./lineForms";
import { type LineForm, variablesSet } from "./variables";

/** What the editor's settings and launch configurations set for terminals and programs. */
export function editorSets({ source, dialect, root }: JsoncDocument): readonly CredentialSet[] {
  const environments =
    dialect === "vscode-settings"
      ? ["linux", "osx", "windows"].map((system) => ({
          name: "the integrated terminal",
          node: nodeAt(root, `terminal.integrated.env.${system}`),
        }))
      : dialect === "vscode-launch"
        ? launches(root).map((node) => ({
            name: `launch configuration ${scalarOf(nodeAt(node, "name"))?.text ?? ""}`.trim(),
            node: nodeAt(node, "env"),
          }))
        : [];
  return environments.flatMap(({ name, node }) => {
    const assignments = assignmentsIn(node);
    const set = variablesSet({
      of: "editor",
      name,
      source,
      assignments,
      lineOf: (one) => jsonLine(one, source),
      isOpen: false,
    });
    return set ?? [];
  });
}

function launches(root: YamlNode | undefined): readonly YamlNode[] {
  const list = nodeAt(root, "configurations");
  return list?.kind === "list" ? list.items : [];
}

/** A development container, by its `devcontainer.json`. https://containers.dev/implementors/json_reference/ */
export function devContainer({ source, root }: JsoncDocument): Container | undefined {
  if (!root) return undefined;
  const [image, user] = [
    scalarOf(nodeAt(root, "image")),
    scalarOf(nodeAt(root, "remoteUser")) ?? scalarOf(nodeAt(root, "containerUser")),
  ];
  const mounts = nodeAt(root, "mounts");
  const assignments = [...assignmentsIn(nodeAt(root, "containerEnv")), ...assignmentsIn(nodeAt(root, "remoteEnv"))];
  const isComposed = nodeAt(root, "dockerComposeFile") !== undefined;
  const name = "the development container";
  const set = variablesSet({
    of: "container",
    name,
    source,
    assignments,
    lineOf: (one) => jsonLine(one, source),
    isOpen: isComposed,
  });
  return {
    name,
    source,
    ...(image ? { image: image.text } : {}),
    set,
    assignments,
    volumes: mounts?.kind === "list" ? mounts.items.flatMap((one) => mountOf(one)) : [],
    ...(user ? { user: { text: user.text, span: user.contentSpan } } : {}),
    passAlong: (variable, { surroundings }) => {
      const { lineEnd, indent, newline, signs } = surroundings;
      if (lineEnd === undefined || !signs) return undefined;
      const line = `${variable}${signs.separator}\${localEnv:${variable}}${signs.closing}`;
      return { path: source.path, span: { start: lineEnd, end: lineEnd }, pieces: [",", newline, indent, line] };
    },
    isOpen: isComposed,
  };
}

function mountOf(node: YamlNode): readonly Volume[] {
  const written = scalarOf(node);
  const fields = new Map(written?.text.split(",").map((one) => one.split("=", 2) as [string, string]));
  const source = fields.get("source") ?? fields.get("src") ?? scalarOf(nodeAt(node, "source"))?.text ?? "";
  const target = fields.get("target") ?? fields.get("dst") ?? scalarOf(nodeAt(node, "target"))?.text;
  if (target === undefined) return [];
  const at = written?.contentSpan ?? scalarOf(nodeAt(node, "target"))?.contentSpan ?? node.span;
  const offset = written?.text.lastIndexOf(target) ?? 0;
  const isExact = written && written.contentSpan.end - written.contentSpan.start === written.text.length;
  const targetAt = isExact ? { start: at.start + offset, end: at.start + offset + target.length } : at;
  return [{ source, target, at, targetAt }];
}

function assignmentsIn(node: YamlNode | undefined): readonly ShellAssignment[] {
  if (node?.kind !== "map") return [];
  return node.entries.flatMap(({ key, value, span }) => {
    if (value.kind !== "scalar" || value.style !== "double") return [];
    return [{ name: key.text, nameSpan: key.contentSpan, value: wordOf(value), span }];
  });
}

const reference = /\$\{(?:localEnv|containerEnv|env):([A-Za-z_]\w*)(?::[^}]*)?\}|\$\{[^}]*\}|[^$]+|\$/g;

/** Text with the editor's `${localEnv:NAME}` in it. */
function wordOf({ text, contentSpan }: YamlScalar): ShellWord {
  const isExact = contentSpan.end - contentSpan.start === text.length;
  const pieces = [...text.matchAll(reference)].map((match): ShellPiece => {
    const [one, name] = match;
    const start = contentSpan.start + match.index;
    const span: Span = isExact ? { start, end: start + one.length } : contentSpan;
    if (name !== undefined) return { kind: "variable", name, quoted: true, span };
    return one.startsWith("${")
      ? { kind: "other", quoted: true, span }
      : { kind: "text", text: one, quoted: true, span };
  });
  const isKnown = pieces.every(({ kind }) => kind === "text");
  return { span: contentSpan, pieces, quotes: isExact ? "none" : "mixed", text: isKnown ? text : undefined };
}

function jsonLine({ nameSpan, span }: ShellAssignment, { text }: SourceFile): LineForm | undefined {
  const start = text.lastIndexOf("\n", nameSpan.start) + 1;
  const lineEnd = endOfLine(text, span.end);
  if (!/^[ \t]*"$/.test(text.slice(start, nameSpan.start)) || !/^,?[ \t]*$/.test(text.slice(span.end, lineEnd)))
    return undefined;
  const signs = { separator: '": "', closing: '"', lead: "," };
  return { lineEnd: span.end, indent: { start, end: nameSpan.start }, newline: newlineAt(text, lineEnd), signs };
}
