import path from "node:path";
import { accessKeyIdShape, secretKeyShape, sessionTokenShape } from "../aws/accessKey";

/** A command as it may be shown: in full, but for words that are keys or tokens. */
export function shownCommand(command: string): string {
  return command.replace(/[A-Za-z0-9+/=_-]{16,}/g, (word) => (looksSecret(word) ? "****" : word));
}

function looksSecret(word: string): boolean {
  const kinds = [accessKeyIdShape(word), secretKeyShape(word), sessionTokenShape(word)].map(({ kind }) => kind);
  const isHeld = kinds.some((kind) =>
    ["long-term-key-id", "temporary-key-id", "secret-key", "session-token"].includes(kind),
  );
  return isHeld || kinds.includes("documented");
}

/** Why a command is not run, whatever its user says; undefined where nothing speaks against it. */
export function obstacleToRun(command: string, workspace: readonly string[]): string | undefined {
  const words = command.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  for (const word of words) {
    const plain = word.replace(/["']/g, "");
    const names = (root: string) => plain.includes(`${root}/`) || (path.isAbsolute(plain) && isBelow(plain, root));
    if (workspace.some(names)) return "it names a path of the workspace";
  }
  const [program = ""] = words;
  const isPath = /[\\/]/.test(program);
  return isPath && !path.isAbsolute(program.replace(/["']/g, "")) && !/^["']?[~$]/.test(program)
    ? "its program is named by a relative path"
    : undefined;
}

function isBelow(file: string, root: string): boolean {
  const relative = path.relative(root, path.resolve(root, file));
  return !relative.startsWith("..") && !path.isAbsolute(relative);
}

/** The PATH without what is relative or lies in the workspace, where a program's name is anybody's. */
export function safePath(searched: string | undefined, workspace: readonly string[]): string {
  return (searched ?? "")
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder) && !workspace.some((root) => isBelow(folder, root)))
    .join(path.delimiter);
}
