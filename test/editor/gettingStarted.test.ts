import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import * as vscode from "vscode";
import { ui, until } from "./bridge";
import { closeAll, open, workspaceFile } from "./workbench";

const run = (command: string) => vscode.commands.executeCommand(command);
const step = ".getting-started-step";
const container = ".gettingStartedContainer";
const done = () => ui.texts(`${step}:has(.codicon-getting-started-step-checked) .step-title`);

export const tests = {
  "the walkthrough's steps are done by what they are about": async () => {
    try {
      await open(workspaceFile("network/main.tf"));
      await closeAll();
      // Right after its start VS Code may open a walkthrough of its own instead.
      await until("the walkthrough", async () => {
        await run("callerid.getStarted");
        await ui.wait(step);
        return (await ui.text(container)).includes("Get Started with CallerID") || (await closeAll());
      });
      await ui.resize(1700, 900);
      const titles = await ui.texts(`${step} .step-title`);
      assert.equal(titles.length, 4);
      for (const [index, title] of titles.entries()) {
        await ui.click(`${step} >> nth=${index}`);
        await ui.wait(`${step}.expanded:has-text(${JSON.stringify(title)})`);
        await ui.wait(".getting-started-media:visible");
        await sleep(700);
        await ui.screenshot(`walkthrough-${index + 1}`);
      }
      await ui.click(`${step} >> nth=1`);
      await ui.click(`${step}.expanded .monaco-button`);
      await until("the chain to be seen", async () => (await done()).includes(titles[1] ?? ""));
      await open(workspaceFile("network/main.tf"));
      await run("callerid.getStarted");
      await until("the file to be seen", async () => (await done()).includes(titles[0] ?? ""));
    } finally {
      await ui.resize(1280, 800);
      await closeAll();
    }
  },

  "the variables of new terminals are shown without secrets": async () => {
    try {
      await run("callerid.showVariables");
      const document = await until("the text", () => vscode.window.activeTextEditor?.document);
      assert.equal(document.uri.scheme, "callerid-environment");
    } finally {
      await closeAll();
    }
  },
};
