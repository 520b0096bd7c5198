import type { Surroundings } from "../model/credentials";
import type { Span } from "../model/text";

const endsLine = (text: string, offset: number) => text[offset] === "\n" || text[offset] === "\r";

/** How the line (or lines) of `whole` is set in its file. */
export function surroundingsOf(text: string, whole: Span, syntax: Surroundings["syntax"]): Surroundings {
  let start = whole.start;
  while (start > 0 && !endsLine(text, start - 1)) start--;
  let lineEnd = whole.end;
  while (lineEnd < text.length && !endsLine(text, lineEnd)) lineEnd++;
  let indentEnd = start;
  while (text[indentEnd] === " " || text[indentEnd] === "\t") indentEnd++;
  const crlf = start > 1 ? text[start - 2] === "\r" && text[start - 1] === "\n" : text[lineEnd] === "\r";
  return {
    syntax,
    lineEnd: hasOwnLine(text, whole, indentEnd, lineEnd, syntax)
      ? syntax === "json"
        ? whole.end
        : lineEnd
      : undefined,
    indent: { start, end: indentEnd },
    newline: crlf ? "\r\n" : "\n",
  };
}

/** In `{ access_key = "…" }` and the like nothing can be put on a line of its own. */
function hasOwnLine(text: string, whole: Span, indentEnd: number, lineEnd: number, syntax: Surroundings["syntax"]) {
  if (syntax === "aws-file" || syntax === "environment") return true;
  const behind = text.slice(whole.end, lineEnd).replace(/(?:#|\/\/).*$/, "");
  return indentEnd === whole.start && !/[{}]/.test(behind);
}
