import type { Attribute, Block, Expression, Step, TerraformDocument } from "../documents/terraform";
import { parseTerraform } from "../documents/terraformParser";
import type { Location } from "../model/text";
import { type Environment, environmentPath } from "./environment";
import {
  because,
  bool,
  equal,
  type Field,
  failure,
  type Known,
  list,
  nullValue,
  number,
  object,
  oneOf,
  partsOf,
  text,
  unknown,
  unknownBy,
} from "./evaluateKnown";
import { convert, type Presets, type Type, typeOf, unified } from "./evaluateType";
import { callFunction, elementOf } from "./functions";
import { resolvePath } from "./locations";

export type { Field, Known, Located } from "./evaluateKnown";

/** An expression of a file, and with which names it is read. */
interface Bound {
  readonly kind: "expression";
  readonly expression: Expression;
  readonly document: TerraformDocument;
  readonly attribute: Location;
  /** Another module's, where this is an argument of its call; a variable's own values can use no names. */
  readonly scope: () => Scope;
}

/** A value from a `TF_VAR_` variable or a `-var`, which has no file to stand in. */
interface Given {
  readonly kind: "given";
  readonly text: string;
  readonly at: Location;
}

interface Variable {
  /** Where its type stands, or else nowhere. */
  readonly at: Location;
  readonly document?: TerraformDocument;
  readonly type?: Type;
  /** False where null stands for the default. */
  readonly isNullable: boolean;
  readonly default?: Bound;
  /** What counts in place of the default. */
  readonly value?: Bound | Given;
  /** What several calls of the module pass, of which no one counts. */
  readonly passed: readonly Bound[];
}

/** The names that one directory's files give values to. */
export interface Scope {
  readonly variables: ReadonlyMap<string, Variable>;
  readonly locals: ReadonlyMap<string, Bound>;
  /** Variables that a module call or a `-var-file` may set. */
  readonly suppliedElsewhere: ReadonlySet<string>;
  readonly inputs: Inputs;
  /** Values worked out before; undefined while one is being worked out, since a name cannot mean itself. */
  readonly known: Map<string, Known | undefined>;
}

/** What else gives values to names. */
export interface Inputs {
  /** `-var-file` and `-var` in the order of the command line. */
  readonly given?: readonly (TerraformDocument | { readonly name: string; readonly text: string })[];
  /** What the calls of this module pass, by variable. */
  readonly passed?: ReadonlyMap<string, readonly Passed[]>;
  /** The output of a module that this one calls once, as its block gives it. */
  readonly outputOf?: (call: string, output: string) => Passed | undefined;
  /** The module's own directory. */
  readonly directory?: string;
  /** Whether another module calls this one, so that Terraform starts elsewhere. */
  readonly isCalled?: boolean;
  readonly home?: string;
  /** The text of a file of the workspace, by its path. */
  readonly fileText?: (path: string) => string | undefined;
}

/** What one module gives to another: an argument of a call, or the value of an output. */
export interface Passed {
  readonly argument: Attribute;
  readonly document: TerraformDocument;
  /** The names of the module that gives it. */
  readonly scope: () => Scope;
}

const maxDepth = 150;

const noNames: Scope = {
  variables: new Map(),
  locals: new Map(),
  suppliedElsewhere: new Set(),
  inputs: {},
  known: new Map(),
};

/**
 * A module directory's variables and locals, the variables in Terraform's order: default, `TF_VAR_`, terraform.tfvars,
 * terraform.tfvars.json, `*.auto.tfvars` by name, then the command line's. A call's argument stands above `TF_VAR_`,
 * which is for the module that Terraform is started in.
 * https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
 */
export function scopeOf(
  documents: readonly TerraformDocument[],
  environment: Environment,
  suppliedElsewhere: ReadonlySet<string> = new Set(),
  inputs: Inputs = {},
): Scope {
  const variables = new Map<string, Variable>();
  const locals = new Map<string, Bound>();
  const scope: Scope = { variables, locals, suppliedElsewhere, inputs, known: new Map() };
  const blocks = [...documents]
    .sort(byOverriding)
    .flatMap((document) => document.body.blocks.map((block) => ({ block, document })));
  for (const { block, document } of blocks) {
    const name = block.labels[0]?.text;
    if (block.type === "variable" && name !== undefined) {
      variables.set(name, declared(document, block, variables.get(name)));
    }
    if (block.type === "locals") {
      for (const one of block.body.attributes)
        locals.set(
          one.name,
          bound(document, one, () => scope),
        );
    }
  }
  const set = (name: string, value: Bound | Given) =>
    variables.set(name, { ...(variables.get(name) ?? { isNullable: true, passed: [], at: nowhere }), value });
  for (const name of variables.keys()) {
    const variable = environment.variables.get(`TF_VAR_${name}`);
    const at = { path: environment.source.path, span: variable?.nameSpan ?? { start: 0, end: 0 } };
    if (variable) set(name, { kind: "given", text: variable.value, at });
  }
  for (const [name, calls] of inputs.passed ?? []) {
    const variable = variables.get(name);
    if (!variable) continue;
    const passed = calls.map(({ argument, document, scope }) => bound(document, argument, scope));
    variables.set(name, { ...variable, passed });
  }
  const automatic = documents.filter(isAutomaticVariables).sort(byPrecedence);
  for (const one of [...automatic, ...(inputs.given ?? [])]) {
    if ("name" in one) set(one.name, { kind: "given", text: one.text, at: nowhere });
    else
      for (const attribute of one.body.attributes)
        set(
          attribute.name,
          bound(one, attribute, () => noNames),
        );
  }
  return scope;
}

const nowhere: Location = { path: environmentPath, span: { start: 0, end: 0 } };

/** A variable block, laid over the one it overrides. */
function declared(document: TerraformDocument, block: Block, base: Variable | undefined): Variable {
  const find = (name: string) => block.body.attributes.find((attribute) => attribute.name === name);
  const type = find("type");
  const preset = find("default");
  const nullable = find("nullable")?.value;
  const written = type && typeOf(type.value);
  return {
    passed: [],
    isNullable: true,
    ...(base ?? { at: { path: document.source.path, span: block.typeSpan }, document }),
    ...(type ? { at: { path: document.source.path, span: type.span }, document } : {}),
    ...(written ? { type: written } : {}),
    ...(nullable?.kind === "bool" ? { isNullable: nullable.value } : {}),
    ...(preset ? { default: bound(document, preset, () => noNames) } : {}),
  };
}

function bound(document: TerraformDocument, attribute: Attribute, scope: () => Scope): Bound {
  const path = document.source.path;
  return {
    kind: "expression",
    expression: attribute.value,
    document,
    attribute: { path, span: attribute.span },
    scope,
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

export const isOverride = (path: string) => /(?:^|[/_])override\.(?:tf|tofu)(?:\.json)?$/.test(path);

/** Override files come last, by name. */
function byOverriding(a: TerraformDocument, b: TerraformDocument): number {
  const [first, second] = [isOverride(a.source.path), isOverride(b.source.path)];
  if (first !== second) return first ? 1 : -1;
  return first && a.source.path !== b.source.path ? (a.source.path < b.source.path ? -1 : 1) : 0;
}

/** What `expression` comes to in `document`, seen with the names of `scope`. */
export function evaluate(
  expression: Expression,
  document: TerraformDocument,
  scope: Scope,
  attribute: Location,
): Known {
  return follow(expression, { document, attribute, scope, isPlaced: true }, 0);
}

/** Where an expression stands and what its names mean. */
interface Site {
  readonly document: TerraformDocument;
  readonly attribute: Location;
  readonly scope: Scope;
  /** False for a text that no file holds. */
  readonly isPlaced: boolean;
}

function follow(expression: Expression, site: Site, depth: number): Known {
  if (depth > maxDepth) return unknown("an expression");
  const inner = (one: Expression) => follow(one, site, depth + 1);
  switch (expression.kind) {
    case "string":
      return stringAt(expression, site);
    case "number":
      return numberAt(expression, site);
    case "bool":
      return bool(expression.value);
    case "null":
      return nullValue;
    case "parenthesis":
      return inner(expression.inner);
    case "list":
      return list(expression.items.map(inner));
    case "object":
      return objectOf(expression, site, inner);
    case "template":
      return joined(expression.parts.map((part) => (part.kind === "text" ? text(part.text) : inner(part.value))));
    case "reference":
      return reference(expression, site.scope, inner, depth);
    case "access":
      return elementOf(inner(expression.of), keyOf(expression.step, inner));
    case "call":
      return call(expression, site, inner);
    case "conditional":
      return conditional(inner(expression.condition), inner(expression.whenTrue), inner(expression.whenFalse));
    case "binary":
      return binary(expression.operator, inner(expression.left), inner(expression.right));
    case "unary":
      return unary(expression.operator, inner(expression.operand));
    default:
      return unknown("an expression");
  }
}

function stringAt(expression: Extract<Expression, { kind: "string" }>, site: Site): Known {
  const value = text(expression.text);
  if (value.kind !== "text" || !site.isPlaced) return value;
  const { document, attribute } = site;
  return { ...value, literal: { path: document.source.path, span: expression.contentSpan, document, attribute } };
}

/** JavaScript keeps fewer digits than Terraform does. */
function numberAt({ value, span }: Extract<Expression, { kind: "number" }>, { document }: Site): Known {
  const written = document.source.text.slice(span.start, span.end);
  return written.replace(/[eE].*|\D/g, "").length <= 15 ? number(value) : unknown("a number");
}

function objectOf(
  expression: Extract<Expression, { kind: "object" }>,
  { document, attribute, isPlaced }: Site,
  inner: (expression: Expression) => Known,
): Known {
  const path = document.source.path;
  const entries = new Map<string, Field>();
  let open = false;
  for (const entry of expression.entries) {
    const key = inner(entry.key);
    if (key.kind === "unknown" && !key.fails) open = true;
    else if (key.kind !== "text") return failure("an object");
    if (key.kind !== "text") continue;
    const nameSpan = entry.key.kind === "string" ? entry.key.contentSpan : entry.key.span;
    entries.set(key.text, {
      value: inner(entry.value),
      nameAt: isPlaced ? { path, span: nameSpan } : attribute,
      wholeAt: isPlaced ? { path, span: entry.span } : attribute,
    });
  }
  return object(entries, open ? { open } : {});
}

function joined(parts: readonly Known[]): Known {
  // `"${var.x}"` alone is the value of var.x, place included.
  const only = parts.length === 1 ? parts[0] : undefined;
  if (only) return only;
  const [first, ...rest] = parts;
  let all = first?.kind === "unknown" && first.path !== undefined ? first.path : "";
  for (const part of all === "" ? parts : rest) {
    if (part.kind === "unknown") return unknownBy(part.name, [part]);
    if (part.kind !== "text") return failure("a template");
    all += part.text;
  }
  // A path stays unknown in its spelling, but not in what it leads to.
  if (first?.kind === "unknown") return { kind: "unknown", name: first.name, path: all };
  return because(text(all), parts);
}

function reference(
  expression: Extract<Expression, { kind: "reference" }>,
  scope: Scope,
  inner: (expression: Expression) => Known,
  depth: number,
): Known {
  const [first, ...rest] = expression.steps;
  const name = first?.kind === "attribute" ? first.name : undefined;
  const shown = [
    expression.root,
    ...expression.steps.map((step) => (step.kind === "attribute" ? step.name : "…")),
  ].join(".");
  if (name === undefined) return unknown(shown);
  const [second, ...others] = rest;
  const isOutput = expression.root === "module" && second?.kind === "attribute";
  let value = isOutput ? outputValue(name, second.name, scope, depth) : named(expression.root, name, scope, depth);
  for (const step of isOutput ? others : rest) value = elementOf(value, keyOf(step, inner));
  return value.kind === "unknown" ? { ...value, name: shown } : value;
}

const keyOf = (step: Step, inner: (expression: Expression) => Known): Known =>
  step.kind === "attribute" ? text(step.name) : inner(step.value);

/** `var.x`, `local.x` and `path.x`; each is worked out once. */
function named(root: string, name: string, scope: Scope, depth: number): Known {
  const key = `${root}.${name}`;
  if (root === "path") return pathNamed(name, scope.inputs);
  if (scope.known.has(key)) return scope.known.get(key) ?? unknown(key);
  const variable = root === "var" ? scope.variables.get(name) : undefined;
  const local = root === "local" ? scope.locals.get(name) : undefined;
  if (!variable && !local) return unknown(key);
  scope.known.set(key, undefined);
  const value = local
    ? boundValue(local, depth)
    : variable
      ? variableValue(name, variable, scope, depth)
      : unknown(key);
  scope.known.set(key, value);
  return value;
}

function outputValue(call: string, output: string, scope: Scope, depth: number): Known {
  const key = `module.${call}.${output}`;
  if (scope.known.has(key)) return scope.known.get(key) ?? unknown(key);
  const given = scope.inputs.outputOf?.(call, output);
  if (!given) return unknown(key);
  scope.known.set(key, undefined);
  const value = boundValue(bound(given.document, given.argument, given.scope), depth);
  scope.known.set(key, value);
  return value;
}

function pathNamed(name: string, { directory, isCalled }: Inputs): Known {
  const isHere = name === "module" || ((name === "root" || name === "cwd") && !isCalled);
  if (!isHere || directory === undefined) return unknown(`path.${name}`);
  return { kind: "unknown", name: `path.${name}`, path: directory === "" ? "." : directory };
}

const boundValue = ({ expression, document, attribute, scope }: Bound, depth: number): Known =>
  follow(expression, { document, attribute, scope: scope(), isPlaced: true }, depth + 1);

function variableValue(name: string, variable: Variable, scope: Scope, depth: number): Known {
  const { type, isNullable, passed } = variable;
  const asType = (value: Known) => (type ? convert(value, type, presetsOf(variable, depth)) : value);
  const calls = passed.map((one) => asType(boundValue(one, depth)));
  const [call] = calls;
  const isPassed = call !== undefined && calls.length === 1 && call.kind !== "unknown";
  const isFile = variable.value?.kind === "expression";
  let given: Known | undefined;
  if (isPassed && !isFile) given = call;
  else if (variable.value?.kind === "given") given = asType(givenValue(variable.value, type));
  else if (variable.value) given = asType(boundValue(variable.value, depth));
  if (given && (given.kind !== "null" || isNullable)) return given;
  const preset = variable.default ? asType(boundValue(variable.default, depth)) : unknown(`var.${name}`);
  // A null that stands for the default leaves no doubt about it.
  if (given) return preset;
  // An empty default is the customary way to say «given from outside».
  const isEmpty = preset.kind === "null" || (preset.kind === "text" && preset.text === "");
  if (isEmpty || preset.kind === "unknown") return oneOf(`var.${name}`, [preset, ...calls].filter(isWritten));
  if (!scope.suppliedElsewhere.has(name)) return preset;
  const { candidates } = oneOf(`var.${name}`, calls);
  const uncertain = { ...preset, defaultOf: `var.${name}` };
  return uncertain.kind === "text" && candidates ? { ...uncertain, candidates } : uncertain;
}

/** The defaults of optional attributes, which stand in the variable's type. */
function presetsOf({ document, at }: Variable, depth: number): Presets {
  const site = { document: document ?? emptyDocument, attribute: at, scope: noNames, isPlaced: document !== undefined };
  return { at, valueOf: (expression) => follow(expression, site, depth + 1) };
}

const isWritten = (value: Known) => value.kind !== "null" && !(value.kind === "text" && value.text === "");

const emptyDocument: TerraformDocument = parseTerraform({ path: environmentPath, text: "" });

/** Only a variable whose type is no plain text, number or bool is written as an expression. */
function givenValue({ text: written, at }: Given, type: Type | undefined): Known {
  if (type === undefined || type.kind === "string" || type.kind === "number" || type.kind === "bool") {
    return text(written);
  }
  const document = parseTerraform({ path: at.path, text: `value = ${written}\n` });
  const [value, second] = document.body.attributes;
  if (!value || second || document.problems.length > 0) return unknown("an expression");
  return follow(value.value, { document, attribute: at, scope: noNames, isPlaced: false }, 0);
}

function call(
  expression: Extract<Expression, { kind: "call" }>,
  { attribute, scope }: Site,
  inner: (expression: Expression) => Known,
): Known {
  const args = expression.arguments.map(inner);
  const last = expression.expand ? args.pop() : undefined;
  if (last) {
    // What a set passes in order is as Terraform sorts it; an unknown list may hold anything.
    if (last.kind !== "list") return unknownBy(`${expression.name}(…)`, [last]);
    args.push(...last.items);
  }
  const { directory, isCalled, home, fileText } = scope.inputs;
  return callFunction(expression.name, args, {
    at: attribute,
    ...(home === undefined ? {} : { home }),
    fileText: (path) => {
      if (path.kind === "unknown" && path.path !== undefined) return fileText?.(resolvePath("", path.path));
      if (path.kind !== "text") return undefined;
      if (path.text.startsWith("/")) return fileText?.(resolvePath("", path.text));
      return directory === undefined || isCalled ? undefined : fileText?.(resolvePath(directory, path.text));
    },
  });
}

/** Undefined where it is no bool, or nobody knows which. */
function truth(value: Known): boolean | undefined {
  const converted = convert(value, { kind: "bool" });
  return converted.kind === "text" ? converted.text === "true" : undefined;
}

/** Terraform stops on a condition or operand that is null or cannot be converted. */
const isRefused = (value: Known, kind: "bool" | "number") => {
  const converted = convert(value, { kind });
  return converted.kind === "null" || (converted.kind === "unknown" && converted.fails === true);
};

const anExpression = "an expression";

function conditional(condition: Known, whenTrue: Known, whenFalse: Known): Known {
  if (isRefused(condition, "bool")) return failure(anExpression);
  const isTrue = truth(condition);
  if (isTrue === undefined) {
    return equal(whenTrue, whenFalse) === true ? whenTrue : oneOf(anExpression, [whenTrue, whenFalse]);
  }
  const [chosen, other] = isTrue ? [whenTrue, whenFalse] : [whenFalse, whenTrue];
  return because(asEither(chosen, other), [condition]);
}

/** The chosen side of a condition, as the type that both sides have in common. */
function asEither(chosen: Known, other: Known): Known {
  if (chosen.kind === "unknown" || chosen.kind === "null" || other.kind === "null") return chosen;
  if (other.kind !== "unknown" && other.kind !== chosen.kind) return failure(anExpression);
  const [one] = unified([chosen, other]) ?? [];
  if (one?.kind === "unknown" && one.fails) return failure(anExpression);
  if (one) return one;
  if (chosen.kind === "text") return chosen.type ? oneOf(anExpression, [chosen]) : chosen;
  // Lists of several lengths and objects with several keys become lists and maps of one type.
  const isPlain = partsOf(chosen).every((part) => part.kind === "text" && !part.type);
  if (!isPlain) return oneOf(anExpression, [chosen]);
  if (chosen.kind === "list") return chosen.of === "set" ? chosen : list(chosen.items, "list");
  return object(chosen.entries, { of: "map", ...(chosen.open ? { open: true } : {}) });
}

function binary(operator: string, left: Known, right: Known): Known {
  const sides = [left, right];
  const open = unknownBy(anExpression, sides);
  switch (operator) {
    case "==":
    case "!=": {
      const same = equal(left, right);
      return same === undefined ? open : because(bool(same === (operator === "==")), sides);
    }
    case "&&":
    case "||": {
      if (sides.some((side) => isRefused(side, "bool"))) return unknown(anExpression);
      const decisive = operator === "||";
      const [a, b] = sides.map(truth);
      if (a === decisive || b === decisive) return because(bool(decisive), sides);
      return a === undefined || b === undefined ? open : because(bool(!decisive), sides);
    }
    default:
      return arithmetic(operator, left, right);
  }
}

function arithmetic(operator: string, left: Known, right: Known): Known {
  const sides = [left, right];
  if (sides.some((side) => isRefused(side, "number"))) return failure(anExpression);
  const [a, b] = sides.map((side) => {
    const converted = convert(side, { kind: "number" });
    return converted.kind === "text" ? Number(converted.text) : undefined;
  });
  if (a === undefined || b === undefined) return unknownBy(anExpression, sides);
  const compared: Readonly<Record<string, boolean>> = { "<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b };
  const answer = compared[operator];
  if (answer !== undefined) return because(bool(answer), sides);
  const computed: Readonly<Record<string, number>> = { "+": a + b, "-": a - b, "*": a * b, "/": a / b, "%": a % b };
  const result = computed[operator] ?? Number.NaN;
  // Terraform's fractions are not JavaScript's, and neither is the rest of a negative number.
  const isSure = [a, b, result].every(Number.isSafeInteger) && (operator !== "%" || (a >= 0 && b > 0));
  return isSure ? because(number(result), sides) : unknown(anExpression);
}

function unary(operator: string, operand: Known): Known {
  const kind = operator === "!" ? "bool" : "number";
  if (isRefused(operand, kind)) return failure(anExpression);
  const converted = convert(operand, { kind });
  if (converted.kind !== "text") return unknownBy(anExpression, [operand]);
  const value = kind === "bool" ? bool(converted.text !== "true") : number(-Number(converted.text));
  return because(value, [operand]);
}
