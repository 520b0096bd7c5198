import type { Command } from "commander";
import { analyze, blocksIn, manualOf, type Report } from "../analyzer";
import { loadWorkspace } from "../live/load";
import { verify } from "../live/verify";
import type { CredentialSet, Verification } from "../model/credentials";
import { announcing } from "./announcing";
import { type Console, existing, exitCodes, type Finish, formatOption } from "./console";
import { diagnosisJson, diagnosisText } from "./formats/diagnosis";

interface DiagnoseFlags {
  readonly live?: boolean;
  readonly format: "text" | "json";
}

export function addDiagnose(program: Command, console: Console, finish: Finish): void {
  program
    .command("diagnose")
    .description("every step from what is written to what AWS says, each with its reason, and one verdict")
    .argument("[DIR]", "the Terraform directory", ".")
    .option("--live", "also ask AWS whose keys they are; keys that stand in the workspace's files are left out")
    .addOption(formatOption("text", "json"))
    .addHelpText(
      "after",
      `
Examples:
  callerid diagnose
  callerid diagnose --live infrastructure
  callerid diagnose --format json
`,
    )
    .action(async (directory: string, flags: DiagnoseFlags) => finish(await diagnoseIn(directory, flags, console)));
}

async function diagnoseIn(directory: string, flags: DiagnoseFlags, console: Console): Promise<number> {
  const { diagnose } = await import("../explain/explainOutput");
  const root = existing(directory, console);
  const { workspace, textOf } = loadWorkspace(console.world, [root], { environmentOwner: "this process" });
  const report = analyze(workspace);
  const blocks = blocksIn(report, root);
  const verifications = flags.live ? await asked(report, blocks, console) : undefined;
  const observations = verifications?.flatMap(({ observation }) => observation ?? []);
  const diagnosis = diagnose({
    facts: report.facts,
    findings: observations ? analyze({ ...workspace, observations }).findings : report.findings,
    blocks,
    chainOf: report.chainOf,
    remedyOf: (rule) => manualOf(rule)?.remedy,
    ...(verifications ? { verifications } : {}),
  });
  const places = { text: textOf, cwd: console.cwd, home: console.world.home };
  console.stdout(
    flags.format === "json" ? diagnosisJson(diagnosis, places) : diagnosisText(diagnosis, places, console.color),
  );
  return diagnosis.steps.some(({ result }) => result === "failed") ? exitCodes.findings : exitCodes.clean;
}

async function asked(
  { facts }: Report,
  blocks: readonly CredentialSet[],
  console: Console,
): Promise<readonly Verification[]> {
  const verifications: Verification[] = [];
  for (const set of blocks) {
    verifications.push(
      await verify(facts, set, console.world, {
        mayUseFoundKeys: false,
        withoutRoles: false,
        mayRenewLogin: false,
        announce: announcing(set, console),
      }),
    );
  }
  return verifications;
}
