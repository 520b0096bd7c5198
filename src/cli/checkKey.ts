import { type Command, InvalidArgumentError } from "commander";
import { createColors } from "picocolors";
import { accountOf, shownKey } from "../explain/keys";
import { checksOf, type KeyCheck, liveCheck } from "../explain/newKey";
import { newKeyIn } from "../live/newKey";
import { probeAtHome } from "../live/probe";
import type { NewKey } from "../model/newKey";
import { type Console, exitCodes, FailureError, type Finish, formatOption, UsageError } from "./console";
import { jsonText, printable } from "./output";

interface CheckKeyFlags {
  readonly live?: boolean;
  readonly region?: string;
  readonly endpoint?: string;
  readonly format: "text" | "json";
}

export function addCheckKey(program: Command, console: Console, finish: Finish): void {
  program
    .command("check-key")
    .description("a new key from standard input, judged before it is used; nothing is sent without --live")
    .argument("[-]", "the JSON of aws iam create-access-key, aws sts assume-role or a credential_process", "-")
    .option("--live", "also ask AWS whose key it is, by sts:GetCallerIdentity")
    .option("--region <region>", "with --live: ask in this region")
    .option("--endpoint <url>", "with --live: ask this host instead of AWS: https, or a loopback address", endpointUrl)
    .addOption(formatOption("text", "json"))
    .addHelpText(
      "after",
      `
Examples:
  callerid check-key < key.json
  aws iam create-access-key --user-name terraform | callerid check-key
  callerid check-key --live --region eu-west-1 < key.json
  callerid check-key --live --endpoint http://localhost:4566 < key.json
  callerid check-key --format json < key.json
`,
    )
    .action(async (file: string, flags: CheckKeyFlags) => finish(await checkKey(file, flags, console)));
}

function endpointUrl(text: string): string {
  if (!URL.canParse(text)) throw new InvalidArgumentError("It is not a URL.");
  return text;
}

async function checkKey(file: string, flags: CheckKeyFlags, console: Console): Promise<number> {
  // A key has no business in an argument, where every process of the machine can read it.
  if (file !== "-") throw new UsageError("the key is read from standard input alone: callerid check-key < FILE");
  const { world } = console;
  if (console.isTyped) console.stderr("Paste the JSON, then press Ctrl-D (on Windows Ctrl-Z and Enter).\n");
  const text = await world.readOutput();
  const key = typeof text === "string" ? newKeyIn(text) : undefined;
  if (!key) throw new FailureError("standard input holds no JSON with an AccessKeyId and a SecretAccessKey");
  const offline = checksOf(key, world.now());
  const isGood = offline.every(({ result }) => result !== "failed");
  const checks = [...offline, await askedAbout(key, isGood, flags, console)];
  console.stdout(flags.format === "json" ? checksJson(key, checks) : checksText(key, checks, console.color));
  if (checks.some(({ result }) => result === "failed")) return exitCodes.findings;
  return checks.some(({ result }) => result === "unknown") ? exitCodes.failure : exitCodes.clean;
}

/** A key that is bad already, or a trap, is not sent. */
async function askedAbout(key: NewKey, isGood: boolean, flags: CheckKeyFlags, console: Console): Promise<KeyCheck> {
  const { world } = console;
  if (!flags.live) return { id: "live", result: "skipped", because: "AWS was not asked; --live does." };
  if (!isGood) return { id: "live", result: "skipped", because: "It was not sent." };
  const { AWS_REGION, AWS_DEFAULT_REGION } = world.environment;
  const { endpoint } = flags;
  const region = flags.region ?? (AWS_REGION || AWS_DEFAULT_REGION || "us-east-1");
  console.stderr(
    `asking ${endpoint === undefined ? `STS in ${printable(region)}` : printable(new URL(endpoint).host)}\n`,
  );
  const request = { keys: key.keys, region, ...(endpoint === undefined ? {} : { endpoint }) };
  const startedAt = world.now();
  const reply = await world.callerIdentity(request);
  return liveCheck(key, reply, await probeAtHome(request, reply, startedAt, world), world.now());
}

function checksJson({ keys, idShape }: NewKey, checks: readonly KeyCheck[]): string {
  const account = accountOf(keys.accessKeyId);
  return jsonText({
    version: 1,
    key: shownKey(keys.accessKeyId),
    kind:
      idShape.kind === "temporary-key-id" ? "temporary" : idShape.kind === "long-term-key-id" ? "long-term" : "unknown",
    ...(account === undefined ? {} : { account }),
    checks: checks.map(({ because, next = [], ...rest }) => ({
      ...rest,
      because: printable(because),
      next: next.map(printable),
    })),
  });
}

function checksText({ keys }: NewKey, checks: readonly KeyCheck[], color: boolean): string {
  const colors = createColors(color);
  const marks = {
    passed: colors.green("✓"),
    failed: colors.red("✗"),
    unknown: colors.yellow("?"),
    skipped: colors.dim("-"),
  };
  const lines = checks.flatMap(({ result, because, next = [] }) => [
    `  ${marks[result]} ${printable(because)}`,
    ...next.map((step) => `    → ${printable(step)}`),
  ]);
  return [`Key ${shownKey(keys.accessKeyId)}`, ...lines, ""].join("\n");
}
