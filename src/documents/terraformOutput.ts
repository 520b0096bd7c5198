import type { Span } from "../model/text";
import { type OutputBlock, outputBlocks } from "./terraformOutputBlocks";
import { codeIn, hasReason, squeeze } from "./terraformOutputCodes";
import { fieldsIn, type OutputFields } from "./terraformOutputFields";
import { withoutJson } from "./terraformOutputJson";
import { outputLines } from "./terraformOutputLines";
import { type OutputStage, stageIn } from "./terraformOutputStages";

/** One error about credentials in the output of Terraform or of a tool near it. */
export interface OutputError extends OutputFields {
  /** AWS's own code, or a word for what is said in a sentence. */
  readonly code: string;
  readonly stage: OutputStage;
  /** The text does not tell where it happened; the files may. */
  readonly isStageGuessed: boolean;
  readonly span: Span;
  /** Paragraphs as lines without white space. It may hold secrets: to be looked at, never to be shown. */
  readonly text: string;
}

export interface TerraformOutput {
  readonly errors: readonly OutputError[];
  /** Where the keys came from, as `TF_LOG` tells it. */
  readonly credentialsSource?: string;
  /** Whose machine it ran on, where the output shows it: a CI system's, or HCP Terraform's. */
  readonly ranIn?: "ci" | "hcp";
}

/** More than any error of Terraform's says; what comes after it is no longer read. */
const mostCharacters = 20_000;

/** The errors about credentials in an output, in order; linear in its length, and never throws. */
export function parseTerraformOutput(text: string): TerraformOutput {
  const lines = withoutJson(outputLines(text));
  const found = outputBlocks(lines, hasReason).flatMap((block) => errorIn(block) ?? []);
  const spoken = found.filter(({ isLog }) => !isLog);
  // A log says the same again, several times; it counts where nothing else speaks.
  const errors = distinct(withLogs(spoken.length > 0 ? spoken : found.slice(-1), text)).map(
    ({ isLog: _, ...one }) => one,
  );
  const source = /tf_aws\.credentials_source=("[^"\n]{1,200}"|\S{1,200})/.exec(text)?.[1];
  const ranIn = machineOf(text);
  return {
    errors,
    ...(source === undefined ? {} : { credentialsSource: source.replaceAll('"', "") }),
    ...(ranIn === undefined ? {} : { ranIn }),
  };
}

const hcp =
  /Running (?:plan|apply) in (?:HCP Terraform|Terraform Cloud|the remote backend)|Preparing the remote (?:plan|apply)/;
const ci =
  /##\[(?:error|section|group|debug|command)\]|^::(?:error|group|endgroup|debug)|\/home\/runner\/|\/runner\/_work\/|\/github\/workspace|GITHUB_ACTIONS|CODEBUILD_|\[Container\] \d{4}\/|\[Step \d+\/\d+\]|\[Pipeline\]|section_(?:start|end):\d|\/builds\/[\w.-]+\/|\/var\/jenkins_home|\/azp\/|\/vsts\/|\/atlantis-data\/|running "[^"\n]*terraform[^"\n]*" in "/m;

function machineOf(text: string): TerraformOutput["ranIn"] {
  return hcp.test(text) ? "hcp" : ci.test(text) ? "ci" : undefined;
}

interface Found extends OutputError {
  readonly isLog: boolean;
}

function errorIn(block: OutputBlock): Found | undefined {
  if (/^(?:Warning|Note):/.test(block.paragraphs[0]?.[0] ?? "")) return undefined;
  const lines = block.paragraphs.flat();
  const text = squeeze(block.paragraphs.map((paragraph) => paragraph.join(" ")).join("\n")).slice(0, mostCharacters);
  const code = codeIn(text);
  if (code === undefined) return undefined;
  const fields = fieldsIn(lines, text);
  const { stage, isGuessed } = stageIn({
    code,
    text,
    heading: squeeze(block.heading),
    situation: block.situation,
    address: fields.address,
  });
  return { code, stage, isStageGuessed: isGuessed, span: block.span, text, isLog: block.isLog, ...fields };
}

/** The region that the log's requests went to, where the error itself does not name one. */
function withLogs(errors: readonly Found[], text: string): readonly Found[] {
  const regions = [...text.matchAll(/\baws\.region=([a-z]{2,4}(?:-[a-z]+){1,3}-\d)\b/g)].map(
    ([, region = ""]) => region,
  );
  const [first] = regions;
  if (first === undefined || regions.some((one) => one !== first)) return errors;
  return errors.map((error) => (error.region === undefined ? { ...error, region: first } : error));
}

/** The same error, printed twice, counts once. */
function distinct(errors: readonly Found[]): readonly Found[] {
  const seen = new Set<string>();
  const told = errors.filter(({ isStageGuessed }) => !isStageGuessed);
  // Part of one that stands elsewhere in full: the rest of a long line of the log, or what was asked before the reason came.
  const isEcho = (one: Found) =>
    (one.code === "BucketNotVisible" && errors.length > 1) ||
    (one.isStageGuessed &&
      told.some(({ code, requestId }) => code === one.code && (one.requestId ?? requestId) === requestId));
  return errors
    .filter((one) => !isEcho(one))
    .filter(({ code, stage, address, file, line, profile, role, region, caller }) => {
      const key = [code, stage, address, file, line, profile, role, region, caller].join("\n");
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
}
