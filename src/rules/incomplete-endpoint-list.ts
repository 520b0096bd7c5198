import { hostOf, isOtherStoreHost } from "../aws/hosts";
import { isKnownRegion, isPossibleRegion } from "../aws/regions";
import { serviceNamed } from "../aws/services";
import { admitsOnlyBelow } from "../aws/versions";
import { switchOn } from "../facts/edits";
import { endpointKind, environmentEndpoint } from "../facts/environment";
import type { Facts } from "../facts/facts";
import { textOf } from "../facts/roleArns";
import type { CredentialSet, Endpoint, Setting, SettingName } from "../model/credentials";
import { describeSet } from "../model/describe";
import type { Fix, Problem } from "../model/finding";
import type { TextEdit } from "../model/text";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "incomplete-endpoint-list",
  title: "Calls that still go to AWS",
  severity: "warning",
  why: "What an endpoint list leaves out goes to AWS, and AWS does not know the keys of an emulator or of another store: `InvalidClientTokenId`. Terraform itself asks STS who it is, unless `skip_credentials_validation` and `skip_requesting_account_id` keep it from that.",
  remedy: "Add the service to the list, or the arguments that keep Terraform from asking AWS.",
  silence:
    "Lists and arguments that are not written out, and an environment that names endpoints too. Of an emulator, blocks whose keys are no stand-ins, and resources in other directories or of services that their type does not tell.",
  links: [
    "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/custom-service-endpoints",
    "https://developer.hashicorp.com/terraform/language/backend/s3#credentials-and-shared-configuration",
  ],
  examples: {
    "a queue that the emulator never gets": {
      "main.tf": `
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_requesting_account_id  = true

  endpoints {
# ^^^^^^^^^ incomplete-endpoint-list
    s3 = "http://localhost:4566"
  }
}

resource "aws_s3_bucket" "inbox" {
  bucket = "inbox"
}

resource "aws_sqs_queue" "inbox" {
  name = "inbox"
}
`,
    },
    "another store's keys, validated by AWS": {
      "backend.tf": `
terraform {
  backend "s3" {
    bucket    = "states"
    key       = "app.tfstate"
    region    = "us-east-1"
    endpoints = { s3 = "https://fra1.digitaloceanspaces.com" }
    #                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ incomplete-endpoint-list
  }
}
`,
    },
    "nobody asks AWS": {
      "backend.tf": `
terraform {
  backend "s3" {
    bucket                      = "states"
    key                         = "app.tfstate"
    region                      = "us-east-1"
    endpoints                   = { s3 = "https://fra1.digitaloceanspaces.com" }
    skip_credentials_validation = true
    skip_requesting_account_id  = true
  }
}
`,
    },
  },
  *check(facts) {
    if (environmentEndpoint(facts.environment) !== "aws") return;
    for (const set of facts.sets) {
      const endpoints = set.endpoints ?? [];
      if (endpoints.some(({ url }) => url.kind !== "literal")) continue;
      const problem = holeIn(set, endpoints, facts) ?? askedAtAws(set, endpoints, facts);
      if (problem) yield problem;
    }
  },
};

function holeIn(set: CredentialSet, endpoints: readonly Endpoint[], { callsOf }: Facts): Problem | undefined {
  const key = set.settings.accessKeyId?.shape?.kind;
  const last = endpoints.at(-1);
  if (!last || set.origin.kind !== "provider" || set.endpoint !== "emulator") return undefined;
  if (key !== "placeholder" && key !== "documented") return undefined;
  const listed = new Set(endpoints.map(({ service }) => serviceNamed(service)));
  const calls = callsOf(set).filter(({ service }) => !listed.has(service));
  const asksSts = asksForItself(set, listed) && calls.every(({ service }) => service !== "sts");
  const missing = [...calls.map(({ service }) => service), ...(asksSts ? ["sts"] : [])].toSorted();
  if (missing.length === 0) return undefined;
  const edit = addedEndpoints(endpoints, last, missing);
  return {
    message: `The endpoints of ${describeSet(set)} leave out ${listOf(missing)}: those calls go to AWS, with keys that it does not know.`,
    at: last.listAt,
    related: calls.map(({ service, at }) => ({ message: `This needs ${service}.`, at })),
    fixes: edit ? [{ title: `Add ${listOf(missing)}`, safety: "review", edits: [edit] }] : [],
  };
}

/** Whether Terraform asks STS at AWS for its identity; IAM is an answer to the second question only. */
function asksForItself({ settings }: CredentialSet, listed: ReadonlySet<string>): boolean {
  if (listed.has("sts")) return false;
  const { skipCredentialsValidation, skipRequestingAccountId } = settings;
  if (!maybeOn(skipCredentialsValidation)) return true;
  return !maybeOn(skipRequestingAccountId) && !listed.has("iam");
}

const maybeOn = (setting: Setting | undefined) =>
  setting !== undefined && (setting.value.kind !== "literal" || setting.value.text === "true");

/** The same address once more for each, where all services have one and each stands on a line. */
function addedEndpoints(all: readonly Endpoint[], last: Endpoint, missing: readonly string[]): TextEdit | undefined {
  const [url] = new Set(all.map((one) => (one.url.kind === "literal" ? one.url.text : "")));
  const isOne = all.every((one) => one.url.kind === "literal" && one.url.text === url);
  const { syntax, lineEnd, indent, newline } = last.surroundings;
  if (!isOne || !url || !/^[\w:/.-]+$/.test(url) || syntax !== "hcl" || lineEnd === undefined) return undefined;
  if (last.listAt === last.nameAt) return undefined;
  const pieces = missing.flatMap((service) => [newline, indent, `${service} = "${url}"`]);
  return { path: last.wholeAt.path, span: { start: lineEnd, end: lineEnd }, pieces };
}

function askedAtAws(set: CredentialSet, endpoints: readonly Endpoint[], { versions }: Facts): Problem | undefined {
  const s3 = endpoints.find(({ service }) => service === "s3");
  const listed = new Set(endpoints.map(({ service }) => service));
  if (s3?.url.kind !== "literal" || !asksForItself(set, listed)) return undefined;
  const { skipCredentialsValidation, skipRequestingAccountId, skipRegionValidation, region } = set.settings;
  const name = textOf(region);
  const isForeign = name !== undefined && !isKnownRegion(name) && !isPossibleRegion(name);
  const isOld = set.origin.kind !== "provider" && admitsOnlyBelow(versions.get(set.directory)?.required ?? "", [1, 6]);
  const missing: readonly SettingName[] = [
    ...(maybeOn(skipCredentialsValidation) ? [] : ["skipCredentialsValidation" as const]),
    ...(maybeOn(skipRequestingAccountId) || isOld ? [] : ["skipRequestingAccountId" as const]),
    ...(isForeign && !maybeOn(skipRegionValidation) ? ["skipRegionValidation" as const] : []),
  ];
  const hasSome = maybeOn(skipCredentialsValidation) || maybeOn(skipRequestingAccountId);
  if (missing.length === 0 || !isStore(s3.url.text, hasSome)) return undefined;
  const spellings = missing.map((one) => `\`${spelled[one]}\``);
  return {
    message: `Terraform shows the keys of ${describeSet(set)} to AWS, which does not know them: ${listOf(spellings)} ${missing.length > 1 ? "are" : "is"} missing.`,
    at: s3.at,
    fixes: switchedOn(set, missing),
  };
}

/** A private name may lead to AWS's own S3 all the same; one of the arguments shows that it does not. */
function isStore(url: string, hasSome: boolean): boolean {
  const kind = endpointKind(url);
  return kind === "emulator" || (kind === "other" && (hasSome || isOtherStoreHost(hostOf(url))));
}

const spelled: Partial<Record<SettingName, string>> = {
  skipCredentialsValidation: "skip_credentials_validation",
  skipRequestingAccountId: "skip_requesting_account_id",
  skipRegionValidation: "skip_region_validation",
};

function switchedOn({ settings, at }: CredentialSet, missing: readonly SettingName[]): readonly Fix[] {
  const written = missing.some((name) => settings[name] !== undefined);
  const after = Object.values(settings).find(({ wholeAt, surroundings }) => {
    return wholeAt.path === at.path && surroundings.lineEnd !== undefined;
  });
  const edit = after && !written ? switchOn(after, missing) : undefined;
  return edit ? [{ title: "Keep Terraform from asking AWS", safety: "review", edits: [edit] }] : [];
}

function listOf(words: readonly string[]): string {
  return words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : (words[0] ?? "");
}
