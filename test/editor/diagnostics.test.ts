import assert from "node:assert/strict";
import fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import * as vscode from "vscode";
import { ui, until } from "./bridge";
import {
  awsFile,
  closeAll,
  codeOf,
  diagnosticsOf,
  fixAt,
  open,
  rulesOn,
  workspaceFile,
  writeAwsFile,
} from "./workbench";

/** Presses a key until what it opens is there: a workbench that is still busy drops one now and then. */
async function pressFor(selector: string, key: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    await ui.press(key);
    try {
      return await ui.wait(selector, "visible", 2_500);
    } catch (error) {
      if (tries === 4) throw error;
      await vscode.commands.executeCommand("workbench.action.focusActiveEditorGroup");
    }
  }
}

export const tests = {
  "a temporary key is underlined, explained, and fixed": async () => {
    const uri = workspaceFile("main.tf");
    const editor = await open(uri);
    const [diagnostic] = await rulesOn(uri, ["temporary-key-without-token"]);
    assert.ok(diagnostic);
    assert.equal(editor.document.getText(diagnostic.range), "ASIAIOSFODNN7EXAMPLE");
    assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Error);

    editor.selection = new vscode.Selection(diagnostic.range.start, diagnostic.range.start);
    await ui.wait(".squiggly-error", "attached");
    await vscode.commands.executeCommand("editor.action.showHover");
    await ui.wait(".monaco-hover .hover-contents");
    await until("our hover", async () => (await ui.text(".monaco-hover")).includes("comes from STS"));
    const hover = await ui.text(".monaco-hover");
    assert.match(hover, /temporary-key-without-token/);
    const link = await ui.attribute(".monaco-hover a[data-href*='temporary-key-without-token']", "data-href");
    assert.match(link ?? "", /^https:/);
    await ui.screenshot("media-squiggle");
    await ui.press("Escape");

    await pressFor(".action-widget", "Control+Period");
    assert.match(await ui.text(".action-widget"), /Add the session token/);
    await ui.screenshot("media-quick-fix");
    await ui.press("Enter");
    await ui.wait(".squiggly-error", "detached");
    assert.match(editor.document.getText(), /secret_key = var\.secret_key\n {2}token = "<session token>"\n/);
    await closeAll();
    await rulesOn(uri, ["temporary-key-without-token"]);
  },

  "files that are not open are checked too, and cleared when they go": async () => {
    const uri = workspaceFile("late.tf");
    fs.writeFileSync(uri.fsPath, 'provider "aws" {\n  region = "us-esat-1"\n}\n');
    await rulesOn(uri, ["unknown-region"]);
    fs.rmSync(uri.fsPath);
    await rulesOn(uri, []);
  },

  "a file that goes takes its findings along, though it was open a moment ago, and brings them back": async () => {
    const uri = workspaceFile("opened.tf");
    const text = 'provider "aws" {\n  region = "us-esat-1"\n}\n';
    fs.writeFileSync(uri.fsPath, text);
    await open(uri);
    await rulesOn(uri, ["unknown-region"]);
    await closeAll();
    fs.rmSync(uri.fsPath);
    await rulesOn(uri, []);
    fs.writeFileSync(uri.fsPath, text);
    await rulesOn(uri, ["unknown-region"]);
    fs.rmSync(uri.fsPath);
    await rulesOn(uri, []);
  },

  "a mistake in the environment has a place, which leads to the block that it is about": async () => {
    const system = { win32: "windows", darwin: "osx" }[process.platform as string] ?? "linux";
    const terminals = (value: object | undefined) =>
      vscode.workspace
        .getConfiguration()
        .update(`terminal.integrated.env.${system}`, value, vscode.ConfigurationTarget.Global);
    const secret = "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY";
    const uri = workspaceFile("inherits.tf");
    fs.writeFileSync(uri.fsPath, 'provider "aws" {\n  alias = "inherits"\n}\n');
    try {
      await terminals({ AWS_ACCESS_KEY_ID: "ASIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: secret });
      const [place, diagnostic] = await until("the diagnostic", () => {
        const found = vscode.languages.getDiagnostics().find(([{ scheme }]) => scheme === "callerid-environment");
        const one = found?.[1].find((diagnostic) => codeOf(diagnostic) === "temporary-key-without-token");
        // The file is noticed a moment after the variables.
        const hasUsers = one?.relatedInformation?.some(({ location }) => location.uri.fsPath === uri.fsPath);
        return found && one && hasUsers && ([found[0], one] as const);
      });
      const document = await vscode.workspace.openTextDocument(place);
      assert.match(document.getText(), /^AWS_ACCESS_KEY_ID=ASIA…MPLE\n/m);
      assert.ok(!document.getText().includes(secret));
      assert.equal(document.getText(diagnostic.range), "AWS_ACCESS_KEY_ID");
      const users = diagnostic.relatedInformation?.map(({ location, message }) => [location.uri.fsPath, message]);
      assert.ok(
        users?.some(([file, words]) => file === uri.fsPath && /inherits comes to these variables/.test(words ?? "")),
      );
      await vscode.window.showTextDocument(document);
      await ui.screenshot("environment");
    } finally {
      await terminals(undefined);
      fs.rmSync(uri.fsPath);
      await closeAll();
    }
    await until("the diagnostics to go", () =>
      vscode.languages
        .getDiagnostics()
        .every(([{ scheme }, ones]) => scheme !== "callerid-environment" || ones.length === 0),
    );
  },

  "files are cleared when their folder goes": async () => {
    const folder = workspaceFile("later").fsPath;
    const uri = workspaceFile("later/deep/main.tf");
    fs.mkdirSync(workspaceFile("later/deep").fsPath, { recursive: true });
    await sleep(1500);
    fs.writeFileSync(uri.fsPath, 'provider "aws" {\n  region = "us-esat-1"\n}\n');
    await rulesOn(uri, ["unknown-region"]);
    fs.rmSync(folder, { recursive: true });
    await rulesOn(uri, []);
  },

  "typing mends and breaks": async () => {
    const uri = workspaceFile("typed.tf");
    fs.writeFileSync(uri.fsPath, 'provider "aws" {\n  region = "us-east-1"\n}\n');
    const editor = await open(uri);
    await rulesOn(uri, []);
    const value = new vscode.Range(1, 12, 1, 21);
    await editor.edit((edit) => edit.replace(value, "us-eats-1"));
    await rulesOn(uri, ["unknown-region"]);
    await editor.edit((edit) => edit.replace(value, "us-west-2"));
    await rulesOn(uri, []);
    await closeAll();
    fs.rmSync(uri.fsPath);
  },

  "a profile that appears in the credentials file takes its squiggle away": async () => {
    const uri = workspaceFile("network/main.tf");
    await open(uri);
    await rulesOn(uri, ["profile-not-found"]);
    writeAwsFile("credentials", "[network]\ncredential_process = /usr/local/bin/keys network\n");
    await rulesOn(uri, []);
    writeAwsFile("credentials", "[other]\ncredential_process = /usr/local/bin/keys other\n");
    await rulesOn(uri, ["profile-not-found"]);
    await closeAll();
  },

  "every fix applies cleanly": async () => {
    const uri = workspaceFile("network/mistakes.tf");
    const editor = await open(uri);
    const rules = ["unknown-region", "mangled-value", "wrong-argument-name"];
    await rulesOn(uri, rules);
    for (const [rule, title] of [
      ["unknown-region", "Change to us-east-1"],
      ["mangled-value", "Remove the angle brackets"],
      ["wrong-argument-name", "Rename to token"],
    ] as const) {
      const diagnostic = diagnosticsOf(uri).find((one) => codeOf(one) === rule);
      assert.ok(diagnostic);
      assert.ok(await vscode.workspace.applyEdit(await fixAt(uri, diagnostic, title)));
      await until("the finding to go", () => diagnosticsOf(uri).every((one) => codeOf(one) !== rule));
    }
    const text = editor.document.getText();
    assert.match(text, /region {8}= "us-east-1"/);
    assert.match(text, /access_key {4}= "AKIAI44QH8DHBEXAMPLE"/);
    assert.match(text, /^ {2}token = var\.session_token$/m);
    await closeAll();
  },

  "the AWS files have their own languages and squiggles": async () => {
    writeAwsFile("config", "[profile dev]\nregion = eu-west-1\n\n[stage]\nregion = eu-west-1\n");
    const uri = workspaceFile("main.tf").with({ path: awsFile("config") });
    const editor = await open(uri);
    assert.equal(editor.document.languageId, "aws-config");
    const [diagnostic] = await rulesOn(uri, ["wrong-section-prefix"]);
    assert.ok(diagnostic);
    assert.ok(await vscode.workspace.applyEdit(await fixAt(uri, diagnostic, "Rename to [profile stage]")));
    await rulesOn(uri, []);
    assert.match(editor.document.getText(), /^\[profile stage\]$/m);
    await closeAll();
  },

  "AWS files that stand in the workspace are checked": async () => {
    const uri = workspaceFile("deploy/.aws/config");
    fs.writeFileSync(uri.fsPath, "[stage]\nregion = eu-west-1\n");
    await rulesOn(uri, ["wrong-section-prefix"]);
    fs.writeFileSync(uri.fsPath, "[profile stage]\nregion = eu-west-1\n");
    await rulesOn(uri, []);
  },

  "a file of keys that others can read is made private": async () => {
    const file = awsFile("credentials");
    writeAwsFile("credentials", "[dev]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n");
    fs.chmodSync(file, 0o644);
    const uri = workspaceFile("main.tf").with({ path: file });
    await open(uri);
    const diagnostic = await until("the finding", () =>
      diagnosticsOf(uri).find((one) => codeOf(one) === "credentials-file-permissions"),
    );
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      uri,
      diagnostic.range,
    );
    const command = actions.find(({ title }) => title === "Make the file readable by its owner alone")?.command;
    assert.ok(command);
    await vscode.commands.executeCommand(command.command, "/etc/passwd");
    await vscode.commands.executeCommand(command.command, ...(command.arguments ?? []));
    await until("the file to be private", () => (fs.statSync(file).mode & 0o777) === 0o600);
    await until("the finding to go", () =>
      diagnosticsOf(uri).every((one) => codeOf(one) !== "credentials-file-permissions"),
    );
    await closeAll();
  },

  "a profile that is nowhere can be created": async () => {
    writeAwsFile("config", "[profile other]\ncredential_process = /usr/local/bin/keys other\n");
    writeAwsFile("credentials", "[other]\ncredential_process = /usr/local/bin/keys other\n");
    const uri = workspaceFile("network/main.tf");
    await open(uri);
    const [diagnostic] = await rulesOn(uri, ["profile-not-found"]);
    assert.ok(diagnostic);
    // The workbench refuses to edit a file that it has not yet seen change.
    await sleep(1_000);
    assert.ok(
      await vscode.workspace.applyEdit(await fixAt(uri, diagnostic, "Add [profile network] to the config file")),
    );
    // What it still lacks is the next thing said.
    await rulesOn(uri, ["profile-without-credentials"]);
    const config = vscode.workspace.textDocuments.find(({ uri: one }) => one.path === awsFile("config"));
    assert.match(config?.getText() ?? "", /\n\n\[profile network\]\n$/);
    // The edit stands unsaved in a document that no editor shows; only one that is shown can be reverted.
    await open(uri.with({ path: awsFile("config") }));
    await closeAll();
  },

  "an AWS file in UTF-16 is saved as UTF-8": async () => {
    const text = "[profile wide]\ncredential_process = /usr/local/bin/keys wide\n";
    fs.writeFileSync(awsFile("config"), Buffer.from(`\ufeff${text}`, "utf16le"));
    const uri = workspaceFile("main.tf").with({ path: awsFile("config") });
    await open(uri);
    const diagnostic = await until("the finding", () =>
      diagnosticsOf(uri).find((one) => codeOf(one) === "unreadable-encoding"),
    );
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      uri,
      diagnostic.range,
    );
    const command = actions.find(({ title }) => title === "Save the file as UTF-8")?.command;
    assert.ok(command);
    await vscode.commands.executeCommand(command.command, ...(command.arguments ?? []));
    assert.equal(fs.readFileSync(awsFile("config"), "utf8"), text);
    await closeAll();
    await rulesOn(uri, []);
  },
};
