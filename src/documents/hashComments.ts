import { lineStarts } from "../model/text";
import type { Suppression } from "./document";
import { type Comment, suppressionsIn } from "./terraformLexer";

/** A `#` at the start of a line or behind a blank begins a comment in shells, env files, Dockerfiles and YAML. */
const hash = /(?:^|[ \t])(#.*)$/;
const slashes = /(?:^|[ \t])(\/\/.*)$/;
const rem = /^[ \t@]*((?:rem\b|::).*)$/i;

/** The suppressions of a text whose comments begin with `#`; nothing else of it is looked at. */
export function hashSuppressions(text: string): readonly Suppression[] {
  return suppressionsBy(text, hash);
}

/** The same of a Jenkinsfile. */
export function slashSuppressions(text: string): readonly Suppression[] {
  return suppressionsBy(text, slashes);
}

/** The same of a batch file. */
export function remSuppressions(text: string): readonly Suppression[] {
  return suppressionsBy(text, rem);
}

/** `comment` finds the comment that a line ends with. */
function suppressionsBy(text: string, comment: RegExp): readonly Suppression[] {
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
