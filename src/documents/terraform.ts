import type { Span } from "../model/text";
import type { ParsedFile } from "./document";

/** A file of Terraform, OpenTofu or Terragrunt, whatever it is for, or its JSON form as one tree. */
export interface TerraformDocument extends ParsedFile {
  readonly kind: "terraform";
  readonly syntax: "hcl" | "json";
  readonly body: Body;
  /** The Terraform files that this one holds the text of, at their offsets in it. */
  readonly generated?: readonly TerraformDocument[];
}

export interface Body {
  readonly attributes: readonly Attribute[];
  readonly blocks: readonly Block[];
  /** Between the braces, or the whole file; where one more setting can be inserted. */
  readonly span: Span;
}

/** In JSON, `span` covers the body and its last label only: other blocks may share the type and the labels before. */
export interface Block {
  readonly type: string;
  readonly typeSpan: Span;
  readonly labels: readonly Label[];
  readonly body: Body;
  readonly span: Span;
}

/** A block label; `span` covers the text without its quotes. */
export interface Label {
  readonly text: string;
  readonly span: Span;
}

export interface Attribute {
  readonly name: string;
  readonly nameSpan: Span;
  readonly value: Expression;
  readonly span: Span;
}

/** `span` covers the whole expression as written, quotes included. */
export type Expression =
  /** A string without interpolation. `contentSpan` lies between the quotes; `text` has the escapes decoded. */
  | {
      readonly kind: "string";
      readonly text: string;
      readonly contentSpan: Span;
      readonly heredoc: boolean;
      readonly span: Span;
    }
  | { readonly kind: "number"; readonly value: number; readonly span: Span }
  | { readonly kind: "bool"; readonly value: boolean; readonly span: Span }
  | { readonly kind: "null"; readonly span: Span }
  /** A string with `${…}` or `%{…}`. Directive parts (`%{…}`) make the text unknowable: kind `unknown`. */
  | {
      readonly kind: "template";
      readonly parts: readonly TemplatePart[];
      readonly contentSpan: Span;
      readonly heredoc: boolean;
      readonly span: Span;
    }
  /** `var.region`, `local.x[0].y`, `data.a.b.c`: `root` and then attribute or index steps. */
  | { readonly kind: "reference"; readonly root: string; readonly steps: readonly Step[]; readonly span: Span }
  /** Attribute or index of something that is not a name: `f(x).y`, `{…}["k"]`, `[…][0]`. */
  | { readonly kind: "access"; readonly of: Expression; readonly step: Step; readonly span: Span }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly nameSpan: Span;
      readonly arguments: readonly Expression[];
      readonly expand: boolean;
      readonly span: Span;
    }
  | { readonly kind: "list"; readonly items: readonly Expression[]; readonly span: Span }
  | { readonly kind: "object"; readonly entries: readonly Entry[]; readonly span: Span }
  | {
      readonly kind: "conditional";
      readonly condition: Expression;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
      readonly span: Span;
    }
  | {
      readonly kind: "binary";
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
      readonly span: Span;
    }
  | { readonly kind: "unary"; readonly operator: string; readonly operand: Expression; readonly span: Span }
  | { readonly kind: "parenthesis"; readonly inner: Expression; readonly span: Span }
  /** `for` expressions, splats, template directives, and whatever could not be read. Never guessed. */
  | { readonly kind: "unknown"; readonly span: Span };

/** The backends of a file, of every type. */
export function backendsIn({ body }: TerraformDocument): readonly Block[] {
  return body.blocks
    .filter((block) => block.type === "terraform")
    .flatMap((block) => block.body.blocks.filter((inner) => inner.type === "backend"));
}

/** Parts cover the content without gaps; a value's span includes its `${` and `}`. */
export type TemplatePart =
  | { readonly kind: "text"; readonly text: string; readonly span: Span }
  | { readonly kind: "value"; readonly value: Expression; readonly span: Span };

/** An attribute's span is its name without the dot, an index's includes the brackets. */
export type Step =
  | { readonly kind: "attribute"; readonly name: string; readonly span: Span }
  | { readonly kind: "index"; readonly value: Expression; readonly span: Span };

/** One item of an object. A bare-word key (`role_arn = …`) is a `string` expression whose contentSpan is the word. */
export interface Entry {
  readonly key: Expression;
  readonly value: Expression;
  readonly span: Span;
}
