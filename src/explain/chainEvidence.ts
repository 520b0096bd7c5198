import { sha1 } from "../aws/digests";
import { partitionOf, regionInfo } from "../aws/regions";
import type { OutputError } from "../documents/terraformOutput";
import type { Facts } from "../facts/facts";
import type { Chain, ChainCode } from "../model/chain";
import { describeSet } from "../model/describe";
import type { CauseId } from "./causes";
import { type ErrorFamily, familyOf } from "./errorFamilies";
import { blocksBehind, type Evidence, type Here, isStored } from "./here";
import { didYouMean } from "./suggest";

/** What the chains of the blocks behind an error, the environment and the logins say of it. */
export function chainEvidence(error: OutputError, here: Here): readonly Evidence[] {
  const family = familyOf(error.code);
  const chains = blocksBehind(error, here).map(here.chainOf);
  return [
    ...chains.flatMap((chain) => ofChain(chain, error, family)),
    ...(family === "nothing" ? withoutOwnSource(error, here) : []),
    ...namedProfile(error, here.facts),
    ...cachedLogin(error, here.facts),
  ];
}

function ofChain(chain: Chain, error: OutputError, family: ErrorFamily | undefined): readonly Evidence[] {
  const { winner, problem, region } = chain;
  const found: Evidence[] = [];
  const foretold = problem && !problem.isPossible ? foretells[problem.code]?.[family ?? "other"] : undefined;
  if (problem && foretold)
    found.push({
      id: foretold,
      likelihood: "certain",
      evidence: problem.message,
      ...(problem.at ? { at: problem.at } : {}),
    });
  if (family === "key" || family === "signature" || family === "expired" || error.code === "AccessDenied") {
    if (winner && isStored(chain)) {
      const evidence = `The keys are those that terraform init stored${winner.ending ? `, ****${winner.ending}` : ""}.`;
      found.push({
        id: "backend-cached-creds",
        likelihood: "likely",
        evidence,
        ...(winner.at ? { at: winner.at } : {}),
      });
    }
  }
  if (family === "key" && error.region === undefined && region) found.push(...byRegion(region.name, region.at));
  return found;
}

/** A problem that Terraform's files foretell, and the errors it comes out as. */
const foretells: Readonly<Partial<Record<ChainCode, Readonly<Partial<Record<ErrorFamily, CauseId>>>>>> = {
  profile_not_found: { profile: "profile-missing" },
  partial_credentials: { profile: "profile-partial-keys" },
  static_credentials_empty: { half: "missing-secret-key" },
  mfa_required: { mfa: "mfa-required" },
  sso_token_invalid: { sso: "sso-session-expired" },
  credential_process_failed: { process: "credential-process-failed" },
  config_parse: { profile: "config-unreadable" },
  missing_region: { region: "region-unset" },
  backend_changed: { block: "backend-cached-config" },
};

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function byRegion(name: string, at: Evidence["at"]): readonly Evidence[] {
  const place = at ? { at } : {};
  const partition = partitionOf(name);
  if (partition !== undefined && partition !== "aws")
    return [{ id: "partition-mismatch", likelihood: "likely", evidence: `The region is ${name}.`, ...place }];
  return regionInfo(name)?.optIn
    ? [{ id: "region-opt-in", likelihood: "likely", evidence: `The region is ${name}.`, ...place }]
    : [];
}

/** A backend that names no source, beside a provider that does. */
function withoutOwnSource(error: OutputError, here: Here): readonly Evidence[] {
  if (error.stage !== "backend" && error.stage !== "remote-state") return [];
  const provider = here.blocks.find(
    ({ origin, settings }) => origin.kind === "provider" && (settings.profile || settings.accessKeyId),
  );
  const id = error.stage === "backend" ? "backend-missing-creds" : "remote-state-no-profile";
  return blocksBehind(error, here).flatMap((set): readonly Evidence[] => {
    if (!provider || set.settings.profile || set.settings.accessKeyId) return [];
    const evidence = `${describeSet(provider)} names its credentials, ${describeSet(set)} does not.`;
    return [{ id, likelihood: "likely", evidence: capitalized(evidence), at: set.at }];
  });
}

/** Whether the profile that the text names is there. */
function namedProfile({ code, profile, text }: OutputError, facts: Facts): readonly Evidence[] {
  if (code !== "SharedConfigProfile" || profile === undefined || !facts.awsFiles.read) return [];
  const isSource = /failedtoloadassumerole|source_?profile/i.test(text);
  if (facts.profiles.has(profile)) {
    const evidence = `On this machine profile ${profile} is there.`;
    return [{ id: "profile-in-ci", likelihood: "likely", evidence }];
  }
  const evidence = `There is no profile ${profile} on this machine${didYouMean(profile, facts.profiles.keys())}`;
  return [{ id: isSource ? "source-profile-missing" : "profile-missing", likelihood: "likely", evidence }];
}

/** The file that was looked for is named after what the SDK has read: the session's name, or the portal's address. */
function cachedLogin({ code, text }: OutputError, { profiles, ssoSessions }: Facts): readonly Evidence[] {
  if (!/^SSO/.test(code)) return [];
  const hash = /sso[/\\]cache[/\\]([0-9a-f]{40})\.json/.exec(text)?.[1];
  if (hash === undefined) return [];
  const session = [...ssoSessions.keys()].find((name) => sha1(name) === hash);
  if (session !== undefined) {
    const evidence = `The file belongs to sso-session ${session}.`;
    return [{ id: "sso-not-logged-in", likelihood: "certain", evidence }];
  }
  const urls = [...profiles.values()].map(({ set }) => set);
  const legacy = urls.find(({ settings }) => {
    const url = settings.ssoStartUrl?.value;
    return url?.kind === "literal" && sha1(url.text) === hash;
  });
  if (!legacy) return [];
  const evidence = `The file belongs to the sso_start_url of ${describeSet(legacy)}.`;
  return legacy.settings.ssoSession
    ? [{ id: "sso-session-format-unsupported", likelihood: "certain", evidence, at: legacy.at }]
    : [{ id: "sso-not-logged-in", likelihood: "likely", evidence, at: legacy.at }];
}
