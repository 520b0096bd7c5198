import type { OutputError } from "../documents/terraformOutput";
import { environmentPath } from "../facts/environment";
import type { Facts } from "../facts/facts";
import type { CredentialSet, Setting, SettingName } from "../model/credentials";
import type { Finding } from "../model/finding";
import type { Location } from "../model/text";
import { causeOfFinding } from "./causesOfFindings";
import { blocksBehind, type Evidence, type Here } from "./here";
import type { Likelihood } from "./suspicion";

const severest: Readonly<Record<Finding["severity"], Likelihood>> = {
  error: "certain",
  warning: "likely",
  info: "possible",
  hint: "possible",
};

/** What the findings say about an error: each that can cause its code, where the blocks it may come from use it. */
export function findingEvidence(error: OutputError, here: Here): readonly Evidence[] {
  const concerned = setsBehind(error, here);
  const others = here.facts.sets.filter((set) => !concerned.includes(set));
  return here.findings.flatMap((finding) => {
    const setting = settingAt(here.facts.sets, finding.at);
    const found = causeOfFinding(finding.rule, error.code, setting);
    if (found === undefined) return [];
    // What a list of endpoints leaves out is another mistake in a backend than in a provider.
    const isStore = error.stage === "backend" || error.stage === "remote-state";
    const id = found === "mock-endpoint-leak" && isStore ? "non-aws-endpoint" : found;
    if (isOfAnotherProfile(finding.at, error, here.facts)) return [];
    const isElsewhere =
      !concerned.some((set) => holds(set, finding.at)) && others.some((set) => holds(set, finding.at));
    if (isElsewhere) return [];
    return [{ id, likelihood: likelihoodOf(finding, error), evidence: finding.message, at: finding.at }];
  });
}

/** What is no mistake in itself can be the very reason of a failure. */
function likelihoodOf({ rule, severity }: Finding, { stage }: OutputError): Likelihood {
  const isReason = rule === "backend-provider-mismatch" || (rule === "validation-skipped" && stage === "resource");
  return isReason ? "likely" : severest[severity];
}

/** A section's header that is not the one of the profile that was asked for. */
function isOfAnotherProfile(at: Location, { profile }: OutputError, { headers }: Facts): boolean {
  const header = headers.find((one) => one.at.path === at.path && one.at.span.start === at.span.start);
  return header !== undefined && profile !== undefined && !header.written.endsWith(profile);
}

/** The blocks an error may come from, and the profiles and the environment that they take credentials from. */
function setsBehind(error: OutputError, here: Here): readonly CredentialSet[] {
  const own = blocksBehind(error, here);
  const { facts } = here;
  const chains = own.map(here.chainOf);
  const names = new Set([error.profile, ...chains.map(({ profile }) => profile)]);
  const profiles = [...names].flatMap((name) => withSources(facts, name));
  const isFixed = chains.length > 0 && chains.every(({ winner }) => winner?.kind === "static");
  const environment = isFixed ? [] : facts.sets.filter(({ origin }) => origin.kind === "environment");
  return [...own, ...profiles, ...environment];
}

/** A profile's set and those of its source profiles. */
function withSources(facts: Facts, name: string | undefined, seen: readonly string[] = []): readonly CredentialSet[] {
  const set = name === undefined || seen.includes(name) ? undefined : facts.profiles.get(name)?.set;
  if (!set || name === undefined) return [];
  const source = set.settings.sourceProfile?.value;
  return [set, ...withSources(facts, source?.kind === "literal" ? source.text : undefined, [...seen, name])];
}

const isAt = (one: Location, other: Location) => one.path === other.path && one.span.start === other.span.start;

const settingsIn = ({ settings, empty, roles }: CredentialSet): readonly Setting[] =>
  [
    ...Object.values(settings),
    ...Object.values(empty),
    ...roles.flatMap(({ arn, tokenFile }) => [arn ?? [], tokenFile ?? []].flat()),
  ].flatMap((setting) => [setting, ...(setting.candidates ?? [])]);

const placesOf = ({ at, valueAt, nameAt, usedAt }: Setting) => [at, valueAt, nameAt, ...(usedAt ? [usedAt] : [])];

function holds(set: CredentialSet, at: Location): boolean {
  if (set.origin.kind === "environment") return at.path === environmentPath;
  const places = [
    set.at,
    ...settingsIn(set).flatMap(placesOf),
    ...set.misnamed.map((one) => one.at),
    ...set.roles.map((one) => one.at),
    ...(set.endpoints ?? []).flatMap(({ at, nameAt, listAt }) => [at, nameAt, listAt]),
  ];
  return places.some((one) => isAt(one, at));
}

function settingAt(sets: readonly CredentialSet[], at: Location): SettingName | undefined {
  return sets.flatMap(settingsIn).find((setting) => placesOf(setting).some((one) => isAt(one, at)))?.name;
}
