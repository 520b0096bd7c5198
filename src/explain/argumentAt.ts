import type { Attribute, Block, TerraformDocument } from "../documents/terraform";
import type { Span } from "../model/text";

/** What an argument has to do with credentials. */
export type ArgumentRole = "keys" | "profile" | "files" | "role" | "region";

const roles: Readonly<Record<string, ArgumentRole>> = {
  access_key: "keys",
  secret_key: "keys",
  token: "keys",
  profile: "profile",
  shared_config_files: "files",
  shared_credentials_file: "files",
  shared_credentials_files: "files",
  assume_role: "role",
  assume_role_with_web_identity: "role",
  external_id: "role",
  role_arn: "role",
  session_name: "role",
  web_identity_token_file: "role",
  region: "region",
  sts_region: "region",
};

/** An argument of a block that has credentials. */
export interface CredentialArgument {
  readonly role: ArgumentRole;
  /** From its name to the end of its value. */
  readonly span: Span;
  /** The label that names its block, as credential sets have it. */
  readonly blockAt: Span;
}

/** The credential argument at an offset, its name or its value. */
export function argumentAt({ body }: TerraformDocument, offset: number): CredentialArgument | undefined {
  for (const block of body.blocks) {
    if (!holds(block.span, offset) && !holds(block.typeSpan, offset)) continue;
    for (const [inner, label] of credentialBlocks(block)) {
      const found = argumentIn(inner, offset);
      if (found) return { ...found, blockAt: label };
    }
  }
  return undefined;
}

const holds = (span: Span, offset: number) => span.start <= offset && offset <= span.end;

/** The blocks in one of the top that have credentials of their own, each with the label that names it. */
export function credentialBlocks(block: Block): readonly (readonly [Block, Span])[] {
  const [first, second] = block.labels;
  switch (block.type) {
    case "provider":
      return [[block, first?.span ?? block.typeSpan]];
    case "terraform":
      return block.body.blocks
        .filter(({ type }) => type === "backend")
        .map((inner) => [inner, inner.labels[0]?.span ?? inner.typeSpan]);
    case "data":
      return first?.text === "terraform_remote_state" ? [[block, second?.span ?? block.typeSpan]] : [];
    default:
      return [];
  }
}

interface Written {
  readonly name: string;
  readonly nameSpan: Span;
  readonly span: Span;
  readonly inner: readonly Written[];
}

function argumentIn(block: Block, offset: number): Omit<CredentialArgument, "blockAt"> | undefined {
  return innermost(writtenIn(block), offset);
}

function innermost(written: readonly Written[], offset: number): Omit<CredentialArgument, "blockAt"> | undefined {
  const one = written.find(({ span }) => holds(span, offset));
  const inner = one && innermost(one.inner, offset);
  if (!one || inner) return inner;
  const role = Object.hasOwn(roles, one.name) ? roles[one.name] : undefined;
  // Of what holds other arguments only the name speaks.
  return role && (one.inner.length === 0 || holds(one.nameSpan, offset)) ? { role, span: one.span } : undefined;
}

/** Attributes, the objects they hold, and the blocks inside. */
function writtenIn({ body }: Block): readonly Written[] {
  const blocks = body.blocks.map((inner) => ({
    name: inner.type,
    nameSpan: inner.typeSpan,
    span: { start: inner.typeSpan.start, end: inner.span.end },
    inner: writtenIn(inner),
  }));
  return [...body.attributes.map(fromAttribute), ...blocks];
}

function fromAttribute({ name, nameSpan, value, span }: Attribute): Written {
  return { name, nameSpan, span, inner: entriesOf(value) };
}

function entriesOf(value: Attribute["value"]): readonly Written[] {
  if (value.kind === "list") return value.items.flatMap(entriesOf);
  if (value.kind !== "object") return [];
  return value.entries.flatMap((entry) =>
    entry.key.kind === "string"
      ? [{ name: entry.key.text, nameSpan: entry.key.span, span: entry.span, inner: entriesOf(entry.value) }]
      : [],
  );
}
