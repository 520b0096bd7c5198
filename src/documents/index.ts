import type { SourceFile } from "../model/text";
import { type AwsFileRole, parseAwsIni } from "./awsIni";
import { parseCmd } from "./cmd";
import { parseDockerfile } from "./dockerfileParser";
import type { Document } from "./document";
import { parseEnvFile } from "./envFile";
import { parseGitignore } from "./gitignore";
import { parseJenkinsfile } from "./jenkinsfile";
import { parseJsonc } from "./jsonc";
import { type Language, languageOf } from "./languages";
import { namesKeys } from "./mentions";
import { parsePowerShell } from "./powershell";
import { parseShell } from "./shellParser";
import { parseTerraformJson } from "./terraformJson";
import { parseTerraform } from "./terraformParser";
import { parseTerragrunt } from "./terragrunt";
import { parseYaml } from "./yamlParser";

export { languageOf } from "./languages";

/** The document of a file; `role` overrules the path for AWS files that stand in an unusual place. */
export function parseDocument(source: SourceFile, role?: AwsFileRole): Document | undefined {
  const language = role ?? languageOf(source.path);
  if (language === undefined) return undefined;
  return isWorthReading(language, source.text) ? parsedAs(language, source) : undefined;
}

function parsedAs(language: Language, source: SourceFile): Document {
  switch (language) {
    case "terraform":
      return parseTerraform(source);
    case "terraform-json":
      return parseTerraformJson(source);
    case "hcl":
      return parseTerragrunt(source);
    case "credentials":
    case "config":
      return parseAwsIni(source, language);
    case "env-file":
      return parseEnvFile(source);
    case "shell":
      return parseShell(source);
    case "powershell":
      return parsePowerShell(source);
    case "cmd":
      return parseCmd(source);
    case "dockerfile":
      return parseDockerfile(source);
    case "jenkinsfile":
      return parseJenkinsfile(source);
    case "compose":
    case "github-workflow":
    case "github-action":
    case "gitlab-ci":
    case "pipeline":
      return parseYaml(source, language);
    case "devcontainer":
    case "vscode-settings":
    case "vscode-launch":
    case "init-cache":
    case "configuration":
      return parseJsonc(source, language);
    case "gitignore":
      return parseGitignore(source);
  }
}

/** What is read whatever it holds. */
const alwaysRead: ReadonlySet<Language> = new Set([
  "terraform",
  "terraform-json",
  "hcl",
  "credentials",
  "config",
  "gitignore",
  "configuration",
]);

/** Whom an image's programs run as matters to files that a Compose file mounts. */
const user = /^[ \t]*USER[ \t]/im;

/** Steps that name AWS alone, and workflows that are called by a name that does not. */
const pipeline = /aws|\.github\/workflows\//i;

function isWorthReading(language: Language, text: string): boolean {
  if (alwaysRead.has(language) || namesKeys(text)) return true;
  return language === "dockerfile"
    ? user.test(text)
    : /^(?:git(?:hub|lab)-|pipeline$|jenkinsfile$)/.test(language) && pipeline.test(text);
}
