import { wishKey } from "../facts/chainFiles";
import type { Workspace } from "../facts/facts";
import type { FileFact } from "../model/chain";
import type { SourceFile } from "../model/text";
import { isSkipped, type World } from "./world";

/**
 * The workspace with the files that its blocks name in place of the shared ones. Below `roots` they are read; in the
 * user's `~/.aws` it only matters whether they are there; anywhere else nobody looks.
 */
export function withNamedFiles(
  workspace: Workspace,
  wanted: readonly string[],
  roots: readonly string[],
  world: World,
): Workspace {
  const files: SourceFile[] = [];
  const known = new Map<string, FileFact>(workspace.known);
  for (const path of wanted) {
    const key = wishKey({ path, use: "text" });
    if (known.has(key)) continue;
    const isOwn = path.startsWith(`${world.home}/.aws/`);
    // What is missing from the files in force is other rules' subject.
    if (/\/\.aws\/(?:credentials|config)$/.test(path) && isOwn) continue;
    if (isOwn && workspace.awsFilesRead && !world.exists(path)) known.set(key, { kind: "absent" });
    const root = roots.find((one) => isBelow(path, one));
    if (isOwn || root === undefined) continue;
    // A link may lead out of the folder.
    const leaves = world.exists(path) && !isBelow(world.realPath(path), world.realPath(root));
    if (leaves) continue;
    const file = world.read(path);
    if (!file) known.set(key, { kind: "absent" });
    else if (!isSkipped(file)) files.push(file);
  }
  return files.length + known.size === 0 ? workspace : { ...workspace, files: [...workspace.files, ...files], known };
}

function isBelow(path: string, root: string): boolean {
  const base = root.replace(/(?<=.)\/+$/, "");
  return base === "." ? !/^(?:\/|\.\.(?:\/|$))/.test(path) : path.startsWith(base === "/" ? base : `${base}/`);
}
