import * as vscode from "vscode";
import { documentOf, type Report } from "../analyzer";
import { type NamedPlace, namedPlaceAt } from "../explain/namedPlace";
import type { SourceFile, Span } from "../model/text";
import { pathOf } from "./paths";

/** An open file as the core sees it, its text as it is at this moment. */
export interface EditedFile {
  readonly source: SourceFile;
  readonly document: ReturnType<typeof documentOf>;
  readonly rangeOf: (span: Span) => vscode.Range;
}

export function editedFile(document: vscode.TextDocument): EditedFile {
  const source = { path: pathOf(document.uri) ?? "", text: document.getText() };
  return {
    source,
    document: documentOf(source, roleOf(document.languageId)),
    rangeOf: ({ start, end }) => new vscode.Range(document.positionAt(start), document.positionAt(end)),
  };
}

/** The language decides over the path: a user may choose it by hand. */
function roleOf(languageId: string): "credentials" | "config" | undefined {
  if (languageId === "aws-credentials") return "credentials";
  return languageId === "aws-config" ? "config" : undefined;
}

/** What is named at the cursor, and the file it was found in. */
export function namedAt(
  { facts }: Report,
  document: vscode.TextDocument,
  position: vscode.Position,
): { readonly file: EditedFile; readonly place: NamedPlace } | undefined {
  const file = editedFile(document);
  const place = namedPlaceAt(facts, file.source, file.document, document.offsetAt(position));
  return place && { file, place };
}
