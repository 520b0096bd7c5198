import type { Location, Span } from "../model/text";
import type { ExplainedCause, Explanation } from "./explainOutput";

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
  explanations.forEach(({ error, summary, keysFrom, causes, next }, index) => {
    write(`${index === 0 ? "" : "\n"}# ${error.code}\n\n${quiet(summary)}\n\n`);
    const named = namedIn(error, keysFrom);
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

function namedIn({ file, line, profile, role, region, requestId }: Explanation["error"], keysFrom?: string): string[] {
  return [
    file === undefined ? undefined : `${file}:${line}`,
    profile === undefined ? undefined : `profile ${profile}`,
    role === undefined ? undefined : `role ${role}`,
    keysFrom === undefined ? undefined : `signed with ${keysFrom}, as the log says`,
    region === undefined ? undefined : `region ${region}`,
    requestId === undefined ? undefined : `request ${requestId}`,
  ].filter((one) => one !== undefined);
}

/** Foreign words that Markdown reads nothing into, on one line and without what no screen shows. */
function quiet(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu, " ").replace(/[<[\]!\\]/g, (one) => `\\${one}`);
}
