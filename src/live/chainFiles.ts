import fs from "node:fs";
import path from "node:path";
import { documentOf } from "../analyzer";
import { type ChainRequest, chainsOf } from "../facts/chain";
import { type FileWish, wishKey } from "../facts/chainFiles";
import type { Chain, FileFact } from "../model/chain";
import { isSkipped, type World } from "./world";

/** Enough for a chain of source files that lead to source files; a wish is granted once. */
const maxRounds = 12;

/** Which chains, of which directory, with which arguments of Terraform's. */
export type ChainQuestion = Omit<ChainRequest, "home" | "files" | "parse" | "environment" | "now">;

export interface ReadChains {
  /** Empty where the target does not exist. */
  readonly chains: readonly Chain[];
  /** The text of a file that was read for them; empty for any other. */
  readonly textOf: (path: string) => string;
}

/** The chains of a directory, every file that they look for looked at. Nothing is started, nothing sent. */
export function readChains(question: ChainQuestion, world: World): ReadChains {
  const known = new Map<string, FileFact>();
  const { files } = world.find(question.directory);
  const request: ChainRequest = {
    ...question,
    files,
    home: world.home,
    parse: (source) => documentOf(source),
    environment: world.environment,
    now: world.now(),
  };
  const textOf = (file: string) => {
    const byName = known.get(wishKey({ path: file, use: "text" }));
    const fact = byName ?? [...known.values()].find((one) => one.kind === "text" && one.path === file);
    return fact?.kind === "text" ? fact.text : (files.find((one) => one.path === file)?.text ?? "");
  };
  for (let round = 1; ; round++) {
    const { chains, wishes } = chainsOf(request, known);
    if (wishes.length === 0 || round === maxRounds) return { chains, textOf };
    for (const wish of wishes) known.set(wishKey(wish), factOf(wish, world));
  }
}

function factOf({ path: file, use }: FileWish, world: World): FileFact {
  if (use === "program") return programFact(file, world);
  const read = world.read(file);
  if (!read) return { kind: "absent" };
  if (isSkipped(read)) return irregular(file);
  switch (use) {
    case "text":
      return {
        kind: "text",
        text: read.text,
        ...realPath(file),
        ...(read.encoding ? { encoding: read.encoding } : {}),
      };
    case "login":
      return loginFact(read.text);
    case "token":
      return {
        kind: "token",
        oneLine: !/[\r\n]/.test(read.text),
        jwtLike: /^[A-Za-z0-9._=-]+$/.test(read.text.trim()),
      };
  }
}

/** Where the file really stands, if its name is a link. */
function realPath(file: string): { path?: string } {
  try {
    return fs.lstatSync(file).isSymbolicLink() ? { path: fs.realpathSync(file) } : {};
  } catch {
    return {};
  }
}

/** A device such as /dev/null reads as an empty file, as it does to Terraform. */
function irregular(file: string): FileFact {
  try {
    const stats = fs.statSync(file);
    if (stats.isDirectory()) return { kind: "directory" };
    return stats.isCharacterDevice() ? { kind: "text", text: "" } : { kind: "unreadable" };
  } catch {
    return { kind: "unreadable" };
  }
}

/** The expiry of a cached login; the token itself is dropped on the spot. */
function loginFact(text: string): FileFact {
  try {
    const json = JSON.parse(text) as Readonly<Record<string, unknown>> | null;
    const filled = (name: string) => typeof json?.[name] === "string" && json[name] !== "";
    const renewable = filled("refreshToken") && filled("clientId") && filled("clientSecret");
    const expires = json?.expiresAt;
    return filled("accessToken") && typeof expires === "string"
      ? { kind: "login", expires, renewable }
      : { kind: "login", renewable };
  } catch {
    return { kind: "login", renewable: false };
  }
}

/** Whether a command could be started: the file itself, or the first of its name on the PATH. */
function programFact(file: string, world: World): FileFact {
  const places = file.includes("/")
    ? [file]
    : (world.environment.PATH ?? "").split(path.delimiter).map((folder) => path.join(folder || ".", file));
  let exists = false;
  for (const place of places) {
    try {
      if (!fs.statSync(place).isFile()) continue;
      exists = true;
      fs.accessSync(place, fs.constants.X_OK);
      return { kind: "program", executable: true };
    } catch {}
  }
  return exists ? { kind: "program", executable: false } : { kind: "absent" };
}
