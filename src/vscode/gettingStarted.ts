import * as vscode from "vscode";
import { checkedFiles } from "./selectors";

/** What the walkthrough needs: to be opened, and to be told when a file of ours comes to the front. */
export function gettingStarted(): vscode.Disposable {
  const tell = () => {
    const document = vscode.window.activeTextEditor?.document;
    const isOurs = document !== undefined && vscode.languages.match(checkedFiles, document) > 0;
    void vscode.commands.executeCommand("setContext", "callerid.fileInFront", isOurs);
  };
  tell();
  return vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor(tell),
    vscode.commands.registerCommand("callerid.getStarted", () =>
      vscode.commands.executeCommand("workbench.action.openWalkthrough", "callerid.callerid#start", false),
    ),
  );
}
