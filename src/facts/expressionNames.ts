import type { Expression } from "../documents/terraform";
import type { Span } from "../model/text";

/** The first name or function that an expression needs; undefined where it is all written out. */
export function firstName(expression: Expression): { readonly text: string; readonly span: Span } | undefined {
  switch (expression.kind) {
    case "reference": {
      const steps = expression.steps.map((step) => (step.kind === "attribute" ? `.${step.name}` : "[…]"));
      return { text: [expression.root, ...steps].join(""), span: expression.span };
    }
    case "call":
      return { text: `${expression.name}(…)`, span: expression.span };
    case "template":
      return firstOf(expression.parts.flatMap((part) => (part.kind === "value" ? part.value : [])));
    case "list":
      return firstOf(expression.items);
    case "object":
      return firstOf(expression.entries.map((entry) => entry.value));
    case "access":
      return firstName(expression.of);
    case "conditional":
      return firstOf([expression.condition, expression.whenTrue, expression.whenFalse]);
    case "binary":
      return firstOf([expression.left, expression.right]);
    case "unary":
      return firstName(expression.operand);
    case "parenthesis":
      return firstName(expression.inner);
    default:
      return undefined;
  }
}

function firstOf(expressions: readonly Expression[]): ReturnType<typeof firstName> {
  for (const one of expressions) {
    const found = firstName(one);
    if (found) return found;
  }
  return undefined;
}
