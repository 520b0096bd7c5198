import type { SourceFile, Span } from "../model/text";
import type { AwsIniDocument } from "./awsIni";
import type { DockerfileDocument } from "./dockerfile";
import type { EnvFileDocument } from "./envFile";
import type { GitignoreDocument } from "./gitignore";
import type { JenkinsfileDocument } from "./jenkinsfile";
import type { JsoncDocument } from "./jsonc";
import type { ScriptDocument } from "./shell";
import type { TerraformDocument } from "./terraform";
import type { YamlDocument } from "./yaml";

/** Every file kind CallerID understands, told apart by `kind`; each keeps the `source` its offsets point into. */
export type Document =
  | TerraformDocument
  | AwsIniDocument
  | EnvFileDocument
  | ScriptDocument
  | DockerfileDocument
  | JenkinsfileDocument
  | YamlDocument
  | JsoncDocument
  | GitignoreDocument;

/** Something the parser could not read and went on after. `message` never quotes the source. */
export interface SyntaxProblem {
  readonly message: string;
  readonly span: Span;
}

/** A comment `callerid-ignore RULE[, RULE…]: reason`. It covers its own line, or the next one when alone on a line. */
export interface Suppression {
  readonly rules: readonly { readonly name: string; readonly span: Span }[];
  readonly reason: string;
  readonly span: Span;
  /** Zero-based line whose findings it hides. */
  readonly line: number;
}

/** What every document has. */
export interface ParsedFile {
  readonly source: SourceFile;
  readonly problems: readonly SyntaxProblem[];
  readonly suppressions: readonly Suppression[];
}
