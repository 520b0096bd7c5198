import * as vscode from "vscode";
import type { ChainNames } from "../explain/chainTree";
import type { TextOf } from "../model/text";
import { pathOf, shortPath } from "./paths";
import { placeWords } from "./placeWords";
import type { Terminals } from "./terminals";

/** How the editor names what is in a chain. */
export function chainNames(textOf: TextOf, terminals: Terminals): ChainNames {
  return {
    placeOf: (at) => placeWords(at, textOf),
    directoryName: folderName,
    ownerOf: (variable) => terminals.ownerOf(variable),
  };
}

/** A folder of the workspace by its name, one below it by its path. */
function folderName(directory: string): string {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => pathOf(uri) === directory);
  return folder?.name ?? shortPath(directory);
}
