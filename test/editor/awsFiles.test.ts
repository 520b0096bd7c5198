import assert from "node:assert/strict";
import fs from "node:fs";
import * as vscode from "vscode";
import { ui, until } from "./bridge";
import { awsFile, closeAll, open, workspaceFile, writeAwsFile } from "./workbench";

const credentials = `# keys of the build account
[base]
aws_access_key_id     = AKIAI44QH8DHBEXAMPLE
aws_secret_access_key = je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY

[session]
aws_access_key_id     = ASIAIOSFODNN7EXAMPLE
aws_secret_access_key = je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY ; expires soon
aws_session_token     = AQoEXAMPLE
`;

const config = `[profile base]
region = eu-west-1

[profile deploy]
role_arn       = arn:aws:iam::111122223333:role/deploy
source_profile = base # until we move

[profile work]
sso_session    = company
sso_account_id = 111122223333
sso_role_name  = Developer

[sso-session company]
sso_start_url = https://example.awsapps.com/start
sso_region    = eu-west-1

[services local]
s3 =
  endpoint_url = http://localhost:4566
`;

const terraform = `provider "aws" {
  region               = "eu-west-1"
  profile              = "deploy"
  shared_config_files  = ["aws/config", "~/.aws/config"]
}

provider "aws" {
  alias      = "base"
  access_key = "AKIAI44QH8DHBEXAMPLE"
  secret_key = var.secret_key
}
`;

const configUri = () => workspaceFile("main.tf").with({ path: awsFile("config") });
const credentialsUri = () => workspaceFile("main.tf").with({ path: awsFile("credentials") });
const terraformUri = () => workspaceFile("named/main.tf");

/** The two AWS files, a block that names a profile, and a file of variables; gone afterwards. */
async function withFiles(test: () => Promise<void>): Promise<void> {
  writeAwsFile("credentials", credentials);
  writeAwsFile("config", config);
  const folder = workspaceFile("named").fsPath;
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(terraformUri().fsPath, terraform);
  fs.writeFileSync(workspaceFile("named/.env").fsPath, "AWS_PROFILE=work\n");
  try {
    for (const uri of [credentialsUri(), configUri(), terraformUri()]) await open(uri);
    await test();
  } finally {
    await closeAll();
    fs.rmSync(folder, { recursive: true });
    writeAwsFile("credentials", "");
    writeAwsFile("config", "");
  }
}

const run = <T>(command: string, ...args: unknown[]) => vscode.commands.executeCommand<T>(command, ...args);

/** The place just behind the first `word` of a document. */
async function behind(uri: vscode.Uri, word: string): Promise<vscode.Position> {
  const document = await vscode.workspace.openTextDocument(uri);
  const start = document.getText().indexOf(word);
  assert.ok(start >= 0, word);
  return document.positionAt(start + word.length);
}

/** Puts the cursor somewhere; the workbench follows later than the extension host knows. */
async function setCursor(editor: vscode.TextEditor, at: vscode.Position): Promise<void> {
  editor.selection = new vscode.Selection(at, at);
  const words = `Ln ${at.line + 1}, Col ${at.character + 1}`;
  await until(words, async () => (await ui.text(".statusbar")).includes(words));
}

const labelOf = ({ label }: vscode.CompletionItem) => (typeof label === "string" ? label : label.label);

async function completions(uri: vscode.Uri, word: string): Promise<string[]> {
  const list = await run<vscode.CompletionList>("vscode.executeCompletionItemProvider", uri, await behind(uri, word));
  return list.items.map(labelOf);
}

async function definitions(uri: vscode.Uri, word: string): Promise<string[]> {
  const links = await run<(vscode.Location | vscode.LocationLink)[]>(
    "vscode.executeDefinitionProvider",
    uri,
    await behind(uri, word),
  );
  const places = links.map((one) => {
    const { uri: target, range } = "uri" in one ? one : { uri: one.targetUri, range: one.targetRange };
    return `${target.path.split("/").at(-1)}:${range.start.line + 1}`;
  });
  return places.sort();
}

async function hovers(uri: vscode.Uri, word: string): Promise<string> {
  const found = await run<vscode.Hover[]>("vscode.executeHoverProvider", uri, await behind(uri, word));
  const texts = found.flatMap(({ contents }) => contents).map((one) => (typeof one === "string" ? one : one.value));
  // As it reads once rendered.
  return texts
    .join("\n")
    .replace(/\\(.)/g, "$1")
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code));
}

export const tests = {
  "the AWS files have colours, an outline and folds": () =>
    withFiles(async () => {
      await run("outline.focus");
      const symbols = (uri: vscode.Uri) =>
        until("the outline", async () => run<vscode.DocumentSymbol[]>("vscode.executeDocumentSymbolProvider", uri));
      const shown = (all: readonly vscode.DocumentSymbol[]) => all.map(({ name, detail }) => `${name}: ${detail}`);
      assert.deepEqual(shown(await symbols(credentialsUri())), [
        "base: static keys …MPLE",
        "session: temporary keys …MPLE",
      ]);
      assert.deepEqual(shown(await symbols(configUri())), [
        "base: static keys …MPLE",
        "deploy: role deploy via base",
        "work: SSO company",
        "company: example.awsapps.com, eu-west-1",
        "local: s3",
      ]);
      const folds = await run<vscode.FoldingRange[]>("vscode.executeFoldingRangeProvider", configUri());
      assert.deepEqual(
        folds.map(({ start, end }) => [start, end]),
        [
          [0, 1],
          [3, 5],
          [7, 10],
          [12, 14],
          [16, 18],
        ],
      );

      await open(credentialsUri());
      await ui.wait(".outline-pane .monaco-list-row");
      await ui.screenshot("aws-files");
      await open(configUri());
      await until("the config's outline", async () => (await ui.text(".outline-pane")).includes("company"));
      await ui.screenshot("aws-files-config");
    }),

  "secrets and key ids have scopes of their own": () =>
    withFiles(async () => {
      const editor = await open(credentialsUri());
      await run("editor.action.inspectTMScopes");
      for (const [word, scope] of [
        ["# keys", "comment.line"],
        ["[ba", "entity.name.type.section"],
        ["aws_acc", "support.type.property-name"],
        ["AKIAI", "constant.other.key-id"],
        ["je7M", "constant.other.secret"],
        ["; expires", "comment.line"],
      ] as const) {
        await setCursor(editor, await behind(credentialsUri(), word));
        await until(`${scope} at ${word}`, async () =>
          (await ui.text(".token-inspect-widget")).includes(`${scope}.aws-files`),
        );
      }
      await ui.press("Escape");
    }),

  "names are completed where they are written": () =>
    withFiles(async () => {
      const profiles = ["base", "session", "deploy", "work"];
      const editor = await open(terraformUri());
      const all = await completions(terraformUri(), 'profile              = "');
      assert.deepEqual(
        profiles.filter((name) => !all.includes(name)),
        [],
      );
      assert.ok((await completions(terraformUri(), 'region               = "')).includes("ap-southeast-7"));
      assert.ok((await completions(workspaceFile("named/.env"), "AWS_PROFILE=")).includes("work"));
      assert.deepEqual(await completions(configUri(), "sso_session    = "), ["company"]);
      assert.ok((await completions(configUri(), "source_profile = ")).includes("session"));
      assert.ok((await completions(configUri(), "sso_region    = ")).includes("eu-west-1"));

      // As it is typed.
      const place = editor.document.positionAt(editor.document.getText().indexOf("deploy"));
      await editor.edit((edit) => edit.delete(new vscode.Range(place, place.translate(0, 6))));
      await setCursor(editor, place);
      await ui.type("wo");
      await run("editor.action.triggerSuggest");
      await ui.wait(".suggest-widget .monaco-list-row.focused");
      await until("the profile", async () =>
        (await ui.text(".suggest-widget .monaco-list-row.focused")).includes("work"),
      );
      await ui.press("Enter");
      await until("the profile's name", () => /profile {14}= "work"/.test(editor.document.getText()));
    }),

  "settings are completed in the AWS files as they are typed": () =>
    withFiles(async () => {
      const editor = await open(configUri());
      await setCursor(editor, new vscode.Position(2, 0));
      await ui.type("outp");
      await ui.wait(".suggest-widget .monaco-list-row.focused");
      assert.match(await ui.text(".suggest-widget .monaco-list-row.focused"), /output/);
      await ui.press("Tab");
      await until("its values", async () => (await ui.text(".suggest-widget")).includes("yaml-stream"));
      await ui.screenshot("aws-files-values");
      await ui.press("Enter");
      await until("the setting", () => editor.document.lineAt(2).text === "output = json");
      await editor.edit((edit) => edit.insert(new vscode.Position(3, 0), "\n"));
      const settings = await completions(configUri(), "output = json\n");
      assert.ok(settings.includes("role_arn") && !settings.includes("region"));

      await editor.edit((edit) => edit.insert(new vscode.Position(3, 0), "retry_mode"));
      await setCursor(editor, new vscode.Position(3, 10));
      await ui.type("=");
      await until("the list", async () => (await ui.text(".suggest-widget")).includes("adaptive"));
      await ui.press("Escape");
    }),

  "names lead to the sections they stand for": () =>
    withFiles(async () => {
      assert.deepEqual(await definitions(terraformUri(), 'profile              = "de'), ["config:4"]);
      assert.deepEqual(await definitions(configUri(), "source_profile = ba"), ["config:1", "credentials:2"]);
      assert.deepEqual(await definitions(configUri(), "sso_session    = com"), ["config:13"]);
      assert.deepEqual(await definitions(workspaceFile("named/.env"), "AWS_PROFILE=wo"), ["config:8"]);

      const links = await run<vscode.DocumentLink[]>("vscode.executeLinkProvider", terraformUri());
      assert.deepEqual(
        links.map(({ target }) => target?.path),
        [workspaceFile("named/aws/config").path],
      );
    }),

  "keys and profiles say what they are and who uses them": () =>
    withFiles(async () => {
      const profile = await hovers(terraformUri(), 'profile              = "de');
      assert.match(profile, /Profile.* deploy/);
      assert.match(profile, /Stands in ~\/\.aws\/config:4\./);
      assert.match(profile, /role deploy via base/);
      assert.match(profile, /Used by provider aws .named\/main\.tf:1/);

      const key = await hovers(credentialsUri(), "AKIAI44");
      assert.match(key, /Long-term access key.* AKIA…MPLE/);
      assert.match(key, /provider aws .named\/main\.tf:1.*provider aws\.base .named\/main\.tf:7.*profile deploy/);
      assert.doesNotMatch(key, /AKIAI44|je7M/);
      assert.match(await hovers(credentialsUri(), "ASIAI"), /Temporary access key.* ASIA…MPLE/);
      assert.match(await hovers(terraformUri(), "AKIAI44"), /AKIA…MPLE/);

      const editor = await open(credentialsUri());
      await setCursor(editor, await behind(credentialsUri(), "AKIAI44"));
      await run("editor.action.showHover");
      await until("the card", async () => (await ui.text(".monaco-hover")).includes("Long-term access key"));
      await ui.screenshot("aws-files-key");
      await ui.press("Escape");
    }),

  "a name that pretends to be more is shown as it stands": () =>
    withFiles(async () => {
      const name = "a<img src=x>[b](command:callerid.verify)![c](https://example.com/c.png)$(key)";
      writeAwsFile("config", `[profile ${name}]\nregion = eu-west-1\n`);
      const uri = configUri();
      const editor = await open(uri);
      await until("the file", () => editor.document.lineAt(0).text.includes("img"));
      await setCursor(editor, new vscode.Position(0, 12));
      await run("editor.action.showHover");
      await until("the card", async () => (await ui.text(".monaco-hover")).includes("Stands in"));
      assert.ok((await ui.text(".monaco-hover")).replace(/\s/g, "").includes(name.replace(/\s/g, "")));
      // The rules' own links are there, because the name has blanks; none comes from the name.
      for (const selector of ["img", "a[data-href^='command:']", "a[data-href*='example.com']", ".codicon-key"]) {
        assert.deepEqual(await ui.texts(`.monaco-hover .hover-contents ${selector}`), [], selector);
      }
      await ui.press("Escape");
    }),
};
