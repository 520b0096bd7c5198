import { backendArguments, backendRoleArguments, foreignRoleArguments, formerRoleArguments } from "../aws/arguments";
import type { Attribute, Block, Entry, TerraformDocument } from "../documents/terraform";
import type { Piece, Span, TextEdit } from "../model/text";
import type { DroppedArgument, ModuleVersions } from "./facts";
import { foreignName, isOneEditAway } from "./names";
import { surroundingsOf } from "./surroundings";

/** What a backend block says that Terraform does not take from it. */
export function droppedArguments(
  backend: Block,
  document: TerraformDocument,
  versions: ModuleVersions,
): readonly DroppedArgument[] {
  const { path } = document.source;
  const { attributes, blocks } = backend.body;
  const dropped: DroppedArgument[] = [];
  const add = (kind: DroppedArgument["kind"], spelling: string, span: Span, meant?: string, repair?: TextEdit[]) =>
    dropped.push({
      versions,
      kind,
      spelling,
      at: { path, span },
      ...(meant === undefined ? {} : { meant }),
      repair: repair ?? [],
    });
  for (const block of blocks) {
    // An object may hold what the block does, but no blocks.
    const canBeObject = backendArguments.has(block.type) && block.body.blocks.length === 0 && block.labels.length === 0;
    const end = block.typeSpan.end;
    const repair = canBeObject ? [{ path, span: { start: end, end }, pieces: [" ="] }] : [];
    add("block", block.type, block.typeSpan, undefined, repair);
  }
  for (const { name, nameSpan, value } of attributes) {
    const meant = backendArguments.has(name) || foreignName(name) ? undefined : misspelt(name, backendArguments);
    if (meant !== undefined) add("misspelt", name, nameSpan, meant, [{ path, span: nameSpan, pieces: [meant] }]);
    if (!/^assume_role(?:_with_web_identity)?$/.test(name) || value.kind !== "object") continue;
    for (const { spelling, span, meant } of strangersIn(value.entries)) {
      add("inner", spelling, span, meant, [{ path, span, pieces: [meant] }]);
    }
  }
  const former = attributes.filter(({ name }) => formerRoleArguments.has(name));
  const first = former.find(({ name }) => name === "role_arn") ?? former[0];
  const isReplaced = attributes.some(({ name }) => name === "assume_role");
  if (first) add("former", first.name, first.nameSpan, undefined, isReplaced ? [] : asObject(former, document));
  return dropped;
}

function misspelt(name: string, known: ReadonlySet<string>): string | undefined {
  const plain = name.toLowerCase().replaceAll("-", "_");
  if (name.length < 5) return undefined;
  return [...known].find((one) => one === plain || (one.length >= 5 && isOneEditAway(plain, one)));
}

/** Names inside an object that stand for known ones; Terraform converts the object and never mentions them. */
function strangersIn(entries: readonly Entry[]): readonly { spelling: string; span: Span; meant: string }[] {
  const present = new Set(entries.map(({ key }) => (key.kind === "string" ? key.text : "")));
  return entries.flatMap(({ key }) => {
    if (key.kind !== "string" || backendRoleArguments.has(key.text)) return [];
    const meant = foreignRoleArguments.get(key.text) ?? misspelt(key.text, backendRoleArguments);
    return meant === undefined || present.has(meant) ? [] : [{ spelling: key.text, span: key.contentSpan, meant }];
  });
}

/** The former arguments as one `assume_role = { … }` in the place of the first. */
function asObject(former: readonly Attribute[], { source, syntax }: TerraformDocument): TextEdit[] {
  const { path, text } = source;
  const [first, ...others] = former;
  // Seconds were a number; a duration is a text.
  if (!first || syntax === "json" || former.some(({ name }) => name === "assume_role_duration_seconds")) return [];
  const { indent, newline } = surroundingsOf(text, first.span, syntax);
  const lines = former.flatMap(({ name, value }): Piece[] => [
    newline,
    indent,
    `  ${formerRoleArguments.get(name) ?? name} = `,
    value.span,
  ]);
  const removals = others.map(({ span }): TextEdit | undefined => {
    const { lineEnd, indent: before, newline: breaks } = surroundingsOf(text, span, syntax);
    if (lineEnd === undefined) return undefined;
    return { path, span: { start: Math.max(0, before.start - breaks.length), end: lineEnd }, pieces: [] };
  });
  if (removals.some((one) => one === undefined)) return [];
  return [
    { path, span: first.span, pieces: ["assume_role = {", ...lines, newline, indent, "}"] },
    ...removals.flatMap((one) => one ?? []),
  ];
}
