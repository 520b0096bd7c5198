import assert from "node:assert/strict";
import * as vscode from "vscode";
import { until } from "./bridge";
import { closeAll, diagnosticsOf, open, rulesOn, workspaceFile } from "./workbench";

const write = (uri: vscode.Uri, text: string) => vscode.workspace.fs.writeFile(uri, Buffer.from(text));

export const tests = {
  "a folder's .callerid.json is heeded as it changes, a mistake in it is underlined, and settings have the last word":
    async () => {
      const folder = workspaceFile("configured");
      const file = vscode.Uri.joinPath(folder, "main.tf");
      const configuration = vscode.Uri.joinPath(folder, ".callerid.json");
      const settings = vscode.workspace.getConfiguration("callerid");
      try {
        await write(file, 'provider "aws" {\n  region = "mars-west-1"\n}\n');
        await open(file);
        await rulesOn(file, ["unknown-region"]);
        await write(configuration, '{"rules": {"unknown-region": "off"}}');
        await rulesOn(file, []);
        await settings.update("rules", { "unknown-region": "hint" }, vscode.ConfigurationTarget.Workspace);
        await until("a hint", () => diagnosticsOf(file)[0]?.severity === vscode.DiagnosticSeverity.Hint);
        await settings.update("rules", undefined, vscode.ConfigurationTarget.Workspace);
        await rulesOn(file, []);

        await write(configuration, '{\n  "rulez": {}\n}\n');
        const [mistake] = await rulesOn(configuration, ["configuration"]);
        assert.equal(mistake?.message, 'There is no key "rulez"; did you mean "rules"?');
        assert.equal(mistake?.range.start.line, 1);
        await rulesOn(file, ["unknown-region"]);
        await vscode.workspace.fs.delete(configuration);
        await rulesOn(configuration, []);
      } finally {
        await settings.update("rules", undefined, vscode.ConfigurationTarget.Workspace);
        await closeAll();
        await vscode.workspace.fs.delete(folder, { recursive: true });
      }
    },
};
