import { accountOfKeyId } from "../aws/accessKey";
import { addSetting } from "../facts/edits";
import type { Facts } from "../facts/facts";
import type { Chain } from "../model/chain";
import type { CredentialSet, Setting } from "../model/credentials";
import { describeSet, describeSource, isNoneFound } from "../model/describe";
import type { Fix, Problem } from "../model/finding";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "backend-provider-mismatch",
  title: "Backend and provider take different credentials",
  severity: "info",
  why: "The backend knows nothing of the provider's `profile` and keys: each block looks for credentials by itself. `terraform init` then fails where `plan` would not, or the state lands in another account than the resources.",
  remedy:
    "Say the same in both blocks, or in neither and choose with `AWS_PROFILE`. Where the state lives in an account of its own, nothing needs to change.",
  silence:
    "Modules in which some provider block comes to the backend's credentials; backends whose arguments come from `-backend-config`; blocks that stop Terraform for another reason; roles, which differ by design. It is a warning where one of the two finds no credentials here and the other one does.",
  links: ["https://developer.hashicorp.com/terraform/language/backend/s3#credentials-and-shared-configuration"],
  examples: {
    "a profile for the provider alone": {
      "main.tf": `
terraform {
  backend "s3" {
    #      ^^ backend-provider-mismatch
    bucket = "state"
    key    = "network"
    region = "eu-west-1"
  }
}

provider "aws" {
  profile = "dev"
}
`,
      "home/.aws/config": `
[profile dev]
credential_process = /usr/local/bin/keys dev
`,
    },
    "the same profile in both": {
      "main.tf": `
terraform {
  backend "s3" {
    bucket  = "state"
    key     = "network"
    region  = "eu-west-1"
    profile = "dev"
  }
}

provider "aws" {
  profile = "dev"
}
`,
      "home/.aws/config": `
[profile dev]
credential_process = /usr/local/bin/keys dev
`,
    },
  },
  *check(facts) {
    const providers = new Map<string, CredentialSet[]>();
    for (const set of facts.sets) {
      if (set.origin.kind !== "provider" || set.endpoint !== "aws") continue;
      providers.set(set.directory, [...(providers.get(set.directory) ?? []), set]);
    }
    for (const backend of facts.sets) {
      if (backend.origin.kind !== "backend" || backend.endpoint !== "aws") continue;
      const here = providers.get(backend.directory) ?? [];
      const main = here.find(({ origin }) => origin.kind === "provider" && origin.address === "aws") ?? here[0];
      if (!main) continue;
      const own = facts.chainOf(backend);
      if (own.isPartial || here.some((one) => isAlike(own, facts.chainOf(one)))) continue;
      const problem = mismatch(facts, backend, main);
      if (problem) yield problem;
    }
  },
};

/** Whether both come to the same credentials, or nobody can tell. */
function isAlike(a: Chain, b: Chain): boolean {
  const [one, other] = [a.winner, b.winner];
  if (isUntold(a) || isUntold(b)) return true;
  if (!one || !other) return one === other && a.problem?.code === b.problem?.code;
  if (one.keys && other.keys) return accountOrId(one.keys) === accountOrId(other.keys);
  return one.kind === other.kind && a.profile === b.profile;
}

const accountOrId = ({ accessKeyId }: { readonly accessKeyId: string }) => accountOfKeyId(accessKeyId) ?? accessKeyId;

const isUntold = ({ winner, profile }: Chain) =>
  winner !== undefined && !winner.keys && (winner.kind === "static" || (winner.kind === "profile" && !profile));

/** What the block itself says about credentials. */
const ownWord = ({ settings: { profile, accessKeyId } }: CredentialSet): Setting | undefined => accessKeyId ?? profile;

function mismatch(facts: Facts, backend: CredentialSet, provider: CredentialSet): Problem | undefined {
  const [word, other] = [ownWord(backend), ownWord(provider)];
  // Roles aside, two blocks that say nothing are told the same.
  if (!word && !other) return undefined;
  const chains = [backend, provider].map(facts.chainOf);
  if (chains.some(({ problem }) => problem?.stage === "before-signing" && problem.code !== "no_valid_credentials"))
    return undefined;
  const [own, theirs] = chains.map((chain) => inWords(chain));
  const isOneStuck = facts.awsFiles.read && chains.filter(isStuck).length === 1;
  const fixes = word ? undefined : copied(backend, other);
  return {
    ...(isOneStuck && !(word && other) ? { severity: "warning" } : {}),
    message: `The backend comes to ${own}, ${describeSet(provider)} to ${theirs}.`,
    at: word?.at ?? backend.at,
    related: [{ at: other?.at ?? provider.at, message: `This is ${describeSet(provider)}.` }],
    ...(fixes ? { fixes } : {}),
  };
}

const isStuck = (chain: Chain) => isNoneFound(chain) && !chain.problem?.isPossible;

function inWords(chain: Chain): string {
  if (chain.winner && !isNoneFound(chain)) return describeSource(chain.winner);
  return chain.profile === undefined ? "no credentials" : `profile ${chain.profile}, which gives none`;
}

function copied({ settings }: CredentialSet, word: Setting | undefined): readonly Fix[] | undefined {
  if (word?.name !== "profile" || word.value.kind !== "literal") return undefined;
  const anchor = settings.region;
  const edit = anchor && addSetting(anchor, "profile", word.value.text);
  return edit && [{ title: `Use profile ${word.value.text} here too`, safety: "review", edits: [edit] }];
}
