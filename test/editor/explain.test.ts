import assert from "node:assert/strict";
import * as vscode from "vscode";
import { until } from "./bridge";
import { closeAll, open, workspaceFile } from "./workbench";

const request = "00000000-0000-4000-8000-0000000000aa";
const error = `Initializing the backend...

Error: validating provider credentials: retrieving caller identity from STS: operation error STS: GetCallerIdentity, https response error StatusCode: 403, RequestID: ${request}, api error SignatureDoesNotMatch: Signature expired: 20240501T100000Z is now earlier than 20240501T112000Z (20240501T113500Z - 15 min.)
`;

const page = () =>
  vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === "callerid-explanation")?.document;

async function shown(pattern: RegExp): Promise<string> {
  await until("the explanation", () => pattern.test(page()?.getText() ?? ""));
  return page()?.getText() ?? "";
}

export const tests = {
  "a selection is explained in a document beside it": async () => {
    await open(workspaceFile("main.tf"));
    const document = await vscode.workspace.openTextDocument({
      content: `noise\n${error}noise\n`,
      language: "plaintext",
    });
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(1, 0, document.lineCount - 1, 0);
    try {
      await vscode.commands.executeCommand("callerid.explain");
      const text = await shown(/# SignatureDoesNotMatch/);
      assert.match(text, /- Certain: This machine's clock is 95 minutes behind AWS's\./);
      assert.match(text, /## What to do\n\n- /);
      assert.equal(vscode.window.activeTextEditor?.document, document);
    } finally {
      await closeAll();
    }
  },

  "the clipboard is explained where nothing is selected, and then in the same document": async () => {
    await open(workspaceFile("main.tf"));
    try {
      await vscode.env.clipboard.writeText(error);
      await vscode.commands.executeCommand("callerid.explain");
      await shown(/# SignatureDoesNotMatch/);
      await vscode.env.clipboard.writeText("Error: failed to get shared config profile, nowhere\n");
      await vscode.commands.executeCommand("callerid.explain");
      const text = await shown(/# SharedConfigProfile/);
      assert.match(text, /Profile nowhere is not in the AWS files/);
      assert.doesNotMatch(text, /SignatureDoesNotMatch/);
    } finally {
      await closeAll();
    }
  },
};
