import type { BakedIn } from "../facts/images";
import { fakeSecrets, type Rule } from "./rule";

export const rule: Rule = {
  id: "baked-in-credentials",
  title: "Credentials that stay in an image",
  severity: "error",
  why: "`ENV`, `ARG` and copied files stay in the image's layers and history. Whoever can pull the image can read them, also when a later instruction deletes them.",
  remedy:
    "Give the build its keys with `RUN --mount=type=secret`, and the container its keys when it is started. Then rotate the key.",
  silence:
    "Empty values, stand-ins and documented examples; `.aws` directories that hold a config file alone; images for emulators. A warning for an `ARG` without a value, and for a stage that the image is not built on.",
  links: [
    "https://docs.docker.com/build/building/secrets/",
    "https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/",
  ],
  examples: {
    "a value in ENV": {
      Dockerfile: `
FROM python:3.13
ENV AWS_SECRET_ACCESS_KEY=${fakeSecrets[0]}
#                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ baked-in-credentials
`,
    },
    "an argument of the build": {
      Dockerfile: `
FROM amazonlinux:2023
ARG AWS_ACCESS_KEY_ID
ARG AWS_SECRET_ACCESS_KEY
#   ^^^^^^^^^^^^^^^^^^^^^ baked-in-credentials
RUN aws s3 cp s3://bucket/model.bin /model.bin
`,
    },
    "copied files": {
      Dockerfile: `
FROM amazonlinux:2023
COPY .aws /root/.aws
#    ^^^^ baked-in-credentials
`,
    },
    "a secret of the build": {
      Dockerfile: `
FROM amazonlinux:2023
RUN --mount=type=secret,id=aws,target=/root/.aws/credentials aws s3 cp s3://bucket/model.bin /model.bin
`,
    },
  },
  *check({ places }) {
    for (const one of places.bakedIn) {
      yield {
        message: messageFor(one),
        at: one.at,
        ...(one.kind === "argument" || !one.isFinal ? { severity: "warning" as const } : {}),
        fixes:
          one.repair.length > 0
            ? [{ title: "Give it to the build as a secret", safety: "review", edits: one.repair }]
            : [],
      };
    }
  },
};

function messageFor({ kind, what, name, isFinal }: BakedIn): string {
  const where = isFinal ? "the image" : "a stage of the build and its cache";
  if (kind === "value") return `The ${what} is written out and stays in ${where}.`;
  if (kind === "passed") return `The value that ${name} takes from the build stays in ${where}.`;
  if (kind === "argument") return `A value given for ${name} stays in the history of ${where}.`;
  return `The AWS files stay in ${where}.`;
}
