import type { ShellAssignment } from "../documents/shell";
import { isNull, scalarOf, type YamlEntry, type YamlNode, type YamlScalar } from "../documents/yaml";
import { scalarWord } from "../documents/yamlScripts";
import type { SourceFile } from "../model/text";
import { yamlLine } from "./lineForms";
import type { LineForm } from "./variables";

/** The literal that stands behind an expression, where it is written in the same file. */
export type Lookup = (value: YamlScalar) => YamlScalar | undefined;

/** The entries of a map as variables; values of services' expressions are references. */
export function yamlVariables(
  source: SourceFile,
  node: YamlNode | undefined,
  lookup: Lookup = () => undefined,
): readonly ShellAssignment[] {
  if (node?.kind !== "map") return [];
  return node.entries.flatMap((entry) => yamlVariable(source, entry, lookup) ?? []);
}

export function yamlVariable(
  source: SourceFile,
  { key, value, span }: YamlEntry,
  lookup: Lookup,
): ShellAssignment | undefined {
  const scalar = scalarOf(value);
  if (!scalar) return undefined;
  const word = scalarWord(source, isNull(scalar) ? { ...scalar, text: "" } : scalar);
  const [piece, ...rest] = word.pieces;
  const literal = rest.length === 0 ? lookup(scalar) : undefined;
  const isFollowed = literal && piece?.kind === "variable";
  const pieces = isFollowed ? [{ ...piece, fallback: scalarWord(source, literal) }] : word.pieces;
  return { name: key.text, nameSpan: key.contentSpan, value: { ...word, pieces }, span };
}

/** How one more entry of the same map is written. */
export const entryLine =
  (source: SourceFile) =>
  (assignment: ShellAssignment): LineForm | undefined =>
    yamlLine(source.text, assignment, ": ");
