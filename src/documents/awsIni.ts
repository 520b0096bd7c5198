import type { Span } from "../model/text";
import type { ParsedFile } from "./document";

/** Which of the two shared files this is; their section headers differ. */
export type AwsFileRole = "credentials" | "config";

/** The shared credentials or config file: every character of the file belongs to exactly one line. */
export interface AwsIniDocument extends ParsedFile {
  readonly kind: "awsIni";
  readonly role: AwsFileRole;
  readonly lines: readonly IniLine[];
}

/** `span` covers the line without its line end. Spans inside it point at the tokens as written, blanks trimmed. */
export type IniLine =
  | { readonly kind: "blank"; readonly span: Span }
  | { readonly kind: "comment"; readonly span: Span }
  /** `[name]`. `nameSpan` lies between the brackets (to the end of the line when unclosed). */
  | { readonly kind: "header"; readonly nameSpan: Span; readonly closed: boolean; readonly span: Span }
  /** `key = value`. `valueSpan` is everything after the separator, trimmed, comment included if there is one. */
  | {
      readonly kind: "setting";
      readonly indent: number;
      readonly keySpan: Span;
      readonly separator: "=" | ":";
      readonly valueSpan: Span;
      readonly span: Span;
    }
  /** An indented or stray line that is neither; what it means depends on the reader. */
  | { readonly kind: "text"; readonly indent: number; readonly span: Span };
