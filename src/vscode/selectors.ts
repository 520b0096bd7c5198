import type * as vscode from "vscode";
import { awsPattern, placesPattern, terraformPattern } from "./patterns";

/** By path, never by a language of others. */
export const terraformFiles: vscode.DocumentSelector = [{ scheme: "file", pattern: terraformPattern }];

/** By language too, for the two languages are ours. */
export const awsFiles: vscode.DocumentSelector = [
  { scheme: "file", pattern: awsPattern },
  { scheme: "file", language: "aws-credentials" },
  { scheme: "file", language: "aws-config" },
];

/** Files of `NAME=value` lines. */
export const environmentFiles: vscode.DocumentSelector = [{ scheme: "file", pattern: "**/{.env,.env.*,*.env,.envrc}" }];

export const checkedFiles: vscode.DocumentSelector = [
  terraformFiles,
  awsFiles,
  { scheme: "file", pattern: placesPattern },
].flat();

/** All that may name a profile. */
export const namingFiles: vscode.DocumentSelector = [terraformFiles, awsFiles, environmentFiles].flat();
