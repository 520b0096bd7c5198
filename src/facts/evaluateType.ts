import type { Expression } from "../documents/terraform";
import type { Location } from "../model/text";
import {
  because,
  bool,
  byCodePoints,
  type Field,
  failure,
  isFailure,
  isWhole,
  type Known,
  list,
  nullValue,
  number,
  object,
  partsOf,
  unknown,
} from "./evaluateKnown";

/** A type constraint. */
export type Type =
  | { readonly kind: "string" | "number" | "bool" | "any" }
  | { readonly kind: "list" | "set" | "map"; readonly of: Type }
  | { readonly kind: "tuple"; readonly items: readonly Type[] }
  | { readonly kind: "object"; readonly attributes: ReadonlyMap<string, Member> };

interface Member {
  readonly type: Type;
  readonly optional: boolean;
  readonly default?: Expression;
}

export const stringType: Type = { kind: "string" };
export const anyType: Type = { kind: "any" };

/** The type that an expression after `type =` means; undefined where it means none. */
export function typeOf(expression: Expression): Type | undefined {
  if (expression.kind === "parenthesis") return typeOf(expression.inner);
  // Terraform 0.11 wrote its types in quotes, which 0.12 to 0.14 still took.
  if (expression.kind === "string") return namedType(expression.text);
  if (expression.kind === "reference") return expression.steps.length === 0 ? namedType(expression.root) : undefined;
  if (expression.kind !== "call" || expression.arguments.length !== 1) return undefined;
  const [inner] = expression.arguments;
  if (!inner) return undefined;
  switch (expression.name) {
    case "list":
    case "set":
    case "map": {
      const of = typeOf(inner);
      return of && { kind: expression.name, of };
    }
    case "tuple": {
      const items = inner.kind === "list" ? inner.items.map(typeOf) : [undefined];
      return items.every((item) => item !== undefined) ? { kind: "tuple", items } : undefined;
    }
    case "object":
      return inner.kind === "object" ? objectType(inner) : undefined;
    default:
      return undefined;
  }
}

function namedType(name: string): Type | undefined {
  if (name === "string" || name === "number" || name === "bool" || name === "any") return { kind: name };
  return name === "list" || name === "map" ? { kind: name, of: anyType } : undefined;
}

function objectType(object: Extract<Expression, { kind: "object" }>): Type | undefined {
  const attributes = new Map<string, Member>();
  for (const { key, value } of object.entries) {
    const isOptional = value.kind === "call" && value.name === "optional";
    const [written, preset] = isOptional ? value.arguments : [value];
    const type = written && typeOf(written);
    if (key.kind !== "string" || !type) return undefined;
    attributes.set(key.text, { type, optional: isOptional, ...(preset ? { default: preset } : {}) });
  }
  return { kind: "object", attributes };
}

/** Where the defaults of optional attributes stand, and what they come to. */
export interface Presets {
  readonly at: Location;
  readonly valueOf: (expression: Expression) => Known;
}

/**
 * The value as that type, or a failure where Terraform refuses to convert it.
 * https://developer.hashicorp.com/terraform/language/expressions/type-constraints#conversion-of-complex-types
 */
export function convert(value: Known, type: Type, presets?: Presets): Known {
  if (value.kind === "unknown") {
    const candidates = value.candidates
      ?.map((one) => convert(one, type, presets))
      .filter((one) => one.kind !== "unknown");
    return candidates ? { ...value, candidates } : value;
  }
  if (value.kind === "null" || type.kind === "any") return value;
  return because(converted(value, type, presets), [value]);
}

type Present = Exclude<Known, { kind: "unknown" | "null" }>;

function converted(value: Present, type: Type, presets: Presets | undefined): Known {
  const refused = failure("a conversion");
  switch (type.kind) {
    case "string":
    case "number":
    case "bool":
      return value.kind === "text" ? primitive(value, type.kind) : refused;
    case "list":
    case "set": {
      if (value.kind !== "list") return refused;
      const items = value.items.map((item) => convert(item, type.of, presets));
      const same = type.of.kind === "any" ? unified(items) : items;
      if (same === undefined) return unknown("a list");
      if (same.some(isFailure)) return refused;
      return type.kind === "set" ? setOf(same) : list(same, "list");
    }
    case "map": {
      if (value.kind !== "object") return refused;
      const values = partsOf(value).map((one) => convert(one, type.of, presets));
      const same = type.of.kind === "any" ? unified(values) : values;
      if (same === undefined) return unknown("a map");
      if (same.some(isFailure)) return refused;
      const fields = [...value.entries].map(([key, field], index) => withValue(key, field, same[index] ?? nullValue));
      return object(new Map(fields), { of: "map", ...(value.open ? { open: true } : {}) });
    }
    case "tuple": {
      if (value.kind !== "list" || value.of === "set") return value.kind === "list" ? unknown("a tuple") : refused;
      if (value.items.length !== type.items.length) return refused;
      const items = type.items.map((item, index) => convert(value.items[index] ?? nullValue, item, presets));
      return items.some(isFailure) ? refused : list(items);
    }
    case "object":
      return value.kind === "object" ? asObject(value, type.attributes, presets) : refused;
    case "any":
      return value;
  }
}

const withValue = (key: string, field: Field, value: Known) => [key, { ...field, value }] as const;

function asObject(
  value: Extract<Known, { kind: "object" }>,
  attributes: ReadonlyMap<string, Member>,
  presets: Presets | undefined,
): Known {
  const entries = new Map<string, Field>();
  const [anyField] = value.entries.values();
  for (const [name, member] of attributes) {
    const field = value.entries.get(name);
    if (!field && value.open) return unknown("an object");
    if (!field && !member.optional) return failure("an object");
    const given = field ? convert(field.value, member.type, presets) : nullValue;
    if (isFailure(given)) return failure("an object");
    const chosen =
      given.kind === "null" && member.default && presets
        ? convert(presets.valueOf(member.default), member.type, presets)
        : given;
    const at = presets?.at ?? anyField?.wholeAt;
    // A value without any place to show is as good as one that nobody knows.
    if (!field && !at) return unknown("an object");
    if (field) entries.set(name, { ...field, value: chosen });
    else if (at) entries.set(name, { value: chosen, nameAt: at, wholeAt: at });
  }
  return object(entries);
}

function primitive(value: Extract<Known, { kind: "text" }>, type: "string" | "number" | "bool"): Known {
  if ((value.type ?? "string") === type) return value;
  if (type === "string") {
    const { type: _, ...plain } = value;
    return plain;
  }
  if (value.type !== undefined) return failure("a conversion");
  if (type === "bool") {
    if (value.text === "true" || value.text === "1") return bool(true);
    return value.text === "false" || value.text === "0" ? bool(false) : failure("a conversion");
  }
  if (/^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,6})?$/.test(value.text)) return number(Number(value.text));
  // Other spellings of numbers exist, infinity included.
  return value.text === "" || /[^\d+.eEpPxXiInNfFtTyY_\s-]/.test(value.text)
    ? failure("a conversion")
    : unknown("a number");
}

/** Strings in a set stand in their order, each once; sets of anything else are left alone. */
function setOf(items: readonly Known[]): Known {
  const byText = new Map<string, Known>();
  for (const item of items) {
    if (item.kind !== "text" || item.type) return items.length === 0 ? list([], "set") : unknown("a set");
    if (!byText.has(item.text)) byText.set(item.text, item);
  }
  const sorted = [...byText].sort(([a], [b]) => byCodePoints(a, b));
  return list(
    sorted.map(([, item]) => item),
    "set",
  );
}

/** The items as one type, as `tolist` and conditions make them; undefined where that type is not sure. */
export function unified(items: readonly Known[]): readonly Known[] | undefined {
  const present = items.filter((item) => item.kind !== "null");
  const [first] = present;
  if (!first) return items;
  if (present.every((item) => item.kind === "text")) {
    const types = new Set(present.map((item) => (item.kind === "text" ? item.type : undefined)));
    if (types.size === 1) return items;
    if (types.has(undefined)) return items.map((item) => convert(item, stringType));
    return [failure("values of several types")];
  }
  // One text among unknown values can only stay or become a string, which leaves strings as they are.
  if (present.every((item) => item.kind === "unknown" || (item.kind === "text" && item.type === undefined)))
    return items;
  return present.every((item) => sameShape(first, item)) ? items : undefined;
}

/** Surely of one type, so that nothing has to be converted. */
function sameShape(a: Known, b: Known): boolean {
  if (a.kind === "text") return b.kind === "text" && a.type === b.type;
  if (a.kind === "list" && b.kind === "list") {
    if (a.of !== b.of || !isWhole(a) || !isWhole(b)) return false;
    if (a.of === undefined)
      return (
        a.items.length === b.items.length && a.items.every((one, index) => sameShape(one, b.items[index] ?? nullValue))
      );
    const [one] = a.items;
    const [other] = b.items;
    return one !== undefined && other !== undefined && sameShape(one, other);
  }
  if (a.kind === "object" && b.kind === "object") {
    if (a.of !== b.of || !isWhole(a) || !isWhole(b)) return false;
    if (a.of === undefined) {
      return (
        a.entries.size === b.entries.size &&
        [...a.entries].every(([key, field]) => sameShape(field.value, b.entries.get(key)?.value ?? nullValue))
      );
    }
    const [one] = partsOf(a);
    const [other] = partsOf(b);
    return one !== undefined && other !== undefined && sameShape(one, other);
  }
  return false;
}
