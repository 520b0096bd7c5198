import { type Command, InvalidArgumentError } from "commander";
import { analyze, blocksIn, implicitProvider, type Report } from "../analyzer";
import { didYouMean } from "../explain/suggest";
import { verdictOf } from "../explain/verdict";
import { loadWorkspace } from "../live/load";
import { verify } from "../live/verify";
import type { CredentialSet, Verification } from "../model/credentials";
import type { Finding } from "../model/finding";
import { announcing } from "./announcing";
import { assertOneAtMost, type Console, existing, exitCodes, FailureError, type Finish, formatOption } from "./console";
import { type Answered, verificationJson, verificationText } from "./formats/verification";
import { printable } from "./output";

interface VerifyFlags {
  readonly backend?: boolean;
  readonly provider?: string;
  readonly profile?: string;
  readonly region?: string;
  readonly endpoint?: string;
  readonly roles: boolean;
  readonly renewLogin?: boolean;
  readonly runCredentialProcess?: boolean;
  readonly yes?: boolean;
  readonly format: "text" | "json";
}

export function addVerify(program: Command, console: Console, finish: Finish): void {
  program
    .command("verify")
    .description("the live identity of what Terraform would use, asked by sts:GetCallerIdentity")
    .argument("[DIR]", "the Terraform directory", ".")
    .option("--backend", "the S3 backend")
    .option("--provider <address>", "a provider block: aws or aws.ALIAS")
    .option("--profile <name>", "a profile of the AWS files")
    .option("--region <region>", "ask in this region")
    .option("--endpoint <url>", "ask this host instead of AWS: https, or a loopback address", endpointUrl)
    .option("--no-roles", "ask whose the keys are and assume no role with them")
    .option("--renew-login", "renew an SSO login that is over and keep it, as Terraform does")
    .option("--run-credential-process", "run the credential_process of a profile of ~/.aws, as Terraform does")
    .option("--yes", "also send keys that stand in the workspace's files, and fetch keys as these say")
    .addOption(formatOption("text", "json"))
    .addHelpText(
      "after",
      `
Examples:
  callerid verify
  callerid verify --backend --format json
  callerid verify --provider aws.east infrastructure
  callerid verify --profile dev --region eu-west-1
  callerid verify --endpoint http://localhost:4566
  callerid verify --no-roles --provider aws.east
  callerid verify --profile work --renew-login
  callerid verify --profile vault --run-credential-process
  callerid verify --yes
`,
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
  assertOneAtMost({ "--backend": flags.backend, "--provider": flags.provider, "--profile": flags.profile });
  const { workspace, textOf } = loadWorkspace(world, [root], { environmentOwner: "this process" });
  const report = analyze(workspace);
  const targets = targetsOf(report, root, flags);
  if (flags.endpoint !== undefined)
    console.stderr(`asking ${printable(new URL(flags.endpoint).host)} instead of AWS\n`);
  const verifications: Answered[] = [];
  for (const set of targets) {
    const verification = await verify(report.facts, set, world, {
      mayUseFoundKeys: flags.yes === true,
      withoutRoles: !flags.roles,
      mayRenewLogin: flags.renewLogin === true,
      mayRunProgram: flags.runCredentialProcess === true,
      workspace: [root],
      announce: announcing(set, console),
      ...(flags.endpoint === undefined ? {} : { endpoint: flags.endpoint }),
      ...(flags.region === undefined ? {} : { region: flags.region }),
    });
    verifications.push({ ...verification, findings: findingsOf(verification, workspace, report) });
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

type Workspace = Parameters<typeof analyze>[0];

/** What the answer brings to light besides. */
function findingsOf({ observation }: Verification, workspace: Workspace, before: Report): readonly Finding[] {
  if (!observation) return [];
  const name = ({ rule, at, message }: Finding) => JSON.stringify([rule, at, message]);
  const known = new Set(before.findings.map(name));
  return analyze({ ...workspace, observations: [observation] }).findings.filter((one) => !known.has(name(one)));
}

function targetsOf(report: Report, directory: string, flags: VerifyFlags): readonly CredentialSet[] {
  if (flags.profile !== undefined) {
    const { facts } = report;
    const profile = facts.profiles.get(flags.profile);
    if (!profile) {
      throw new FailureError(`there is no profile ${flags.profile}${didYouMean(flags.profile, facts.profiles.keys())}`);
    }
    return [profile.set];
  }
  const all = blocksIn(report, directory);
  if (!flags.backend && flags.provider === undefined) return all;
  const wanted = all.filter((set) => {
    if (set === implicitProvider) return false;
    const { origin } = set;
    return flags.backend ? origin.kind === "backend" : origin.kind === "provider" && origin.address === flags.provider;
  });
  if (wanted.length > 0) return wanted;
  throw new FailureError(
    `there is no ${flags.backend ? "S3 backend" : `provider ${flags.provider}`} in this directory`,
  );
}
