import type { Rule } from "./rule";

export const rule: Rule = {
  id: "web-identity-shadowed",
  title: "Static keys beside a web identity token",
  severity: "warning",
  why: "Where access keys and `AWS_WEB_IDENTITY_TOKEN_FILE` are set together, the keys win: the pod or job does not use the role it was given.",
  remedy: "Remove the keys. Whoever needs them can have an environment of its own.",
  silence: "Half a pair of keys, which counts as none. In a profile the same is `static-keys-shadow-sso`.",
  links: ["https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html"],
  examples: {
    "a pod with both": {
      environment: `
AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE
#<---------------- placeholder-key
AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
AWS_ROLE_ARN=arn:aws:iam::111122223333:role/pod
AWS_WEB_IDENTITY_TOKEN_FILE=/var/run/secrets/eks.amazonaws.com/serviceaccount/token
#<-------------------------- web-identity-shadowed
`,
    },
    "the token alone": {
      environment: `
AWS_ROLE_ARN=arn:aws:iam::111122223333:role/pod
AWS_WEB_IDENTITY_TOKEN_FILE=/var/run/secrets/eks.amazonaws.com/serviceaccount/token
`,
    },
  },
  *check({ sets }) {
    for (const { origin, settings } of sets) {
      const { accessKeyId, secretAccessKey, webIdentityTokenFile } = settings;
      if (origin.kind === "profile" || !accessKeyId || !secretAccessKey || !webIdentityTokenFile) continue;
      // What only might be set shadows nothing for sure.
      if (origin.kind === "variables" && accessKeyId.value.kind !== "literal") continue;
      yield {
        message: `${accessKeyId.spelling} and ${secretAccessKey.spelling} come before the web identity of ${webIdentityTokenFile.spelling}.`,
        at: webIdentityTokenFile.nameAt,
        related: [{ at: accessKeyId.nameAt, message: "The keys stand here." }],
      };
    }
  },
};
