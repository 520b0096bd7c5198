import { accessKeyIdShape } from "../aws/accessKey";
import { removeSetting } from "../facts/edits";
import { endpointKind } from "../facts/environment";
import type { Chain } from "../model/chain";
import type { CredentialSet, KeyShape } from "../model/credentials";
import { isBlock } from "../model/describe";
import type { Problem } from "../model/finding";
import { fakeKeyId, fakeSecrets, type Rule } from "./rule";

export const rule: Rule = {
  id: "endpoint-leftover",
  title: "A variable sends calls for AWS somewhere else",
  severity: "warning",
  why: "`AWS_ENDPOINT_URL` and its per-service forms redirect every program that reads them. Left over from work with an emulator they send real keys there, and the emulator's answers look like AWS's.",
  remedy: "Clear the variable, or set it only for the command that needs it.",
  silence:
    "Work with an emulator: keys that AWS never issues (`test`), or none that could be real. `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true`, which switches these variables off.",
  links: ["https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html"],
  examples: {
    "real keys for an emulator": {
      "main.tf": `
provider "aws" {
  region = "eu-west-1"
}
`,
      environment: `
AWS_ENDPOINT_URL=http://localhost:4566
#<--------------- endpoint-leftover
AWS_ACCESS_KEY_ID=${fakeKeyId}
AWS_SECRET_ACCESS_KEY=${fakeSecrets[1]}
`,
    },
    "an emulator and its keys": {
      "main.tf": `
provider "aws" {
  region = "eu-west-1"
}
`,
      environment: `
AWS_ENDPOINT_URL=http://localhost:4566
AWS_ACCESS_KEY_ID=test
AWS_SECRET_ACCESS_KEY=test
`,
    },
  },
  *check({ environment, sets, chainOf }) {
    for (const set of sets) if (set.origin.kind === "variables") yield* inFile(set);
    const { variables, source } = environment;
    if (/^true$/i.test(variables.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")?.value ?? "")) return;
    const blocks = sets.filter(isBlock);
    const own = sets.find(({ origin }) => origin.kind === "environment")?.settings.accessKeyId;
    if (!isReal(own?.shape) && !blocks.some((block) => isSent(chainOf(block)))) return;
    for (const { name, value, nameSpan } of variables.values()) {
      if (!/^(?:AWS_ENDPOINT_URL(?:_[A-Z0-9_]+)?|AWS_(?:STS|S3|IAM)_ENDPOINT|TF_AWS_STS_ENDPOINT)$/.test(name))
        continue;
      if (value === "" || endpointKind(value) === "aws") continue;
      yield {
        message: `${name} sends calls for AWS to another host, with real keys.`,
        at: { path: source.path, span: nameSpan },
      };
    }
  },
};

/** A file that sets both: its programs sign with real keys for whoever listens there. */
function* inFile({ settings: { accessKeyId }, redirections = [] }: CredentialSet): Iterable<Problem> {
  if (!isReal(accessKeyId?.shape)) return;
  for (const one of redirections) {
    if (one.url.kind !== "literal" || endpointKind(one.url.text) === "aws") continue;
    const edit = removeSetting(one);
    yield {
      message: `${one.spelling} sends calls for AWS to another host, with real keys.`,
      at: one.nameAt,
      fixes: edit ? [{ title: `Remove ${one.spelling}`, safety: "review", edits: [edit] }] : [],
    };
  }
}

const isReal = (shape: KeyShape | undefined) =>
  shape?.kind === "long-term-key-id" || shape?.kind === "temporary-key-id";

/** Keys of a profile that go where the variable says. */
const isSent = ({ winner }: Chain) =>
  winner?.kind === "profile" && winner.keys !== undefined && isReal(accessKeyIdShape(winner.keys.accessKeyId));
