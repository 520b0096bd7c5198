import path from "node:path";
import { isUnderstood } from "../../src/analyzer";
import type { IdentityRequest, RoleQuestion, SourceQuestion, World } from "../../src/live/world";
import type { Reply } from "../../src/model/credentials";
import type { FetchReply } from "../../src/model/fetching";
import { applyEdits } from "../../src/model/text";
import { now } from "./fixture";

export const home = "/home/me";
export const cwd = "/project";

export interface PlainWorld extends World {
  /** By absolute path; what the world writes is here too. */
  readonly files: Map<string, string>;
  readonly asked: IdentityRequest[];
}

interface Given {
  /** By path: relative to `cwd`, `~/…`, or absolute. */
  readonly files?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** What is piped into the process. */
  readonly input?: string;
  readonly answer?: (request: IdentityRequest) => Reply | Promise<Reply>;
  readonly assume?: (request: RoleQuestion) => Promise<FetchReply>;
  readonly fetch?: (question: SourceQuestion) => Promise<FetchReply>;
}

/** A machine made of plain objects: no disk, no clock, no network. */
export function plainWorld({
  files = {},
  environment = {},
  input = "",
  answer,
  assume,
  fetch,
}: Given = {}): PlainWorld {
  const absolute = (file: string) => path.posix.resolve(cwd, file.replace(/^~(?=\/)/, home));
  const held = new Map(Object.entries(files).map(([file, text]) => [absolute(file), text]));
  const asked: IdentityRequest[] = [];
  const below = (root: string) => [...held].filter(([file]) => file === root || file.startsWith(`${root}/`));
  return {
    files: held,
    asked,
    home,
    environment,
    now: () => now,
    find: (root) => ({
      files: below(root)
        .filter(([file]) => isUnderstood(file))
        .map(([file, text]) => ({ path: file, text })),
      skipped: [],
    }),
    read: (file) => {
      const text = held.get(absolute(file));
      return text === undefined ? undefined : { path: file, text };
    },
    readOutput: async (file) => (file === undefined ? input : held.get(absolute(file))),
    cachedLogins: () => [],
    makePrivate: () => false,
    exists: (file) => below(file).length > 0 || file === cwd,
    writeText: (file, text) => {
      held.set(file, text);
    },
    writeEdits: (source, edits) => {
      if (held.get(source.path) !== source.text) return { status: "conflict" };
      held.set(source.path, applyEdits(source, edits));
      return { status: "ok" };
    },
    realPath: (file) => file,
    callerIdentity: async (request) => {
      asked.push(request);
      if (!answer) throw new Error("nobody was to be asked");
      return answer(request);
    },
    fetchKeys: async (question) => {
      if (!fetch) throw new Error("no keys were to be fetched");
      return fetch(question);
    },
    assumeRole: async (request) => {
      if (!assume) throw new Error("no role was to be assumed");
      return assume(request);
    },
  };
}

/** A fixture's files where they belong in a `PlainWorld`, and its environment. */
export function placed(fixture: Readonly<Record<string, string>>): Required<Pick<Given, "files" | "environment">> {
  const { environment = "", ...files } = fixture;
  const variables = [...environment.matchAll(/^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/gm)];
  return {
    files: Object.fromEntries(Object.entries(files).map(([file, text]) => [file.replace(/^home\//, "~/"), text])),
    environment: Object.fromEntries(variables.map(([, name = "", value = ""]) => [name, value])),
  };
}
