import os from "node:os";
import * as vscode from "vscode";
import { type TerminalEnvironment, terminalEnvironment, terminalSetting } from "./terminalEnvironment";

const processOwner = "VS Code's process";

/** What a Terraform that is started in a new terminal sees of the environment, and whose each variable is. */
export class Terminals implements vscode.Disposable {
  readonly #own: Readonly<Record<string, string | undefined>>;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #listener: vscode.Disposable;
  #present: TerminalEnvironment;

  /** After the setting was changed. */
  readonly onDidChange = this.#changed.event;
  readonly setting = terminalSetting(process.platform);

  constructor(own: Readonly<Record<string, string | undefined>>) {
    this.#own = own;
    this.#present = this.#read();
    this.#listener = vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration(this.setting)) return;
      this.#present = this.#read();
      this.#changed.fire();
    });
  }

  get environment(): TerminalEnvironment["environment"] {
    return this.#present.environment;
  }

  /** Those that the workspace sets: they may be anybody's. */
  get found(): ReadonlySet<string> {
    const inspected = vscode.workspace.getConfiguration().inspect<Readonly<Record<string, unknown>>>(this.setting);
    const { workspaceValue = {}, workspaceFolderValue = {} } = inspected ?? {};
    return new Set([...Object.keys(workspaceValue), ...Object.keys(workspaceFolderValue)]);
  }

  ownerOf(variable: string): string {
    return this.#present.given.has(variable) ? this.setting : processOwner;
  }

  dispose(): void {
    this.#changed.dispose();
    this.#listener.dispose();
  }

  #read(): TerminalEnvironment {
    const setting = vscode.workspace.getConfiguration().get(this.setting);
    return terminalEnvironment(this.#own, setting, process.platform, (text) => this.#resolved(text));
  }

  /** The variables of VS Code that people use here; what is none of them stays as it is written. */
  #resolved(text: string): string {
    return text.replace(
      /\$\{(?:(env|config|workspaceFolder):([^}]*)|(workspaceFolder|userHome))\}/g,
      (whole, kind, name, plain) => {
        if (plain === "userHome") return this.#own.HOME || os.homedir();
        if (plain === "workspaceFolder") return folderNamed(undefined) ?? whole;
        if (kind === "env") return this.#own[name] ?? "";
        if (kind === "workspaceFolder") return folderNamed(name) ?? whole;
        const value = vscode.workspace.getConfiguration().get(name);
        return typeof value === "string" ? value : whole;
      },
    );
  }
}

function folderNamed(name: string | undefined): string | undefined {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return (name === undefined ? folders[0] : folders.find((one) => one.name === name))?.uri.fsPath;
}
