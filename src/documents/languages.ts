import type { AwsFileRole } from "./awsIni";
import type { JsoncDialect } from "./jsonc";
import type { YamlDialect } from "./yaml";

/** Every language CallerID reads. */
export type Language =
  | "terraform"
  | "terraform-json"
  /** HCL that is no part of a module: Terragrunt's, tests, backend configuration, other programs'. */
  | "hcl"
  | AwsFileRole
  | "env-file"
  | "shell"
  | "powershell"
  | "cmd"
  | "dockerfile"
  | "jenkinsfile"
  | YamlDialect
  | JsoncDialect
  | "gitignore";

/** By the file's name; the first that fits counts. */
const byName: readonly (readonly [Language, RegExp])[] = [
  ["terraform-json", /\.(?:tf|tofu|tfvars|tfbackend|tftest|tofutest)\.json$/],
  ["terraform", /\.(?:tf|tofu|tfvars|tfbackend)$|^\.terraform\.lock\.hcl$/],
  ["hcl", /\.hcl$|backend[^/]*\.(?:conf|config)$/i],
  ["shell", /\.(?:sh|bash|zsh)$|^\.envrc(?:\..*)?$|^\.(?:bashrc|bash_profile|profile|zshrc|zshenv|zprofile)$/],
  ["powershell", /\.psm?1$/i],
  ["cmd", /\.(?:cmd|bat)$/i],
  ["compose", /^(?:docker-)?compose(?:[.-].*)?\.ya?ml$/],
  ["dockerfile", /^(?:Dockerfile|Containerfile)(?:[.-][^/]*)?$|\.(?:dockerfile|containerfile)$/i],
  ["env-file", /^\.env(?:[.-].*)?$|\.env(?:\.[a-z]+)?$|^env\.list$/],
  ["devcontainer", /^\.?devcontainer\.json$/],
  ["configuration", /^\.callerid\.jsonc?$/],
  ["gitignore", /^\.gitignore$/],
];

/** By where the file lies, for the files of services that run jobs. */
const byPlace: readonly (readonly [Language, RegExp])[] = [
  ["github-workflow", /(?:^|[/\\])\.github[/\\]workflows[/\\][^/\\]+\.ya?ml$/],
  ["github-action", /(?:^|[/\\])action\.ya?ml$/],
  [
    "gitlab-ci",
    /(?:^|[/\\.])gitlab-ci\.ya?ml$|(?:^|[/\\])(?:\.gitlab|\.?gitlab-ci|\.?ci)[/\\](?:.*[/\\])?[^/\\]+\.ya?ml$/,
  ],
  [
    "pipeline",
    /(?:^|[/\\])(?:bitbucket-pipelines|[^/\\]*buildspec[^/\\]*|atlantis|[^/\\]*azure-pipeline[^/\\]*|\.(?:circleci|azure-pipelines?|azuredevops|pipelines)[/\\](?:.*[/\\])?[^/\\]+)\.ya?ml$/,
  ],
  ["jenkinsfile", /(?:^|[/\\])Jenkinsfile(?:[._-][^/\\]*)?$|\.jenkinsfile$/i],
];

/** Files of programs that carry a name of ours: `.env.ts`, `Dockerfile.js`. */
const isCode = /\.(?:[cm]?[jt]sx?|json|py|rb|go|php|java|rs|md|html|ya?ml|d|tmpl|j2|tpl|erb|enc|vault|age|gpg)$/i;

/** What a path says about a file's language; undefined for files CallerID has nothing to say about. */
export function languageOf(path: string): Language | undefined {
  const role = /(?:^|[/\\])\.aws[/\\](credentials|config)$/.exec(path)?.[1];
  if (role === "credentials" || role === "config") return role;
  const editor = /(?:^|[/\\])\.vscode[/\\](settings|launch)\.json$/.exec(path)?.[1];
  if (editor === "settings" || editor === "launch") return `vscode-${editor}`;
  // Where `terraform init` keeps the settings of the backend, those of `-backend-config` included.
  if (/(?:^|[/\\])\.terraform[/\\]terraform\.tfstate$/.test(path)) return "init-cache";
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  const named = byName.find(([, pattern]) => pattern.test(name));
  const language = (named ?? byPlace.find(([, pattern]) => pattern.test(path)))?.[0];
  return (language === "env-file" || language === "dockerfile") && isCode.test(name) ? undefined : language;
}
