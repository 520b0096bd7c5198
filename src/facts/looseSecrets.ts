import { accessKeyIdShape, secretKeyShape } from "../aws/accessKey";
import type { Attribute, Block, Body, Entry, Expression, TerraformDocument } from "../documents/terraform";
import type { CredentialSet, Setting } from "../model/credentials";
import type { Span } from "../model/text";
import { keySetting } from "./keySetting";
import { directoryOf } from "./locations";
import { foreignName } from "./names";
import { surroundingsOf } from "./surroundings";

/** A secret that a file of Terraform's holds outside the blocks that use it, and what it stands in. */
export interface LooseSecret {
  readonly setting: Setting;
  readonly set: CredentialSet;
}

/** One name and its literal. */
interface Named {
  readonly name: string;
  readonly nameSpan: Span;
  readonly text: string;
  readonly contentSpan: Span;
  readonly span: Span;
}

/** Literals that stand together, and in what. */
interface Group {
  readonly place: string;
  readonly at: Span;
  readonly named: readonly Named[];
}

/**
 * Secret keys under a name that says so: in variable files, defaults, locals, arguments of modules, and in the
 * environments that resources give to others. Both have to fit, the name and the value.
 */
export function looseSecrets(document: TerraformDocument): readonly LooseSecret[] {
  const known = found.get(document) ?? secretsIn(document);
  found.set(document, known);
  return known;
}

/** A document says the same whatever stands in others. */
const found = new WeakMap<TerraformDocument, readonly LooseSecret[]>();

function secretsIn(document: TerraformDocument): readonly LooseSecret[] {
  const { source, body } = document;
  if (!/secret|A[KS]IA/i.test(source.text)) return [];
  return [...groupsIn(body, placeOfFile(source.path)), ...textsIn(document)].flatMap((group) =>
    group.named.flatMap((one) =>
      isSecretName(one.name, group) && secretKeyShape(one.text).kind === "secret-key"
        ? [looseSecret(one, group, document)]
        : [],
    ),
  );
}

const placeOfFile = (path: string) => path.slice(path.lastIndexOf("/") + 1);

/** `secret_key`, `aws_secret_access_key`, `prod_aws_secret_key`; a bare `secret_key` of another program has another form. */
const secretName =
  /(?:^|[_.-])secret[_-]?(?:access[_-]?)?key$|secretaccesskey$|^secretkey$|(?:^|_)access_?key_?secret$/i;
/** Names that mean anything; they count beside an access key id of AWS's. */
const openName = /secret|(?:^|_)key$/i;

function isSecretName(name: string, { named }: Group): boolean {
  if (secretName.test(name)) return true;
  // A secret under the id's name is swapped with it, which is another mistake.
  const isOpen = openName.test(name) && foreignName(name) !== "accessKeyId";
  return isOpen && named.some(({ text }) => isKeyId(text));
}

function isKeyId(text: string): boolean {
  const shape = accessKeyIdShape(text);
  const kind = shape.kind === "documented" ? shape.of : shape.kind;
  return kind === "long-term-key-id" || kind === "temporary-key-id";
}

function* groupsIn(body: Body, place: string): Iterable<Group> {
  const { blocks, attributes, span } = body;
  yield* groupsOf(attributes.map(asPair), place, span);
  const defaults = blocks.flatMap((block) => defaultOf(block));
  if (defaults.length > 0) yield { place: "a variable", at: span, named: defaults };
  for (const block of blocks) yield* groupsIn(block.body, placeOf(block, place));
}

/** `variable "aws_secret_key" { default = "…" }`: the name is the label. */
function defaultOf({ type, labels, body }: Block): readonly Named[] {
  const [label] = labels;
  const value = body.attributes.find(({ name }) => name === "default");
  if (type !== "variable" || !label || value?.value.kind !== "string") return [];
  const { text, contentSpan } = value.value;
  return [{ name: label.text, nameSpan: label.span, text, contentSpan, span: value.span }];
}

/** A block without a name belongs to the one around it. */
const placeOf = ({ type, labels }: Block, outer: string) =>
  labels.length > 0 ? `${type} ${labels.map(({ text }) => text).join(".")}` : outer;

interface Pair {
  readonly name: string;
  readonly nameSpan: Span;
  readonly value: Expression;
  readonly span: Span;
}

const asPair = ({ name, nameSpan, value, span }: Attribute): Pair => ({ name, nameSpan, value, span });

const entryPair = ({ key, value, span }: Entry): readonly Pair[] =>
  key.kind === "string" ? [{ name: key.text, nameSpan: key.contentSpan, value, span }] : [];

function* groupsOf(pairs: readonly Pair[], place: string, at: Span): Iterable<Group> {
  yield { place, at, named: [...pairs.flatMap(literalOf), ...spelledOut(pairs)] };
  for (const { value } of pairs) yield* inside(value, place);
}

function literalOf({ name, nameSpan, value, span }: Pair): readonly Named[] {
  if (value.kind !== "string" || value.heredoc) return [];
  return [{ name, nameSpan, text: value.text, contentSpan: value.contentSpan, span }];
}

/** `{ name = "AWS_SECRET_ACCESS_KEY", value = "…" }`, as lists of variables have it. */
function spelledOut(pairs: readonly Pair[]): readonly Named[] {
  const name = pairs.find((one) => /^(?:name|key)$/i.test(one.name))?.value;
  const value = pairs.find((one) => /^value$/i.test(one.name));
  return name?.kind === "string" && value ? literalOf({ ...value, name: name.text, nameSpan: name.contentSpan }) : [];
}

function* inside(value: Expression, place: string): Iterable<Group> {
  switch (value.kind) {
    case "object":
      yield* groupsOf(value.entries.flatMap(entryPair), place, value.span);
      return;
    case "list":
      for (const item of value.items) yield* inside(item, place);
      return;
    case "call":
      for (const one of value.arguments) yield* inside(one, place);
      return;
    case "parenthesis":
      yield* inside(value.inner, place);
      return;
    case "conditional":
      yield* inside(value.whenTrue, place);
      yield* inside(value.whenFalse, place);
  }
}

/** Scripts, files and JSON that stand as text in a file of Terraform's. */
const assignment =
  /\b((?:AWS_)?SECRET_(?:ACCESS_)?KEY)\\?["']?(?:[ \t]*[=:]|[ \t]|[ \t]*,[ \t]*\\?["']value\\?["'][ \t]*:)[ \t]*\\?["']?([A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])/gi;

function textsIn({ source, body }: TerraformDocument): readonly Group[] {
  if (!/secret_(?:access_)?key/i.test(source.text)) return [];
  return [...blockTexts(body, placeOfFile(source.path))].flatMap(({ place, span }) => {
    const text = source.text.slice(span.start, span.end);
    return [...text.matchAll(assignment)].map((match) => {
      const [whole, name = "", value = ""] = match;
      const start = span.start + match.index;
      const contentSpan = { start: start + whole.length - value.length, end: start + whole.length };
      const nameSpan = { start, end: start + name.length };
      return { place, at: nameSpan, named: [{ name, nameSpan, text: value, contentSpan, span: contentSpan }] };
    });
  });
}

function* blockTexts(body: Body, place: string): Iterable<{ place: string; span: Span }> {
  for (const { value } of body.attributes) for (const span of longTexts(value)) yield { place, span };
  for (const block of body.blocks) yield* blockTexts(block.body, placeOf(block, place));
}

/** Texts that may hold more than a value of their own. */
function longTexts(value: Expression): readonly Span[] {
  switch (value.kind) {
    case "string":
    case "template":
      return [value.contentSpan];
    case "object":
      return value.entries.flatMap((entry) => longTexts(entry.value));
    case "list":
      return value.items.flatMap(longTexts);
    case "call":
      return value.arguments.flatMap(longTexts);
    case "parenthesis":
      return longTexts(value.inner);
    case "conditional":
      return [...longTexts(value.whenTrue), ...longTexts(value.whenFalse)];
    default:
      return [];
  }
}

function looseSecret(one: Named, { place, at }: Group, { source, syntax }: TerraformDocument): LooseSecret {
  const { path, text } = source;
  const { name, nameSpan, contentSpan, span } = one;
  const setting = keySetting({
    name: "secretAccessKey",
    spelling: name,
    text: one.text,
    raw: text.slice(contentSpan.start, contentSpan.end),
    at: { path, span: contentSpan },
    valueAt: { path, span: contentSpan },
    nameAt: { path, span: nameSpan },
    wholeAt: { path, span },
    surroundings: surroundingsOf(text, span, syntax),
  });
  const set: CredentialSet = {
    origin: { kind: "variables", of: "terraform", name: place },
    at: { path, span: at },
    directory: directoryOf(path),
    settings: { secretAccessKey: setting },
    empty: {},
    misnamed: [],
    roles: [],
    endpoint: "aws",
  };
  return { setting, set };
}
