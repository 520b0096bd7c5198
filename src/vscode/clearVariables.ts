import path from "node:path";
import * as vscode from "vscode";
import type { Report } from "../analyzer";
import { clearCommand, decidingVariables, type Shell, shells, variablesToClear } from "../explain/clearCommand";
import type { Terminals } from "./terminals";

/** Copies the command that takes the AWS variables out of a shell; which shell is asked. */
export async function copyClearCommand(report: Report): Promise<void> {
  const found = variablesToClear(report.facts.environment);
  const variables = found.length > 0 ? found : decidingVariables;
  const items = (Object.keys(shells) as Shell[])
    .sort((a, b) => Number(b === usual()) - Number(a === usual()))
    .map((shell) => ({ label: shells[shell], detail: clearCommand(variables, shell) }));
  const picked = await vscode.window.showQuickPick(items, {
    title: "Copy Command That Clears AWS Variables",
    placeHolder: "For which shell?",
  });
  if (!picked) return;
  await vscode.env.clipboard.writeText(picked.detail);
  vscode.window.setStatusBarMessage("$(check) Copied the command that clears AWS variables", 5_000);
}

/** The shell that VS Code opens in a terminal, as far as it is one of ours. */
function usual(): Shell {
  const name = path.basename(vscode.env.shell).toLowerCase();
  if (name.startsWith("fish")) return "fish";
  if (name.startsWith("pwsh") || name.startsWith("powershell")) return "powershell";
  return name.startsWith("cmd") ? "cmd" : "bash";
}

type Level = "workspace" | "user";

const levels: Readonly<Record<Level, { target: vscode.ConfigurationTarget; label: string; detail: string }>> = {
  workspace: {
    target: vscode.ConfigurationTarget.Workspace,
    label: "In this workspace",
    detail: "Written to the workspace's settings, which may be committed.",
  },
  user: {
    target: vscode.ConfigurationTarget.Global,
    label: "In every workspace",
    detail: "Written to your own settings.",
  },
};

type Entries = Readonly<Record<string, string | null>>;

const contextKey = "callerid.variablesCleared";

/**
 * Takes the AWS variables of VS Code's process out of new terminals, by `null` in VS Code's own setting. An extension's
 * own collection of variables can set them to nothing, not remove them, and the AWS CLI takes an empty AWS_PROFILE for a
 * name; measured with VS Code 1.139 and botocore 1.43.
 */
export class TerminalVariables {
  readonly #report: () => Report;
  readonly #terminals: Terminals;
  readonly #stores: Readonly<Record<Level, vscode.Memento>>;

  constructor(report: () => Report, terminals: Terminals, context: vscode.ExtensionContext) {
    this.#report = report;
    this.#terminals = terminals;
    this.#stores = { workspace: context.workspaceState, user: context.globalState };
    this.#announce();
  }

  async clear(): Promise<void> {
    const found = variablesToClear(this.#report().facts.environment);
    const given = found.filter((name) => this.#terminals.ownerOf(name) === this.#terminals.setting);
    const inherited = found.filter((name) => !given.includes(name));
    if (inherited.length === 0) return this.#nothingToClear(given);
    const level = await chosenLevel(inherited);
    if (!level) return;
    const nulls = Object.fromEntries(inherited.map((name) => [name, null]));
    await this.#write(level, { ...this.#entries(level), ...nulls });
    await this.#remember(level, [...new Set([...this.#cleared(level), ...inherited])]);
    const kept = given.length > 0 ? ` ${this.#terminals.setting} still sets ${given.join(", ")}.` : "";
    // Not awaited: the command has ended, whether or not anybody dismisses the message.
    void vscode.window
      .showInformationMessage(
        `New terminals start without ${inherited.join(", ")}. Those that are open keep them, and a shell's start-up files may set them again.${kept}`,
        "Undo",
      )
      .then((choice) => choice && this.restore());
  }

  /** Takes back what `clear` wrote, where nobody has changed it since. */
  async restore(): Promise<void> {
    for (const level of ["workspace", "user"] as const) {
      const cleared = this.#cleared(level);
      if (cleared.length === 0) continue;
      const entries = Object.entries(this.#entries(level));
      await this.#write(
        level,
        Object.fromEntries(entries.filter(([name, value]) => value !== null || !cleared.includes(name))),
      );
      await this.#remember(level, []);
    }
  }

  #nothingToClear(given: readonly string[]): void {
    if (given.length === 0) {
      void vscode.window.showInformationMessage(
        "New terminals have no AWS variable that decides whose credentials are used.",
      );
      return;
    }
    void vscode.window
      .showInformationMessage(`${given.join(", ")}: set by ${this.#terminals.setting}.`, "Open Setting")
      .then(
        (choice) => choice && vscode.commands.executeCommand("workbench.action.openSettings", this.#terminals.setting),
      );
  }

  #entries(level: Level): Entries {
    const inspected = vscode.workspace.getConfiguration().inspect<Entries>(this.#terminals.setting);
    return (level === "workspace" ? inspected?.workspaceValue : inspected?.globalValue) ?? {};
  }

  async #write(level: Level, entries: Entries): Promise<void> {
    const value = Object.keys(entries).length > 0 ? entries : undefined;
    await vscode.workspace.getConfiguration().update(this.#terminals.setting, value, levels[level].target);
  }

  /** The names alone are kept, no value. */
  #cleared(level: Level): readonly string[] {
    return this.#stores[level].get<readonly string[]>(contextKey, []);
  }

  async #remember(level: Level, names: readonly string[]): Promise<void> {
    await this.#stores[level].update(contextKey, names.length > 0 ? names : undefined);
    this.#announce();
  }

  /** Whether there is something to restore, for the palette. */
  #announce(): void {
    const isCleared = this.#cleared("workspace").length > 0 || this.#cleared("user").length > 0;
    void vscode.commands.executeCommand("setContext", contextKey, isCleared);
  }
}

async function chosenLevel(variables: readonly string[]): Promise<Level | undefined> {
  const isOffered = vscode.workspace.workspaceFolders !== undefined && vscode.workspace.isTrusted;
  const offered: readonly Level[] = isOffered ? ["workspace", "user"] : ["user"];
  const picked = await vscode.window.showQuickPick(
    offered.map((level) => ({ level, label: levels[level].label, detail: levels[level].detail })),
    { title: "Clear AWS Variables in New Terminals", placeHolder: `Clear ${variables.join(", ")} where?` },
  );
  return picked?.level;
}
