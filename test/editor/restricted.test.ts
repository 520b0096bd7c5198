import assert from "node:assert/strict";
import * as vscode from "vscode";
import { fakeKey, startFakeSts } from "../support/fakeSts";
import { Skipped, ui, until } from "./bridge";
import { closeAll, open, rulesOn, workspaceFile, writeAwsFile } from "./workbench";

export const tests = {
  "an untrusted folder's chain is shown, and nothing offers to ask AWS": async () => {
    if (vscode.workspace.isTrusted) throw new Skipped("the workspace is trusted");
    const key = fakeKey();
    writeAwsFile("credentials", `[dev]\naws_access_key_id = ${key.id}\naws_secret_access_key = ${key.secret}\n`);
    const uri = workspaceFile("network/main.tf");
    await open(uri);
    try {
      await vscode.commands.executeCommand("callerid.showChain");
      const view = ".pane:has(> .pane-header[aria-label*='AWS Credential Chain'])";
      await until("the chain", async () =>
        (await ui.texts(`${view} .monaco-list-row`)).some((row) => row.includes("There is no profile network")),
      );
      await ui.screenshot("chain-restricted");
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri);
      const titles = found.map(({ command }) => command?.title);
      assert.ok(
        titles.some((title) => title?.startsWith("Terraform stops: There is no profile network")),
        titles.join(),
      );
      assert.ok(!titles.includes("Verify"));
      assert.deepEqual(await ui.texts(`${view} [aria-label*='Verify']`), []);
    } finally {
      await closeAll();
    }
  },

  "an untrusted folder is checked, and nothing is sent from it": async () => {
    if (vscode.workspace.isTrusted) throw new Skipped("the workspace is trusted");
    const key = fakeKey();
    const sts = await startFakeSts({ keys: [key] });
    const configuration = vscode.workspace.getConfiguration("callerid");
    await configuration.update("verify.endpoint", sts.url, vscode.ConfigurationTarget.Global);
    try {
      writeAwsFile("credentials", `[dev]\naws_access_key_id = ${key.id}\naws_secret_access_key = ${key.secret}\n`);
      const uri = workspaceFile("main.tf");
      await open(uri);
      await rulesOn(uri, ["temporary-key-without-token"]);
      await vscode.commands.executeCommand("callerid.verify", "profile:dev");
      assert.equal(sts.connections, 0);
    } finally {
      await configuration.update("verify.endpoint", undefined, vscode.ConfigurationTarget.Global);
      await sts.close();
      await closeAll();
    }
  },
};
