import type { AwsFiles } from "../facts/facts";

/** What VS Code takes an AWS file for that stands where nobody knows it. */
const unclaimed = ["plaintext", "ini", "properties"];

/** The language an open file should have instead of its present one; undefined where that is right or somebody's choice. */
export function awsLanguage(
  { credentialsPath, configPath }: AwsFiles,
  path: string | undefined,
  languageId: string,
): "aws-credentials" | "aws-config" | undefined {
  if (!unclaimed.includes(languageId)) return undefined;
  if (path === credentialsPath) return "aws-credentials";
  return path === configPath ? "aws-config" : undefined;
}
