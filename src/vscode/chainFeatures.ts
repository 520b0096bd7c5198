import * as vscode from "vscode";
import type { ChainNames } from "../explain/chainTree";
import { ChainLenses } from "./chainLenses";
import { ChainStatus } from "./chainStatus";
import { ChainView } from "./chainView";
import { copyClearCommand, TerminalVariables } from "./clearVariables";
import type { LocationOf } from "./diagnostics";
import { terraformFiles } from "./selectors";
import type { Session } from "./session";
import type { Terminals } from "./terminals";

/** All that says which credentials Terraform will use, and why. */
export function chainFeatures(
  context: vscode.ExtensionContext,
  session: Session,
  names: ChainNames,
  terminals: Terminals,
  locationOf: LocationOf,
): vscode.Disposable {
  const report = () => session.report;
  const textOf = (path: string) => session.textOf(path);
  const view = new ChainView(report, names, locationOf);
  const lenses = new ChainLenses(report, names, textOf);
  const status = new ChainStatus(report, names);
  const variables = new TerminalVariables(report, terminals, context);
  const update = () => {
    for (const one of [view, lenses, status]) one.update();
  };
  return vscode.Disposable.from(
    view,
    lenses,
    status,
    session.onDidChange(update),
    terminals.onDidChange(() => session.environmentChanged()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => lenses.update()),
    vscode.languages.registerCodeLensProvider(terraformFiles, lenses),
    vscode.commands.registerCommand("callerid.showChain", (id: unknown) => view.show(id)),
    vscode.commands.registerCommand("callerid.refreshChain", () => session.refresh()),
    vscode.commands.registerCommand("callerid.copyClearCommand", () => copyClearCommand(report())),
    vscode.commands.registerCommand("callerid.clearTerminalVariables", () => variables.clear()),
    vscode.commands.registerCommand("callerid.restoreTerminalVariables", () => variables.restore()),
  );
}
