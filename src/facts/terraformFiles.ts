import { backendsIn, type TerraformDocument } from "../documents/terraform";
import { directoryOf, withTwoAbove } from "./locations";
import { isLockFile } from "./requiredProviders";

/** Terraform's files by what they are for. */
export interface TerraformFiles {
  /** By directory, as OpenTofu reads it where it has files of its own there; variable and lock files included. */
  readonly modules: ReadonlyMap<string, readonly TerraformDocument[]>;
  /** The files that OpenTofu passes over in such a directory, and what Terraform reads beside them. */
  readonly replaced: ReadonlyMap<string, ReplacedFiles>;
  readonly tests: readonly TerraformDocument[];
  readonly terragrunt: readonly TerraformDocument[];
  /** What `-backend-config` may give to S3 backends. */
  readonly backendConfigs: readonly TerraformDocument[];
}

interface ReplacedFiles {
  readonly documents: readonly TerraformDocument[];
  readonly module: readonly TerraformDocument[];
}

export function terraformFiles(documents: readonly TerraformDocument[]): TerraformFiles {
  const inDirectories = new Map<string, TerraformDocument[]>();
  const tests: TerraformDocument[] = [];
  const terragrunt: TerraformDocument[] = [];
  const backendConfigs: TerraformDocument[] = [];
  for (const document of documents) {
    const { path } = document.source;
    const siblings = inDirectories.get(directoryOf(path)) ?? [];
    inDirectories.set(directoryOf(path), siblings);
    if (isTest(path)) tests.push(document);
    else if (isBackendConfig(path)) backendConfigs.push(document);
    else if (isTerragrunt(path)) terragrunt.push(document);
    else siblings.push(document);
  }
  const modules = new Map<string, readonly TerraformDocument[]>();
  const replaced = new Map<string, ReplacedFiles>();
  for (const [directory, all] of inDirectories) {
    const passedOver = all.filter((one) => isReplaced(one, all));
    modules.set(directory, passedOver.length > 0 ? all.filter((one) => !passedOver.includes(one)) : all);
    if (passedOver.length === 0) continue;
    const module = all.filter(({ source }) => !isOfOpenTofu(source.path));
    replaced.set(directory, { documents: passedOver, module });
  }
  return {
    modules,
    replaced,
    tests,
    terragrunt,
    backendConfigs: backendConfigs.filter((document) => isOfS3(document, modules)),
  };
}

/** Arguments that no other backend has. */
const onlyOfS3 =
  /^(?:assume_role_with_web_identity|dynamodb_table|kms_key_id|shared_config_files|sse_customer_key|use_lockfile|use_path_style|workspace_key_prefix)$/;

/** By the backends of the modules around it or, where there are none, by what only S3's have. */
function isOfS3({ source, body }: TerraformDocument, modules: TerraformFiles["modules"]): boolean {
  const types = withTwoAbove(directoryOf(source.path))
    .flatMap((directory) => modules.get(directory) ?? [])
    .flatMap((document) => backendsIn(document).map(({ labels }) => labels[0]?.text));
  if (types.length > 0) return types.includes("s3");
  return /\.s3\.tfbackend(?:\.json)?$/.test(source.path) || body.attributes.some(({ name }) => onlyOfS3.test(name));
}

const isTest = (path: string) => /\.(?:tftest|tofutest)\.(?:hcl|json)$/.test(path);

/** Files that others include have any name; what is another program's has none of the blocks looked for. */
const isTerragrunt = (path: string) => path.endsWith(".hcl") && !isLockFile(path);

export const isOfOpenTofu = (path: string) => /\.tofu(?:\.json)?$/.test(path);

const isBackendConfig = (path: string) =>
  /\.tfbackend(?:\.json)?$|backend[^/]*\.(?:hcl|conf|config|tfvars)$/i.test(path) && !/\.auto\.tfvars$/.test(path);

/** OpenTofu passes over `a.tf` where there is `a.tofu`. https://opentofu.org/docs/language/files/ */
function isReplaced({ source }: TerraformDocument, siblings: readonly TerraformDocument[]): boolean {
  const replacement = source.path.replace(/\.tf(?=(?:\.json)?$)/, ".tofu");
  return replacement !== source.path && siblings.some((one) => one.source.path === replacement);
}
