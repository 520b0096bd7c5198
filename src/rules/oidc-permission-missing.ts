import type { MissingPermission } from "../facts/githubPermissions";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "oidc-permission-missing",
  title: "A role by OIDC without `id-token: write`",
  severity: "error",
  why: "GitHub issues an OIDC token only to jobs that have the permission `id-token: write`, which no job has by default. Without it `configure-aws-credentials` finds no credentials: `Credentials could not be loaded`.",
  remedy:
    "Give the job `id-token: write`, beside the permissions it has already: a `permissions` block takes away all that it does not name. A job that calls a reusable workflow has to give it as well.",
  silence:
    "Reusable workflows and composite actions that leave their permissions to the caller, self-hosted runners, and jobs in which an earlier step may have brought credentials. A warning in a reusable workflow.",
  links: [
    "https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws",
    "https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations",
  ],
  examples: {
    "no permissions": {
      ".github/workflows/deploy.yml": `
on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: aws-actions/configure-aws-credentials@v6
        with:
          role-to-assume: arn:aws:iam::111122223333:role/deploy
#         ^^^^^^^^^^^^^^ oidc-permission-missing
          aws-region: eu-west-1
      - run: terraform apply -auto-approve
`,
    },
    "other permissions": {
      ".github/workflows/plan.yml": `
on: pull_request
permissions:
  contents: read
  pull-requests: write
jobs:
  plan:
    runs-on: ubuntu-latest
    steps:
      - uses: aws-actions/configure-aws-credentials@v6
        with:
          role-to-assume: \${{ vars.PLAN_ROLE }}
#         ^^^^^^^^^^^^^^ oidc-permission-missing
          aws-region: eu-west-1
`,
    },
    "it is there": {
      ".github/workflows/deploy.yml": `
on: push
permissions:
  id-token: write
  contents: read
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
    for (const one of places.pipelines.missingPermissions) {
      yield {
        message: messageFor(one),
        at: one.at,
        ...(one.isReusable ? { severity: "warning" as const } : {}),
        related: one.given ? [{ message: "These are the permissions it has.", at: one.given }] : [],
        fixes:
          one.repair.length > 0 ? [{ title: "Add id-token: write", safety: "review", edits: [...one.repair] }] : [],
      };
    }
  },
};

function messageFor({ job, isCall }: MissingPermission): string {
  const name = job.charAt(0).toUpperCase() + job.slice(1);
  return isCall
    ? `The workflow that ${job} calls needs \`id-token: write\`, which ${job} does not have and cannot pass on.`
    : `${name} takes on a role by OIDC and does not have the permission \`id-token: write\`.`;
}
