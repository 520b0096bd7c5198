import type { CredentialSet, Observation, Setting } from "../model/credentials";
import type { Location, SourceFile, Span } from "../model/text";
import type { Environment } from "./environment";

/** All that `analyze` is told; nothing else is looked at. */
export interface Workspace {
  /** Terraform files and the AWS files that are in force, each once. */
  readonly files: readonly SourceFile[];
  /** What `~` stands for, in the same form as the paths of `files`. */
  readonly home: string;
  readonly environment: Environment;
  /** False when the AWS files were left out on purpose: then nobody can say what is missing from them. */
  readonly awsFilesRead: boolean;
  readonly observations?: readonly Observation[];
  readonly now: Date;
}

/** Everything a rule may know. */
export interface Facts {
  readonly sets: readonly CredentialSet[];
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly profileReferences: readonly ProfileReference[];
  readonly regionReferences: readonly Setting[];
  readonly headers: readonly SectionHeader[];
  /** Literal keys that stand where files get committed, wherever they are used from. */
  readonly literals: readonly CommittedLiteral[];
  readonly awsFiles: AwsFiles;
  readonly environment: Environment;
  readonly observations: readonly Observation[];
  readonly now: Date;
}

/** The shared files Terraform would read, as far as they exist. */
export interface AwsFiles {
  readonly read: boolean;
  readonly credentialsPath: string;
  readonly configPath: string;
  readonly existing: readonly string[];
}

/** One profile as Terraform sees it, both files merged. */
export interface Profile {
  readonly name: string;
  readonly set: CredentialSet;
  readonly headers: readonly Location[];
}

/** A place that names a profile. */
export interface ProfileReference {
  readonly name: string;
  readonly at: Location;
  /** The literal without its quotes; what a correction replaces. */
  readonly nameAt: Location;
  readonly by: "block" | "environment" | "source-profile";
  /** The referring word: `profile`, `AWS_PROFILE`, `source_profile`. */
  readonly spelling: string;
  /** False where the profile would come from files that were not read. */
  readonly decidable: boolean;
}

/** A section header of one of the AWS files. */
export interface SectionHeader {
  readonly path: string;
  readonly role: "credentials" | "config";
  /** Undefined for `[default]`, `[sso-session x]` and what is no profile at all. */
  readonly profile: string | undefined;
  /** The name between the brackets, trimmed. */
  readonly written: string;
  /** `[profile x]`, `[x]`, or `[Profile x]`, which only looks like the first. */
  readonly form: "prefixed" | "bare" | "miswritten";
  /** Between the brackets. */
  readonly nameSpan: Span;
  /** The profile's name alone, without the prefix. */
  readonly profileSpan: Span;
  /** Whether the section holds settings that only make sense in a profile. */
  readonly holdsProfile: boolean;
  readonly at: Location;
}

/** A secret key or token written out in a file of the workspace. */
export interface CommittedLiteral {
  readonly setting: Setting;
  readonly set: CredentialSet;
}
