import type { Location } from "../model/text";
import {
  because,
  bool,
  byCodePoints,
  equal,
  type Field,
  failure,
  isFailure,
  isWhole,
  type Known,
  type List,
  list,
  nullValue,
  number,
  type Obj,
  object,
  oneOf,
  partsOf,
  type Text,
  text,
  unknown,
  unknownBy,
} from "./evaluateKnown";
import { anyType, convert, stringType, type Type, unified } from "./evaluateType";

/** What functions know besides their arguments. */
export interface Surroundings {
  /** Where the call stands, which is where values without a place of their own are shown. */
  readonly at: Location;
  readonly home?: string;
  /** The text of a file, by the path that the module's text gives. */
  readonly fileText: (path: Known) => string | undefined;
}

type Work = (args: readonly Known[], name: string, around: Surroundings) => Known;

/** `name(args…)`; unknown where the function or an argument is. */
export function callFunction(name: string, args: readonly Known[], around: Surroundings): Known {
  const short = name.replace(/^core::/, "");
  const work = functions.get(short);
  if (!work) return unknownBy(`${name}(…)`, args);
  // All arguments are worked out before the function, which only these two outlive.
  if (short !== "try" && short !== "can" && args.some(isFailure)) return failure(`${name}(…)`);
  const value = because(work(args, short, around), args);
  // What is worked out from a path or a choice is neither any more.
  return value.kind === "unknown" ? { ...value, name: `${name}(…)` } : value;
}

/** How one element or attribute is taken; shared with `x.y` and `x[y]`. */
export function elementOf(of: Known, key: Known): Known {
  if (of.kind === "unknown")
    return of.candidates
      ? oneOf(
          "an expression",
          of.candidates.map((one) => elementOf(one, key)),
        )
      : unknownBy("an expression", [of]);
  if (key.kind === "unknown") {
    return isCollection(of) ? oneOf("an expression", partsOf(of)) : unknownBy("an expression", [key]);
  }
  if (key.kind !== "text" || !isCollection(of)) return failure("an expression");
  if (of.kind === "object") {
    const found = of.entries.get(key.text)?.value;
    // An unknown key may name the same attribute, and the later of the two wins.
    if (of.open) return oneOf("an expression", found ? [found] : []);
    return because(found ?? failure("an expression"), [of, key]);
  }
  if (of.of === "set" || !/^-?\d+(?:\.\d+)?$/.test(key.text)) return failure("an expression");
  return because(of.items[Number(key.text)] ?? failure("an expression"), [of, key]);
}

const isCollection = (value: Known): value is List | Obj => value.kind === "list" || value.kind === "object";

const asText = (value: Known) => convert(value, stringType);

/** A function of texts alone: others are converted, and one that is not known makes the result so. */
function ofTexts(count: number, compute: (texts: readonly string[]) => Known | string): Work {
  return (args, name) => {
    if (args.length !== count) return failure(name);
    const texts: string[] = [];
    for (const arg of args.map(asText)) {
      if (arg.kind === "null") return failure(name);
      if (arg.kind !== "text") return unknownBy(name, [arg]);
      texts.push(arg.text);
    }
    const value = compute(texts);
    if (typeof value !== "string") return value;
    const [first] = args;
    // A text that stays as it is stays where it is.
    return first?.kind === "text" && first.text === value ? asText(first) : text(value);
  };
}

/** Go counts code points, graphemes or bytes; for ASCII all are the same. */
const isPlain = (value: string) => /^[\0-\x7f]*$/.test(value);

function ofPlainText(compute: (value: string) => string): Work {
  return ofTexts(1, ([value = ""]) => (isPlain(value) ? compute(value) : unknown("a text")));
}

const white = "[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const whiteEnds = new RegExp(`^${white}|${white}$`, "gu");

function withoutAny(value: string, cut: string): string {
  const characters = [...value];
  const unwanted = new Set(cut);
  let start = 0;
  let end = characters.length;
  while (start < end && unwanted.has(characters[start] ?? "")) start++;
  while (end > start && unwanted.has(characters[end - 1] ?? "")) end--;
  return characters.slice(start, end).join("");
}

const to =
  (type: Type): Work =>
  (args, name) =>
    args[0] && args.length === 1 ? convert(args[0], type) : failure(name);

const same: Work = (args, name) => (args[0] && args.length === 1 ? args[0] : failure(name));

/** The first argument that is neither null nor, among strings, empty; all are converted to one type. */
const coalesce: Work = (args, name) => {
  const common = args.some((arg) => arg.kind === "unknown") ? unifiedWithUnknown(args) : unified(args);
  // Beside a null even types that have nothing in common are let through as they are.
  const converted = common?.some(isFailure) && args.some((arg) => arg.kind === "null") ? args : common;
  if (!converted) return oneOf(name, args);
  const isString = converted.some((arg) => arg.kind === "text" && !arg.type);
  for (const [index, arg] of converted.entries()) {
    if (arg.kind === "null" || (isString && arg.kind === "text" && arg.text === "")) continue;
    if (arg.kind !== "unknown") return arg;
    return arg.fails ? failure(name) : oneOf(name, converted.slice(index));
  }
  return failure(name);
};

/** Strings stay strings whatever the unknown ones turn out to be, as long as they can be had at all. */
function unifiedWithUnknown(args: readonly Known[]): readonly Known[] | undefined {
  const others = args.filter((arg) => arg.kind === "text");
  if (args.some(isCollection)) return undefined;
  return others.some((arg) => !arg.type) ? args.map(asText) : undefined;
}

const coalesceList: Work = (args, name) => {
  const isRefused = (arg: Known) =>
    arg.kind === "text" || arg.kind === "object" || (arg.kind === "list" && arg.of === "set");
  if (args.some(isRefused)) return failure(name);
  for (const arg of args) {
    if (arg.kind === "unknown") return unknownBy(name, [arg]);
    if (arg.kind === "null") return unknown(name);
    if (arg.kind === "list" && arg.items.length > 0) return arg;
  }
  return failure(name);
};

/** `try` goes on to the next argument only where this one is sure to fail. */
const tryFirst: Work = (args, name) => {
  for (const [index, arg] of args.entries()) {
    if (arg.kind !== "unknown") return isWhole(arg) ? arg : unknownWithin(name, arg, args.slice(index));
    if (!arg.fails) return oneOf(name, args.slice(index));
  }
  return failure(name);
};

/** A value with unknown parts may still turn out to fail, which nobody sees from here. */
function unknownWithin(name: string, value: Known, rest: readonly Known[]): Known {
  return isCollection(value) ? oneOf(name, rest) : value;
}

const lookup: Work = (args, name) => {
  const [map, key, preset] = args;
  if (!map || !key || args.length > 3) return failure(name);
  const found = elementOf(map, asText(key));
  if (found.kind === "unknown" && !(found.fails && map.kind === "object" && key.kind === "text")) {
    return found.candidates || preset ? oneOf(name, [found, ...(preset ? [preset] : [])]) : unknownBy(name, args);
  }
  if (map.kind !== "object") return failure(name);
  if (!preset || map.of !== "map") return found.kind !== "unknown" ? found : (preset ?? failure(name));
  // A map's elements are of one type, and the default becomes one of it.
  const [one] = partsOf(map);
  const [chosen, other] = found.kind !== "unknown" ? [found, preset] : [preset, one];
  if (!other || (chosen.kind === "text" && !chosen.type))
    return one || found.kind !== "unknown" ? chosen : unknown(name);
  return unified([chosen, other])?.[0] ?? unknown(name);
};

const element: Work = (args, name) => {
  const [of, index] = args;
  if (!of || !index || args.length !== 2) return failure(name);
  if (of.kind === "unknown" || index.kind === "unknown") return elementOf(of, index);
  if (of.kind !== "list" || of.of === "set" || index.kind !== "text") return failure(name);
  if (!/^\d+$/.test(index.text)) return unknown(name);
  if (of.items.length === 0) return failure(name);
  return because(of.items[Number(index.text) % of.items.length] ?? failure(name), [of]);
};

const concat: Work = (args, name) => {
  const lists = args.filter((arg) => arg.kind === "list");
  if (lists.length !== args.length) {
    return args.some((arg) => arg.kind !== "unknown" && arg.kind !== "list") ? unknown(name) : oneOf(name, []);
  }
  if (lists.length === 0) return failure(name);
  if (lists.length === 1) return lists[0] ?? failure(name);
  if (lists.some((one) => one.of === "set")) return unknown(name);
  const items = lists.flatMap((one) => one.items);
  if (lists.every((one) => one.of === undefined)) return list(items);
  // Lists of one type make a list; what becomes of others depends on types that are not kept here.
  return lists.every((one) => one.of === "list" && one.items.every((item) => item.kind === "text" && !item.type))
    ? list(items, "list")
    : unknown(name);
};

const merge: Work = (args, name) => {
  const entries = new Map<string, Field>();
  const objects: Obj[] = [];
  for (const arg of args) {
    if (arg.kind === "null") continue;
    if (arg.kind === "unknown") return unknownBy(name, [arg]);
    if (arg.kind !== "object") return failure(name);
    objects.push(arg);
    for (const [key, field] of arg.entries) entries.set(key, field);
  }
  const open = objects.some((one) => one.open);
  const strings = [...entries.values()].every(({ value }) => value.kind === "text" && !value.type);
  const maps = objects.filter((one) => one.of === "map").length;
  if (maps > 0 && (maps < objects.length || !strings)) {
    // The attributes are certain, the type of the whole is not.
    return object(entries, open ? { open } : {});
  }
  return object(entries, { ...(maps > 0 ? { of: "map" } : {}), ...(open ? { open } : {}) });
};

/** A list's texts, numbers among them written out; undefined where one is not known. */
function textsIn(value: Known): readonly Known[] | undefined {
  if (value.kind !== "list") return undefined;
  const items = value.items.map(asText);
  return items.every((item) => item.kind === "text" || item.kind === "null") ? items : undefined;
}

const join: Work = (args, name) => {
  const [separator, ...lists] = args;
  if (separator?.kind !== "text" || lists.length === 0) return unknownBy(name, args);
  const parts: string[] = [];
  for (const one of lists) {
    if (one.kind === "null" || one.kind === "text" || one.kind === "object") return failure(name);
    const items = textsIn(one);
    if (!items) return unknownBy(name, one.kind === "list" ? one.items : [one]);
    for (const item of items) {
      if (item.kind !== "text") return failure(name);
      parts.push(item.text);
    }
    const only = one.kind === "list" && lists.length === 1 && one.items.length === 1 ? items[0] : undefined;
    if (only) return only;
  }
  return text(parts.join(separator.text));
};

const split = ofTexts(2, ([separator = "", value = ""]) =>
  separator === "" ? unknown("split") : list(value.split(separator).map(text), "list"),
);

/** `%s`, `%d`, `%v` and `%%`; the other verbs print in ways of their own. */
const format: Work = (args, name) => {
  const [pattern, ...values] = args;
  if (pattern?.kind !== "text") return unknownBy(name, args);
  // Terraform itself does not know before it applies what a null comes to.
  if (values.some(({ kind }) => kind === "null")) return unknown(name);
  let next = 0;
  let result = "";
  let problem: Known | undefined;
  for (const [part, verb] of pattern.text.matchAll(/%(.?)|[^%]+/gs)) {
    if (!part.startsWith("%")) {
      result += part;
    } else if (verb === "%") {
      result += "%";
    } else if (verb === "s" || verb === "v" || verb === "d") {
      const value = values[next++];
      const shown = value && formatted(value, verb);
      if (typeof shown === "string") result += shown;
      else problem ??= shown ?? failure(name);
    } else {
      return unknownBy(name, args);
    }
  }
  if (problem) return problem;
  if (values.length > next) return failure(name);
  const only = values.length === 1 && pattern.text === "%s" ? values[0] : undefined;
  return only ? asText(only) : text(result);
};

function formatted(value: Known, verb: "s" | "v" | "d"): string | Known {
  if (value.kind === "unknown") return unknownBy("format", [value]);
  if (value.kind !== "text") return unknown("format");
  if (verb !== "d") return value.text;
  if (value.type === "number") return /^-?\d+$/.test(value.text) ? value.text : unknown("format");
  return value.type === undefined && /^\d{1,15}$/.test(value.text) ? String(Number(value.text)) : unknown("format");
}

const sortedKeys = (value: Obj) => [...value.entries.keys()].sort(byCodePoints);

const keys: Work = ([value], name) => {
  if (value?.kind !== "object") return value?.kind === "unknown" ? unknownBy(name, [value]) : failure(name);
  return value.open ? unknown(name) : list(sortedKeys(value).map(text), value.of === "map" ? "list" : undefined);
};

const values: Work = ([value], name) => {
  if (value?.kind !== "object") return value?.kind === "unknown" ? unknownBy(name, [value]) : failure(name);
  if (value.open) return unknown(name);
  const found = sortedKeys(value).map((key) => value.entries.get(key)?.value ?? nullValue);
  return list(found, value.of === "map" ? "list" : undefined);
};

const length: Work = ([value], name) => {
  if (!value || value.kind === "unknown") return unknownBy(name, value ? [value] : []);
  if (value.kind === "text" && value.type) return failure(name);
  if (value.kind === "text")
    return isPlain(value.text) ? number(value.text.replaceAll("\r\n", "\n").length) : unknown(name);
  if (value.kind === "null") return failure(name);
  if (value.kind === "object" && value.open) return unknown(name);
  return number(partsOf(value).length);
};

const contains: Work = ([of, sought], name) => {
  if (!of || !sought || of.kind !== "list") return unknownBy(name, of ? [of] : []);
  if (sought.kind !== "text") return unknownBy(name, [sought]);
  // A list of one type converts what it is asked for, a tuple compares as it is.
  const results = of.items.map((item) => equal(item, sought));
  if (results.includes(true)) return bool(true);
  const isSure =
    results.every((one) => one === false) && (of.of === undefined || of.items.every((item) => sameType(item, sought)));
  return isSure ? bool(false) : unknown(name);
};

const sameType = (a: Known, b: Known) => a.kind === "text" && b.kind === "text" && a.type === b.type;

const compact: Work = ([value], name) => {
  const items = value && textsIn(value);
  if (!items) return unknownBy(name, value ? [value] : []);
  return list(
    items.filter((item) => item.kind === "text" && item.text !== ""),
    "list",
  );
};

const distinct: Work = ([value], name) => {
  if (value?.kind !== "list" || value.of === "set") return unknownBy(name, value ? [value] : []);
  const items = unified(value.items) ?? [unknown(name)];
  const seen = new Set<string>();
  const kept: Known[] = [];
  for (const item of items) {
    if (item.kind !== "text") return unknown(name);
    if (!seen.has(item.text)) kept.push(item);
    seen.add(item.text);
  }
  return list(kept, "list");
};

const one: Work = ([value], name) => {
  if (!value || value.kind === "unknown")
    return value?.candidates
      ? oneOf(
          name,
          value.candidates.map((each) => one([each], name, nowhere)),
        )
      : unknownBy(name, []);
  if (value.kind !== "list") return failure(name);
  return value.items.length > 1 ? failure(name) : (value.items[0] ?? nullValue);
};

const nowhere: Surroundings = { at: { path: "", span: { start: 0, end: 0 } }, fileText: () => undefined };

const flatten: Work = ([value], name) => {
  if (value?.kind !== "list") return unknownBy(name, value ? [value] : []);
  const items: Known[] = [];
  const take = (part: Known): boolean => {
    if (part.kind === "unknown" || part.kind === "null") return false;
    if (part.kind !== "list") return items.push(part) > 0;
    return part.items.every(take);
  };
  return take(value) ? list(items) : unknown(name);
};

const substr: Work = (args, name) => {
  const [value, offset, count] = args.map(asText);
  if (value?.kind !== "text" || offset?.kind !== "text" || count?.kind !== "text") return unknownBy(name, args);
  if (!isPlain(value.text) || !/^\d+$/.test(offset.text) || !/^(?:\d+|-1)$/.test(count.text)) return unknown(name);
  const start = Number(offset.text);
  const cut = count.text === "-1" ? value.text.slice(start) : value.text.slice(start, start + Number(count.text));
  return cut === value.text ? value : text(cut);
};

const replace = ofTexts(3, ([value = "", sought = "", by = ""]) =>
  // Between slashes stands a regular expression of another dialect.
  sought === "" || (sought.length > 1 && sought.startsWith("/") && sought.endsWith("/"))
    ? unknown("replace")
    : value.split(sought).join(by),
);

const pathexpand: Work = ([value], name, { home }) => {
  if (value?.kind !== "text") return value?.kind === "unknown" ? value : failure(name);
  if (!value.text.startsWith("~")) return asText(value);
  if (home === undefined || !/^~(?:\/|$)/.test(value.text)) return unknown(name);
  return text(cleaned(`${home}${value.text.slice(1)}`) ?? `${home}${value.text.slice(1)}`);
};

/** A path without doubled or final slashes; undefined where dots are to be resolved. */
function cleaned(path: string): string | undefined {
  if (/(?:^|\/)\.{1,2}(?:\/|$)/.test(path)) return undefined;
  return path.replace(/\/+/g, "/").replace(/(?<=.)\/$/, "");
}

const basename: Work = (args, name, around) => {
  const [value] = args;
  if (value?.kind === "unknown" && value.path !== undefined && /\/[^/]*\.[^/]+$/.test(value.path)) {
    return text(value.path.slice(value.path.lastIndexOf("/") + 1));
  }
  return ofTexts(1, ([path = ""]) => {
    const plain = cleaned(path);
    if (plain === undefined || plain === "" || plain === "/") return unknown(name);
    return plain.slice(plain.lastIndexOf("/") + 1);
  })(args, name, around);
};

const dirname = ofTexts(1, ([path = ""]) => {
  const plain = path.endsWith("/") ? undefined : cleaned(path);
  if (plain === undefined || plain === "") return unknown("dirname");
  const slash = plain.lastIndexOf("/");
  return slash < 0 ? "." : plain.slice(0, slash) || "/";
});

const file: Work = ([path], name, { fileText }) => {
  const found = path && fileText(path);
  return found === undefined ? unknown(name) : text(found);
};

const jsondecode: Work = ([value], name, { at }) => {
  if (value?.kind !== "text") return unknownBy(name, value ? [value] : []);
  // Numbers with more digits than JavaScript keeps.
  if (/\d{15}|\d\.\d{7}|\d[eE][+-]?\d/.test(value.text.replace(/"(?:\\.|[^"\\])*"/g, '""'))) return unknown(name);
  try {
    return fromJson(JSON.parse(value.text), value, at);
  } catch {
    return failure(name);
  }
};

function fromJson(node: unknown, from: Text, at: Location): Known {
  if (node === null) return nullValue;
  if (typeof node === "number") return number(node);
  if (typeof node === "boolean") return bool(node);
  if (typeof node === "string") return standingIn(node, from);
  if (Array.isArray(node)) return list(node.map((item) => fromJson(item, from, at)));
  const entries = Object.entries(node as object).map(
    ([key, item]) => [key, { value: fromJson(item, from, at), nameAt: at, wholeAt: at }] as const,
  );
  return object(new Map(entries));
}

/** A string of a JSON literal stands where the literal's text has it, if it is there once and nothing is escaped. */
function standingIn(value: string, { literal }: Text): Known {
  const found = text(value);
  if (!literal || found.kind !== "text") return found;
  const { start, end } = literal.span;
  const raw = literal.document.source.text.slice(start, end);
  const quoted = [JSON.stringify(value), JSON.stringify(JSON.stringify(value)).slice(1, -1)].find((one) =>
    raw.includes(one),
  );
  if (!quoted || value.length < 4 || raw.split(quoted).length !== 2) return found;
  const offset = start + raw.indexOf(quoted) + quoted.indexOf(value.charAt(0));
  const span = { start: offset, end: offset + value.length };
  return literal.document.source.text.slice(span.start, span.end) === value
    ? { ...found, literal: { ...literal, span } }
    : found;
}

const jsonencode: Work = ([value], name) => {
  if (!value || !isWhole(value)) return unknownBy(name, value ? [value] : []);
  const written = asJson(value);
  // Go changed how it writes these two characters.
  return /(?<!\\)(?:\\\\)*\\[bf]/.test(written) ? unknown(name) : text(written);
};

/** As Go writes it: keys in order, and no bare `<`, `>` or `&`. */
function asJson(value: Known): string {
  if (value.kind === "text") return value.type ? value.text : quoted(value.text);
  if (value.kind === "list") return `[${value.items.map(asJson).join(",")}]`;
  if (value.kind !== "object") return "null";
  return `{${sortedKeys(value)
    .map((key) => `${quoted(key)}:${asJson(value.entries.get(key)?.value ?? nullValue)}`)
    .join(",")}}`;
}

function quoted(value: string): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const base64decode = ofTexts(1, ([value = ""]) => {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value)) return unknown("base64decode");
  const decoded = atob(value);
  return isPlain(decoded) ? decoded : unknown("base64decode");
});

const functions: ReadonlyMap<string, Work> = new Map<string, Work>([
  ["tostring", to(stringType)],
  ["tonumber", to({ kind: "number" })],
  ["tobool", to({ kind: "bool" })],
  ["tolist", to({ kind: "list", of: anyType })],
  ["toset", to({ kind: "set", of: anyType })],
  ["tomap", to({ kind: "map", of: anyType })],
  ["sensitive", same],
  ["nonsensitive", same],
  ["coalesce", coalesce],
  ["coalescelist", coalesceList],
  ["try", tryFirst],
  [
    "can",
    ([value], name) => {
      if (value?.kind === "unknown") return value.fails ? bool(false) : unknown(name);
      return value && isWhole(value) ? bool(true) : unknown(name);
    },
  ],
  ["lookup", lookup],
  ["element", element],
  ["concat", concat],
  ["merge", merge],
  ["join", join],
  ["split", split],
  ["format", format],
  ["keys", keys],
  ["values", values],
  ["length", length],
  ["contains", contains],
  ["compact", compact],
  ["distinct", distinct],
  ["one", one],
  ["flatten", flatten],
  ["substr", substr],
  ["replace", replace],
  ["upper", ofPlainText((value) => value.toUpperCase())],
  ["lower", ofPlainText((value) => value.toLowerCase())],
  ["chomp", ofTexts(1, ([value = ""]) => value.replace(/(?:\r\n|\r|\n)+$/, ""))],
  ["trimspace", ofTexts(1, ([value = ""]) => value.replace(whiteEnds, ""))],
  ["trim", ofTexts(2, ([value = "", cut = ""]) => withoutAny(value, cut))],
  ["trimprefix", ofTexts(2, ([value = "", cut = ""]) => (value.startsWith(cut) ? value.slice(cut.length) : value))],
  [
    "trimsuffix",
    ofTexts(2, ([value = "", cut = ""]) => (value.endsWith(cut) ? value.slice(0, value.length - cut.length) : value)),
  ],
  ["startswith", ofTexts(2, ([value = "", start = ""]) => bool(value.startsWith(start)))],
  ["endswith", ofTexts(2, ([value = "", end = ""]) => bool(value.endsWith(end)))],
  ["strcontains", ofTexts(2, ([value = "", part = ""]) => bool(value.includes(part)))],
  ["pathexpand", pathexpand],
  ["basename", basename],
  ["dirname", dirname],
  ["file", file],
  ["jsondecode", jsondecode],
  ["jsonencode", jsonencode],
  ["base64decode", base64decode],
  ["base64encode", ofPlainText((value) => btoa(value))],
]);
