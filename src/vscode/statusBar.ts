import * as vscode from "vscode";
import { type IdentityState, statusDetails, statusText } from "../explain/status";
import type { TextOf } from "../model/text";
import { appendParagraph } from "./appendParagraph";
import { placeWords } from "./placeWords";

const backgrounds = {
  none: undefined,
  warning: new vscode.ThemeColor("statusBarItem.warningBackground"),
  error: new vscode.ThemeColor("statusBarItem.errorBackground"),
};

/** The identity indicator. Drawn anew every minute, so that an old answer looks its age. */
export class IdentityIndicator implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem("identity", vscode.StatusBarAlignment.Left, 10);
  readonly #textOf: TextOf;
  readonly #clock: NodeJS.Timeout;
  #state: IdentityState = { kind: "idle" };

  constructor(textOf: TextOf) {
    this.#textOf = textOf;
    this.#item.name = "AWS Caller Identity";
    this.#item.command = "callerid.verify";
    this.#clock = setInterval(() => this.#draw(), 60_000);
    this.#draw();
  }

  get state(): IdentityState {
    return this.#state;
  }

  set state(state: IdentityState) {
    this.#state = state;
    this.#draw();
  }

  show(visible: boolean): void {
    if (visible) this.#item.show();
    else this.#item.hide();
  }

  dispose(): void {
    clearInterval(this.#clock);
    this.#item.dispose();
  }

  #draw(): void {
    const { text, accessible, attention } = statusText(this.#state, new Date());
    this.#item.text = text;
    this.#item.accessibilityInformation = { label: accessible, role: "button" };
    this.#item.backgroundColor = backgrounds[attention];
    this.#item.tooltip = this.#tooltip();
  }

  #tooltip(): vscode.MarkdownString {
    const tooltip = new vscode.MarkdownString();
    tooltip.isTrusted = { enabledCommands: ["callerid.verify", "callerid.showLog"] };
    tooltip.appendMarkdown("**AWS caller identity**\n\n");
    const details = statusDetails(this.#state, (at) => placeWords(at, this.#textOf));
    if (details.length === 0) tooltip.appendMarkdown("Not verified yet. Nothing is sent until you ask.");
    for (const line of details) appendParagraph(tooltip, line);
    tooltip.appendMarkdown("\n\n[Verify](command:callerid.verify) · [Show Log](command:callerid.showLog)");
    return tooltip;
  }
}
