import type { SourceFile, Span } from "../model/text";
import type { Block, Expression, TerraformDocument } from "./terraform";
import { parseTerraform } from "./terraformParser";

/**
 * A Terragrunt file, and what its `generate` blocks write out as Terraform.
 * https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/#generate
 */
export function parseTerragrunt(source: SourceFile): TerraformDocument {
  const document = parseTerraform(source);
  const generated = document.body.blocks.flatMap((block) => generatedBy(block, source));
  if (generated.length === 0) return document;
  const suppressions = [document, ...generated].flatMap((one) => one.suppressions);
  return { ...document, generated, suppressions };
}

function generatedBy(block: Block, source: SourceFile): readonly TerraformDocument[] {
  const contents = block.body.attributes.find(({ name }) => name === "contents")?.value;
  if (block.type !== "generate" || (contents?.kind !== "string" && contents?.kind !== "template")) return [];
  return contents.heredoc ? [parseTerraform({ path: source.path, text: alone(source.text, contents) })] : [];
}

type Heredoc = Extract<Expression, { kind: "string" | "template" }>;

/** The heredoc's text at its own offsets, with nothing around it. */
function alone(text: string, heredoc: Heredoc): string {
  const { start, end } = heredoc.contentSpan;
  const parts = heredoc.kind === "template" ? heredoc.parts : [];
  let written = "";
  let at = start;
  for (const { span } of parts.filter(({ kind }) => kind === "value")) {
    written += text.slice(at, span.start);
    // In quotes the text is read as the template it is; elsewhere any name can stand for it.
    written += isInQuotes(written) ? text.slice(span.start, span.end) : nameOf(span);
    at = span.end;
  }
  written += text.slice(at, end);
  // A name that Terraform itself will look up. It is none of Terragrunt's.
  const unescaped = written.replace(/\$(?=\$\{)|%(?=%\{)/g, "_");
  return text.slice(0, start).replace(/[^\r\n]/g, " ") + unescaped;
}

const isInQuotes = (before: string) =>
  (before.slice(before.lastIndexOf("\n") + 1).match(/(?<!\\)"/g)?.length ?? 0) % 2 === 1;

const nameOf = ({ start, end }: Span) => "_".repeat(end - start);
