import type { TerraformDocument } from "../documents/terraform";
import type { Location } from "../model/text";

/** What an expression comes to, as far as the files tell. */
export type Known = Text | List | Obj | { readonly kind: "null" } | Unknown;

/** A string, or a number or bool as Terraform would write it into one. */
export interface Text {
  readonly kind: "text";
  readonly text: string;
  /** What it is when it is no string. */
  readonly type?: "number" | "bool";
  /** Where the text stands between its quotes. */
  readonly literal?: Located;
  /** The variable whose default this is, though another file may well give it another value. */
  readonly defaultOf?: string;
  /** What others give in its place. */
  readonly candidates?: readonly Known[];
}

export interface List {
  readonly kind: "list";
  readonly items: readonly Known[];
  /** A tuple, which every `[…]` is, until a conversion makes it a list or a set of one type. */
  readonly of?: "list" | "set";
  readonly defaultOf?: string;
}

export interface Obj {
  readonly kind: "object";
  readonly entries: ReadonlyMap<string, Field>;
  /** An object, which every `{…}` is, until a conversion makes it a map. */
  readonly of?: "map";
  /** Some keys are not known. */
  readonly open?: true;
  readonly defaultOf?: string;
}

export interface Unknown {
  readonly kind: "unknown";
  /** Safe to show: a reference, or a word for the kind of expression. */
  readonly name: string;
  /** Terraform is sure to stop here with an error, which `try` and `can` look for. */
  readonly fails?: true;
  /** Values written out that it may come to: both sides of a condition that nobody knows. */
  readonly candidates?: readonly Known[];
  /** The file that this is the path of, though its spelling depends on where Terraform is started. */
  readonly path?: string;
}

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

/** Longer texts and larger values are not worked out, so that no file costs more than its length. */
const maxText = 100_000;
const maxWeight = 10_000;

export const nullValue: Known = { kind: "null" };

export const unknown = (name: string): Unknown => ({ kind: "unknown", name });

export const failure = (name: string): Unknown => ({ kind: "unknown", name, fails: true });

/** Terraform is sure to stop at this value. */
export const isFailure = (value: Known) => value.kind === "unknown" && value.fails === true;

export function text(value: string): Known {
  return value.length > maxText ? unknown("a long text") : { kind: "text", text: value };
}

export const bool = (value: boolean): Known => ({ kind: "text", text: String(value), type: "bool" });

/** A number as Terraform writes it; unknown where binary fractions might write it otherwise. */
export function number(value: number): Known {
  const isPlain = Number.isSafeInteger(value) ? !Object.is(value, -0) : /^-?\d{1,8}\.\d{1,7}$/.test(String(value));
  return isPlain ? { kind: "text", text: String(value), type: "number" } : unknown("a number");
}

export function list(items: readonly Known[], of?: "list" | "set"): Known {
  return limited({ kind: "list", items, ...(of ? { of } : {}) });
}

export function object(entries: ReadonlyMap<string, Field>, { of, open }: Pick<Obj, "of" | "open"> = {}): Known {
  return limited({ kind: "object", entries, ...(of ? { of } : {}), ...(open ? { open } : {}) });
}

const weights = new WeakMap<Known, number>();

function weightOf(value: Known): number {
  if (value.kind !== "list" && value.kind !== "object") return 1;
  let weight = weights.get(value);
  if (weight === undefined) {
    weight = 1;
    for (const part of partsOf(value)) weight += weightOf(part);
    weights.set(value, weight);
  }
  return weight;
}

/** A value that holds the same large value many times over costs nullValue to build and everything to walk. */
const limited = (value: List | Obj): Known => (weightOf(value) > maxWeight ? unknown("a large value") : value);

export function partsOf(value: List | Obj): readonly Known[] {
  return value.kind === "list" ? value.items : [...value.entries.values()].map((field) => field.value);
}

/** Known in every part. */
export function isWhole(value: Known): boolean {
  if (value.kind === "unknown") return false;
  if (value.kind !== "list" && value.kind !== "object") return true;
  return !(value.kind === "object" && value.open) && partsOf(value).every(isWhole);
}

export function defaultOf(value: Known): string | undefined {
  return value.kind === "unknown" || value.kind === "null" ? undefined : value.defaultOf;
}

/** `value`, which was worked out from `from`: it is as uncertain as they are. */
export function because(value: Known, from: readonly Known[]): Known {
  if (value.kind === "unknown" || value.kind === "null" || value.defaultOf !== undefined) return value;
  const uncertain = from.map(defaultOf).find((one) => one !== undefined);
  return uncertain === undefined ? value : { ...value, defaultOf: uncertain };
}

/** What is not known because one of `from` is not; `name` where that has none of its own. */
export function unknownBy(name: string, from: readonly Known[]): Unknown {
  return from.some((one) => one.kind === "unknown" && one.fails) ? failure(name) : unknown(name);
}

/** One of several values, and nobody knows which. */
export function oneOf(name: string, values: readonly Known[]): Unknown {
  const candidates = values.flatMap((value) => (value.kind === "unknown" ? (value.candidates ?? []) : [value]));
  const some = candidates.filter((value) => value.kind !== "null").slice(0, 100);
  return some.length > 0 ? { kind: "unknown", name, candidates: some } : unknown(name);
}

/** By code points, as Go sorts; JavaScript sorts by UTF-16 units. */
export function byCodePoints(a: string, b: string): number {
  const one = [...a];
  const other = [...b];
  for (let index = 0; index < Math.min(one.length, other.length); index++) {
    const difference = (one[index]?.codePointAt(0) ?? 0) - (other[index]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

/**
 * Terraform's `==`: nullValue is converted, and what differs in type differs. Undefined where that is not sure.
 * https://developer.hashicorp.com/terraform/language/expressions/operators#equality-operators
 */
export function equal(a: Known, b: Known): boolean | undefined {
  if (a.kind === "unknown" || b.kind === "unknown") return undefined;
  if (a.kind === "null" || b.kind === "null") return a.kind === b.kind;
  if (a.kind === "text") return b.kind === "text" && a.type === b.type && a.text === b.text;
  if (b.kind === "text" || a.kind !== b.kind) return false;
  if (a.of || b.of || !isWhole(a) || !isWhole(b)) return undefined;
  if (a.kind === "list") return b.kind === "list" && equalParts(a.items, b.items);
  if (b.kind !== "object" || a.entries.size !== b.entries.size) return false;
  const pairs = [...a.entries].map(([key, field]) => [field.value, b.entries.get(key)?.value] as const);
  return pairs.every(([, other]) => other !== undefined)
    ? equalParts(
        pairs.map(([one]) => one),
        pairs.map(([, other]) => other ?? nullValue),
      )
    : false;
}

function equalParts(a: readonly Known[], b: readonly Known[]): boolean | undefined {
  if (a.length !== b.length) return false;
  let all: boolean | undefined = true;
  for (const [index, one] of a.entries()) {
    const same = equal(one, b[index] ?? nullValue);
    if (same === false) return false;
    if (same === undefined) all = undefined;
  }
  return all;
}
