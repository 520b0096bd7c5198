import { type Command, Option } from "commander";
import { analyze, type Report } from "../analyzer";
import { loadWorkspace } from "../live/load";
import { type Finding, type Severity, severities } from "../model/finding";
import { rules } from "../rules";
import { baselineOf, withoutKnown } from "./baseline";
import { assertConfigured, chosenConfiguration } from "./configuration";
import { absolute, type Console, exitCodes, FailureError, type Finish, formatOption, UsageError } from "./console";
import { applySafeFixes, type Look } from "./fix";
import { scanGithub } from "./formats/github";
import { type ScanResult, scanJson } from "./formats/json";
import { scanSarif } from "./formats/sarif";
import { scanText } from "./formats/text";
import { printable } from "./output";
import { selectionOf } from "./selection";
import { version } from "./version";

interface ScanOptions {
  readonly format: "text" | "json" | "sarif" | "github";
  readonly failOn: Severity;
  readonly home: string | boolean;
  readonly env: boolean;
  readonly config?: string | false;
  readonly staged?: boolean;
  readonly since?: string;
  readonly fix?: boolean;
  readonly fixHome?: boolean;
  readonly baseline?: string;
  readonly writeBaseline?: string;
}

export function addScan(program: Command, console: Console, finish: Finish): void {
  program
    .command("scan")
    .description("findings of the files below PATH and of the AWS files")
    .argument("[PATH...]", "files and folders", ["."])
    .addOption(formatOption("text", "json", "sarif", "github"))
    .addOption(
      new Option("--fail-on <severity>", "exit 1 on findings of this severity or worse")
        .choices(severities)
        .default("warning"),
    )
    .option("--home <dir>", "the home directory whose .aws is read")
    .option("--no-home", "leave the AWS files out")
    .option("--no-env", "leave the environment out")
    .option("--config <file>", "this configuration for everything, instead of the .callerid.json of each folder")
    .option("--no-config", "heed no configuration, such as one in a repository of others")
    .option("--staged", "judge what git would commit: the staged content, and only files that it changes")
    .option("--since <revision>", "report only files that changed since this branch left the revision")
    .option("--fix", "apply the fixes that need no second look, then report what is left")
    .option(
      "--fix-home",
      "with --fix: yes, also change ~/.aws/credentials and ~/.aws/config, or what stands in for them",
    )
    .option("--baseline <file>", "report only what is not in this baseline")
    .option("--write-baseline <file>", "write the findings to a baseline and exit")
    .addHelpText(
      "after",
      `
Examples:
  callerid scan
  callerid scan --fail-on error infrastructure modules
  callerid scan --no-home --no-env --format github
  callerid scan --no-home --format sarif infrastructure > callerid.sarif
  callerid scan --home /home/ci --format json
  callerid scan --config ../team/callerid.jsonc
  callerid scan --no-config --no-env downloaded/module
  callerid scan --staged
  callerid scan --since origin/main --no-home
  callerid scan --fix
  callerid scan --fix --fix-home
  callerid scan --write-baseline callerid-baseline.json
  callerid scan --baseline callerid-baseline.json
`,
    )
    .action(async (paths: string[], options: ScanOptions) => finish(await scan(paths, options, console)));
}

async function scan(paths: readonly string[], options: ScanOptions, console: Console): Promise<number> {
  const home = typeof options.home === "string" ? absolute(options.home, console) : console.world.home;
  const selection = await selectionOf(paths, options, { ...console, world: { ...console.world, home } });
  const { world, roots } = selection;
  if (options.fixHome && !options.fix) throw new UsageError("--fix-home goes with --fix");
  const settings = typeof options.config === "string" ? chosenConfiguration(options.config, roots, console) : undefined;
  const look = (): Look => {
    const loaded = loadWorkspace(world, roots, {
      withoutHome: options.home === false,
      withoutEnvironment: !options.env,
      environmentOwner: "this process",
      ...(options.config === undefined ? { configuredBelow: selection.top } : {}),
      ...(settings ? { settings } : {}),
    });
    const report = analyze(loaded.workspace);
    assertConfigured(report, { text: loaded.textOf, cwd: console.cwd, home: world.home });
    const all: ScanResult = {
      findings: report.findings,
      skipped: loaded.skipped,
      fileCount: loaded.count,
      text: loaded.textOf,
      cwd: console.cwd,
      home: world.home,
    };
    const selected = selection.narrow({ loaded, report, result: all });
    if (options.baseline === undefined || options.writeBaseline !== undefined) return selected;
    const baseline = console.world.read(absolute(options.baseline, console));
    return { ...selected, result: withoutKnown(selected.result, options.baseline, baseline) };
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

function format(result: ScanResult, report: Report, wanted: ScanOptions["format"], color: boolean): string {
  switch (wanted) {
    case "json":
      return scanJson(result);
    case "sarif":
      return scanSarif(result, rules, version);
    case "github":
      return scanGithub(result);
    case "text":
      return scanText(
        result,
        report.blocks.map((set) => ({ set, chain: report.chainOf(set) })),
        color,
      );
  }
}

function isAtLeast(finding: Finding, threshold: Severity): boolean {
  return severities.indexOf(finding.severity) <= severities.indexOf(threshold);
}
