import type { Body, TerraformDocument } from "../documents/terraform";
import type { CredentialSet, Setting, SettingName, Value } from "../model/credentials";
import type { Location } from "../model/text";
import { evaluate, type Field, type Known, type Scope } from "./evaluate";
import { keySetting } from "./keySetting";
import { surroundingsOf } from "./surroundings";

/** Where a block stands, and what its names mean. */
export interface Within {
  readonly directory: string;
  readonly document: TerraformDocument;
  readonly scope: Scope;
  /** Where calls go unless the block says otherwise. */
  readonly endpoint: CredentialSet["endpoint"];
}

/** A block's or an object's settings, whatever the syntax. */
export type Fields = ReadonlyMap<string, Argument>;

interface Argument extends Field {
  readonly expressionAt?: Location;
}

export function fieldsOf(body: Body, { document, scope }: Within): Fields {
  const path = document.source.path;
  const fields = new Map<string, Argument>();
  for (const attribute of body.attributes) {
    const wholeAt = { path, span: attribute.span };
    fields.set(attribute.name, {
      value: evaluate(attribute.value, document, scope, wholeAt),
      nameAt: { path, span: attribute.nameSpan },
      expressionAt: { path, span: attribute.value.span },
      wholeAt,
    });
  }
  return fields;
}

/** An object, or each of a list of objects, as JSON may have them; undefined for anything else. */
export function objectsOf(value: Known): readonly Extract<Known, { kind: "object" }>[] | undefined {
  if (value.kind === "object") return [value];
  if (value.kind !== "list") return undefined;
  const objects = value.items.flatMap((item) => (item.kind === "object" ? [item] : []));
  return objects.length === value.items.length ? objects : undefined;
}

export function settingOf(name: SettingName, spelling: string, field: Argument, within: Within): Setting {
  const { value } = field;
  const known = value.kind === "text" || value.kind === "unknown" ? (value.candidates ?? []) : [];
  const candidates = known.filter((one) => one.kind === "text" && one.literal);
  const setting = oneSettingOf(name, spelling, field, within);
  if (value.kind === "list") {
    return {
      ...setting,
      items: value.items.map((one) => oneSettingOf(name, spelling, { ...field, value: one }, within)),
    };
  }
  if (candidates.length === 0) return setting;
  const each = candidates.map((one) => oneSettingOf(name, spelling, { ...field, value: one }, within));
  return { ...setting, candidates: each };
}

function oneSettingOf(name: SettingName, spelling: string, field: Argument, within: Within): Setting {
  const { value, nameAt, wholeAt, expressionAt } = field;
  const { document } = within;
  const expression = expressionAt ? { expressionAt } : {};
  const literal = value.kind === "text" ? value.literal : undefined;
  const here = surroundingsOf(document.source.text, wholeAt.span, document.syntax);
  const uncertain = name === "profile" && value.kind === "text" ? value.defaultOf : undefined;
  if (value.kind !== "text" || uncertain !== undefined) {
    return {
      name,
      spelling,
      value: uncertain === undefined ? asValue(value) : { kind: "reference", expression: uncertain },
      at: nameAt,
      valueAt: wholeAt,
      nameAt,
      wholeAt,
      ...expression,
      surroundings: here,
    };
  }
  const elsewhere = literal !== undefined && !contains(wholeAt, literal);
  const source = literal?.document.source.text ?? "";
  const place: Location = literal ? { path: literal.path, span: literal.span } : nameAt;
  const written = {
    name,
    spelling,
    at: firstLine(place, source),
    valueAt: place,
    nameAt,
    wholeAt,
    ...expression,
    surroundings: here,
    ...(elsewhere ? { usedAt: nameAt } : {}),
  };
  if (literal && isQuotedReference(name, value.text, within)) {
    return { ...written, value: { kind: "reference", expression: value.text }, quotedReference: value.text };
  }
  const raw = literal ? source.slice(literal.span.start, literal.span.end) : value.text;
  return keySetting({ ...written, text: value.text, raw });
}

const reference = /^(var|local|data|module|each|path)\.([A-Za-z_][\w-]*)(?:\.[\w-]+|\[[^\]]*\])*$/;

/** A profile or a file may have any name; so of these only what the module declares was meant. */
const anyText: ReadonlySet<SettingName> = new Set(["profile", "sharedCredentialsFiles", "sharedConfigFiles"]);

function isQuotedReference(setting: SettingName, text: string, { scope }: Within): boolean {
  const [, root, name = ""] = reference.exec(text) ?? [];
  if (root === undefined || !anyText.has(setting)) return root !== undefined;
  return (root === "var" && scope.variables.has(name)) || (root === "local" && scope.locals.has(name));
}

export function isEmpty(value: Known): boolean {
  return value.kind === "null" || (value.kind === "text" && value.text === "");
}

function contains(outer: Location, inner: Location): boolean {
  return outer.path === inner.path && outer.span.start <= inner.span.start && inner.span.end <= outer.span.end;
}

/** A finding covers one line at most: a heredoc is reported at its first. */
function firstLine(at: Location, source: string): Location {
  const lineEnd = source.slice(at.span.start, at.span.end).search(/[\r\n]/);
  return lineEnd < 0
    ? at
    : { path: at.path, span: { start: at.span.start, end: at.span.start + Math.max(1, lineEnd) } };
}

export function asValue(known: Known): Value {
  if (known.kind === "text") return { kind: "literal", text: known.text };
  if (known.kind === "list") return { kind: "list", items: known.items.map(asValue) };
  return { kind: "reference", expression: known.kind === "unknown" ? known.name : "an expression" };
}
