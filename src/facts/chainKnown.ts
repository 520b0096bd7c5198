import type { Attribute, TerraformDocument } from "../documents/terraform";
import type { Spot } from "../model/chain";
import type { RunValue } from "./chainValues";
import { evaluate, type Known, type Scope } from "./evaluate";
import { directoryOf } from "./locations";

/** What an attribute comes to as far as the workspace tells, in the form that chains take. */
export function chainValueOf(attribute: Attribute, document: TerraformDocument, scope: Scope): RunValue {
  const { path } = document.source;
  const known = evaluate(attribute.value, document, scope, { path, span: attribute.span });
  const isProfile = attribute.name === "profile";
  return asRunValue(known, { at: { path, span: attribute.nameSpan } }, directoryOf(path), isProfile);
}

function asRunValue(known: Known, spot: Spot, directory: string, isProfile: boolean): RunValue {
  const inner = (one: Known) => asRunValue(one, spot, directory, false);
  switch (known.kind) {
    case "text": {
      // A default that a file may well replace is no profile to count on.
      if (isProfile && known.defaultOf !== undefined) return { kind: "unknown", name: known.defaultOf, spot };
      const { literal } = known;
      const place = literal ? { at: { path: literal.path, span: literal.span } } : spot;
      return { kind: known.type ?? "text", text: known.text, spot: place };
    }
    case "list":
      return { kind: "list", items: known.items.map(inner), spot };
    case "object": {
      const entries = new Map<string, RunValue>();
      for (const [name, { value, nameAt }] of known.entries) {
        entries.set(name, asRunValue(value, { at: nameAt }, directory, name === "profile"));
      }
      return { kind: "object", entries, spot };
    }
    case "null":
      return { kind: "null", spot };
    case "unknown":
      return known.path === undefined
        ? { kind: "unknown", name: known.name, spot }
        : { kind: "text", text: fromDirectory(known.path, directory), spot };
  }
}

/** A path of the workspace as Terraform sees it, which runs in `directory`. */
function fromDirectory(path: string, directory: string): string {
  return directory !== "" && path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : path;
}
