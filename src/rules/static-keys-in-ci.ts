import { fakeKeyId, type Rule } from "./rule";

export const rule: Rule = {
  id: "static-keys-in-ci",
  title: "Long-term keys in a pipeline where OIDC would serve",
  severity: "info",
  why: "A key of an IAM user is valid until somebody deletes it, whoever has read it. With OIDC the platform proves which job is running, and AWS gives that job a role for an hour.",
  remedy:
    "Let AWS trust the platform's tokens, give a role this trust policy, and let the job take it on. Then delete the user's keys.",
  silence:
    "Temporary keys with their token, keys for services that are not AWS, and reusable workflows, which get what their callers have. An error where the key itself is written out.",
  links: [
    "https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws",
    "https://github.com/aws-actions/configure-aws-credentials#oidc",
  ],
  snippet: {
    title: "The role's trust policy",
    language: "json",
    text: `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": { "Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {
        "StringEquals": {
          "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
          "token.actions.githubusercontent.com:sub": "repo:OWNER/REPOSITORY:ref:refs/heads/main"
        }
      }
    }
  ]
}`,
  },
  examples: {
    "given to the action": {
      ".github/workflows/deploy.yml": `
on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: aws-actions/configure-aws-credentials@v6
        with:
          aws-access-key-id: \${{ secrets.AWS_ACCESS_KEY_ID }}
#         ^^^^^^^^^^^^^^^^^ static-keys-in-ci
          aws-secret-access-key: \${{ secrets.AWS_SECRET_ACCESS_KEY }}
          aws-region: eu-west-1
`,
    },
    "as variables": {
      ".github/workflows/deploy.yml": `
on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    env:
      AWS_ACCESS_KEY_ID: \${{ secrets.AWS_ACCESS_KEY_ID }}
#     ^^^^^^^^^^^^^^^^^ static-keys-in-ci
      AWS_SECRET_ACCESS_KEY: \${{ secrets.AWS_SECRET_ACCESS_KEY }}
    steps:
      - run: terraform apply -auto-approve
`,
    },
    "written out": {
      ".github/workflows/deploy.yml": `
on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: aws-actions/configure-aws-credentials@v6
        with:
          aws-access-key-id: ${fakeKeyId}
#                            ^^^^^^^^^^^^^^^^^^^^ static-keys-in-ci
          aws-secret-access-key: \${{ secrets.AWS_SECRET_ACCESS_KEY }}
          aws-region: eu-west-1
`,
    },
    "a role": {
      ".github/workflows/deploy.yml": `
on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    permissions:
      id-token: write
      contents: read
    steps:
      - uses: aws-actions/configure-aws-credentials@v6
        with:
          role-to-assume: arn:aws:iam::111122223333:role/deploy
          aws-region: eu-west-1
`,
    },
  },
  *check({ places }) {
    for (const { platform, owner, at, isLiteral, repair } of places.pipelines.staticKeys) {
      yield {
        message: isLiteral
          ? `The long-term key of ${owner} is written out; ${platform} can give the job a role by OIDC instead.`
          : `${owner.charAt(0).toUpperCase()}${owner.slice(1)} uses long-term keys; ${platform} can give it a role by OIDC instead.`,
        at,
        ...(isLiteral ? { severity: "error" as const } : {}),
        fixes: repair.length > 0 ? [{ title: "Take on a role by OIDC", safety: "review", edits: [...repair] }] : [],
      };
    }
  },
};
