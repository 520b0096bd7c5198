import { lineStarts } from "../model/text";
import type { Suppression } from "./document";
import { type Comment, suppressionsIn } from "./terraformLexer";

/** A `#` at the start of a line or behind a blank begins a comment in shells, env files, Dockerfiles and YAML. */
const comment = /(?:^|[ \t])(#.*)$/;

/** The suppressions of a text whose comments begin with `#`; nothing else of it is looked at. */
export function hashSuppressions(text: string): readonly Suppression[] {
  if (!text.includes("callerid-ignore")) return [];
  const starts = lineStarts(text);
  const comments = starts.flatMap((start, index): Comment[] => {
    const line = text.slice(start, starts[index + 1]).replace(/[\r\n]+$/, "");
    const found = comment.exec(line)?.[1];
    if (found === undefined) return [];
    const end = start + line.length;
    return [{ text: found, span: { start: end - found.length, end } }];
  });
  return suppressionsIn(text, comments);
}
