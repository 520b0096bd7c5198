import assert from "node:assert/strict";
import fs from "node:fs";
import * as vscode from "vscode";
import { until } from "./bridge";
import { closeAll, codeOf, diagnosticsOf, fixAt, open, rulesOn, workspaceFile } from "./workbench";

const id = "ASIAIOSFODNN7EXAMPLE";
const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/** The text of a file that is found on the disk, then opened and mended by the fix of that title. */
async function mended(name: string, text: string, rule: string, title: string): Promise<string> {
  const uri = workspaceFile(name);
  fs.writeFileSync(uri.fsPath, text);
  try {
    const [diagnostic] = await rulesOn(uri, [rule]);
    assert.ok(diagnostic);
    const editor = await open(uri);
    assert.ok(await vscode.workspace.applyEdit(await fixAt(uri, diagnostic, title)));
    await until("the finding to go", () => diagnosticsOf(uri).every((one) => codeOf(one) !== rule));
    return editor.document.getText();
  } finally {
    await closeAll();
    fs.rmSync(uri.fsPath);
  }
}

export const tests = {
  "an env file lacks the token": async () => {
    const text = `AWS_ACCESS_KEY_ID=${id}\nAWS_SECRET_ACCESS_KEY=${secret}\n`;
    const after = await mended("app.env", text, "temporary-key-without-token", "Add the session token");
    assert.equal(after, `${text}AWS_SESSION_TOKEN=<session token>\n`);
  },

  "a script's value needs quotes": async () => {
    const text = `#!/bin/sh\nexport AWS_SECRET_ACCESS_KEY= ${secret}\n`;
    const after = await mended("deploy.sh", text, "unquoted-shell-value", "Remove the blank");
    assert.equal(after, `#!/bin/sh\nexport AWS_SECRET_ACCESS_KEY=${secret}\n`);
  },

  "a Dockerfile takes a key as an argument": async () => {
    const text = "FROM amazonlinux:2023\nARG AWS_SECRET_ACCESS_KEY\nRUN aws s3 ls\n";
    const title = "Give it to the build as a secret";
    const after = await mended("Dockerfile", text, "baked-in-credentials", title);
    assert.match(after, /^RUN --mount=type=secret,id=AWS_SECRET_ACCESS_KEY,env=AWS_SECRET_ACCESS_KEY aws s3 ls$/m);
  },

  "a service of a Compose file gets two values of three": async () => {
    const text = "services:\n  app:\n    environment:\n      - AWS_ACCESS_KEY_ID\n      - AWS_SECRET_ACCESS_KEY\n";
    const after = await mended("compose.yaml", text, "container-token-not-passed", "Pass AWS_SESSION_TOKEN");
    assert.equal(after, `${text}      - AWS_SESSION_TOKEN\n`);
  },
};
