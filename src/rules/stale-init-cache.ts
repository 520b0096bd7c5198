import { accountOfKeyId } from "../aws/accessKey";
import type { Facts } from "../facts/facts";
import type { SavedBackend } from "../facts/savedBackends";
import { isKeyId, keyKind } from "../facts/shapes";
import { describeSet } from "../model/describe";
import type { Problem } from "../model/finding";
import { fakeKeyId, fakeSecrets, type Rule } from "./rule";

export const rule: Rule = {
  id: "stale-init-cache",
  title: "The backend goes on using keys that terraform init saved",
  severity: "warning",
  why: "Keys that a backend got at `terraform init` are read from `.terraform/terraform.tfstate` until the next `init`. After a rotation, or once a temporary key has ended, every command fails with `InvalidClientTokenId` or `ExpiredToken` although the environment and the files are right.",
  remedy:
    "Run `terraform init -reconfigure`, with the new keys or, better, without any: a `profile` is not a secret and does not end.",
  silence: "A saved key that something here still holds, and a permanent one of which nothing here tells a successor.",
  links: ["https://developer.hashicorp.com/terraform/cli/commands/init#backend-initialization"],
  examples: {
    "a temporary key": {
      "main.tf": `
terraform {
  backend "s3" {
    bucket = "state"
    key    = "network"
    region = "eu-west-1"
  }
}
`,
      ".terraform/terraform.tfstate": `
{
  "version": 3,
  "backend": {
    "type": "s3",
    "config": {
      "access_key": "${fakeKeyId.replace("AKIA", "ASIA")}",
#      ^^^^^^^^^^ stale-init-cache
      "bucket": "state",
      "secret_key": "${fakeSecrets[0]}",
#      ^^^^^^^^^^ secret-in-init-cache
      "token": "AQoEXAMPLEH4aoAH0gNCAPyJxz4BlCFFxWNE1OPTgk5TthT"
    }
  }
}
`,
    },
    "the key of the environment": {
      ".terraform/terraform.tfstate": `
{
  "version": 3,
  "backend": {
    "type": "s3",
    "config": {
      "access_key": "${fakeKeyId}",
      "secret_key": "${fakeSecrets[0]}"
#      ^^^^^^^^^^ secret-in-init-cache
    }
  }
}
`,
      environment: `
AWS_ACCESS_KEY_ID=${fakeKeyId}
AWS_SECRET_ACCESS_KEY=${fakeSecrets[0]}
`,
    },
  },
  *check(facts) {
    for (const backend of facts.savedBackends) {
      const problem = backend.endpoint === "aws" && staleness(facts, backend);
      if (problem) yield problem;
    }
  },
};

function staleness(facts: Facts, { directory, settings }: SavedBackend): Problem | undefined {
  const { accessKeyId: saved } = settings;
  if (saved?.value.kind !== "literal") return undefined;
  const id = saved.value.text;
  const held = facts.sets.flatMap((set) => {
    const key = set.settings.accessKeyId;
    return key?.value.kind === "literal" ? [{ set, key, id: key.value.text }] : [];
  });
  if (held.some((one) => one.id === id)) return undefined;
  const inBlock = held.find(({ set }) => set.origin.kind === "backend" && set.directory === directory);
  const account = accountOfKeyId(id);
  const successor =
    inBlock ??
    held.find((one) => account !== undefined && accountOfKeyId(one.id) === account && isKeyId(keyKind(one.key)));
  if (successor) {
    return {
      message: `terraform init has saved another access key for the backend than ${describeSet(successor.set)} has now.`,
      at: saved.nameAt,
      related: [{ at: successor.key.nameAt, message: "The key of now stands here." }],
    };
  }
  if (keyKind(saved) !== "temporary-key-id") return undefined;
  return {
    message:
      "terraform init has saved a temporary access key for the backend; it is used until the next init, and ends within hours.",
    at: saved.nameAt,
  };
}
