import type { Environment } from "./environment";

/** Where Terraform's provider looks for the two shared files. */
export interface AwsFilePaths {
  readonly credentials: string;
  readonly config: string;
}

/**
 * The shared files in force. Terraform's SDK takes the variables literally: no `~`, no `$VAR`.
 * https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html
 */
export function awsFilePaths(environment: Environment, home: string): AwsFilePaths {
  const named = (variable: string) => environment.variables.get(variable)?.value || undefined;
  return {
    credentials: named("AWS_SHARED_CREDENTIALS_FILE") ?? `${home}/.aws/credentials`,
    config: named("AWS_CONFIG_FILE") ?? `${home}/.aws/config`,
  };
}

/** `~` and `$HOME` at the start of a path, as the `shared_*_files` arguments expand them. */
export function expandHome(path: string, home: string): string {
  return path.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/, () => home);
}

/** The directory of a file; empty for a bare name. */
export function directoryOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

/** A directory and the two above it: variable and backend files often stand in `envs/prod/` below the module. */
export function withTwoAbove(directory: string): readonly string[] {
  const above = directoryOf(directory);
  return [...new Set([directory, above, directoryOf(above)])];
}

/** `path` as seen from `directory`, with `.` and `..` resolved. */
export function resolvePath(directory: string, path: string): string {
  const absolute = path.startsWith("/");
  const parts: string[] = [];
  for (const part of (absolute ? path : `${directory}/${path}`).split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return (absolute || directory.startsWith("/") ? "/" : "") + parts.join("/");
}
