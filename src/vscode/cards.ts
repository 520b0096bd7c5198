import * as vscode from "vscode";
import type { Report } from "../analyzer";
import { argumentAt } from "../explain/argumentAt";
import { argumentCard } from "../explain/argumentCard";
import type { ChainNames } from "../explain/chainTree";
import { keyCard } from "../explain/keyCard";
import { type Card, profileCard } from "../explain/profileCard";
import { setId } from "../model/describe";
import type { Span } from "../model/text";
import { appendParagraph } from "./appendParagraph";
import { type EditedFile, editedFile, namedAt } from "./editedFile";

/** What a key id or a profile's name stands for, and what an argument does for the credentials of its block. */
export class Cards implements vscode.HoverProvider {
  readonly #report: () => Report;
  readonly #names: ChainNames;

  constructor(report: () => Report, names: ChainNames) {
    this.#report = report;
    this.#names = names;
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const file = editedFile(document);
    const named = this.#named(document, position);
    const argument = this.#argument(file, document.offsetAt(position));
    const span = named?.span ?? argument?.span;
    if (!span) return undefined;
    const contents = [...(named ? [rendered(named.card)] : []), ...(argument?.contents ?? [])];
    return new vscode.Hover(contents, file.rangeOf(span));
  }

  #named(document: vscode.TextDocument, position: vscode.Position): { card: Card; span: Span } | undefined {
    const report = this.#report();
    const found = namedAt(report, document, position);
    if (!found) return undefined;
    const { facts, blocks } = report;
    const { names, text, span } = found.place;
    const { placeOf } = this.#names;
    const at = { path: found.file.source.path, span };
    const card =
      names === "profile"
        ? profileCard(facts, blocks, text, placeOf)
        : names === "key"
          ? keyCard(facts, blocks, text, at, placeOf)
          : undefined;
    return card && { card, span };
  }

  #argument(
    { document, source }: EditedFile,
    offset: number,
  ): { contents: vscode.MarkdownString[]; span: Span } | undefined {
    const argument = document?.kind === "terraform" ? argumentAt(document, offset) : undefined;
    if (!argument) return undefined;
    const { blocks, chainOf } = this.#report();
    const set = blocks.find(({ at }) => at.path === source.path && at.span.start === argument.blockAt.start);
    if (!set) return undefined;
    const contents = rendered(argumentCard(chainOf(set), argument.role, this.#names));
    contents.isTrusted = { enabledCommands: ["callerid.showChain"] };
    const query = encodeURIComponent(JSON.stringify([setId(set)]));
    contents.appendMarkdown(`[Show Chain](command:callerid.showChain?${query})`);
    return { contents: [contents], span: argument.span };
  }
}

/** Only the title is ours; the rest holds names from files and is never rendered. */
function rendered({ title, name, lines }: Card): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(`**${title}** `);
  appendParagraph(markdown, name);
  for (const line of lines) appendParagraph(markdown, line);
  return markdown;
}
