import * as vscode from "vscode";
import type { ChainNames, ChainNode } from "../explain/chainTree";
import type { LocationOf } from "./diagnostics";

/** No file of anybody's: it lets the labels of what is not used be dimmed. */
export const dimmedUri = vscode.Uri.from({ scheme: "callerid-chain", path: "/dimmed" });

export const dimmedColor = new vscode.ThemeColor("list.deemphasizedForeground");
const errorColor = new vscode.ThemeColor("problemsErrorIcon.foreground");
const warningColor = new vscode.ThemeColor("problemsWarningIcon.foreground");

const stateIcons: Readonly<Record<ChainNode["state"], vscode.ThemeIcon>> = {
  used: new vscode.ThemeIcon("pass-filled", new vscode.ThemeColor("testing.iconPassed")),
  shadowed: new vscode.ThemeIcon("circle-slash", dimmedColor),
  unasked: new vscode.ThemeIcon("circle-outline", dimmedColor),
  absent: new vscode.ThemeIcon("circle-outline", dimmedColor),
  stops: new vscode.ThemeIcon("error", errorColor),
  refused: new vscode.ThemeIcon("warning", warningColor),
  told: new vscode.ThemeIcon("info", new vscode.ThemeColor("problemsInfoIcon.foreground")),
};

function iconOf({ kind, state }: ChainNode): vscode.ThemeIcon {
  if (kind === "directory") return vscode.ThemeIcon.Folder;
  if (kind === "block" && state === "used") return new vscode.ThemeIcon("key");
  if (kind === "role") return new vscode.ThemeIcon("arrow-right");
  return kind === "region" ? new vscode.ThemeIcon("globe") : stateIcons[state];
}

/** One line of the tree as VS Code draws it. */
export function chainItem(node: ChainNode, names: ChainNames, locationOf: LocationOf): vscode.TreeItem {
  const { id, kind, state, label, description, details, children, isOpen } = node;
  const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(label, children.length === 0 ? None : isOpen ? Expanded : Collapsed);
  item.id = id;
  item.description = description;
  item.iconPath = iconOf(node);
  item.tooltip = [label, description, ...details].filter(Boolean).join("\n");
  item.accessibilityInformation = { label: [label, description, ...details].filter(Boolean).join(", ") };
  item.contextValue = node.variable === undefined ? kind : `${kind} variable`;
  if (state === "shadowed" || state === "unasked" || state === "absent") item.resourceUri = dimmedUri;
  const command = commandOf(node, names, locationOf);
  if (command) item.command = command;
  return item;
}

/** A click leads to the line, or to the setting that a variable comes from. */
function commandOf(
  { at, variable }: ChainNode,
  { ownerOf }: ChainNames,
  locationOf: LocationOf,
): vscode.Command | undefined {
  const owner = variable === undefined ? undefined : ownerOf(variable);
  if (owner?.startsWith("terminal."))
    return { command: "workbench.action.openSettings", title: "Open Setting", arguments: [owner] };
  if (!at) return undefined;
  const { uri, range } = locationOf(at);
  return { command: "vscode.open", title: "Open", arguments: [uri, { selection: range }] };
}
