import type { Rule } from "./rule";

export const rule: Rule = {
  id: "container-token-not-passed",
  title: "A container gets the two keys and not the session token",
  severity: "warning",
  why: "Keys of a role, of SSO or of an MFA login have a session token. A container that is given only the id and the secret gets `InvalidClientTokenId` as soon as whoever starts it uses such keys.",
  remedy: "Pass `AWS_SESSION_TOKEN` as well; it does no harm where it is empty or not set.",
  silence:
    "Keys that are known to be long-term ones, also where the project's `.env` or a template of it asks for two values; containers with an `env_file`, a profile or mounted AWS files; emulators. An error where the keys are known to be temporary.",
  links: [
    "https://docs.docker.com/compose/how-tos/environment-variables/set-environment-variables/",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html",
  ],
  examples: {
    "a service of a Compose file": {
      "compose.yaml": `
services:
  terraform:
    image: hashicorp/terraform:1.14
    environment:
      - AWS_ACCESS_KEY_ID
#       ^^^^^^^^^^^^^^^^^ container-token-not-passed
      - AWS_SECRET_ACCESS_KEY
      - AWS_REGION=eu-west-1
`,
    },
    "a container of a script": {
      "plan.sh": `
docker run --rm -v "$PWD:/w" -w /w \\
  -e AWS_ACCESS_KEY_ID -e AWS_SECRET_ACCESS_KEY \\
#    ^^^^^^^^^^^^^^^^^ container-token-not-passed
  hashicorp/terraform:1.14 plan
`,
    },
    "all three": {
      "compose.yaml": `
services:
  terraform:
    image: hashicorp/terraform:1.14
    environment:
      AWS_ACCESS_KEY_ID: \${AWS_ACCESS_KEY_ID}
      AWS_SECRET_ACCESS_KEY: \${AWS_SECRET_ACCESS_KEY}
      AWS_SESSION_TOKEN: \${AWS_SESSION_TOKEN:-}
`,
    },
  },
  *check({ places }) {
    for (const { container, at, isTemporary, repair } of places.tokenGaps) {
      yield {
        message: isTemporary
          ? `The keys that ${container} takes over are temporary (ASIA…), and it does not get their session token.`
          : `${capital(container)} takes over the access key and not AWS_SESSION_TOKEN: temporary keys will not work in it.`,
        at,
        ...(isTemporary ? { severity: "error" as const } : {}),
        fixes: repair.length > 0 ? [{ title: "Pass AWS_SESSION_TOKEN", safety: "review", edits: repair }] : [],
      };
    }
  },
};

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
