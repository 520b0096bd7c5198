import { type Command, Option } from "commander";
import type { Report } from "../analyzer";
import { type Finding, type Severity, severities } from "../model/finding";
import { rules } from "../rules";
import { baselineOf } from "./baseline";
import { chosenConfiguration } from "./configuration";
import { absolute, type Console, exitCodes, FailureError, type Finish, formatOption, UsageError } from "./console";
import { applySafeFixes } from "./fix";
import { scanGithub } from "./formats/github";
import { type ScanResult, scanJson } from "./formats/json";
import { repositoriesJson, repositoriesText } from "./formats/repositories";
import { scanSarif } from "./formats/sarif";
import { scanText } from "./formats/text";
import { type Looking, lookAt } from "./look";
import { printable } from "./output";
import { repositoriesIn, scanned, together } from "./repositories";
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
  readonly repos?: string;
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
    .option(
      "--repos <file>",
      "scan every repository that this file lists, a folder a line, each by itself and without the AWS files",
    )
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
  callerid scan --repos repositories.txt --format json
  callerid scan --fix
  callerid scan --fix --fix-home
  callerid scan --write-baseline callerid-baseline.json
  callerid scan --baseline callerid-baseline.json
`,
    )
    .action(async (paths: string[], options: ScanOptions, command: Command) => {
      if (options.repos !== undefined && command.args.length > 0)
        throw new UsageError("--repos names what is scanned: give no PATH");
      finish(
        options.repos === undefined ? await scan(paths, options, console) : scanAll(options.repos, options, console),
      );
    });
}

async function scan(paths: readonly string[], options: ScanOptions, console: Console): Promise<number> {
  const home = typeof options.home === "string" ? absolute(options.home, console) : console.world.home;
  const selection = await selectionOf(paths, options, { ...console, world: { ...console.world, home } });
  const { world, roots } = selection;
  if (options.fixHome && !options.fix) throw new UsageError("--fix-home goes with --fix");
  const settings = typeof options.config === "string" ? chosenConfiguration(options.config, roots, console) : undefined;
  const looking = lookingOf(options, settings);
  const look = () => lookAt(selection, looking, console);
  const tell = (line: string) => console.stderr(`${line}\n`);
  const [{ report, result }, isComplete] = options.fix
    ? applySafeFixes(look, { world, homes: [home, console.world.home], mayTouchHome: options.fixHome === true, tell })
    : [look(), true];
  if (options.writeBaseline === undefined) console.stdout(format(result, report, options.format, console.color));
  else writeBaseline(options.writeBaseline, result, console);
  return isComplete ? exitCodeOf(result, options) : exitCodes.failure;
}

/** Every repository of a list by itself: with its own configurations, and without what is this machine's. */
function scanAll(list: string, options: ScanOptions, console: Console): number {
  for (const [name, value] of Object.entries({
    "--staged": options.staged,
    "--since": options.since,
    "--fix": options.fix,
  })) {
    if (value !== undefined) throw new UsageError(`${name} is about one repository, --repos about many`);
  }
  const settingsFor = (root: string) =>
    typeof options.config === "string" ? chosenConfiguration(options.config, [root], console) : undefined;
  const repositories = repositoriesIn(list, console).map((repository) =>
    scanned(repository, (root) => lookingOf({ ...options, home: false, env: false }, settingsFor(root)), console),
  );
  const result = together(repositories, console);
  if (options.writeBaseline !== undefined) writeBaseline(options.writeBaseline, result, console);
  else if (options.format === "json") console.stdout(repositoriesJson(repositories, result));
  else if (options.format === "text") console.stdout(repositoriesText(repositories, console.color));
  else console.stdout(options.format === "sarif" ? scanSarif(result, rules, version) : scanGithub(result));
  for (const { name, failure = [] } of repositories) {
    for (const line of failure) console.stderr(`callerid: ${printable(`${name}: ${line}`)}\n`);
  }
  return repositories.some(({ failure }) => failure) ? exitCodes.failure : exitCodeOf(result, options);
}

const lookingOf = (options: ScanOptions, settings: Looking["settings"]): Looking => ({
  withoutHome: options.home === false,
  withoutEnvironment: !options.env,
  withoutConfigurations: options.config === false,
  ...(settings ? { settings } : {}),
  ...(options.baseline === undefined || options.writeBaseline !== undefined ? {} : { baseline: options.baseline }),
});

function writeBaseline(file: string, result: ScanResult, console: Console): void {
  try {
    console.world.writeText(absolute(file, console), baselineOf(result));
  } catch {
    throw new FailureError(`${file} cannot be written`);
  }
  console.stderr(`${result.findings.length} findings written to ${printable(file)}\n`);
}

function exitCodeOf({ findings }: ScanResult, { failOn, writeBaseline: written }: ScanOptions): number {
  if (written !== undefined) return exitCodes.clean;
  return findings.some((finding) => isAtLeast(finding, failOn)) ? exitCodes.findings : exitCodes.clean;
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
