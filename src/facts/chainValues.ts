import type { Attribute, Expression, TerraformDocument } from "../documents/terraform";
import { parseTerraformJson } from "../documents/terraformJson";
import { parseTerraform } from "../documents/terraformParser";
import type { Spot } from "../model/chain";
import type { ChainFiles } from "./chainFiles";
import type { Written } from "./chainKeys";
import { resolvePath } from "./locations";

/** What an expression comes to when Terraform runs, and where its literal stands. */
export type RunValue = { readonly spot: Spot } & (
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "bool"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly RunValue[] }
  | { readonly kind: "object"; readonly entries: ReadonlyMap<string, RunValue> }
  | { readonly kind: "null" }
  | { readonly kind: "unknown"; readonly name: string }
);

/** The names and files one root module's expressions may use. */
export interface RunScope {
  readonly directory: string;
  readonly files: ChainFiles;
  readonly variables: ReadonlyMap<string, () => RunValue>;
  readonly locals: ReadonlyMap<string, () => RunValue>;
  readonly workspace: string;
}

const maxDepth = 30;

/** What `expression` comes to; unknown where the files do not tell. */
export function run(expression: Expression, document: TerraformDocument, scope: RunScope): RunValue {
  return evaluated(expression, document, scope, 0);
}

/** Whether an expression can be read without names and functions, which is all a backend block takes. */
export function isConstant(expression: Expression): boolean {
  switch (expression.kind) {
    case "string":
    case "number":
    case "bool":
    case "null":
      return true;
    case "template":
      return expression.parts.every((part) => part.kind === "text" || isConstant(part.value));
    case "list":
      return expression.items.every(isConstant);
    case "object":
      return expression.entries.every((entry) => isConstant(entry.key) && isConstant(entry.value));
    case "parenthesis":
      return isConstant(expression.inner);
    case "unary":
      return isConstant(expression.operand);
    case "binary":
      return isConstant(expression.left) && isConstant(expression.right);
    case "conditional":
      return [expression.condition, expression.whenTrue, expression.whenFalse].every(isConstant);
    default:
      return false;
  }
}

function evaluated(expression: Expression, document: TerraformDocument, scope: RunScope, depth: number): RunValue {
  const path = document.source.path;
  const spot: Spot = { at: { path, span: expression.span } };
  const unknown: RunValue = { kind: "unknown", name: "an expression", spot };
  if (depth > maxDepth) return unknown;
  const inner = (one: Expression) => evaluated(one, document, scope, depth + 1);
  switch (expression.kind) {
    case "string":
      return { kind: "text", text: expression.text, spot: { at: { path, span: expression.contentSpan } } };
    case "number":
      return { kind: "number", text: String(expression.value), spot };
    case "bool":
      return { kind: "bool", text: String(expression.value), spot };
    case "null":
      return { kind: "null", spot };
    case "parenthesis":
      return inner(expression.inner);
    case "list":
      return { kind: "list", items: expression.items.map(inner), spot };
    case "object": {
      const entries = new Map<string, RunValue>();
      for (const entry of expression.entries) {
        const key = inner(entry.key);
        if (isWord(key)) entries.set(key.text, inner(entry.value));
      }
      return { kind: "object", entries, spot };
    }
    case "template": {
      const parts = expression.parts.map((part) =>
        part.kind === "text" ? text(part.text, { at: { path, span: part.span } }) : inner(part.value),
      );
      return parts.length === 1 && parts[0] ? parts[0] : joined(parts, spot);
    }
    case "reference":
      return referred(expression, document, scope, depth);
    case "access":
      return stepped(inner(expression.of), expression.step, inner);
    case "conditional": {
      const condition = inner(expression.condition);
      if (condition.kind !== "bool" && condition.kind !== "text") return unknown;
      return inner(condition.text === "true" ? expression.whenTrue : expression.whenFalse);
    }
    case "binary":
      return compared(expression.operator, inner(expression.left), inner(expression.right), spot);
    case "unary": {
      const operand = inner(expression.operand);
      if (expression.operator === "!" && operand.kind === "bool") return truth(operand.text !== "true", spot);
      return expression.operator === "-" && operand.kind === "number"
        ? { ...operand, text: `-${operand.text}` }
        : unknown;
    }
    case "call":
      return called(expression, document, scope, inner);
    default:
      return unknown;
  }
}

const text = (value: string, spot: Spot): RunValue => ({ kind: "text", text: value, spot });
const truth = (value: boolean, spot: Spot): RunValue => ({ kind: "bool", text: String(value), spot });

type Word = Extract<RunValue, { readonly text: string }>;

/** A value that turns into a string by itself. */
export function isWord(value: RunValue | undefined): value is Word {
  return value !== undefined && (value.kind === "text" || value.kind === "number" || value.kind === "bool");
}

function joined(parts: readonly RunValue[], spot: Spot): RunValue {
  let all = "";
  // The literal that makes most of the value is where one would look for it.
  let longest: Word | undefined;
  for (const part of parts) {
    if (!isWord(part)) return { kind: "unknown", name: part.kind === "unknown" ? part.name : "a template", spot };
    all += part.text;
    if (!longest || part.text.length > longest.text.length) longest = part;
  }
  return text(all, longest?.spot ?? spot);
}

function compared(operator: string, left: RunValue, right: RunValue, spot: Spot): RunValue {
  const unknown: RunValue = { kind: "unknown", name: "an expression", spot };
  if (left.kind === "unknown" || right.kind === "unknown") return unknown;
  if (operator === "==" || operator === "!=") {
    const both = isWord(left) && isWord(right);
    if (!both && left.kind !== "null" && right.kind !== "null") return unknown;
    const same = both ? left.kind === right.kind && left.text === right.text : left.kind === right.kind;
    return truth(same === (operator === "=="), spot);
  }
  if (left.kind === "bool" && right.kind === "bool") {
    const [a, b] = [left.text === "true", right.text === "true"];
    if (operator === "&&") return truth(a && b, spot);
    if (operator === "||") return truth(a || b, spot);
  }
  return unknown;
}

function referred(
  expression: Extract<Expression, { kind: "reference" }>,
  document: TerraformDocument,
  scope: RunScope,
  depth: number,
): RunValue {
  const spot: Spot = { at: { path: document.source.path, span: expression.span } };
  const [first, ...rest] = expression.steps;
  const name = first?.kind === "attribute" ? first.name : undefined;
  const unknown: RunValue = { kind: "unknown", name: `${expression.root}.${name ?? "…"}`, spot };
  if (name === undefined) return unknown;
  const constant = constants(scope)[`${expression.root}.${name}`];
  let value: RunValue | undefined;
  if (constant !== undefined) value = text(constant, spot);
  else if (expression.root === "var") value = scope.variables.get(name)?.();
  else if (expression.root === "local") value = scope.locals.get(name)?.();
  if (!value) return unknown;
  for (const step of rest) value = stepped(value, step, (one) => evaluated(one, document, scope, depth + 1));
  return value;
}

const constants = (scope: RunScope): Readonly<Record<string, string>> => ({
  "path.module": ".",
  "path.root": ".",
  "path.cwd": scope.directory,
  "terraform.workspace": scope.workspace,
});

type Step = Extract<Expression, { kind: "access" }>["step"];

function stepped(of: RunValue, step: Step, inner: (expression: Expression) => RunValue): RunValue {
  const unknown: RunValue = { kind: "unknown", name: "an expression", spot: of.spot };
  const key = step.kind === "attribute" ? text(step.name, of.spot) : inner(step.value);
  if (!isWord(key)) return unknown;
  if (of.kind === "object") return of.entries.get(key.text) ?? unknown;
  return (of.kind === "list" && of.items[Number(key.text)]) || unknown;
}

type Call = Extract<Expression, { kind: "call" }>;

/** The functions that credentials are fetched with; no other is worked out. */
function called(
  call: Call,
  document: TerraformDocument,
  scope: RunScope,
  inner: (expression: Expression) => RunValue,
): RunValue {
  const spot: Spot = { at: { path: document.source.path, span: call.span } };
  const unknown: RunValue = { kind: "unknown", name: `${call.name}(…)`, spot };
  const name = call.name.replace(/^core::/, "");
  if (name === "try" || name === "coalesce") {
    const values = call.arguments.map(inner);
    const usable = (value: RunValue) =>
      name === "try" ? value.kind !== "unknown" : value.kind !== "null" && !(isWord(value) && value.text === "");
    for (const value of values) {
      if (usable(value)) return value;
      if (name === "coalesce" && value.kind === "unknown") return unknown;
    }
    return unknown;
  }
  const [first, ...others] = call.arguments.map(inner);
  if (!first || call.expand) return unknown;
  if (name === "lookup" && first.kind === "object") {
    const [key, fallback] = others;
    return (isWord(key) && first.entries.get(key.text)) || fallback || unknown;
  }
  if (name === "merge") {
    const entries = new Map<string, RunValue>();
    for (const one of [first, ...others]) {
      if (one.kind === "null") continue;
      if (one.kind !== "object") return unknown;
      for (const [key, value] of one.entries) entries.set(key, value);
    }
    return { kind: "object", entries, spot };
  }
  if (asItIs.has(name)) return first;
  if (name === "join" && others[0]?.kind === "list" && isWord(first)) {
    const words = others[0].items;
    return words.every(isWord) ? text(words.map((one) => one.text).join(first.text), spot) : unknown;
  }
  if (!isWord(first)) return unknown;
  const words = others.filter(isWord).map((one) => one.text);
  if (words.length !== others.length) return unknown;
  if (name === "file" || name === "fileexists") return fileValue(name, first.text, spot, scope) ?? unknown;
  if (name === "jsondecode") return decoded(first) ?? unknown;
  if (name === "format" && /^(?:[^%]|%[sv])*$/.test(first.text)) {
    const rest = [...words];
    return text(
      first.text.replace(/%[sv]/g, () => rest.shift() ?? ""),
      spot,
    );
  }
  const change = textFunctions[name];
  return change ? text(change(first.text, words), first.spot) : unknown;
}

const asItIs = new Set(["tostring", "sensitive", "nonsensitive", "tolist", "toset", "tomap", "ephemeralasnull"]);

const textFunctions: Readonly<Record<string, (value: string, more: readonly string[]) => string>> = {
  trimspace: (value) => value.trim(),
  chomp: (value) => value.replace(/[\r\n]+$/, ""),
  lower: (value) => value.toLowerCase(),
  upper: (value) => value.toUpperCase(),
  trimprefix: (value, [prefix = ""]) => (value.startsWith(prefix) ? value.slice(prefix.length) : value),
  trimsuffix: (value, [suffix = ""]) =>
    suffix !== "" && value.endsWith(suffix) ? value.slice(0, -suffix.length) : value,
  trim: (value, [cut = ""]) => {
    let [start, end] = [0, value.length];
    while (start < end && cut.includes(value[start] ?? "")) start++;
    while (end > start && cut.includes(value[end - 1] ?? "")) end--;
    return value.slice(start, end);
  },
  basename: (value) => value.replace(/\/+$/, "").replace(/^.*\//, ""),
  dirname: (value) => (value.includes("/") ? value.replace(/\/[^/]*$/, "") || "/" : "."),
  replace: (value, [from = "", to = ""]) => (/^\/.*\/$/.test(from) ? value : value.replaceAll(from, to)),
};

function fileValue(name: string, path: string, spot: Spot, scope: RunScope): RunValue | undefined {
  const full = resolvePath(scope.directory, path);
  const fact = scope.files.look(full, "text");
  if (!fact) return undefined;
  if (name === "fileexists") return truth(fact.kind === "text", spot);
  if (fact.kind !== "text") return undefined;
  return text(fact.text, { at: { path: full, span: { start: 0, end: fact.text.length } } });
}

/** JSON as a value, its texts placed where they stand when the JSON came from a file as it is. */
function decoded(source: Word): RunValue | undefined {
  const { at } = source.spot;
  const value = jsonValue(source.text, at?.path ?? "", at?.span.start ?? 0);
  return value && !at ? placedAt(value, source.spot) : value;
}

/** The value of a JSON text that begins at `start` of the file `path`; undefined where it is not JSON. */
export function jsonValue(json: string, path: string, start = 0): RunValue | undefined {
  const opening = '{"value":';
  const document = parseTerraformJson({ path: "decoded.tf.json", text: `${opening}${json}\n}` });
  const [attribute] = document.body.attributes;
  if (document.problems.length > 0 || !attribute) return undefined;
  const place = (value: Expression): RunValue => {
    const at = Math.max(0, value.span.start - opening.length + start);
    const spot: Spot = { at: { path, span: { start: at, end: at + 1 } } };
    switch (value.kind) {
      case "string":
        return text(value.text, spot);
      case "number":
        return { kind: "number", text: String(value.value), spot };
      case "bool":
        return { kind: "bool", text: String(value.value), spot };
      case "null":
        return { kind: "null", spot };
      case "list":
        return { kind: "list", items: value.items.map(place), spot };
      case "object": {
        const entries = new Map<string, RunValue>();
        for (const { key, value: held } of value.entries) if (key.kind === "string") entries.set(key.text, place(held));
        return { kind: "object", entries, spot };
      }
      default:
        return { kind: "unknown", name: "jsondecode(…)", spot };
    }
  };
  return place(attribute.value);
}

/** The variables and locals of a root module as a run with these arguments would see them. */
export function runScope(
  documents: readonly TerraformDocument[],
  context: {
    readonly directory: string;
    readonly files: ChainFiles;
    readonly environment: ReadonlyMap<string, string>;
    readonly workspace: string;
  },
  given: {
    readonly automatic: readonly TerraformDocument[];
    readonly varFiles: readonly TerraformDocument[];
    readonly vars: readonly Written[];
  },
): RunScope {
  const variables = new Map<string, () => RunValue>();
  const locals = new Map<string, () => RunValue>();
  const scope: RunScope = { ...context, variables, locals };
  const later = (attribute: Attribute, document: TerraformDocument) => {
    let value: RunValue | undefined;
    let busy = false;
    return () => {
      const spot: Spot = { at: { path: document.source.path, span: attribute.span } };
      if (busy) return { kind: "unknown", name: "a cycle", spot } as const;
      busy = true;
      value ??= run(attribute.value, document, scope);
      busy = false;
      return value;
    };
  };
  const typed = new Map<string, boolean>();
  for (const document of documents) {
    for (const block of document.body.blocks) {
      const name = block.labels[0]?.text;
      if (block.type === "variable" && name !== undefined) {
        const attribute = (wanted: string) => block.body.attributes.find((one) => one.name === wanted);
        const type = attribute("type")?.value;
        typed.set(name, type?.kind === "call" || (type?.kind === "reference" && type.root === "any"));
        const value = attribute("default");
        if (value) variables.set(name, later(value, document));
        const variable = context.environment.get(`TF_VAR_${name}`);
        if (variable !== undefined) {
          variables.set(name, () => rawValue(variable, typed.get(name) === true, { variable: `TF_VAR_${name}` }));
        }
      }
      if (block.type === "locals") for (const one of block.body.attributes) locals.set(one.name, later(one, document));
    }
  }
  for (const document of [...given.automatic, ...given.varFiles]) {
    for (const one of document.body.attributes) if (typed.has(one.name)) variables.set(one.name, later(one, document));
  }
  for (const { text: assignment, spot } of given.vars) {
    const equals = assignment.indexOf("=");
    const name = assignment.slice(0, equals);
    const raw = assignment.slice(equals + 1);
    if (equals > 0) variables.set(name, () => rawValue(raw, typed.get(name) === true, spot));
  }
  return scope;
}

/** A value given as a mere text: an expression where the variable's type asks for one. */
function rawValue(raw: string, isExpression: boolean, spot: Spot): RunValue {
  if (!isExpression) return { kind: "text", text: raw, spot };
  return expressionValue(raw, spot) ?? { kind: "unknown", name: "an expression", spot };
}

/** The value of a constant expression that came from outside the files. */
export function expressionValue(raw: string, spot: Spot): RunValue | undefined {
  const document = parseHcl(raw);
  const value = document.body.attributes[0]?.value;
  if (document.problems.length > 0 || !value || !isConstant(value)) return undefined;
  const scope: RunScope = {
    directory: "",
    files: { look: () => undefined, wishes: new Map() },
    variables: new Map(),
    locals: new Map(),
    workspace: "default",
  };
  return placedAt(run(value, document, scope), spot);
}

function placedAt(value: RunValue, spot: Spot): RunValue {
  if (value.kind === "list") return { ...value, items: value.items.map((one) => placedAt(one, spot)), spot };
  if (value.kind === "object") {
    return { ...value, entries: new Map([...value.entries].map(([key, one]) => [key, placedAt(one, spot)])), spot };
  }
  return { ...value, spot };
}

const parseHcl = (raw: string) => parseTerraform({ path: "argument.tf", text: `value = ${raw}\n` });
