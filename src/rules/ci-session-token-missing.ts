import type { Rule } from "./rule";

export const rule: Rule = {
  id: "ci-session-token-missing",
  title: "A pipeline hands on temporary keys without their token",
  severity: "warning",
  why: "Keys that come from a role have three parts. Whoever gets the first two alone is refused with `InvalidClientTokenId`.",
  remedy: "Pass the session token as well: `aws-session-token` for the action, `AWS_SESSION_TOKEN` as a variable.",
  silence:
    "Keys of which nobody can say that they are temporary, and steps to which the token comes as a variable that an earlier step has exported.",
  links: [
    "https://github.com/aws-actions/configure-aws-credentials#options",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html",
  ],
  examples: {
    "keys of a step before": {
      ".github/workflows/copy.yml": `
on: push
permissions:
  id-token: write
jobs:
  copy:
    runs-on: ubuntu-latest
    steps:
      - id: source
        uses: aws-actions/configure-aws-credentials@v6
        with:
          role-to-assume: arn:aws:iam::111122223333:role/source
          aws-region: eu-west-1
          output-credentials: true
          output-env-credentials: false
      - run: ./copy.sh
        env:
          AWS_ACCESS_KEY_ID: \${{ steps.source.outputs.aws-access-key-id }}
          AWS_SECRET_ACCESS_KEY: \${{ steps.source.outputs.aws-secret-access-key }}
#         ^^^^^^^^^^^^^^^^^^^^^ ci-session-token-missing
`,
    },
    "secrets that have a token elsewhere": {
      ".github/workflows/test.yml": `
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: aws-actions/configure-aws-credentials@v6
        with:
          aws-access-key-id: \${{ secrets.KEY_ID }}
          aws-secret-access-key: \${{ secrets.KEY }}
          aws-session-token: \${{ secrets.TOKEN }}
          aws-region: eu-west-1
  report:
    runs-on: ubuntu-latest
    steps:
      - uses: aws-actions/configure-aws-credentials@v6
        with:
          aws-access-key-id: \${{ secrets.KEY_ID }}
          aws-secret-access-key: \${{ secrets.KEY }}
#         ^^^^^^^^^^^^^^^^^^^^^ ci-session-token-missing
          aws-region: eu-west-1
`,
    },
    "all three": {
      ".github/workflows/copy.yml": `
on: push
permissions:
  id-token: write
jobs:
  copy:
    runs-on: ubuntu-latest
    steps:
      - id: source
        uses: aws-actions/configure-aws-credentials@v6
        with:
          role-to-assume: arn:aws:iam::111122223333:role/source
          aws-region: eu-west-1
          output-credentials: true
          output-env-credentials: false
      - run: ./copy.sh
        env:
          AWS_ACCESS_KEY_ID: \${{ steps.source.outputs.aws-access-key-id }}
          AWS_SECRET_ACCESS_KEY: \${{ steps.source.outputs.aws-secret-access-key }}
          AWS_SESSION_TOKEN: \${{ steps.source.outputs.aws-session-token }}
`,
    },
  },
  *check({ places }) {
    for (const { owner, token, at, repair } of places.pipelines.lostTokens) {
      yield {
        message: `The keys that ${owner} gets are temporary, and ${token} does not come with them.`,
        at,
        fixes: repair.length > 0 ? [{ title: `Add ${token}`, safety: "review", edits: [...repair] }] : [],
      };
    }
  },
};
