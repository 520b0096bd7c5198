import * as vscode from "vscode";
import type { Report } from "../analyzer";
import { keyCard } from "../explain/keyCard";
import { type Card, profileCard } from "../explain/profileCard";
import type { Location, TextOf } from "../model/text";
import { appendParagraph } from "./appendParagraph";
import { namedAt } from "./editedFile";
import { placeWords } from "./placeWords";

/** What a key id or a profile's name stands for. */
export class Cards implements vscode.HoverProvider {
  readonly #report: () => Report;
  readonly #textOf: TextOf;

  constructor(report: () => Report, textOf: TextOf) {
    this.#report = report;
    this.#textOf = textOf;
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const report = this.#report();
    const found = namedAt(report, document, position);
    if (!found) return undefined;
    const { facts, blocks } = report;
    const { names, text, span } = found.place;
    const at = { path: found.file.source.path, span };
    const placeOf = (one: Location) => placeWords(one, this.#textOf);
    const card =
      names === "profile"
        ? profileCard(facts, blocks, text, placeOf)
        : names === "key"
          ? keyCard(facts, blocks, text, at, placeOf)
          : undefined;
    return card && new vscode.Hover(rendered(card), found.file.rangeOf(span));
  }
}

/** Only the title is ours; the rest holds names from files and is never rendered. */
function rendered({ title, name, lines }: Card): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(`**${title}** `);
  appendParagraph(markdown, name);
  for (const line of lines) appendParagraph(markdown, line);
  return markdown;
}
