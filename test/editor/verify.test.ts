import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as vscode from "vscode";
import { type FakeKey, fakeKey, startFakeSts } from "../support/fakeSts";
import { ui, until } from "./bridge";
import { closeAll, open, workspaceFile, writeAwsFile } from "./workbench";

const indicator = ".statusbar-item[id='callerid.callerid.identity']";
const setting = () => vscode.workspace.getConfiguration("callerid");

function profileText(name: string, { id, secret, token }: FakeKey): string {
  const lines = [`[${name}]`, `aws_access_key_id = ${id}`, `aws_secret_access_key = ${secret}`];
  if (token) lines.push(`aws_session_token = ${token}`);
  return `${lines.join("\n")}\n`;
}

/** A local STS, and the user's own setting that sends verifications there. */
async function withSts(
  keys: readonly FakeKey[],
  test: (sts: Awaited<ReturnType<typeof startFakeSts>>) => Promise<void>,
) {
  const sts = await startFakeSts({ keys: [...keys] });
  await setting().update("verify.endpoint", sts.url, vscode.ConfigurationTarget.Global);
  try {
    await vscode.commands.executeCommand("notifications.clearAll");
    await test(sts);
  } finally {
    await setting().update("verify.endpoint", undefined, vscode.ConfigurationTarget.Global);
    await vscode.commands.executeCommand("notifications.hideList");
    await vscode.commands.executeCommand("notifications.clearAll");
    await sts.close();
    await closeAll();
  }
}

const center = ".notifications-center";

/** Waits for a notification. The driven workbench shows no toasts, so the center is opened for them. */
async function notified(pattern: RegExp): Promise<void> {
  await vscode.commands.executeCommand("notifications.showList");
  await ui.wait(`${center} .notification-list-item`);
  await until("the notification", async () => pattern.test((await ui.text(center)).replace(/\s+/g, " ")), 3_000);
}

const progressGone = () =>
  until("the progress to go", async () => !/verifying/.test((await ui.texts(center)).join(" ")), 3_000);

const label = () => ui.attribute(indicator, "aria-label");

async function labelled(pattern: RegExp): Promise<void> {
  let last: string | null = null;
  try {
    await until(
      "the indicator",
      async () => {
        last = await label();
        return pattern.test(last ?? "");
      },
      3_000,
    );
  } catch (error) {
    const said = await ui.texts(".notifications-toasts .notification-list-item");
    throw new Error(`${(error as Error).message}: wanted ${pattern}, have «${last}», said «${said.join(" | ")}»`);
  }
}

/** A host under test refuses every modal dialog and says what was in it. */
async function refusalOf(target: string): Promise<string> {
  return vscode.commands.executeCommand("callerid.verify", target).then(
    () => "no dialog came up",
    (error: Error) => error.message,
  );
}

export const tests = {
  "verify from the palette shows the account in the status bar": async () => {
    const key = fakeKey("long-term");
    await withSts([key], async (sts) => {
      writeAwsFile("credentials", profileText("network", key));
      await open(workspaceFile("network/main.tf"));
      await labelled(/not verified/);
      await ui.press("F1");
      await ui.type("Verify AWS Cred");
      await ui.wait(".quick-input-list .monaco-list-row");
      await ui.screenshot("palette");
      await ui.press("Enter");
      await ui.wait(".quick-input-list .monaco-list-row");
      await ui.type("network/main");
      await ui.screenshot("choice");
      await ui.press("Enter");
      await labelled(new RegExp(`network is account …${key.account.slice(-4)}`));
      await notified(new RegExp(`account ${key.account} as arn:aws:iam::.* in eu-west-1.*~/\\.aws/credentials:2`));
      await progressGone();
      await ui.screenshot("media-verified");
      assert.equal(sts.requests.length, 1);

      await vscode.commands.executeCommand("notifications.hideList");
      await ui.hover(indicator);
      await until("the tooltip", async () =>
        (await ui.texts(".monaco-hover")).some((text) => text.includes("Asked 127.0.0.1")),
      );
      await sleep(300);
      await ui.screenshot("media-status");
      await ui.moveAway();

      // The same file with another secret: what was said is no longer shown as fresh.
      writeAwsFile("credentials", profileText("network", { ...key, secret: fakeKey().secret }));
      await labelled(/before a change/);
      await ui.screenshot("outdated");
      assert.equal(sts.requests.length, 1);
    });
  },

  "a key that AWS refuses turns the indicator red and says why": async () => {
    const key = fakeKey("temporary");
    await withSts([], async () => {
      writeAwsFile("credentials", profileText("network", key));
      await open(workspaceFile("network/main.tf"));
      await vscode.commands.executeCommand("callerid.verify", "profile:network");
      await labelled(/refused: InvalidClientTokenId/);
      await ui.wait(`${indicator}.error-kind`);
      await notified(/AWS refused profile network: InvalidClientTokenId/);
      await progressGone();
      await ui.screenshot("media-refused");
    });
  },

  "an answer that never comes can be cancelled": async () => {
    const key = fakeKey();
    await withSts([key], async (sts) => {
      sts.fault = "silence";
      writeAwsFile("credentials", profileText("network", key));
      await open(workspaceFile("network/main.tf"));
      const verified = vscode.commands.executeCommand("callerid.verify", "profile:network");
      await labelled(/Verifying/);
      await notified(/verifying profile network/);
      await ui.screenshot("checking");
      await ui.click(`${center} .monaco-button:has-text('Cancel')`);
      await verified;
      await labelled(/not verified/);
    });
  },

  "a key that stands in the workspace is sent only after a yes": async () => {
    await withSts([], async (sts) => {
      await open(workspaceFile("verified/main.tf"));
      const target = `${workspaceFile("verified").fsPath}:provider aws`;
      const refusal = await refusalOf(target);
      assert.match(refusal, /Send the key AKIA…MPLE, which stands in this workspace, to 127\.0\.0\.1/);
      assert.doesNotMatch(refusal, /AKIAI44QH8DHBEXAMPLE/);
      assert.equal(sts.requests.length, 0);
    });
  },

  "a folder's settings never choose where a request goes": async () => {
    const key = fakeKey();
    const trap = await startFakeSts();
    const folder = workspaceFile(".vscode").fsPath;
    fs.mkdirSync(folder, { recursive: true });
    try {
      await withSts([key], async (sts) => {
        writeAwsFile("credentials", profileText("network", key));
        for (const settings of [
          { "callerid.verify.endpoint": trap.url },
          { callerid: { verify: { endpoint: trap.url } } },
        ]) {
          fs.writeFileSync(path.join(folder, "settings.json"), JSON.stringify(settings));
          await sleep(500);
          await vscode.commands.executeCommand("callerid.verify", "profile:network");
          await labelled(/network is account/);
        }
        assert.equal(sts.requests.length, 2);
        assert.equal(trap.connections, 0);
      });
    } finally {
      fs.rmSync(folder, { recursive: true });
      await trap.close();
    }
  },

  "keys that a folder's settings give to terminals are sent only when the user says so": async () => {
    const key = fakeKey();
    const system = { win32: "windows", darwin: "osx" }[process.platform as string] ?? "linux";
    const variables = { AWS_ACCESS_KEY_ID: key.id, AWS_SECRET_ACCESS_KEY: key.secret };
    const terminals = (value: object | undefined) =>
      vscode.workspace
        .getConfiguration()
        .update(`terminal.integrated.env.${system}`, value, vscode.ConfigurationTarget.Workspace);
    await withSts([key], async (sts) => {
      const uri = workspaceFile("deploy/main.tf");
      fs.writeFileSync(uri.fsPath, 'provider "aws" {\n  alias = "inherited"\n}\n');
      try {
        await terminals(variables);
        await open(uri);
        // Both are taken in a moment later.
        await sleep(700);
        assert.match(
          await refusalOf(`${workspaceFile("deploy").fsPath}:provider aws.inherited`),
          /Send the key AKIA….*, which stands in this workspace/,
        );
        assert.equal(sts.connections, 0);
      } finally {
        fs.writeFileSync(uri.fsPath, "");
        await terminals(undefined);
        fs.rmSync(workspaceFile(".vscode").fsPath, { recursive: true, force: true });
      }
    });
  },
};
