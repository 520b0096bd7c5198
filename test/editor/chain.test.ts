import assert from "node:assert/strict";
import fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import * as vscode from "vscode";
import { Skipped, ui, until } from "./bridge";
import { closeAll, open, workspaceFile, writeAwsFile } from "./workbench";

const credentials = `[dev]
aws_access_key_id     = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY
`;

const main = `terraform {
  backend "s3" {
    bucket  = "state"
    key     = "app.tfstate"
    region  = "eu-west-1"
    profile = "dev"
  }
}

provider "aws" {
  region  = "eu-west-1"
  profile = "dev"
  assume_role {
    role_arn = "arn:aws:iam::111122223333:role/deploy"
  }
}

provider "aws" {
  alias   = "typo"
  region  = "eu-west-1"
  profile = "dev-typo"
}

provider "aws" {
  alias  = "plain"
  region = "eu-west-1"
}

data "terraform_remote_state" "network" {
  backend = "s3"
  config = {
    bucket  = "state"
    key     = "network.tfstate"
    region  = "eu-west-1"
    profile = "dev"
  }
}
`;

const run = <T>(command: string, ...args: unknown[]) => vscode.commands.executeCommand<T>(command, ...args);
const configuration = () => vscode.workspace.getConfiguration();
const terminalSetting = `terminal.integrated.env.${{ win32: "windows", darwin: "osx" }[process.platform as string] ?? "linux"}`;
const mainUri = () => workspaceFile("chain/main.tf");
const otherUri = () => workspaceFile("deploy/main.tf");

const keys = {
  AWS_ACCESS_KEY_ID: "AKIAI44QH8DHBEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY",
};

/** The tree is drawn anew with each report, and what was unfolded a moment before may be folded again. */
const unfolded = (block: string, line: string) =>
  until(`${line} below ${block}`, async () => {
    await run("callerid.showChain", blockId(block));
    return (await ui.text(pane)).includes(line);
  });

/** Two modules with all kinds of blocks, and keys that the user's settings give to terminals. */
async function withModules(test: () => Promise<void>): Promise<void> {
  writeAwsFile("credentials", credentials);
  writeAwsFile("config", "");
  const folder = workspaceFile("chain").fsPath;
  if (!fs.existsSync(folder)) {
    fs.mkdirSync(folder, { recursive: true });
    // What is written at once into a new folder is told to nobody.
    await sleep(500);
  }
  fs.writeFileSync(mainUri().fsPath, main);
  fs.writeFileSync(otherUri().fsPath, 'provider "aws" {\n  region = "eu-west-1"\n}\n');
  await configuration().update(terminalSetting, keys, vscode.ConfigurationTarget.Global);
  try {
    await open(mainUri());
    await test();
  } finally {
    await configuration().update(terminalSetting, undefined, vscode.ConfigurationTarget.Global);
    await closeAll();
    // The files stay, without a block: a watcher loses those that go and come back at once.
    for (const uri of [mainUri(), otherUri()]) fs.writeFileSync(uri.fsPath, "");
    writeAwsFile("credentials", "");
  }
}

/** Gives the chain the files' room. */
async function roomForChain(): Promise<void> {
  await run("callerid.chain.focus");
  const header = ".pane-header[aria-label*='Explorer Section']";
  if ((await ui.attribute(header, "aria-expanded")) === "true") await ui.click(header);
}

const blockId = (block: string) => `${workspaceFile("chain").fsPath}:${block}`;
const pane = ".pane:has(> .pane-header[aria-label*='AWS Credential Chain'])";
const rows = () => ui.texts(`${pane} .monaco-list-row`);
const said = async () => (await rows()).map((row) => row.replace(/\s+/g, " ").trim());

async function shown(pattern: RegExp): Promise<void> {
  let last: string[] = [];
  try {
    await until("the line", async () => {
      last = await said();
      return last.some((row) => pattern.test(row));
    });
  } catch (error) {
    throw new Error(`${(error as Error).message}: wanted ${pattern}, have\n${last.join("\n")}`);
  }
}

async function lenses(uri: vscode.Uri): Promise<string[]> {
  const found = await run<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri);
  return found.map(({ range, command }) => `${range.start.line + 1}: ${command?.title}`);
}

async function hoversAt(uri: vscode.Uri, word: string, after: number): Promise<string[]> {
  const document = await vscode.workspace.openTextDocument(uri);
  const offset = document.getText().indexOf(word, after);
  assert.ok(offset >= 0, word);
  const found = await run<vscode.Hover[]>("vscode.executeHoverProvider", uri, document.positionAt(offset + 1));
  // As it reads once rendered.
  return found.map(({ contents }) =>
    contents
      .map((one) => (typeof one === "string" ? one : one.value))
      .join("\n")
      .replace(/\\(.)/g, "$1")
      .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code)),
  );
}

const hover = async (uri: vscode.Uri, word: string, after = 0) => (await hoversAt(uri, word, after)).join("\n");

async function inLight(test: () => Promise<void>): Promise<void> {
  const theme = "workbench.colorTheme";
  const before = configuration().inspect<string>(theme)?.globalValue;
  await configuration().update(theme, "Default Light Modern", vscode.ConfigurationTarget.Global);
  try {
    await ui.wait(".monaco-workbench.vs");
    await test();
  } finally {
    await configuration().update(theme, before, vscode.ConfigurationTarget.Global);
    await ui.wait(".monaco-workbench.vs-dark");
  }
}

/** Keeps what reaches the clipboard from the one before. */
async function copied(command: string, choose: () => Promise<void>): Promise<string> {
  await vscode.env.clipboard.writeText("");
  const done = run(command);
  await ui.wait(".quick-input-widget .monaco-list-row");
  await choose();
  await done;
  return vscode.env.clipboard.readText();
}

/** What a program sees that a new terminal's shell starts; the shell itself need not have read its files. */
async function inTerminal(name: string): Promise<string> {
  const file = workspaceFile("chain/seen.txt").fsPath;
  fs.rmSync(file, { force: true });
  const terminal = vscode.window.createTerminal({ shellPath: "/bin/sh" });
  try {
    terminal.sendText(`echo "\${${name}-removed}" > ${file}.part && mv ${file}.part ${file}`);
    await until("the terminal", () => fs.existsSync(file));
    return fs.readFileSync(file, "utf8").trim();
  } finally {
    terminal.dispose();
  }
}

export const tests = {
  "the view shows every block, its rungs in order, and why": () =>
    withModules(async () => {
      await roomForChain();
      await ui.resize(1280, 1300);
      try {
        await run("callerid.showChain", blockId("provider aws"));
        for (const line of [
          /^chain ?1 of 5 stopped$/,
          /^provider aws ?profile dev, then assumes arn:aws:iam::111122223333:role\/deploy in eu-west-1$/,
          /^environment keys are ignored ?AWS_ACCESS_KEY_ID is set in terminal\.integrated\.env\.\w+, and the profile/,
          /^keys in the block ?absent: the block has none$/,
          /^profile dev ?used: the profile argument names it — ~\/\.aws\/credentials:2/,
          /^then assumes arn:aws:iam::111122223333:role\/deploy ?chain\/main\.tf:14$/,
          /^environment keys ?shadowed: profile dev comes first — AWS_ACCESS_KEY_ID of terminal\.integrated\.env\.\w+$/,
        ]) {
          await shown(line);
        }
        await ui.screenshot("chain-view");
        await inLight(() => ui.screenshot("chain-view-light"));

        await run("callerid.showChain", blockId("provider aws.typo"));
        await shown(/^provider aws\.typo ?Terraform stops: There is no profile dev-typo\.$/);
        await shown(/^Terraform stops: There is no profile dev-typo\. ?chain\/main\.tf:21$/);
        const labels = await ui.aria(`${pane} .monaco-list`);
        assert.match(labels, /provider aws\.typo, Terraform stops: There is no profile dev-typo/);
        assert.match(labels, /environment keys, shadowed: profile dev comes first/);
      } finally {
        await ui.resize(1280, 800);
      }
    }),

  "an empty workspace says what would be shown": async () => {
    const files = await vscode.workspace.findFiles("**/*.{tf,tofu,tf.json}");
    const texts = files.map(({ fsPath }) => [fsPath, fs.readFileSync(fsPath)] as const);
    for (const [file] of texts) fs.rmSync(file);
    try {
      await roomForChain();
      await until("the words", async () => (await ui.text(pane)).includes("There is no AWS provider, S3 backend"));
      await ui.screenshot("chain-empty");
    } finally {
      for (const [file, text] of texts) fs.writeFileSync(file, text);
    }
    await shown(/^provider aws/);
  },

  "a click leads to the line": () =>
    withModules(async () => {
      await roomForChain();
      await unfolded("provider aws.typo", "main.tf:21");
      await ui.click(`${pane} .monaco-list-row:has-text("Terraform stops"):has-text("main.tf:21")`);
      await until("the line of the profile", () => vscode.window.activeTextEditor?.selection.start.line === 20);
      assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, mainUri().fsPath);
      await unfolded("provider aws", "used: the profile argument");
      await ui.click(`${pane} .monaco-list-row:has-text("used: the profile argument")`);
      await until("the credentials file", () =>
        vscode.window.activeTextEditor?.document.fileName.endsWith("credentials"),
      );
    }),

  "the view follows what is typed and what is not open": () =>
    withModules(async () => {
      await roomForChain();
      await run("callerid.showChain", blockId("provider aws.typo"));
      await shown(/^provider aws\.typo ?Terraform stops/);
      const editor = await open(mainUri());
      const at = editor.document.positionAt(main.indexOf('-typo"'));
      await editor.edit((edit) => edit.delete(new vscode.Range(at, at.translate(0, 5))));
      await shown(/^provider aws\.typo ?profile dev in eu-west-1$/);
      assert.ok(editor.document.isDirty);
      fs.writeFileSync(otherUri().fsPath, 'provider "aws" {\n  alias  = "late"\n  region = "eu-west-1"\n}\n');
      await until("the other module's block", async () => {
        await run("callerid.showChain", `${workspaceFile("deploy").fsPath}:provider aws.late`);
        return (await said()).some((row) => /^provider aws\.late ?environment keys in eu-west-1$/.test(row));
      });
      await ui.screenshot("chain-modules");
    }),

  "a line above each block says what it comes to": () =>
    withModules(async () => {
      const ignored = "environment keys are ignored";
      const expected = [
        `2: resolves to profile dev in eu-west-1 · ${ignored}`,
        "2: Verify",
        `10: resolves to profile dev, then assumes arn:aws:iam::111122223333:role/deploy in eu-west-1 · ${ignored}`,
        "10: Verify",
        "18: Terraform stops: There is no profile dev-typo.",
        "24: resolves to environment keys in eu-west-1",
        "24: Verify",
        `29: resolves to profile dev in eu-west-1 · ${ignored}`,
        "29: Verify",
      ];
      await until("the lenses", async () => (await lenses(mainUri())).join("\n") === expected.join("\n")).catch(
        () => {},
      );
      assert.deepEqual(await lenses(mainUri()), expected);
      await ui.wait(".codelens-decoration:visible");
      await ui.screenshot("chain-lenses");
      await configuration().update("callerid.codeLens", false, vscode.ConfigurationTarget.Global);
      try {
        assert.deepEqual(await lenses(mainUri()), []);
        await ui.wait(".codelens-decoration", "detached");
      } finally {
        await configuration().update("callerid.codeLens", undefined, vscode.ConfigurationTarget.Global);
      }
    }),

  "an argument says what wins, why and where": () =>
    withModules(async () => {
      const provider = main.indexOf('provider "aws"');
      const profile = await hover(mainUri(), 'dev"', provider);
      assert.match(profile, /Profile.* dev/);
      assert.match(profile, /Credentials of.* provider aws/);
      assert.match(
        profile,
        /Used: profile dev, key \*\*\*\*MPLE — ~\/\.aws\/credentials:2: the profile argument names it\./,
      );
      assert.match(profile, /Then assumes arn:aws:iam::111122223333:role\/deploy/);
      assert.match(profile, /Shadowed: environment keys, key \*\*\*\*MPLE — AWS_ACCESS_KEY_ID of terminal\.integrated/);
      assert.match(profile, /never prints it/);
      assert.match(
        await hover(mainUri(), "region  =", provider),
        /Region of.* provider aws\s+eu-west-1 — chain\/main\.tf:11: the argument comes before/,
      );
      assert.match(await hover(mainUri(), "role_arn"), /Then assumes arn/);
      assert.match(await hover(mainUri(), "dev-typo"), /Terraform stops: There is no profile dev-typo\./);
      assert.match(
        await hover(mainUri(), "profile = ", main.indexOf("config")),
        /Credentials of.* terraform_remote_state network/,
      );
      assert.doesNotMatch(await hover(mainUri(), "bucket"), /Credentials of/);
      const [, ...more] = (await hoversAt(mainUri(), 'dev"', provider)).filter((one) =>
        /Credentials of|Stands in/.test(one),
      );
      assert.deepEqual(more, [], "one hover holds both cards");

      const editor = await open(mainUri());
      const at = editor.document.positionAt(main.indexOf('dev"', provider));
      editor.selection = new vscode.Selection(at, at);
      await until("the cursor", async () => (await ui.text(".statusbar")).includes("Ln 12, Col 14"));
      await run("editor.action.showHover");
      await until("the card", async () => (await ui.text(".monaco-hover")).includes("Show Chain"));
      await ui.screenshot("chain-hover");
      await ui.press("Escape");
    }),

  "the language status tells the file's credentials": () =>
    withModules(async () => {
      const status = ".statusbar-item[id='status.languageStatus']";
      await open(otherUri());
      await ui.click(status);
      await until("the credentials", async () =>
        /Credentials: environment keys \(AWS_ACCESS_KEY_ID\) in eu-west-1/.test(
          await ui.text(".hover-language-status"),
        ),
      );
      await ui.screenshot("chain-status");
      await open(mainUri());
      await until("the problem", async () => {
        await ui.click(status);
        return /Terraform stops: There is no profile dev-typo/.test(
          (await ui.texts(".hover-language-status")).join(" "),
        );
      });
      await ui.screenshot("chain-status-problem");
    }),

  "the command that clears the variables is copied for the shell that is asked for": () =>
    withModules(async () => {
      const names = Object.keys(keys).join(" ");
      assert.match(await copied("callerid.copyClearCommand", () => ui.press("Enter")), new RegExp(`^unset .*${names}`));
      const fish = await copied("callerid.copyClearCommand", async () => {
        await ui.screenshot("chain-clear");
        await ui.type("fish");
        await ui.press("Enter");
      });
      assert.match(fish, new RegExp(`^set -e .*${names}`));
    }),

  "variables of VS Code's process are taken out of new terminals, and put back": () =>
    withModules(async () => {
      const name = "AWS_ROLE_SESSION_NAME";
      if (!process.env[name]) throw new Skipped("the host has no such variable");
      assert.equal(await inTerminal(name), process.env[name]);
      const done = run("callerid.clearTerminalVariables");
      await ui.wait(".quick-input-widget .monaco-list-row");
      await ui.screenshot("chain-clear-terminals");
      await ui.press("ArrowDown");
      await ui.press("Enter");
      await done;
      assert.deepEqual(configuration().inspect(terminalSetting)?.globalValue, { ...keys, [name]: null });
      assert.equal(await inTerminal(name), "removed");
      await run("callerid.restoreTerminalVariables");
      assert.deepEqual(configuration().inspect(terminalSetting)?.globalValue, keys);
      assert.equal(await inTerminal(name), process.env[name]);
    }),
};
