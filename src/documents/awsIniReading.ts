import type { Span } from "../model/text";
import { type AwsIniDocument, type HeaderLine, isAnyBlank, trimSpan } from "./awsIni";
import { readAsAwsCli } from "./awsIniCli";
import { readAsJavaScript } from "./awsIniJavaScript";
import { readAsTerraform } from "./awsIniTerraform";
import { readAsLegacyTerraform } from "./awsIniTerraformLegacy";

/** A program that reads these files. `terraform-legacy` is AWS SDK for Go before January 2024 (AWS provider 4 and early 5). */
export type Reader = "terraform" | "terraform-legacy" | "aws-cli" | "aws-sdk-js";

/** What one consumer makes of one file. */
export interface Reading {
  readonly reader: Reader;
  /** In file order; empty when the consumer rejects the file. */
  readonly sections: readonly ReadSection[];
  /** The consumer rejects the whole file, other profiles included. `message` never quotes the file. */
  readonly failure?: { readonly message: string; readonly span: Span };
}

/** A section as the consumer looks it up; `other` is one it has read but never looks up. */
export interface ReadSection {
  readonly kind: "profile" | "sso-session" | "services" | "other";
  readonly name: string;
  /** `nameSpan` of every header merged into it, in file order. */
  readonly headers: readonly Span[];
  readonly settings: ReadonlyMap<string, ReadSetting>;
}

export interface ReadSetting {
  /** As the consumer keys it. */
  readonly name: string;
  /** As the consumer delivers it; empty when the setting is a nested block. */
  readonly value: string;
  readonly keySpan: Span;
  /** The value without what this consumer strips from it; of a value on several lines, the part on the first. */
  readonly valueSpan: Span;
  /** From the key to the end of the value, all its lines included. */
  readonly lineSpan: Span;
  readonly nested?: ReadonlyMap<string, string>;
}

/** A section header as written, whoever may or may not find a section there. */
export interface HeaderForm {
  readonly line: HeaderLine;
  /** Between the brackets, trimmed. */
  readonly text: string;
  readonly prefix: "none" | "profile" | "sso-session" | "services";
  /** Without the prefix; quotation marks stay. */
  readonly name: string;
  readonly nameSpan: Span;
  readonly afterPrefixSpan: Span;
}

/** Reads the file as that consumer does, faults included. */
export function readAwsIni(document: AwsIniDocument, reader: Reader): Reading {
  switch (reader) {
    case "terraform":
      return readAsTerraform(document);
    case "terraform-legacy":
      return readAsLegacyTerraform(document);
    case "aws-cli":
      return readAsAwsCli(document);
    case "aws-sdk-js":
      return readAsJavaScript(document);
  }
}

/** All section headers in file order, broken ones included. */
export function sections(document: AwsIniDocument): readonly HeaderForm[] {
  const { text } = document.source;
  const forms: HeaderForm[] = [];
  for (const line of document.lines) {
    if (line.kind !== "header") continue;
    const { nameSpan } = line;
    const written = text.slice(nameSpan.start, nameSpan.end);
    const prefix = prefixOf(written);
    const afterPrefixSpan =
      prefix === "none"
        ? nameSpan
        : trimSpan(text, { start: nameSpan.start + prefix.length, end: nameSpan.end }, isAnyBlank);
    const name = text.slice(afterPrefixSpan.start, afterPrefixSpan.end);
    forms.push({ line, text: written, prefix, name, nameSpan, afterPrefixSpan });
  }
  return forms;
}

function prefixOf(written: string): HeaderForm["prefix"] {
  for (const prefix of ["profile", "sso-session", "services"] as const) {
    if (written.startsWith(prefix) && isAnyBlank(written.charCodeAt(prefix.length))) return prefix;
  }
  return "none";
}
