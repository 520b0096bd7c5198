import * as vscode from "vscode";
import { implicitProvider, isUnderstood } from "../analyzer";
import { nodeWorld } from "../live/node";
import type { World } from "../live/world";
import type { CredentialSet, Verification } from "../model/credentials";
import { describeSet, setId } from "../model/describe";
import { chainFeatures } from "./chainFeatures";
import { chainNames } from "./chainNames";
import { type LocationOf, rangeOf, Squiggles } from "./diagnostics";
import { EnvironmentDocument } from "./environmentDocument";
import { Explainer } from "./explainCommand";
import { gettingStarted } from "./gettingStarted";
import { Hovers } from "./hovers";
import { languageFeatures } from "./languageFeatures";
import { uriOf } from "./paths";
import { QuickFixes } from "./quickFixes";
import { checkedFiles } from "./selectors";
import { Session } from "./session";
import { settingsPath } from "./settings";
import { IdentityIndicator } from "./statusBar";
import { Terminals } from "./terminals";
import { verifyCommand } from "./verifyCommand";

/** Only wiring: what starts when, and who hears of what. */
export function activate(context: vscode.ExtensionContext): void {
  const machine = nodeWorld(isUnderstood);
  const terminals = new Terminals(machine.environment);
  const world: World = {
    ...machine,
    get environment() {
      return terminals.environment;
    },
  };
  const log = vscode.window.createOutputChannel("CallerID", { log: true });
  const session = new Session(world);
  const textOf = (path: string) => session.textOf(path);
  const squiggles = new Squiggles();
  const indicator = new IdentityIndicator(textOf);
  const report = () => session.report;
  const names = chainNames(textOf, terminals);
  const variables = new EnvironmentDocument(report);
  const locationOf: LocationOf = (at) =>
    variables.locationOf(at) ?? new vscode.Location(uriOf(at.path), rangeOf(at, textOf));
  let round = 0;
  const told = new Set<string>();

  const verifyContext = {
    world,
    report,
    foundVariables: () => terminals.found,
    refresh: () => session.refreshAwsFiles(),
    textOf,
    log,
    begin: (set: CredentialSet) => {
      const mine = ++round;
      indicator.state = { kind: "checking", name: describeSet(set) };
      return (verification: Verification | undefined) => {
        // A later verification has taken over; this answer is about what is no longer asked.
        if (mine !== round) return;
        indicator.state = verification
          ? { kind: "answered", verification, outdated: !stillHolds(verification, report()) }
          : { kind: "idle" };
        if (verification?.observation) session.observe(verification.observation);
      };
    },
  };

  context.subscriptions.push(
    log,
    terminals,
    session,
    squiggles,
    variables,
    gettingStarted(),
    indicator,
    session.onDidChange((next) => {
      variables.update();
      const inFiles = next.configurationProblems.filter(({ at }) => at.path !== settingsPath);
      squiggles.show({ ...next, findings: [...next.findings, ...inFiles] }, locationOf);
      indicator.show(next.blocks.length > 0 || next.facts.profiles.size > 0);
      if (indicator.state.kind === "answered" && !indicator.state.outdated) {
        const { verification } = indicator.state;
        if (!stillHolds(verification, report())) indicator.state = { kind: "answered", verification, outdated: true };
      }
      for (const { message, at } of next.configurationProblems) {
        if (at.path === settingsPath && !told.has(message)) log.warn(`settings: ${message}`);
        told.add(message);
      }
      log.debug(`analysis: ${next.findings.length} findings, ${next.facts.sets.length} credential sets`);
    }),
    vscode.languages.registerCodeActionsProvider(checkedFiles, new QuickFixes(report, textOf), {
      providedCodeActionKinds: QuickFixes.kinds,
    }),
    vscode.languages.registerHoverProvider(checkedFiles, new Hovers(report, textOf)),
    languageFeatures(report, textOf, names),
    chainFeatures(context, session, names, terminals, locationOf),
    vscode.commands.registerCommand("callerid.verify", (argument: unknown) => verifyCommand(verifyContext, argument)),
    vscode.commands.registerCommand("callerid.saveAsUtf8", (file: unknown) => {
      const { credentialsPath, configPath } = report().facts.awsFiles;
      if (file !== credentialsPath && file !== configPath) return;
      if (!session.saveAsUtf8(file)) {
        void vscode.window.showWarningMessage(
          "The file was not saved: it has unsaved changes, or another program changed it.",
        );
      }
    }),
    vscode.commands.registerCommand("callerid.makePrivate", (file: unknown) => {
      const { credentialsPath, configPath } = report().facts.awsFiles;
      if (file !== credentialsPath && file !== configPath) return;
      if (!world.makePrivate(file))
        void vscode.window.showWarningMessage("The file's permissions could not be changed.");
      session.refreshAwsFiles();
    }),
    new Explainer(report, textOf),
    vscode.commands.registerCommand("callerid.showLog", () => log.show()),
  );
  void session.start().then(() => vscode.commands.executeCommand("setContext", "callerid.ready", true));
}

/** Whether the set still comes to the very keys that were verified. */
function stillHolds({ set: asked, chain }: Verification, report: Session["report"]): boolean {
  const id = setId(asked);
  const set = report.facts.sets.find((one) => setId(one) === id);
  if (!set && asked !== implicitProvider) return false;
  const now = report.chainOf(set ?? asked).winner?.keys;
  const before = chain.winner?.keys;
  if (!before || !now) return before === now;
  return (
    before.accessKeyId === now.accessKeyId &&
    before.secretAccessKey.equals(now.secretAccessKey) &&
    (before.sessionToken === now.sessionToken ||
      (before.sessionToken !== undefined &&
        now.sessionToken !== undefined &&
        before.sessionToken.equals(now.sessionToken)))
  );
}
