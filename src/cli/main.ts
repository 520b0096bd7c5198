import path from "node:path";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { analyze, implicitProvider, type Report } from "../analyzer";
import { didYouMean } from "../explain/suggest";
import { verdictOf } from "../explain/verdict";
import { loadWorkspace } from "../live/load";
import { forwardSlashes } from "../live/node";
import { verify } from "../live/verify";
import type { World } from "../live/world";
import type { CredentialSet, Verification } from "../model/credentials";
import { type Finding, type Severity, severities } from "../model/finding";
import { rules } from "../rules";
import { pageOf, type Rule } from "../rules/rule";
import { BaselineError, baselineOf, withoutKnown } from "./baseline";
import { addChain, type ChainFlags, chainsIn, chainTarget, targetsNamed } from "./chain";
import { applySafeFixes, type Look } from "./fix";
import { chainJson, chainsJson, chainsText } from "./formats/chain";
import { scanGithub } from "./formats/github";
import { type ScanResult, scanJson } from "./formats/json";
import { scanSarif } from "./formats/sarif";
import { scanText } from "./formats/text";
import { verificationJson, verificationText } from "./formats/verification";
import { jsonText, printable } from "./output";
import { version } from "./version";

/** The documented exit codes. */
export const exitCodes = { clean: 0, findings: 1, usage: 2, failure: 3 } as const;

export interface Console {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly color: boolean;
  readonly cwd: string;
  readonly world: World;
}

/** Wrong use of the command line, found after parsing. */
class UsageError extends Error {}

/** The work cannot be done: a file that is not there, a disk that is full. */
class FailureError extends Error {}

/** The command line as a function: prints through `console` and returns the exit code. */
export async function main(argv: readonly string[], console: Console): Promise<number> {
  let code: number = exitCodes.clean;
  const program = new Command("callerid")
    .description("Which AWS credentials will Terraform use, what is wrong with them, and who are they?")
    .version(version)
    .exitOverride()
    .showHelpAfterError("(callerid --help lists the commands)")
    .configureOutput({
      writeOut: console.stdout,
      writeErr: (text) => console.stderr(text.split("\n").map(printable).join("\n")),
    });
  const finish = (one: number) => {
    code = one;
  };
  addScan(program, console, finish);
  addChain(program, (directory, flags) => finish(showChains(directory, flags, console)));
  addVerify(program, console, finish);
  addRules(program, console);
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.usage;
    if (error instanceof UsageError) {
      console.stderr(`callerid: ${printable(error.message)}\n`);
      return exitCodes.usage;
    }
    if (error instanceof FailureError || error instanceof BaselineError) {
      console.stderr(`callerid: ${printable(error.message)}\n`);
      return exitCodes.failure;
    }
    throw error;
  }
  return code;
}

interface ScanOptions {
  readonly format: "text" | "json" | "sarif" | "github";
  readonly failOn: Severity;
  readonly home: string | boolean;
  readonly env: boolean;
  readonly fix?: boolean;
  readonly fixHome?: boolean;
  readonly baseline?: string;
  readonly writeBaseline?: string;
}

function addScan(program: Command, console: Console, finish: (code: number) => void): void {
  program
    .command("scan")
    .description("findings of the files below PATH and of the AWS files")
    .argument("[PATH...]", "files and folders", ["."])
    .addOption(
      new Option("--format <format>", "output format").choices(["text", "json", "sarif", "github"]).default("text"),
    )
    .addOption(
      new Option("--fail-on <severity>", "exit 1 on findings of this severity or worse")
        .choices(severities)
        .default("warning"),
    )
    .option("--home <dir>", "the home directory whose .aws is read")
    .option("--no-home", "leave the AWS files out")
    .option("--no-env", "leave the environment out")
    .option("--fix", "apply the fixes that need no second look, then report what is left")
    .option(
      "--fix-home",
      "with --fix: yes, also change ~/.aws/credentials and ~/.aws/config, or what stands in for them",
    )
    .option("--baseline <file>", "report only what is not in this baseline")
    .option("--write-baseline <file>", "write the findings to a baseline and exit")
    .addHelpText(
      "after",
      "\nExamples:\n  callerid scan\n  callerid scan --format sarif --no-home infrastructure > callerid.sarif\n",
    )
    .action((paths: string[], options: ScanOptions) => finish(scan(paths, options, console)));
}

function scan(paths: readonly string[], options: ScanOptions, console: Console): number {
  const home = typeof options.home === "string" ? absolute(options.home, console) : console.world.home;
  const world = { ...console.world, home };
  const roots = paths.map((one) => existing(one, console));
  if (options.fixHome && !options.fix) throw new UsageError("--fix-home goes with --fix");
  const look = (): Look => {
    const loaded = loadWorkspace(world, roots, {
      withoutHome: options.home === false,
      withoutEnvironment: !options.env,
      environmentOwner: "this process",
    });
    const report = analyze(loaded.workspace);
    const all: ScanResult = {
      findings: report.findings,
      skipped: loaded.skipped,
      fileCount: loaded.count,
      text: loaded.textOf,
      cwd: console.cwd,
      home: world.home,
    };
    if (options.baseline === undefined || options.writeBaseline !== undefined) return { loaded, report, result: all };
    const baseline = world.read(absolute(options.baseline, console));
    return { loaded, report, result: withoutKnown(all, options.baseline, baseline) };
  };
  const tell = (line: string) => console.stderr(`${line}\n`);
  const [{ report, result }, isComplete] = options.fix
    ? applySafeFixes(look, { world, homes: [home, console.world.home], mayTouchHome: options.fixHome === true, tell })
    : [look(), true];
  if (options.writeBaseline !== undefined) {
    try {
      world.writeText(absolute(options.writeBaseline, console), baselineOf(result));
    } catch {
      throw new FailureError(`${options.writeBaseline} cannot be written`);
    }
    console.stderr(`${report.findings.length} findings written to ${printable(options.writeBaseline)}\n`);
    return isComplete ? exitCodes.clean : exitCodes.failure;
  }
  console.stdout(format(result, report, options.format, console.color));
  if (!isComplete) return exitCodes.failure;
  return result.findings.some((finding) => isAtLeast(finding, options.failOn)) ? exitCodes.findings : exitCodes.clean;
}

/** Paths are made absolute, so that one file has one name however it is reached; formats shorten them again. */
function absolute(file: string, { cwd }: Console): string {
  return forwardSlashes(path.resolve(cwd, file));
}

function existing(file: string, console: Console): string {
  const found = absolute(file, console);
  if (!console.world.exists(found)) throw new FailureError(`${file} does not exist`);
  return found;
}

function format(result: ScanResult, report: Report, wanted: ScanOptions["format"], color: boolean): string {
  switch (wanted) {
    case "json":
      return scanJson(result);
    case "sarif":
      return scanSarif(result, rules, version);
    case "github":
      return scanGithub(result);
    case "text":
      return scanText(result, report.blocks.map(report.resolve), color);
  }
}

function isAtLeast(finding: Finding, threshold: Severity): boolean {
  return severities.indexOf(finding.severity) <= severities.indexOf(threshold);
}

function showChains(directory: string, flags: ChainFlags, console: Console): number {
  if (targetsNamed(flags) > 1) {
    throw new UsageError("--backend, --remote-state, --provider and --profile each name one thing: give one of them");
  }
  const { chains, textOf } = chainsIn(existing(directory, console), flags, console.world);
  const target = chainTarget(flags);
  const [first] = chains;
  if (target && !first) {
    const what = target.kind === "backend" ? "S3 backend" : `${target.kind} ${target.name ?? ""}`;
    throw new FailureError(`there is no ${what} in this directory`);
  }
  const places = { text: textOf, cwd: console.cwd, home: console.world.home };
  const json = target && first ? chainJson(first, places) : chainsJson(chains, places);
  console.stdout(flags.format === "json" ? json : chainsText(chains, places, console.color));
  return chains.some((chain) => chain.problem) ? exitCodes.findings : exitCodes.clean;
}

interface VerifyFlags {
  readonly backend?: boolean;
  readonly provider?: string;
  readonly profile?: string;
  readonly region?: string;
  readonly endpoint?: string;
  readonly yes?: boolean;
  readonly format: "text" | "json";
}

function addVerify(program: Command, console: Console, finish: (code: number) => void): void {
  program
    .command("verify")
    .description("the live identity of what Terraform would use, asked by sts:GetCallerIdentity")
    .argument("[DIR]", "the Terraform directory", ".")
    .option("--backend", "the S3 backend")
    .option("--provider <address>", "a provider block: aws or aws.ALIAS")
    .option("--profile <name>", "a profile of the AWS files")
    .option("--region <region>", "ask in this region")
    .option("--endpoint <url>", "ask this host instead of AWS: https, or a loopback address", endpointUrl)
    .option("--yes", "also send keys that stand in the workspace's files")
    .addOption(new Option("--format <format>", "output format").choices(["text", "json"]).default("text"))
    .addHelpText(
      "after",
      "\nExamples:\n  callerid verify\n  callerid verify --provider aws.east infrastructure\n  callerid verify --profile dev\n",
    )
    .action(async (directory: string, flags: VerifyFlags) => finish(await verifyAll(directory, flags, console)));
}

function endpointUrl(text: string): string {
  if (!URL.canParse(text)) throw new InvalidArgumentError("It is not a URL.");
  return text;
}

async function verifyAll(directory: string, flags: VerifyFlags, console: Console): Promise<number> {
  const { world } = console;
  const root = existing(directory, console);
  if ([flags.backend, flags.provider, flags.profile].filter((one) => one !== undefined).length > 1) {
    throw new UsageError("--backend, --provider and --profile each name one thing: give one of them");
  }
  const { workspace, textOf } = loadWorkspace(world, [root], { environmentOwner: "this process" });
  const report = analyze(workspace);
  const targets = targetsOf(report, root, flags);
  if (flags.endpoint !== undefined)
    console.stderr(`asking ${printable(new URL(flags.endpoint).host)} instead of AWS\n`);
  const verifications: Verification[] = [];
  for (const set of targets) {
    verifications.push(
      await verify(report.facts, set, world, {
        mayUseFoundKeys: flags.yes === true,
        ...(flags.endpoint === undefined ? {} : { endpoint: flags.endpoint }),
        ...(flags.region === undefined ? {} : { region: flags.region }),
      }),
    );
  }
  const place = { text: textOf, cwd: console.cwd, home: world.home };
  console.stdout(
    flags.format === "json"
      ? verificationJson(verifications, place)
      : verificationText(verifications, place, console.color),
  );
  const verdicts = verifications.map((one) => verdictOf(one).status);
  if (verdicts.includes("rejected")) return exitCodes.findings;
  return verdicts.every((status) => status === "valid") ? exitCodes.clean : exitCodes.failure;
}

function targetsOf({ facts, blocks }: Report, directory: string, flags: VerifyFlags): readonly CredentialSet[] {
  if (flags.profile !== undefined) {
    const profile = facts.profiles.get(flags.profile);
    if (!profile) {
      throw new FailureError(`there is no profile ${flags.profile}${didYouMean(flags.profile, facts.profiles.keys())}`);
    }
    return [profile.set];
  }
  // A module of its own right is asked for alone; the root of many is asked for with all below it.
  const here = blocks.filter((set) => set.directory === directory);
  const wanted = (here.length > 0 ? here : blocks).filter(({ origin }) => {
    if (flags.backend) return origin.kind === "backend";
    if (flags.provider !== undefined) return origin.kind === "provider" && origin.address === flags.provider;
    return true;
  });
  if (wanted.length > 0) return wanted;
  if (flags.backend) throw new FailureError("there is no S3 backend in this directory");
  if (flags.provider !== undefined) throw new FailureError(`there is no provider ${flags.provider} in this directory`);
  return [implicitProvider];
}

function addRules(program: Command, console: Console): void {
  program
    .command("rules")
    .description("the catalogue, or one rule's page")
    .argument("[ID]", "a rule")
    .addOption(new Option("--format <format>", "output format").choices(["text", "json"]).default("text"))
    .addHelpText("after", "\nExamples:\n  callerid rules\n  callerid rules temporary-key-without-token\n")
    .action((id: string | undefined, { format: wanted }: { format: "text" | "json" }) => {
      const shown = id === undefined ? rules : rules.filter((rule) => rule.id === id);
      if (id !== undefined && shown.length === 0) {
        const ids = rules.map((rule) => rule.id);
        throw new UsageError(`there is no rule ${id}${didYouMean(id, ids) || "; callerid rules lists them"}`);
      }
      if (wanted === "json") console.stdout(rulesJson(shown));
      else console.stdout(id === undefined ? catalogue(shown) : page(shown[0] as Rule));
    });
}

function rulesJson(shown: readonly Rule[]): string {
  const entries = shown.map(({ id, title, severity, why, remedy, links }) => ({
    id,
    title,
    severity,
    why,
    remedy,
    links,
  }));
  return jsonText({ version: 1, rules: entries });
}

function catalogue(shown: readonly Rule[]): string {
  const width = Math.max(...shown.map((rule) => rule.id.length));
  return shown.map((rule) => `${rule.id.padEnd(width)}  ${rule.severity.padEnd(7)}  ${rule.title}\n`).join("");
}

function page(rule: Rule): string {
  const parts = [`${rule.id} (${rule.severity})`, rule.title, "", rule.why, "", `What to do: ${rule.remedy}`];
  if (rule.silence) parts.push("", `Silent on: ${rule.silence}`);
  parts.push("", ...rule.links, pageOf(rule.id), "");
  return parts.join("\n");
}
