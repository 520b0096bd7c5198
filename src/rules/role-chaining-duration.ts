import type { Rule } from "./rule";

export const rule: Rule = {
  id: "role-chaining-duration",
  title: "More than an hour for a role that another role takes on",
  severity: "warning",
  why: "AWS gives a chained role one hour at most, whatever the role's own maximum is, and answers a longer request with `ValidationError`: the requested duration exceeds the limit.",
  remedy: "Ask for 3600 seconds or less, or let the job take on the second role directly.",
  silence: "Durations that are not written out, and roles that are taken on with OIDC or with the keys of a user.",
  links: ["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining"],
  examples: {
    "two hours": {
      ".github/workflows/deploy.yml": `
on: push
permissions:
  id-token: write
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: aws-actions/configure-aws-credentials@v6
        with:
          role-to-assume: arn:aws:iam::111122223333:role/base
          aws-region: eu-west-1
      - uses: aws-actions/configure-aws-credentials@v6
        with:
          role-to-assume: arn:aws:iam::444455556666:role/deploy
          role-chaining: true
          role-duration-seconds: 7200
#                                ^^^^ role-chaining-duration
          aws-region: eu-west-1
`,
    },
    "one hour": {
      ".github/workflows/deploy.yml": `
on: push
permissions:
  id-token: write
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: aws-actions/configure-aws-credentials@v6
        with:
          role-to-assume: arn:aws:iam::111122223333:role/base
          role-duration-seconds: 7200
          aws-region: eu-west-1
      - uses: aws-actions/configure-aws-credentials@v6
        with:
          role-to-assume: arn:aws:iam::444455556666:role/deploy
          role-chaining: true
          aws-region: eu-west-1
`,
    },
  },
  *check({ places }) {
    for (const { seconds, at, repair } of places.pipelines.longChains) {
      yield {
        message: `This role is taken on by another role and can have 3600 seconds, not ${seconds}.`,
        at,
        fixes: [{ title: "Change to 3600", safety: "review", edits: [...repair] }],
      };
    }
  },
};
