import type { Body, Expression, TerraformDocument } from "../documents/terraform";
import { directoryOf, expandHome, resolvePath } from "../facts/locations";
import type { Span } from "../model/text";

/** A path written in `shared_credentials_files` or `shared_config_files`. */
export interface WrittenPath {
  readonly path: string;
  /** Between the quotes. */
  readonly span: Span;
}

const wanted = /^shared_(?:credentials|config)_files?$/;

/** The literal paths of a file's arguments, as seen from its directory. */
export function sharedFilePaths({ source, body }: TerraformDocument, home: string): readonly WrittenPath[] {
  const found: WrittenPath[] = [];
  const take = (value: Expression): void => {
    if (value.kind === "list") for (const item of value.items) take(item);
    const text = value.kind === "string" ? value.text : fromModule(value);
    if (!text || (value.kind !== "string" && value.kind !== "template") || value.heredoc) return;
    found.push({ path: resolvePath(directoryOf(source.path), expandHome(text, home)), span: value.contentSpan });
  };
  const visit = (one: Body): void => {
    for (const { name, value } of one.attributes) {
      if (wanted.test(name)) take(value);
      if (value.kind !== "object") continue;
      for (const entry of value.entries)
        if (entry.key.kind === "string" && wanted.test(entry.key.text)) take(entry.value);
    }
    for (const block of one.blocks) visit(block.body);
  };
  visit(body);
  return found;
}

/** `"${path.module}/aws/config"` without its beginning. */
function fromModule(value: Expression): string | undefined {
  if (value.kind !== "template") return undefined;
  const [first, rest, ...more] = value.parts;
  const reference = first?.kind === "value" && first.value.kind === "reference" ? first.value : undefined;
  const step = reference?.steps[0];
  const isModule = reference?.root === "path" && step?.kind === "attribute" && step.name === "module";
  return isModule && rest?.kind === "text" && more.length === 0 ? `.${rest.text}` : undefined;
}
