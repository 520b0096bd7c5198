import type { SourceFile } from "../model/text";
import { type AwsFileRole, parseAwsIni } from "./awsIni";
import type { Document } from "./document";
import { parseTerraformJson } from "./terraformJson";
import { parseTerraform } from "./terraformParser";

/** What a path says about a file's language; undefined for files CallerID has nothing to say about. */
export function languageOf(path: string): "terraform" | "terraform-json" | AwsFileRole | undefined {
  if (/\.(?:tf|tofu|tfvars)\.json$/.test(path)) return "terraform-json";
  if (/\.(?:tf|tofu|tfvars|tfbackend)$|(?:^|[/\\])\.terraform\.lock\.hcl$/.test(path)) return "terraform";
  const role = /(?:^|[/\\])\.aws[/\\](credentials|config)$/.exec(path)?.[1];
  return role === "credentials" || role === "config" ? role : undefined;
}

/** The document of a file; `role` overrules the path for AWS files that stand in an unusual place. */
export function parseDocument(source: SourceFile, role?: AwsFileRole): Document | undefined {
  const language = role ?? languageOf(source.path);
  switch (language) {
    case undefined:
      return undefined;
    case "terraform":
      return parseTerraform(source);
    case "terraform-json":
      return parseTerraformJson(source);
    default:
      return parseAwsIni(source, language);
  }
}
