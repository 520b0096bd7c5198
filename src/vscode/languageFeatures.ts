import * as vscode from "vscode";
import type { Report } from "../analyzer";
import type { ChainNames } from "../explain/chainTree";
import type { TextOf } from "../model/text";
import { watchAwsLanguages } from "./awsLanguages";
import { Cards } from "./cards";
import { Completions } from "./completions";
import { Definitions, SharedFileLinks } from "./definitions";
import { Outlines } from "./outlines";
import { awsFiles, namingFiles, terraformFiles } from "./selectors";

/** All that helps to read and write these files and finds no fault with them. */
export function languageFeatures(report: () => Report, textOf: TextOf, names: ChainNames): vscode.Disposable {
  const outlines = new Outlines(report);
  return vscode.Disposable.from(
    vscode.languages.registerDocumentSymbolProvider(awsFiles, outlines, { label: "AWS" }),
    vscode.languages.registerFoldingRangeProvider(awsFiles, outlines),
    vscode.languages.registerCompletionItemProvider(namingFiles, new Completions(report), ...Completions.triggers),
    vscode.languages.registerDefinitionProvider(namingFiles, new Definitions(report, textOf)),
    vscode.languages.registerDocumentLinkProvider(terraformFiles, new SharedFileLinks()),
    vscode.languages.registerHoverProvider(namingFiles, new Cards(report, names)),
    watchAwsLanguages(report),
  );
}
