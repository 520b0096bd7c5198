import type { Rule } from "./rule";

export const rule: Rule = {
  id: "outdated-action",
  title: "A major of configure-aws-credentials that is no longer kept up",
  severity: "info",
  why: "Versions 1 to 3 of the action were made for releases of Node.js that GitHub's runners no longer have. They get no fixes, and their OIDC is older than today's endpoints and session limits.",
  remedy: "Use the current major of `aws-actions/configure-aws-credentials`, v6.",
  silence: "Branches, commits without a comment that names their version, and versions from 4 on.",
  links: [
    "https://github.com/aws-actions/configure-aws-credentials/blob/main/CHANGELOG.md",
    "https://github.blog/changelog/2023-09-22-github-actions-transitioning-from-node-16-to-node-20/",
  ],
  examples: {
    "an old tag": {
      ".github/workflows/deploy.yml": `
on: push
permissions:
  id-token: write
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: aws-actions/configure-aws-credentials@v2
#                                                   ^^ outdated-action
        with:
          role-to-assume: arn:aws:iam::111122223333:role/deploy
          aws-region: eu-west-1
`,
    },
    "the current one": {
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
          role-to-assume: arn:aws:iam::111122223333:role/deploy
          aws-region: eu-west-1
`,
    },
  },
  *check({ places }) {
    for (const { major, runtime, at, repair } of places.pipelines.outdatedActions) {
      yield {
        message: `Version ${major} of configure-aws-credentials is made for Node.js ${runtime} and no longer kept up.`,
        at,
        fixes: repair.length > 0 ? [{ title: "Use the current major", safety: "review", edits: [...repair] }] : [],
      };
    }
  },
};
