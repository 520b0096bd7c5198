import type { Attribute, Expression, TerraformDocument } from "../documents/terraform";
import type { Location } from "../model/text";
import type { Environment } from "./environment";

/** What an expression comes to, as far as the files tell. */
export type Known =
  /** `literal` is where the text stands between its quotes, `chain` the uses that led there, nearest the literal first. */
  | {
      readonly kind: "text";
      readonly text: string;
      readonly literal?: Located;
      /** The variable whose default this is, though another file may well give it another value. */
      readonly defaultOf?: string;
    }
  | { readonly kind: "list"; readonly items: readonly Known[] }
  | { readonly kind: "object"; readonly entries: ReadonlyMap<string, Field> }
  | { readonly kind: "null" }
  /** `name` is safe to show: a reference, or a word for the kind of expression. */
  | { readonly kind: "unknown"; readonly name: string };

export interface Field {
  readonly value: Known;
  readonly nameAt: Location;
  readonly wholeAt: Location;
}

export interface Located extends Location {
  readonly document: TerraformDocument;
  /** The attribute that holds the literal. */
  readonly attribute: Location;
}

interface Bound {
  readonly kind: "expression";
  readonly expression: Expression;
  readonly document: TerraformDocument;
  readonly attribute: Location;
  /** False for a variable's default: whoever calls the module may say otherwise. */
  readonly certain: boolean;
}

/** A value that came from a `TF_VAR_` variable, which has no file to stand in. */
interface Given {
  readonly kind: "given";
  readonly text: string;
}

/** The names that one directory's files give values to. */
export interface Scope {
  readonly variables: ReadonlyMap<string, Bound | Given>;
  readonly locals: ReadonlyMap<string, Bound>;
  /** Variables that a module call or a `-var-file` may set. */
  readonly suppliedElsewhere: ReadonlySet<string>;
}

const maxDepth = 20;

/**
 * A module directory's variables and locals, the variables in Terraform's order: default, `TF_VAR_`, terraform.tfvars,
 * terraform.tfvars.json, then `*.auto.tfvars` by name.
 * https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
 */
export function scopeOf(
  documents: readonly TerraformDocument[],
  environment: Environment,
  suppliedElsewhere: ReadonlySet<string> = new Set(),
): Scope {
  const variables = new Map<string, Bound | Given>();
  const locals = new Map<string, Bound>();
  for (const document of documents) {
    for (const block of document.body.blocks) {
      const name = block.labels[0]?.text;
      if (block.type === "variable" && name !== undefined) {
        const value = block.body.attributes.find((attribute) => attribute.name === "default");
        if (value) variables.set(name, bound(document, value, false));
        const given = environment.variables.get(`TF_VAR_${name}`);
        if (given) variables.set(name, { kind: "given", text: given.value });
      }
      if (block.type === "locals") {
        for (const attribute of block.body.attributes) locals.set(attribute.name, bound(document, attribute, true));
      }
    }
  }
  for (const document of [...documents].filter(isAutomaticVariables).sort(byPrecedence)) {
    for (const attribute of document.body.attributes) {
      variables.set(attribute.name, bound(document, attribute, true));
    }
  }
  return { variables, locals, suppliedElsewhere };
}

function bound(document: TerraformDocument, attribute: Attribute, certain: boolean): Bound {
  const path = document.source.path;
  return {
    kind: "expression",
    expression: attribute.value,
    document,
    attribute: { path, span: attribute.span },
    certain,
  };
}

const baseName = (path: string) => path.slice(path.lastIndexOf("/") + 1);

export function isAutomaticVariables(document: TerraformDocument): boolean {
  return /^terraform\.tfvars(?:\.json)?$|\.auto\.tfvars(?:\.json)?$/.test(baseName(document.source.path));
}

function byPrecedence(a: TerraformDocument, b: TerraformDocument): number {
  const rank = (document: TerraformDocument) => {
    const name = baseName(document.source.path);
    return name === "terraform.tfvars" ? 0 : name === "terraform.tfvars.json" ? 1 : 2;
  };
  return rank(a) - rank(b) || (a.source.path < b.source.path ? -1 : 1);
}

/** What `expression` comes to in `document`, seen with the names of `scope`. */
export function evaluate(
  expression: Expression,
  document: TerraformDocument,
  scope: Scope,
  attribute: Location,
): Known {
  return follow(expression, document, scope, attribute, 0);
}

function follow(
  expression: Expression,
  document: TerraformDocument,
  scope: Scope,
  attribute: Location,
  depth: number,
): Known {
  const path = document.source.path;
  if (depth > maxDepth) return { kind: "unknown", name: "an expression" };
  const inner = (one: Expression) => follow(one, document, scope, attribute, depth + 1);
  switch (expression.kind) {
    case "string":
      return {
        kind: "text",
        text: expression.text,
        literal: { path, span: expression.contentSpan, document, attribute },
      };
    case "number":
    case "bool":
      return { kind: "text", text: String(expression.value) };
    case "null":
      return { kind: "null" };
    case "parenthesis":
      return inner(expression.inner);
    case "list":
      return { kind: "list", items: expression.items.map(inner) };
    case "object":
      return { kind: "object", entries: entriesOf(expression, path, inner) };
    case "template":
      return joined(expression.parts.map((part) => (part.kind === "text" ? text(part.text) : inner(part.value))));
    case "reference":
      return reference(expression, scope, depth);
    case "access":
      return field(inner(expression.of), expression.step, inner);
    case "call":
      return call(expression, inner);
    default:
      return { kind: "unknown", name: "an expression" };
  }
}

const text = (value: string): Known => ({ kind: "text", text: value });

function entriesOf(
  object: Extract<Expression, { kind: "object" }>,
  path: string,
  inner: (expression: Expression) => Known,
): ReadonlyMap<string, Field> {
  const entries = new Map<string, Field>();
  for (const entry of object.entries) {
    const key = inner(entry.key);
    if (key.kind !== "text") continue;
    const nameSpan = entry.key.kind === "string" ? entry.key.contentSpan : entry.key.span;
    entries.set(key.text, {
      value: inner(entry.value),
      nameAt: { path, span: nameSpan },
      wholeAt: { path, span: entry.span },
    });
  }
  return entries;
}

function joined(parts: readonly Known[]): Known {
  // `"${var.x}"` alone is the value of var.x, place included.
  const only = parts.length === 1 ? parts[0] : undefined;
  if (only) return only;
  let all = "";
  for (const part of parts) {
    if (part.kind !== "text") return { kind: "unknown", name: part.kind === "unknown" ? part.name : "a template" };
    all += part.text;
  }
  return text(all);
}

function reference(expression: Extract<Expression, { kind: "reference" }>, scope: Scope, depth: number): Known {
  const [first, ...rest] = expression.steps;
  const name = first?.kind === "attribute" ? first.name : undefined;
  const shown = [expression.root, ...expression.steps.map((step) => (step.kind === "attribute" ? step.name : "…"))];
  const unknown: Known = { kind: "unknown", name: shown.join(".") };
  if (name === undefined) return unknown;
  const table = expression.root === "var" ? scope.variables : expression.root === "local" ? scope.locals : undefined;
  const found = table?.get(name);
  if (!found) return unknown;
  if (found.kind === "given") return rest.length === 0 ? text(found.text) : unknown;
  let value = follow(found.expression, found.document, scope, found.attribute, depth + 1);
  for (const step of rest) value = field(value, step, () => unknown);
  // An empty default is the customary way to say «given from outside».
  if (!found.certain && (value.kind === "null" || (value.kind === "text" && value.text === ""))) return unknown;
  if (value.kind === "text" && !found.certain && scope.suppliedElsewhere.has(name)) {
    return { ...value, defaultOf: shown.join(".") };
  }
  return value.kind === "unknown" ? unknown : value;
}

function field(
  of: Known,
  step: Extract<Expression, { kind: "access" }>["step"],
  inner: (expression: Expression) => Known,
): Known {
  const unknown: Known = { kind: "unknown", name: "an expression" };
  if (step.kind === "attribute") return (of.kind === "object" && of.entries.get(step.name)?.value) || unknown;
  const index = inner(step.value);
  if (index.kind !== "text") return unknown;
  if (of.kind === "object") return of.entries.get(index.text)?.value ?? unknown;
  return (of.kind === "list" && of.items[Number(index.text)]) || unknown;
}

function call(expression: Extract<Expression, { kind: "call" }>, inner: (expression: Expression) => Known): Known {
  const unknown: Known = { kind: "unknown", name: `${expression.name}(…)` };
  const [first] = expression.arguments;
  if (!first || expression.expand) return unknown;
  switch (expression.name) {
    case "tostring":
    case "sensitive":
    case "nonsensitive":
    case "tolist":
    case "toset":
      return expression.arguments.length === 1 ? inner(first) : unknown;
    default:
      return unknown;
  }
}
