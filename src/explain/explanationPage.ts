import type { Location, Span } from "../model/text";
import type { ExplainedCause, Explanation } from "./explainOutput";
import { namedInError } from "./namedInError";

/** Explanations as a Markdown document, and the places in it that lead to files. */
export interface ExplanationPage {
  readonly text: string;
  readonly links: readonly { readonly span: Span; readonly at: Location }[];
}

const words: Readonly<Record<ExplainedCause["likelihood"], string>> = {
  certain: "Certain",
  likely: "Likely",
  possible: "Possible",
};

/** `nameOf` says a place as people do: `main.tf:6`. */
export function explanationPage(
  explanations: readonly Explanation[],
  nameOf: (at: Location) => string,
): ExplanationPage {
  const links: { span: Span; at: Location }[] = [];
  let text = "";
  const write = (part: string) => {
    text += part;
  };
  const writePlace = (at: Location) => {
    const start = text.length;
    write(nameOf(at));
    links.push({ span: { start, end: text.length }, at });
  };
  explanations.forEach((explanation, index) => {
    const { error, summary, causes, next } = explanation;
    write(`${index === 0 ? "" : "\n"}# ${error.code}\n\n${quiet(summary)}\n\n`);
    const named = namedInError(explanation);
    if (named.length > 0) write(`${named.map(quiet).join(", ")}\n\n`);
    write("## What is behind it\n\n");
    for (const { title, likelihood, evidence, at } of causes) {
      write(`- ${words[likelihood]}: ${quiet(title)}\n`);
      if (evidence === undefined) continue;
      write("  - ");
      if (at) {
        writePlace(at);
        write(": ");
      }
      write(`${quiet(evidence)}\n`);
    }
    if (next.length > 0) write(`\n## What to do\n\n${next.map((step) => `- ${quiet(step)}\n`).join("")}`);
  });
  return { text, links };
}

/** Foreign words that Markdown reads nothing into, on one line and without what no screen shows. */
function quiet(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu, " ").replace(/[<[\]!\\]/g, (one) => `\\${one}`);
}
