import type { CachedLogin } from "../model/caches";
import type { ChainRole } from "../model/chain";
import type { Keys, Reply } from "../model/credentials";
import type { FetchReply } from "../model/fetching";
import type { KeySource } from "../model/sources";
import type { SourceFile, TextEdit } from "../model/text";
import type { WriteResult } from "./write";

/** All that CallerID asks of the machine it runs on. */
export interface World {
  /** The user's home directory. */
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  now(): Date;
  /** The files below a path that CallerID understands, and those it left out with the reason. */
  find(path: string): Found;
  /** A regular file of at most `maxFileSize` bytes; undefined where there is none. */
  read(path: string): SourceFile | Skipped | undefined;
  /** What a program has printed into a file, or into this process where no path is given. */
  readOutput(path?: string): Promise<string | Skipped | undefined>;
  /** The logins that AWS's tools keep, below a home directory, by their expiries alone. */
  cachedLogins(home: string): readonly CachedLogin[];
  exists(path: string): boolean;
  /** Writes a new file or replaces one, whole or not at all. */
  writeText(path: string, text: string): void;
  /** Applies edits to a file if it still is what it was; `isPrivate` keeps an AWS file from all other users. */
  writeEdits(source: SourceFile, edits: readonly TextEdit[], isPrivate: boolean, reencode?: boolean): WriteResult;
  /** A path without links; what leads nowhere stays as it is. */
  realPath(path: string): string;
  /** Takes the group's and others' rights to a file away; false where that is not possible. */
  makePrivate(path: string): boolean;
  callerIdentity(request: IdentityRequest): Promise<Reply>;
  assumeRole(request: RoleQuestion): Promise<FetchReply>;
  /** The keys that a source has for this machine; nothing is started for it. */
  fetchKeys(question: SourceQuestion): Promise<FetchReply>;
}

export interface IdentityRequest {
  readonly keys: Keys;
  readonly region: string;
  /** Asked for by the user in person; never taken from a file. */
  readonly endpoint?: string;
  readonly signal?: AbortSignal;
}

export interface RoleQuestion extends IdentityRequest {
  readonly role: ChainRole;
}

export interface SourceQuestion extends Omit<IdentityRequest, "keys"> {
  readonly source: KeySource;
  /** The role that a web identity's token is traded for. */
  readonly role?: ChainRole;
  /** Directories in which no program may lie. */
  readonly workspace?: readonly string[];
  /** The user agreed that a login that is over is renewed. */
  readonly mayRenew?: boolean;
}

export interface Found {
  readonly files: readonly SourceFile[];
  readonly skipped: readonly Skipped[];
}

export interface Skipped {
  readonly path: string;
  readonly reason: string;
}

export function isSkipped(one: SourceFile | Skipped): one is Skipped {
  return "reason" in one;
}
