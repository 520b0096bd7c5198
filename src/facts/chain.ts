import { languageOf } from "../documents";
import type { Document } from "../documents/document";
import type { TerraformDocument } from "../documents/terraform";
import { parseTerraformJson } from "../documents/terraformJson";
import { parseTerraform } from "../documents/terraformParser";
import type { Chain, ChainTarget, FileFact } from "../model/chain";
import type { SourceFile } from "../model/text";
import {
  backendBlock,
  type ChainContext,
  providerBlock,
  providerWith,
  type RunBlock,
  remoteStateBlock,
  targetsIn,
} from "./chainBlock";
import { type ChainFiles, chainFiles, type FileWish } from "./chainFiles";
import type { Written } from "./chainKeys";
import { otherOutcomes } from "./chainOthers";
import { terraformOutcome } from "./chainTerraform";
import { type RunScope, run, runScope } from "./chainValues";
import { directoryOf, resolvePath } from "./locations";

/** Which chains are asked for, and how Terraform would be called. */
export interface ChainRequest {
  /** Absolute; Terraform runs in it. */
  readonly directory: string;
  readonly home: string;
  readonly files: readonly SourceFile[];
  readonly parse: (source: SourceFile) => Document | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: Date;
  /** Undefined for every block of the directory. */
  readonly target?: Pick<ChainTarget, "kind" | "name">;
  readonly backendConfig: readonly string[];
  readonly varFiles: readonly string[];
  readonly vars: readonly string[];
  readonly saved: boolean;
}

export interface Chains {
  /** Empty where the target does not exist. */
  readonly chains: readonly Chain[];
  /** Files to look at before the answer is sure. */
  readonly wishes: readonly FileWish[];
}

/** The chains as far as the known files tell; `wishes` names those that are missing. */
export function chainsOf(request: ChainRequest, known: ReadonlyMap<string, FileFact>): Chains {
  const files = chainFiles(known);
  const environment = new Map<string, string>();
  for (const [name, value] of Object.entries(request.environment))
    if (value !== undefined) environment.set(name, value);
  const { home, directory, now } = request;
  const documents = terraformDocuments(request);
  const scope = scopeOf(request, { home, directory, environment, files, documents });
  const context: ChainContext = {
    home,
    directory,
    isPast: (moment) => moment < now.getTime(),
    environment,
    files,
    documents,
    valueOf: (attribute, document) => run(attribute.value, document, scope),
    isCallKnown: true,
    backendsReadLogins: false,
  };
  const targets = request.target ? [request.target] : targetsIn(documents);
  const chains = targets.flatMap((target) => {
    const block = blockOf(target, context, request);
    return block ? [blockChain(block, context)] : [];
  });
  // Whoever asks for a run's chains wants the other programs' as well, and the files that only those read.
  for (const chain of chains) void chain.others;
  return { chains, wishes: [...files.wishes.values()] };
}

export function blockChain(block: RunBlock, context: ChainContext): Chain {
  let others: Chain["others"] | undefined;
  return {
    target: block.target,
    ...terraformOutcome(block, context),
    ...(block.isPartial ? { isPartial: true } : {}),
    // Few ask for them, and they look at files that Terraform does not.
    get others() {
      others ??= otherOutcomes(block, context);
      return others;
    },
  };
}

function terraformDocuments({ files, directory, parse }: ChainRequest): readonly TerraformDocument[] {
  return files.flatMap((file) => {
    const isTerraform = /\.(?:tf|tofu)(?:\.json)?$/.test(file.path) && directoryOf(file.path) === directory;
    const document = isTerraform && languageOf(file.path) ? parse(file) : undefined;
    return document?.kind === "terraform" ? [document] : [];
  });
}

function scopeOf(
  request: ChainRequest,
  context: Pick<ChainContext, "home" | "directory" | "environment" | "files" | "documents">,
): RunScope {
  const { directory, files, environment } = context;
  const folder = environment.get("TF_DATA_DIR") || ".terraform";
  const chosen = environment.get("TF_WORKSPACE") ?? textAt(files, resolvePath(directory, `${folder}/environment`));
  const given = argumentsOf(environment, "plan");
  const varFiles = [...given.varFiles.map((one) => one.text), ...request.varFiles];
  const vars = request.vars.map((text): Written => ({ text, spot: { argument: "-var" } }));
  return runScope(
    context.documents,
    { directory, files, environment, workspace: chosen?.trim() || "default" },
    {
      automatic: automaticVariables(request),
      varFiles: varFiles.flatMap((path) => {
        const full = resolvePath(directory, path);
        const text = textAt(files, full);
        if (text === undefined) return [];
        return [
          path.endsWith(".json") ? parseTerraformJson({ path: full, text }) : parseTerraform({ path: full, text }),
        ];
      }),
      vars: [...given.vars, ...vars],
    },
  );
}

function textAt(files: ChainFiles, path: string): string | undefined {
  const fact = files.look(path, "text");
  return fact?.kind === "text" ? fact.text : undefined;
}

/** terraform.tfvars, terraform.tfvars.json, then *.auto.tfvars by name: a later one wins. */
function automaticVariables({ files, directory, parse }: ChainRequest): readonly TerraformDocument[] {
  const rank = (path: string) =>
    /\/terraform\.tfvars$/.test(path) ? 0 : /\/terraform\.tfvars\.json$/.test(path) ? 1 : 2;
  return files
    .filter(({ path }) => directoryOf(path) === directory)
    .filter(({ path }) => /(?:\/terraform|\.auto)\.tfvars(?:\.json)?$/.test(path))
    .sort((a, b) => rank(a.path) - rank(b.path) || (a.path < b.path ? -1 : 1))
    .flatMap((file) => {
      const document = parse(file);
      return document?.kind === "terraform" ? [document] : [];
    });
}

interface GivenArguments {
  readonly backendConfig: readonly Written[];
  readonly varFiles: readonly Written[];
  readonly vars: readonly Written[];
}

/**
 * What `TF_CLI_ARGS` and `TF_CLI_ARGS_<command>` put in front of the arguments.
 * https://developer.hashicorp.com/terraform/cli/config/environment-variables#tf_cli_args-and-tf_cli_args_name
 */
function argumentsOf(environment: ReadonlyMap<string, string>, command: string): GivenArguments {
  const words = ["TF_CLI_ARGS", `TF_CLI_ARGS_${command}`].flatMap((name) =>
    [...(environment.get(name) ?? "").matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) => ({
      text: word.replace(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single),
      spot: { variable: name },
    })),
  );
  const given = (flag: string) =>
    words.flatMap((word, index): readonly Written[] => {
      const next = words[index + 1];
      if (word.text === `-${flag}` || word.text === `--${flag}`) return next ? [next] : [];
      const text = word.text.replace(new RegExp(`^--?${flag}=`), "");
      return text === word.text ? [] : [{ ...word, text }];
    });
  return { backendConfig: given("backend-config"), varFiles: given("var-file"), vars: given("var") };
}

function blockOf(
  target: Pick<ChainTarget, "kind" | "name">,
  context: ChainContext,
  { backendConfig, saved }: ChainRequest,
): RunBlock | undefined {
  switch (target.kind) {
    case "backend": {
      const given = argumentsOf(context.environment, "init").backendConfig;
      const own = backendConfig.map((text): Written => ({ text, spot: { argument: "-backend-config" } }));
      return backendBlock(context, { backendConfig: [...given, ...own], saved });
    }
    case "remote-state":
      return remoteStateBlock(context, target.name ?? "");
    case "provider":
      return providerBlock(context, target.name ?? "aws");
    case "environment":
      return providerWith({ kind: "environment" });
    case "profile":
      return providerWith({ kind: "profile", name: target.name ?? "default" }, { profile: target.name ?? "default" });
  }
}
