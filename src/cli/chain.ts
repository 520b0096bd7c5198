import { type Command, Option } from "commander";
import { type ReadChains, readChains } from "../live/chainFiles";
import type { World } from "../live/world";
import type { ChainTarget } from "../model/chain";

export interface ChainFlags {
  readonly backend?: boolean;
  readonly remoteState?: string;
  readonly provider?: string;
  readonly profile?: string;
  readonly backendConfig: readonly string[];
  readonly varFile: readonly string[];
  readonly var: readonly string[];
  readonly saved?: boolean;
  readonly format: "text" | "json";
}

export function addChain(program: Command, show: (directory: string, flags: ChainFlags) => void): void {
  const collect = (value: string, before: readonly string[]) => [...before, value];
  program
    .command("chain")
    .description("which credentials Terraform would use and why; nothing is sent, no process is started")
    .argument("[DIR]", "the Terraform directory", ".")
    .option("--backend", "the S3 backend")
    .option("--remote-state <name>", "a terraform_remote_state")
    .option("--provider <address>", "a provider block: aws or aws.ALIAS")
    .option("--profile <name>", "a profile of the AWS files")
    .option("--backend-config <argument>", "as given to terraform init; may be repeated", collect, [])
    .option("--var-file <file>", "as given to terraform plan; may be repeated", collect, [])
    .option("--var <assignment>", "as given to terraform plan; may be repeated", collect, [])
    .option("--saved", "for commands after terraform init, which use what it saved")
    .addOption(new Option("--format <format>", "output format").choices(["text", "json"]).default("text"))
    .addHelpText(
      "after",
      "\nExamples:\n  callerid chain\n  callerid chain --backend --backend-config prod.hcl\n  callerid chain --provider aws.east infrastructure\n",
    )
    .action((directory: string, flags: ChainFlags) => show(directory, flags));
}

/** How many of the flags that name one thing are there. */
export function targetsNamed({ backend, remoteState, provider, profile }: ChainFlags): number {
  return [backend, remoteState, provider, profile].filter((one) => one !== undefined).length;
}

export function chainTarget(flags: ChainFlags): Pick<ChainTarget, "kind" | "name"> | undefined {
  if (flags.backend) return { kind: "backend" };
  if (flags.remoteState !== undefined) return { kind: "remote-state", name: flags.remoteState };
  if (flags.provider !== undefined) return { kind: "provider", name: flags.provider };
  return flags.profile === undefined ? undefined : { kind: "profile", name: flags.profile };
}

/** The chains of a directory, read from disk; `directory` is absolute. */
export function chainsIn(directory: string, flags: ChainFlags, world: World): ReadChains {
  const target = chainTarget(flags);
  return readChains(
    {
      directory,
      ...(target ? { target } : {}),
      backendConfig: flags.backendConfig,
      varFiles: flags.varFile,
      vars: flags.var,
      saved: flags.saved === true,
    },
    world,
  );
}
