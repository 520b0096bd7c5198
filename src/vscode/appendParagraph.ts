import type * as vscode from "vscode";

/** What `appendText` lets through and Markdown reads something into: tags, entities, bare addresses, `1.` of a list. */
const active = /([<&:@.])/;

/** A line of foreign text: appendText escapes it, word by word, because it would glue words with no-break spaces. */
export function appendParagraph(markdown: vscode.MarkdownString, line: string): void {
  for (const word of line.split(/\s+/)) {
    for (const part of word.split(active)) {
      if (active.test(part)) markdown.appendMarkdown(`&#${part.charCodeAt(0)};`);
      else markdown.appendText(part);
    }
    markdown.appendMarkdown(" ");
  }
  markdown.appendMarkdown("\n\n");
}
