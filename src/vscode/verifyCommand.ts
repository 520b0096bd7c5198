import * as vscode from "vscode";
import { blocksIn, implicitProvider, type Report } from "../analyzer";
import { chainInShort } from "../explain/chainWords";
import { accountOf, shownKey } from "../explain/keys";
import { verdictOf } from "../explain/verdict";
import { verify } from "../live/verify";
import type { World } from "../live/world";
import type { CredentialSet, Verification } from "../model/credentials";
import { describeSet, describeSource, setId } from "../model/describe";
import type { TextOf } from "../model/text";
import { rangeOf } from "./diagnostics";
import { pathOf, shortPath, uriOf } from "./paths";
import { endpointSetting, withoutRolesSetting } from "./settings";

/** What the command needs of the rest of the extension. */
export interface VerifyContext {
  readonly world: World;
  readonly report: () => Report;
  /** Variables that the workspace sets, not the user. */
  readonly foundVariables: () => ReadonlySet<string>;
  /** Looks at the AWS files anew. */
  readonly refresh: () => void;
  readonly textOf: TextOf;
  readonly log: vscode.LogOutputChannel;
  /** Announces a request; what it returns takes the outcome, undefined when the user cancelled. */
  readonly begin: (set: CredentialSet) => (verification: Verification | undefined) => void;
}

/** «Verify AWS Credentials»: which set, whose keys, and then one message. */
export async function verifyCommand(context: VerifyContext, argument: unknown): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    void vscode.window.showWarningMessage("CallerID sends nothing from a folder you have not trusted.");
    return;
  }
  context.refresh();
  const set = await chooseSet(context.report(), context.textOf, argument);
  if (!set) return;
  const endpoint = endpointSetting();
  const verification = await ask(context, set, endpoint, false);
  if (!verification) return;
  if (verification.notAsked?.kind !== "consent-needed") return showVerdict(context, verification);
  if (!(await mayUseFoundKey(verification, endpoint))) return;
  const second = await ask(context, set, endpoint, true);
  if (second) await showVerdict(context, second);
}

async function ask(
  context: VerifyContext,
  set: CredentialSet,
  endpoint: string | undefined,
  mayUseFoundKeys: boolean,
): Promise<Verification | undefined> {
  const abort = new AbortController();
  const title = `CallerID: verifying ${describeSet(set)}`;
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, cancellation) => {
      const listener = cancellation.onCancellationRequested(() => abort.abort());
      const end = context.begin(set);
      let verification: Verification | undefined;
      try {
        verification = await verify(context.report().facts, set, context.world, {
          signal: abort.signal,
          mayUseFoundKeys,
          foundVariables: context.foundVariables(),
          withoutRoles: withoutRolesSetting(),
          announce: (steps) => progress.report({ message: `it ${steps.join(" and then ")}` }),
          ...(endpoint === undefined ? {} : { endpoint }),
        });
        if (abort.signal.aborted) verification = undefined;
      } finally {
        listener.dispose();
        end(verification);
      }
      return verification;
    },
  );
}

/** One choice needs no question; several are asked for, those of the file in front first. */
async function chooseSet(report: Report, textOf: TextOf, argument: unknown): Promise<CredentialSet | undefined> {
  const profiles = [...report.facts.profiles.values()].map((profile) => profile.set);
  const blocks = blocksIn(report);
  const all = [...blocks, ...profiles];
  const id = namedSet(argument);
  if (id !== undefined) return all.find((set) => setId(set) === id);
  const [only] = blocks;
  if (blocks.length === 1 && only && (report.blocks.length === 1 || profiles.length <= 1)) return only;
  const editor = vscode.window.activeTextEditor;
  const front = editor && pathOf(editor.document.uri);
  const inFront = all.filter((set) => set.at.path === front);
  const items = [...inFront, ...all.filter((set) => !inFront.includes(set))].map((set) =>
    pickItem(set, report, textOf),
  );
  const picked = await vscode.window.showQuickPick(items, {
    title: "Verify AWS Credentials",
    placeHolder: "Which credentials?",
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.set;
}

/** A set's id, or a line of the credential chain that stands for one. */
function namedSet(argument: unknown): string | undefined {
  if (typeof argument === "string") return argument;
  const block = typeof argument === "object" && argument !== null && "block" in argument ? argument.block : undefined;
  return typeof block === "string" ? block : undefined;
}

function pickItem(set: CredentialSet, report: Report, textOf: TextOf): vscode.QuickPickItem & { set: CredentialSet } {
  const chain = report.chainOf(set);
  const line = rangeOf(set.at, textOf).start.line + 1;
  const place = set === implicitProvider ? "no provider block" : `${shortPath(set.at.path)}:${line}`;
  const detail = `→ ${chainInShort(chain)}`;
  return { label: describeSet(set), description: place, detail, set };
}

/** A key of the workspace is sent only when the user, knowing which and where to, says so. */
async function mayUseFoundKey(
  { chain, region, notAsked }: Verification,
  endpoint: string | undefined,
): Promise<boolean> {
  const keys = chain.winner?.keys;
  if (!keys) {
    const detail = notAsked?.because ?? "";
    const title = "Fetch keys as a file of this workspace says?";
    return (await vscode.window.showWarningMessage(title, { modal: true, detail }, "Fetch")) === "Fetch";
  }
  const { accessKeyId } = keys;
  const account = accountOf(accessKeyId);
  const host = endpoint === undefined ? `AWS (${region})` : new URL(endpoint).host;
  const roles = withoutRolesSetting() ? [] : chain.roles.map(({ roleArn }) => roleArn);
  const then = roles.length > 0 ? ` With it CallerID then assumes ${roles.join(" and then ")}.` : "";
  const answer = await vscode.window.showWarningMessage(
    `Send the key ${shownKey(accessKeyId)}, which stands in this workspace, to ${host}?`,
    {
      modal: true,
      detail: `${account === undefined ? "Its account cannot be told from the key." : `It belongs to account ${account}.`} AWS records the call, and its owner can see it. A region that does not know the key is told from a dead key by asking the partition's home region too.${then}`,
    },
    "Send",
  );
  return answer === "Send";
}

async function showVerdict({ log, textOf }: VerifyContext, verification: Verification): Promise<void> {
  const verdict = verdictOf(verification);
  const { observation, region, chain } = verification;
  const { winner } = chain;
  const at = winner?.at;
  const inFile = at && textOf(at.path) !== "" ? at : undefined;
  const source = inFile
    ? `Source: ${sourcePlace(verification, textOf)}.`
    : winner
      ? `Source: ${describeSource(winner)}.`
      : "";
  log.info(
    `verify ${verdict.status}${observation ? ` host=${observation.host} region=${region}` : ""}${observation?.clockSkewSeconds === undefined ? "" : ` skew=${observation.clockSkewSeconds}s`}`,
  );
  const host = observation && endpointSetting() !== undefined ? `Asked ${observation.host}.` : "";
  const message = [verdict.title, verdict.meaning, source, host, ...verdict.next.slice(0, 1)].filter(Boolean).join(" ");
  const actions = [...(inFile ? ["Show Source"] : []), "Show Log"];
  const show = {
    valid: vscode.window.showInformationMessage,
    rejected: vscode.window.showErrorMessage,
    unknown: vscode.window.showWarningMessage,
  }[verdict.status];
  // Not awaited: the command has ended, whether or not anybody dismisses the message.
  void show(message, ...actions).then((choice) => {
    if (choice === "Show Log") log.show();
    if (choice === "Show Source" && inFile) {
      void vscode.window.showTextDocument(uriOf(inFile.path), { selection: rangeOf(inFile, textOf) });
    }
  });
}

function sourcePlace({ chain: { winner } }: Verification, textOf: TextOf): string {
  const at = winner?.at;
  if (!at) return winner ? describeSource(winner) : "none";
  return `${shortPath(at.path)}:${rangeOf(at, textOf).start.line + 1}`;
}
