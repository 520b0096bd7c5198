import type { Attribute, Block, Entry, Expression, TerraformDocument } from "../documents/terraform";
import type { Location, TextEdit } from "../model/text";
import type { AwsProviderVersions } from "./facts";
import { isLockFile, requiredProvidersIn, settingsBlocks } from "./requiredProviders";
import { surroundingsOf } from "./surroundings";
import { localNamesOfAws } from "./terraform";

/** What a module's files say about the versions of hashicorp/aws. */
export function awsProviderVersions(documents: readonly TerraformDocument[]): AwsProviderVersions {
  const names = localNamesOfAws(documents);
  const constraints = documents.flatMap((document) => constraintsIn(document, names));
  const locked = documents.flatMap(lockedIn);
  const admitted = [...constraints.map(({ text }) => text), ...locked].join(", ");
  // A called module's constraint counts as well.
  const calls = documents.some(({ body }) => body.blocks.some(({ type }) => type === "module"));
  const speaks =
    !calls &&
    documents.some((document) =>
      settingsBlocks(document.body.blocks).some(
        ({ body }) =>
          body.blocks.some(({ type }) => type === "required_providers") ||
          body.attributes.some(({ name }) => name === "required_version"),
      ),
    );
  const repair = admitted === "" && speaks ? repairOf(documents, names) : undefined;
  return { admitted, constraints, isOmitted: admitted === "" && speaks, repair: repair ? [repair] : [] };
}

/** `version` in a provider block is the form of Terraform 0.12 and before. */
function constraintsIn(document: TerraformDocument, names: ReadonlySet<string>) {
  const own = document.body.blocks
    .filter(({ type, labels }) => type === "provider" && names.has(labels[0]?.text ?? ""))
    .flatMap(({ body }) => body.attributes.flatMap((one) => (one.name === "version" ? one.value : [])));
  const required = requiredProvidersIn(document).flatMap(({ name, version }) =>
    names.has(name) && version ? version : [],
  );
  const { path } = document.source;
  return [...required, ...own].flatMap((value): readonly { text: string; at: Location }[] =>
    value.kind === "string" ? [{ text: value.text, at: { path, span: value.contentSpan } }] : [],
  );
}

function lockedIn({ body, source }: TerraformDocument): readonly string[] {
  if (!isLockFile(source.path)) return [];
  return body.blocks
    .filter(({ type, labels }) => type === "provider" && /(?:^|\/)hashicorp\/aws$/.test(labels[0]?.text ?? ""))
    .flatMap(({ body: { attributes } }) => textOf(attributes, "version") ?? []);
}

function textOf(attributes: readonly Attribute[], name: string): string | undefined {
  const value = attributes.find((one) => one.name === name)?.value;
  return value?.kind === "string" ? value.text : undefined;
}

/** The first version with the order of credentials that every later one has. */
const version = 'version = ">= 4.0"';

function repairOf(documents: readonly TerraformDocument[], names: ReadonlySet<string>): TextEdit | undefined {
  const hcl = documents.filter(({ syntax, source }) => syntax === "hcl" && !isLockFile(source.path));
  for (const document of hcl) {
    const required = settingsBlocks(document.body.blocks)
      .flatMap(({ body }) => body.blocks)
      .find(({ type }) => type === "required_providers");
    if (!required) continue;
    const entry = required.body.attributes.find(({ name }) => names.has(name));
    return entry ? inEntry(entry.value, document) : inBlock(required, document);
  }
  if (hcl.length < documents.filter(({ source }) => !isLockFile(source.path)).length) return undefined;
  for (const document of hcl) {
    const settings = settingsBlocks(document.body.blocks).at(0);
    if (settings) return inSettings(settings, document);
  }
  return undefined;
}

function inEntry(value: Expression, { source }: TerraformDocument): TextEdit | undefined {
  const last: Entry | undefined = value.kind === "object" ? value.entries.at(-1) : undefined;
  if (!last) return undefined;
  const { lineEnd, indent, newline } = surroundingsOf(source.text, last.span, "hcl");
  const at = lineEnd ?? last.span.end;
  const pieces = lineEnd === undefined ? [`, ${version}`] : [newline, indent, version];
  return { path: source.path, span: { start: at, end: at }, pieces };
}

function inBlock(block: Block, { source }: TerraformDocument): TextEdit {
  const { indent, newline } = surroundingsOf(source.text, block.span, "hcl");
  const start = block.body.span.start;
  const lines = ["  aws = {", '    source  = "hashicorp/aws"', `    ${version}`, "  }"];
  const pieces = lines.flatMap((line) => [newline, indent, line]);
  return { path: source.path, span: { start, end: start }, pieces };
}

function inSettings(block: Block, { source }: TerraformDocument): TextEdit {
  const { indent, newline } = surroundingsOf(source.text, block.span, "hcl");
  const start = block.body.span.start;
  const lines = [
    "  required_providers {",
    "    aws = {",
    '      source  = "hashicorp/aws"',
    `      ${version}`,
    "    }",
    "  }",
    "",
  ];
  const pieces = lines.flatMap((line) => (line === "" ? [newline] : [newline, indent, line]));
  return { path: source.path, span: { start, end: start }, pieces };
}
