import { isKnownRegion, isPossibleRegion } from "../aws/regions";
import type { ChainProblem, ChainRegion, ChainStep, Outcome, ShadowedSource } from "../model/chain";
import { loadedBase } from "./chainBase";
import { type ChainContext, type RunBlock, stop, variableIn } from "./chainBlock";
import { refusalOf } from "./chainRefusal";
import { blockRoles } from "./chainRoles";
import {
  isTrue,
  type ProfileChoice,
  profileChoice,
  profileRegion,
  regionOf,
  type Settings,
  wordOf,
} from "./chainSettings";
import { candidatesOf, stepsOf } from "./chainSteps";

/** What the steps of the chain come to, before anybody is told. */
export interface TerraformOutcome extends Outcome {
  readonly region?: ChainRegion;
  readonly steps: readonly ChainStep[];
  readonly shadowed: readonly ShadowedSource[];
}

/**
 * Which credentials Terraform 1.6 and later, and the AWS provider from 4.0, use for a block.
 * hashicorp/aws-sdk-go-base, aws_config.go and credentials.go; aws/aws-sdk-go-v2, config/resolve_credentials.go and
 * config/shared_config.go; measured with Terraform 1.11.4.
 */
export function terraformOutcome(block: RunBlock, context: ChainContext): TerraformOutcome {
  const run = new Map(block.values);
  const settings: Settings = { block, context, word: (name) => wordOf(run.get(name)) };
  const profile = profileChoice(settings);
  const named = profileRegion(settings, profile);
  const region = regionOf(settings, named);
  const candidates = candidatesOf(settings, profile);
  const outcome = decided(settings, profile, region);
  return { ...outcome, ...(region ? { region } : {}), ...stepsOf(candidates, outcome) };
}

/** Variables whose values stop the SDK for Go, whatever they are for. */
const strictVariables: Readonly<Record<string, RegExp>> = {
  AWS_RETRY_MODE: /^(?:standard|adaptive)$/,
  AWS_MAX_ATTEMPTS: /^[+-]?\d+$/,
};

function badVariable(context: ChainContext): ChainProblem | undefined {
  for (const [name, form] of Object.entries(strictVariables)) {
    const value = variableIn(context, [name]);
    if (value && !form.test(value.text)) return stop("invalid_value", `Terraform takes no such ${name}.`, value.spot);
  }
  return undefined;
}

function decided(settings: Settings, profile: ProfileChoice, region: ChainRegion | undefined): Outcome {
  const { block, word } = settings;
  const [first] = block.problems;
  if (first) return { roles: [], problem: first };
  const own = word("region");
  const skipsRegion = isTrue(block, "skip_region_validation");
  const checked = block.dialect === "backend" ? own?.text : region?.name;
  // Another Terraform may know more regions.
  const isLater = checked !== undefined && !settings.context.isCallKnown && isPossibleRegion(checked);
  if (checked !== undefined && !skipsRegion && !isKnownRegion(checked) && !isLater) {
    return { roles: [], problem: stop("invalid_region", `${checked} is no region that Terraform knows.`, own?.spot) };
  }
  const odd = badVariable(settings.context);
  if (odd) return { roles: [], problem: odd };
  const loaded = loadedBase(settings, profile);
  if ("problem" in loaded) return { roles: [], problem: loaded.problem };
  const { base } = loaded;
  const shown = {
    ...(base.source ? { winner: base.source } : {}),
    ...(base.profile === undefined ? {} : { profile: base.profile }),
  };
  if (base.problem) return { ...shown, roles: [], problem: base.problem };
  if (base.flaw?.code === "invalid_value") {
    return { ...shown, roles: [], problem: { ...base.flaw, stage: "before-signing" } };
  }
  const badRegion = region && unsendableRegion(region);
  if (badRegion) return { ...shown, roles: [], problem: badRegion };
  const assumed = blockRoles(block);
  if ("problem" in assumed) return { roles: [], problem: assumed.problem };
  const roles = [...base.roles, ...assumed.roles];
  const foretold = refusalOf(settings, base, roles, region);
  if (foretold) return { ...shown, roles: roles.slice(0, foretold.reached), problem: foretold.problem };
  return { ...shown, roles };
}

function unsendableRegion(region: ChainRegion): ChainProblem | undefined {
  const { name, via: _, ...spot } = region;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  return /[\x00-\x1f\x7f]/.test(name) ? stop("invalid_value", "The region holds a line break.", spot) : undefined;
}
