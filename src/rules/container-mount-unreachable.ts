import type { UnreachableFiles } from "../facts/mounts";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "container-mount-unreachable",
  title: "AWS files that the container's programs do not find",
  severity: "warning",
  why: "AWS's programs look in the home directory of the user they run as. A container's user often has another home than the one the files are mounted to, or none, and then the profile does not exist for it.",
  remedy:
    "Mount the files to the home of the container's user, or anywhere, and set `AWS_SHARED_CREDENTIALS_FILE` and `AWS_CONFIG_FILE`.",
  silence:
    "Containers whose user is decided by an image that was not looked into, and paths that the container's variables name.",
  links: [
    "https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html",
    "https://docs.docker.com/engine/storage/bind-mounts/",
  ],
  examples: {
    "root's home, another user": {
      "compose.yaml": `
services:
  app:
    image: node:22
    user: node
    volumes:
      - ~/.aws:/root/.aws:ro
#              ^^^^^^^^^^ container-mount-unreachable
`,
    },
    "a profile without files": {
      "plan.sh": `
docker run --rm -e AWS_PROFILE=dev -v "$PWD:/w" -w /w hashicorp/terraform:1.14 plan
#                  ^^^^^^^^^^^ container-mount-unreachable
`,
    },
    "root's home, root": {
      "compose.yaml": `
services:
  terraform:
    image: hashicorp/terraform:1.14
    environment:
      AWS_PROFILE: dev
    volumes:
      - ~/.aws:/root/.aws:ro
`,
    },
  },
  *check({ places }) {
    for (const one of places.unreachableFiles) {
      yield {
        message: messageFor(one),
        at: one.at,
        fixes:
          one.repair.length > 0 ? [{ title: "Mount it to the user's home", safety: "review", edits: one.repair }] : [],
      };
    }
  },
};

function messageFor({ kind, container, user, profile }: UnreachableFiles): string {
  switch (kind) {
    case "closed-home":
      return `In ${container} programs run as ${user} and may not look into /root.`;
    case "other-home":
      return `In ${container} programs run as root, whose home is /root.`;
    case "no-files":
      return `In ${container} ${profile === undefined ? "the profile" : `profile ${profile}`} does not exist: no AWS files are mounted.`;
    case "no-login":
      return `In ${container} profile ${profile} has no login: its SSO token lies in ~/.aws/sso/cache, which is not mounted.`;
  }
}
