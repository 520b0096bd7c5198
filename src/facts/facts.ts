import type { CachedLogin } from "../model/caches";
import type { FileFact } from "../model/chain";
import type { CredentialSet, Observation, Setting } from "../model/credentials";
import type { Location, SourceFile, Span, TextEdit } from "../model/text";
import type { Environment } from "./environment";
import type { HopLimit } from "./hopLimits";
import type { WorkspaceChains } from "./moduleChains";
import type { Places } from "./places";
import type { SavedBackend } from "./savedBackends";
import type { SilencedRule } from "./suppressions";
import type { StrandedProfile } from "./terraformRuns";

/** All that `analyze` is told; nothing else is looked at. */
export interface Workspace {
  /** Terraform files, the AWS files that are in force, and configurations of CallerID's, each once. */
  readonly files: readonly SourceFile[];
  /** What `~` stands for, in the same form as the paths of `files`. */
  readonly home: string;
  readonly environment: Environment;
  /** False when the AWS files were left out on purpose: then nobody can say what is missing from them. */
  readonly awsFilesRead: boolean;
  /** The logins that AWS's tools keep; left out where nobody looked. */
  readonly logins?: readonly CachedLogin[];
  /** What `live/` found of the files that chains looked for, by `wishKey`. */
  readonly known?: ReadonlyMap<string, FileFact>;
  readonly observations?: readonly Observation[];
  /** Single files were asked for, without what stands beside them. */
  readonly isPartial?: boolean;
  /** What the user set for every project, in the form of a configuration; `roots` are the folders it speaks of. */
  readonly settings?: { readonly source: SourceFile; readonly roots: readonly string[] };
  readonly now: Date;
}

/** Everything a rule may know. */
export interface Facts extends WorkspaceChains {
  readonly sets: readonly CredentialSet[];
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly profileReferences: readonly ProfileReference[];
  /** Profiles of blocks that a pipeline runs where no profile is. */
  readonly strandedProfiles: readonly StrandedProfile[];
  readonly regionReferences: readonly Setting[];
  readonly headers: readonly SectionHeader[];
  /** Literal keys that stand where files get committed, wherever they are used from. */
  readonly literals: readonly CommittedLiteral[];
  readonly awsFiles: AwsFiles;
  /** How the AWS files are written, the repository's own included. */
  readonly awsTexts: readonly AwsText[];
  readonly ssoSessions: ReadonlyMap<string, SsoSession>;
  readonly logins: readonly CachedLogin[];
  readonly uses: Uses;
  /** Files that blocks name in place of the shared ones. */
  readonly namedFiles: readonly NamedFile[];
  readonly places: Places;
  readonly savedBackends: readonly SavedBackend[];
  readonly hopLimits: readonly HopLimit[];
  /** The services that a provider block's directory calls through it, as far as that is certain. */
  readonly callsOf: (set: CredentialSet) => readonly ServiceCall[];
  /** By directory. */
  readonly versions: ReadonlyMap<string, ModuleVersions>;
  /** Names and functions in backend blocks, where Terraform takes none. */
  readonly backendReferences: readonly BackendReference[];
  readonly droppedArguments: readonly DroppedArgument[];
  readonly environment: Environment;
  readonly observations: readonly Observation[];
  /** Rules that comments silence; only known to a rule that looks back. */
  readonly silenced: readonly SilencedRule[];
  readonly ruleIds: readonly string[];
  /** Whether files are missing that may have to do with those that are here. */
  readonly isPartial: boolean;
  readonly now: Date;
}

/** A file that a block reads in place of a shared one. */
export interface NamedFile {
  readonly set: CredentialSet;
  /** The one path, in its place. */
  readonly setting: Setting;
  readonly role: "credentials" | "config";
  readonly path: string;
  /** Undefined where nobody has looked. */
  readonly isThere: boolean | undefined;
  /** In the home of a user who is not the one of this machine. */
  readonly isOfOther: boolean;
}

/** A service that some resource needs, under our name for it, and the first resource that does. */
export interface ServiceCall {
  readonly service: string;
  readonly at: Location;
}

/** What is known of the program that reads a module. */
export interface ModuleVersions {
  /** Undefined where it may be either. */
  readonly tool?: "Terraform" | "OpenTofu";
  /** All of `required_version`; empty where any version is admitted. */
  readonly required: string;
  readonly awsProvider: AwsProviderVersions;
}

export interface AwsProviderVersions {
  /** All constraints and what the lock file has, as one; empty where any version is admitted. */
  readonly admitted: string;
  readonly constraints: readonly { readonly text: string; readonly at: Location }[];
  /** Whether a module that speaks of versions says none of this provider's. */
  readonly isOmitted: boolean;
  readonly repair: readonly TextEdit[];
}

/** A name or a function that a backend's argument needs. */
export interface BackendReference {
  readonly versions: ModuleVersions;
  readonly argument: string;
  /** Safe to show: `var.region`, `file(…)`. */
  readonly needs: string;
  /** Has its value before anything is planned: a variable, a local value, a path, a function. */
  readonly isEarly: boolean;
  readonly at: Location;
}

/** Something in a backend block that has no effect, or none from some version on. */
export interface DroppedArgument {
  readonly versions: ModuleVersions;
  readonly kind: /** A block, of which the backend has none. */
    | "block"
    | "misspelt"
    /** A name inside `assume_role` that means nothing there. */
    | "inner"
    /** Gone since Terraform 1.10. */
    | "former";
  readonly spelling: string;
  readonly meant?: string;
  readonly at: Location;
  readonly repair: readonly TextEdit[];
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
  /** Its sections, the credentials file's first. */
  readonly places: readonly SectionPlace[];
  /** A key pair of which each file has one half. */
  readonly splitPair?: { readonly accessKeyId: Setting; readonly secretAccessKey: Setting };
}

/** `[sso-session x]`, to which profiles refer. */
export interface SsoSession {
  readonly name: string;
  readonly settings: CredentialSet["settings"];
  readonly empty: CredentialSet["empty"];
  readonly place: SectionPlace;
}

/** A section's header as edits need it. */
export interface SectionPlace {
  readonly role: "credentials" | "config";
  /** Between the brackets. */
  readonly at: Location;
  readonly lineStart: number;
  readonly lineEnd: number;
  readonly newline: "\n" | "\r\n";
}

/** Where Terraform takes credentials from here. */
export interface Uses {
  readonly profiles: ReadonlyMap<string, ProfileUse>;
  /** Whether any block takes the keys of the environment. */
  readonly environment: boolean;
}

export interface ProfileUse {
  readonly name: string;
  readonly by: "block" | "environment" | "source-profile" | "default";
  /** Each place that names it. */
  readonly places: readonly Location[];
  readonly blocks: readonly CredentialSet[];
}

/** How one AWS file is written: what its grammar, its encoding and its several readers make of it. */
export interface AwsText {
  readonly path: string;
  readonly role: "credentials" | "config";
  /** The first header, which stands for the file. */
  readonly top?: Location;
  /** False where its encoding keeps everybody from reading it. */
  readonly isReadable: boolean;
  readonly holdsSecrets: boolean;
  /** POSIX permission bits, where they are known. */
  readonly mode?: number;
  readonly encodingFlaw?: EncodingFlaw;
  readonly duplicates: readonly Duplicate[];
  readonly irregularities: readonly Irregularity[];
  readonly divergences: readonly Divergence[];
  /** Where one more section goes, and what ends the line before it. */
  readonly end: { readonly offset: number; readonly lead: string; readonly newline: string };
}

export interface EncodingFlaw {
  readonly kind: "utf-8-bom" | "utf-16" | "nul" | "latin-1";
  readonly at: Location;
  /** Whether Terraform loses the first section to it. */
  readonly losesSection: boolean;
  readonly repair: readonly TextEdit[];
}

/** A section or setting that is there twice; `default` is `[default]` beside `[profile default]`. */
export interface Duplicate {
  readonly kind: "section" | "key" | "default";
  readonly name: string;
  /** The later one, and the earlier one. */
  readonly at: Location;
  readonly first: Location;
  /** Whether a credential setting has two values. */
  readonly differs: boolean;
  readonly repair: readonly TextEdit[];
}

/** Something that does not follow the file's grammar. */
export interface Irregularity {
  readonly kind:
    | "unclosed-header"
    | "before-sections"
    | "stray"
    | "conflict"
    /** Name and value with nothing between them. */
    | "no-separator"
    /** The value stands on the line below its name. */
    | "value-below"
    /** The value goes on over several lines. */
    | "broken-value";
  readonly name: string;
  readonly isCredential: boolean;
  readonly at: Location;
  /** The section's header, where a setting of it is lost. */
  readonly header?: Location;
  readonly repair: readonly TextEdit[];
}

export type ReaderName = "terraform" | "aws-cli" | "aws-sdk-js";

/** A spelling that the readers of an AWS file do not read alike. */
export interface Divergence {
  readonly cause:
    | "quotes"
    | "comment"
    | "colon"
    | "case"
    | "indentation"
    | "header"
    | "inheritance"
    | "line-ends"
    | "rejection";
  /** The section's header as written; of a rejection, the reason. */
  readonly section: string;
  /** The name that a header was meant to have. */
  readonly meant?: string;
  readonly at: Location;
  readonly related: readonly Location[];
  /** Who reads it as it was meant, and who does not find a header's section. */
  readonly finds: readonly ReaderName[];
  /** Whether a reader of plain INI files gets the very value that Terraform gets. */
  readonly plainIniAgrees?: boolean;
  readonly missing?: readonly ReaderName[];
  /** The spelling all agree on; empty where there is none. */
  readonly repair: readonly TextEdit[];
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
  /** Whether it stands in a file that stays out of the repository, or may. */
  readonly staysOut: boolean;
}
