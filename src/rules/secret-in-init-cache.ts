import { fakeKeyId, fakeSecrets, type Rule } from "./rule";

export const rule: Rule = {
  id: "secret-in-init-cache",
  title: "terraform init has written a backend's secret down",
  severity: "warning",
  why: "`terraform init` copies every argument of the backend to `.terraform/terraform.tfstate`, secrets in clear text, those of `-backend-config` too. The folder is easily archived, cached by CI or copied into an image.",
  remedy:
    "Give the backend a `profile`, or nothing and let it look in the environment; then run `terraform init -reconfigure`. Plan files made before hold the secret as well.",
  silence:
    "Keys for an emulator or another S3-like service, and a secret that also stands in the backend block, which is `hardcoded-secret`.",
  links: ["https://developer.hashicorp.com/terraform/language/backend#credentials-and-sensitive-data"],
  examples: {
    "keys of -backend-config": {
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
      "access_key": "${fakeKeyId}",
      "bucket": "state",
      "secret_key": "${fakeSecrets[0]}",
#      ^^^^^^^^^^ secret-in-init-cache
      "token": null
    }
  }
}
`,
    },
    "a profile": {
      ".terraform/terraform.tfstate": `
{
  "version": 3,
  "backend": { "type": "s3", "config": { "access_key": null, "profile": "state", "secret_key": null } }
}
`,
    },
  },
  *check({ savedBackends, literals }) {
    for (const { directory, settings, endpoint } of savedBackends) {
      const { secretAccessKey, sessionToken } = settings;
      const secret = [secretAccessKey, sessionToken].find((one) => one?.shape && one.shape.kind !== "placeholder");
      const isInBlock = literals.some(({ set }) => set.origin.kind === "backend" && set.directory === directory);
      if (!secret || endpoint !== "aws" || isInBlock) continue;
      yield {
        message: `terraform init has saved the backend's \`${secret.spelling}\` here in clear text.`,
        at: secret.nameAt,
      };
    }
  },
};
