import * as vscode from "vscode";
import type { Report } from "../analyzer";
import { type ChainNames, type ChainNode, chainTree } from "../explain/chainTree";
import { setId } from "../model/describe";
import { chainItem, dimmedColor, dimmedUri } from "./chainItem";
import type { LocationOf } from "./diagnostics";
import { pathOf } from "./paths";

const viewId = "callerid.chain";

/** «AWS Credential Chain»: which credentials each block comes to, and why. */
export class ChainView implements vscode.TreeDataProvider<ChainNode>, vscode.FileDecorationProvider, vscode.Disposable {
  readonly #report: () => Report;
  readonly #names: ChainNames;
  readonly #locationOf: LocationOf;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #view: vscode.TreeView<ChainNode>;
  readonly #decorations: vscode.Disposable;
  readonly #parents = new Map<ChainNode, ChainNode>();
  #roots: ChainNode[] | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(report: () => Report, names: ChainNames, locationOf: LocationOf) {
    this.#report = report;
    this.#names = names;
    this.#locationOf = locationOf;
    this.#view = vscode.window.createTreeView(viewId, { treeDataProvider: this, showCollapseAll: true });
    this.#decorations = vscode.window.registerFileDecorationProvider(this);
  }

  /** The tree follows what is known now. */
  update(): void {
    this.#roots = undefined;
    this.#changed.fire();
  }

  /** Opens the view at a block: the one of that id, else the first of the file in front. */
  async show(id: unknown): Promise<void> {
    const front = vscode.window.activeTextEditor?.document.uri;
    const path = front && pathOf(front);
    const blocks = this.#blocks();
    const block = blocks.find((one) => one.block === id) ?? blocks.find(({ at }) => at?.path === path) ?? blocks[0];
    if (!block) return void vscode.commands.executeCommand(`${viewId}.focus`);
    try {
      await this.#view.reveal(block, { select: true, focus: true, expand: 2 });
    } catch {
      // The tree was drawn anew meanwhile; the line that stands for the block now has the same id.
      const again = this.#blocks().find((one) => one.id === block.id);
      if (again) await this.#view.reveal(again, { select: true, focus: true, expand: 2 });
    }
  }

  getChildren(node?: ChainNode): ChainNode[] {
    if (node) return [...node.children];
    this.#roots ??= this.#grown();
    return this.#roots;
  }

  getParent(node: ChainNode): ChainNode | undefined {
    return this.#parents.get(node);
  }

  getTreeItem(node: ChainNode): vscode.TreeItem {
    return chainItem(node, this.#names, this.#locationOf);
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    if (uri.scheme !== dimmedUri.scheme) return undefined;
    return new vscode.FileDecoration(undefined, undefined, dimmedColor);
  }

  dispose(): void {
    for (const one of [this.#view, this.#decorations, this.#changed]) one.dispose();
  }

  #blocks(): ChainNode[] {
    return this.getChildren().flatMap((root) => (root.kind === "directory" ? root.children : [root]));
  }

  #grown(): ChainNode[] {
    const { blocks, chainOf } = this.#report();
    const found = blocks.map((set) => ({ id: setId(set), directory: set.directory, chain: chainOf(set) }));
    const roots = [...chainTree(found, this.#names)];
    this.#parents.clear();
    const adopt = (parent: ChainNode) => {
      for (const child of parent.children) {
        this.#parents.set(child, parent);
        adopt(child);
      }
    };
    roots.forEach(adopt);
    return roots;
  }
}
