import path from "node:path";
import type { SourceFile } from "../model/text";
import { isSkipped, type Skipped, type World } from "./world";

const names = [".callerid.json", ".callerid.jsonc"];

export const isConfiguration = (file: string): boolean => names.includes(path.posix.basename(file));

/**
 * The configurations in the folders above a scanned one, up to `top` where it lies below that. A link is followed as far
 * as it stays there: what a workspace names is not read elsewhere.
 */
export function configurationsAbove(
  world: World,
  root: string,
  top: string,
): { files: readonly SourceFile[]; skipped: readonly Skipped[] } {
  const files: SourceFile[] = [];
  const skipped: Skipped[] = [];
  for (const directory of foldersAbove(root, top)) {
    for (const name of names) {
      const file = directory === "/" ? `/${name}` : `${directory}/${name}`;
      const read = world.read(file);
      if (!read) continue;
      if (isSkipped(read)) skipped.push(read);
      else if (isBelow(world.realPath(file), world.realPath(top))) files.push(read);
      else skipped.push({ path: file, reason: "a link that leaves the folder" });
    }
  }
  return { files, skipped };
}

function foldersAbove(root: string, top: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = path.posix.dirname(root); isBelow(folder, top); folder = path.posix.dirname(folder)) {
    folders.push(folder);
    if (folder === top || folder === path.posix.dirname(folder)) break;
  }
  return folders;
}

const isBelow = (file: string, folder: string) =>
  file === folder || file.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
