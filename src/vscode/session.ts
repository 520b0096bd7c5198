import path from "node:path";
import * as vscode from "vscode";
import { analyze, filesUnseen, isUnderstood, type Report } from "../analyzer";
import { isConfiguration } from "../live/configuration";
import { outsideOf } from "../live/load";
import { withNamedFiles } from "../live/namedFiles";
import { isSkipped, type World } from "../live/world";
import type { CachedLogin } from "../model/caches";
import type { Observation } from "../model/credentials";
import type { SourceFile } from "../model/text";
import { pathOf, uriOf } from "./paths";
import { awsPattern, lockPattern, placesPattern, terraformPattern } from "./patterns";
import { findingSettings } from "./settings";

const debounceMs = 150;
/** The longest stretch of reading before the host may do something else. */
const sliceMs = 8;
const patterns = [terraformPattern, lockPattern, awsPattern, placesPattern, "**/.callerid.{json,jsonc}"];
const passedOver = "**/{.git,node_modules,.terraform,.terragrunt-cache}/**";
/** The one file of `.terraform` that says which credentials a backend has. */
const initCaches = "**/.terraform/terraform.tfstate";
const besideInitCaches = "**/{.git,node_modules,.terragrunt-cache}/**";
const environmentOwner = "VS Code's terminals";

/** VS Code's names; the text of a document never shows its byte order mark. */
const encodings: Readonly<Record<string, SourceFile["encoding"]>> = {
  utf8bom: "utf-8-bom",
  utf16le: "utf-16le",
  utf16be: "utf-16be",
  iso88591: "latin-1",
};

/** The one holder of state: what is on disk, what is open and unsaved over it, and what follows from both. */
export class Session implements vscode.Disposable {
  readonly #world: World;
  readonly #files = new Map<string, SourceFile>();
  #logins: readonly CachedLogin[] = [];
  readonly #observations = new Map<string, Observation>();
  readonly #changed = new vscode.EventEmitter<Report>();
  readonly #disposables: vscode.Disposable[] = [this.#changed];
  #awsWatchers: vscode.Disposable[] = [];
  #awsPaths: readonly string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #report: Report | undefined;
  #environment: ReturnType<typeof outsideOf>["environment"] | undefined;

  /** A new report after anything changed. */
  readonly onDidChange = this.#changed.event;

  constructor(world: World) {
    this.#world = world;
    const reload = (uri: vscode.Uri) => this.#reload(uri);
    for (const pattern of [...patterns, initCaches]) {
      const watcher = vscode.workspace.createFileSystemWatcher(pattern);
      this.#disposables.push(
        watcher,
        watcher.onDidCreate(reload),
        watcher.onDidChange(reload),
        watcher.onDidDelete(reload),
      );
    }
    const deletions = vscode.workspace.createFileSystemWatcher("**", true, true);
    this.#disposables.push(
      deletions,
      deletions.onDidDelete((uri) => this.#dropBelow(uri)),
      vscode.workspace.onDidRenameFiles(() => this.start()),
      vscode.workspace.onDidOpenTextDocument((document) => this.#opened(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#take(document, debounceMs)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#reload(document.uri)),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.start()),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("callerid")) this.#schedule(0);
      }),
    );
  }

  /** Everything that follows from the present state, worked out now if it is due. */
  get report(): Report {
    if (!this.#report || this.#timer) this.#analyzeNow();
    return this.#report as Report;
  }

  /** Reads the workspace and the AWS files; resolves when the first report is out. */
  async start(): Promise<void> {
    this.#files.clear();
    this.#watchAwsFiles();
    for (const document of vscode.workspace.textDocuments) this.#take(document);
    this.#analyzeNow();
    await this.#readFound((file) => !this.#files.has(file));
    this.#analyzeNow();
  }

  /** Looks at every file anew, as `start` does, and keeps showing what is known until then. */
  async refresh(): Promise<void> {
    this.#watchAwsFiles();
    for (const file of [...this.#files.keys()]) this.#follow(file);
    await this.#readFound((file) => !isOpen(file));
    this.#analyzeNow();
  }

  async #readFound(isWanted: (file: string) => boolean): Promise<void> {
    const found = await Promise.all([
      ...patterns.map((pattern) => vscode.workspace.findFiles(pattern, passedOver)),
      vscode.workspace.findFiles(initCaches, besideInitCaches),
    ]);
    let slice = Date.now();
    for (const uri of found.flat()) {
      const file = pathOf(uri);
      if (file !== undefined && isWanted(file)) this.#read(file);
      if (Date.now() - slice < sliceMs) continue;
      await new Promise((resolve) => setImmediate(resolve));
      slice = Date.now();
    }
  }

  /** Reads the AWS files now, without waiting for the watcher: a login tool may have written a moment ago. */
  refreshAwsFiles(): void {
    // A document follows its file a moment later, and only unsaved changes are more than the file.
    for (const file of this.#awsPaths) if (!isUnsaved(file)) this.#read(file);
    this.#logins = this.#world.cachedLogins(this.#world.home);
    this.#analyzeNow();
  }

  /** The variables are others now, and may put the AWS files elsewhere. */
  environmentChanged(): void {
    this.#watchAwsFiles();
    this.#analyzeNow();
  }

  /** One of the AWS files written anew in UTF-8; false where that would lose something. */
  saveAsUtf8(file: string): boolean {
    const source = this.#world.read(file);
    if (!source || isSkipped(source) || isUnsaved(file)) return false;
    const mark = source.text.startsWith("\ufeff") ? [{ path: file, span: { start: 0, end: 1 }, pieces: [] }] : [];
    const isSaved = this.#world.writeEdits(source, mark, true, true).status === "ok";
    this.refreshAwsFiles();
    return isSaved;
  }

  /** Keeps an answer, so that the analysis knows it. */
  observe(observation: Observation): void {
    this.#observations.set(observation.of, observation);
    this.#schedule(0);
  }

  textOf(file: string): string {
    return this.#files.get(file)?.text ?? "";
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const one of [...this.#disposables, ...this.#awsWatchers]) one.dispose();
  }

  /** The shared files in force, wherever the environment puts them, read now and watched from now on. */
  #watchAwsFiles(): void {
    for (const one of this.#awsWatchers) one.dispose();
    this.#awsPaths = outsideOf(this.#world, environmentOwner).awsFiles;
    this.#logins = this.#world.cachedLogins(this.#world.home);
    this.#awsWatchers = [...this.#awsPaths.flatMap((file) => this.#watchAwsFile(file)), ...this.#watchLogins()];
  }

  #watchAwsFile(file: string): vscode.Disposable[] {
    this.#read(file);
    const directory = uriOf(path.posix.dirname(file));
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(directory, path.posix.basename(file)),
    );
    const reload = () => {
      if (!isOpen(file)) this.#read(file);
      this.#schedule(0);
    };
    return [watcher, watcher.onDidCreate(reload), watcher.onDidChange(reload), watcher.onDidDelete(reload)];
  }

  /** A login made in a terminal ends what was said of the last one. */
  #watchLogins(): vscode.Disposable[] {
    const cache = uriOf(`${this.#world.home}/.aws/sso/cache`);
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(cache, "*.json"));
    const reload = () => {
      this.#logins = this.#world.cachedLogins(this.#world.home);
      this.#schedule(debounceMs);
    };
    return [watcher, watcher.onDidCreate(reload), watcher.onDidChange(reload), watcher.onDidDelete(reload)];
  }

  #isOurs(file: string): boolean {
    return isUnderstood(file) || this.#awsPaths.includes(file);
  }

  /** A change of rights to a file is no event of its own: they are looked at when it is opened. */
  #opened(document: vscode.TextDocument): void {
    const file = pathOf(document.uri);
    if (file !== undefined && this.#awsPaths.includes(file)) this.#read(file);
    this.#take(document, 0);
  }

  /** An open document's text stands over the file's. */
  #take(document: vscode.TextDocument, delay?: number): void {
    const file = pathOf(document.uri);
    if (file === undefined || !this.#isOurs(file)) return;
    const mode = this.#files.get(file)?.mode;
    const encoding = encodings[document.encoding];
    this.#files.set(file, {
      path: file,
      text: document.getText(),
      ...(mode === undefined ? {} : { mode }),
      ...(encoding ? { encoding } : {}),
    });
    if (delay !== undefined) this.#schedule(delay);
  }

  #reload(uri: vscode.Uri): void {
    const file = pathOf(uri);
    if (file === undefined || !this.#isOurs(file)) return;
    this.#follow(file);
    this.#schedule(debounceMs);
  }

  /** A document follows its file by itself, but outlives it by minutes after its editor is closed. */
  #follow(file: string): void {
    const isFollowed = isOpen(file) && this.#files.has(file) && this.#world.exists(file);
    if (!isFollowed && !isUnsaved(file)) this.#read(file);
  }

  /** Of a folder that is deleted nobody says which files were in it. */
  #dropBelow(uri: vscode.Uri): void {
    const folder = pathOf(uri);
    const gone = [...this.#files.keys()].filter((file) => file.startsWith(`${folder}/`));
    for (const file of gone) this.#follow(file);
    if (gone.length > 0) this.#schedule(debounceMs);
  }

  #read(file: string): void {
    const known = this.#files.get(file);
    const source = this.#leavesWorkspace(file) ? undefined : this.#world.read(file);
    if (!source || isSkipped(source)) this.#files.delete(file);
    else if (known?.text !== source.text || known.mode !== source.mode) this.#files.set(file, source);
  }

  /** A link from a folder's configuration to what lies elsewhere, whose names a message could show. */
  #leavesWorkspace(file: string): boolean {
    if (!isConfiguration(file)) return false;
    const folder = pathOf(vscode.workspace.getWorkspaceFolder(uriOf(file))?.uri ?? uriOf(file)) ?? file;
    return !this.#world.realPath(file).startsWith(`${this.#world.realPath(folder)}/`);
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#analyzeNow(), delay);
  }

  #analyzeNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const folders = vscode.workspace.workspaceFolders ?? [];
    const alone = {
      files: [...this.#files.values()],
      home: this.#world.home,
      environment: this.#sameEnvironment(),
      awsFilesRead: true,
      logins: this.#logins,
      observations: [...this.#observations.values()],
      settings: findingSettings(),
      now: this.#world.now(),
    };
    const roots = folders.flatMap(({ uri }) => pathOf(uri) ?? []);
    const report = analyze(alone);
    const whole = withNamedFiles(alone, filesUnseen(report.facts), roots, this.#world);
    this.#report = whole === alone ? report : analyze(whole);
    this.#changed.fire(this.#report);
  }

  /** The very object of before while the variables are the same: what was worked out with it is kept. */
  #sameEnvironment(): ReturnType<typeof outsideOf>["environment"] {
    const { environment } = outsideOf(this.#world, environmentOwner);
    if (this.#environment?.source.text !== environment.source.text) this.#environment = environment;
    return this.#environment ?? environment;
  }
}

function isOpen(file: string): boolean {
  return vscode.workspace.textDocuments.some((document) => !document.isClosed && pathOf(document.uri) === file);
}

function isUnsaved(file: string): boolean {
  return vscode.workspace.textDocuments.some((document) => document.isDirty && pathOf(document.uri) === file);
}
