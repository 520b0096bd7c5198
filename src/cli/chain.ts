import type { Command } from "commander";
import { type ReadChains, readChains } from "../live/chainFiles";
import type { World } from "../live/world";
import type { ChainTarget } from "../model/chain";
import { assertOneAtMost, type Console, existing, exitCodes, FailureError, type Finish, formatOption } from "./console";
import { chainJson, chainsJson, chainsText } from "./formats/chain";

interface ChainFlags {
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

export function addChain(program: Command, console: Console, finish: Finish): void {
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
    .addOption(formatOption("text", "json"))
    .addHelpText(
      "after",
      `
Examples:
  callerid chain
  callerid chain --backend --backend-config prod.hcl
  callerid chain --backend --saved
  callerid chain --remote-state network --format json
  callerid chain --provider aws.east --var-file prod.tfvars --var region=eu-west-1 infrastructure
  callerid chain --profile dev
`,
    )
    .action((directory: string, flags: ChainFlags) => finish(showChains(directory, flags, console)));
}

function showChains(directory: string, flags: ChainFlags, console: Console): number {
  assertOneAtMost({
    "--backend": flags.backend,
    "--remote-state": flags.remoteState,
    "--provider": flags.provider,
    "--profile": flags.profile,
  });
  const target = chainTarget(flags);
  const { chains, textOf } = chainsIn(existing(directory, console), target, flags, console.world);
  const [first] = chains;
  if (target && !first) {
    const what = target.kind === "backend" ? "S3 backend" : `${target.kind} ${target.name ?? ""}`;
    throw new FailureError(`there is no ${what} in this directory`);
  }
  const places = { text: textOf, cwd: console.cwd, home: console.world.home };
  const json = target && first ? chainJson(first, places) : chainsJson(chains, places);
  console.stdout(flags.format === "json" ? json : chainsText(chains, places, console.color));
  return chains.some(({ problem }) => problem && !problem.isPossible) ? exitCodes.findings : exitCodes.clean;
}

type Target = Pick<ChainTarget, "kind" | "name">;

function chainTarget(flags: ChainFlags): Target | undefined {
  if (flags.backend) return { kind: "backend" };
  if (flags.remoteState !== undefined) return { kind: "remote-state", name: flags.remoteState };
  if (flags.provider !== undefined) return { kind: "provider", name: flags.provider };
  return flags.profile === undefined ? undefined : { kind: "profile", name: flags.profile };
}

/** The chains of a directory, read from disk; `directory` is absolute. */
function chainsIn(directory: string, target: Target | undefined, flags: ChainFlags, world: World): ReadChains {
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
