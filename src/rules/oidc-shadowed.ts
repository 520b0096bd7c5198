import type { Rule } from "./rule";

export const rule: Rule = {
  id: "oidc-shadowed",
  title: "Static keys beside a role by OIDC",
  severity: "warning",
  why: "`configure-aws-credentials` takes the keys that it is given and leaves OIDC aside. A later step that sets its own keys still has the role's `AWS_SESSION_TOKEN`, and AWS refuses a key with another's token: `InvalidClientTokenId`.",
  remedy: "Keep one of the two: the role, or the keys in a job of their own.",
  silence:
    "A role that is taken on with the keys of a user, where the job does not ask for `id-token: write`; steps that set or empty `AWS_SESSION_TOKEN`; keys for services that are not AWS.",
  links: ["https://github.com/aws-actions/configure-aws-credentials#assuming-a-role"],
  examples: {
    "both given to the action": {
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
          aws-access-key-id: \${{ secrets.AWS_ACCESS_KEY_ID }}
#         ^^^^^^^^^^^^^^^^^ oidc-shadowed
          aws-secret-access-key: \${{ secrets.AWS_SECRET_ACCESS_KEY }}
          aws-region: eu-west-1
`,
    },
    "keys of a later step": {
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
      - run: terraform apply -auto-approve
        env:
          AWS_ACCESS_KEY_ID: \${{ secrets.AWS_ACCESS_KEY_ID }}
#         ^^^^^^^^^^^^^^^^^ oidc-shadowed
          AWS_SECRET_ACCESS_KEY: \${{ secrets.AWS_SECRET_ACCESS_KEY }}
`,
    },
    "one of the two": {
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
      - run: terraform apply -auto-approve
`,
    },
  },
  *check({ places }) {
    for (const { kind, owner, at, role, repair } of places.pipelines.shadowedRoles) {
      const subject = owner.charAt(0).toUpperCase() + owner.slice(1);
      yield {
        message:
          kind === "inputs"
            ? `${subject} gets keys beside the role: the action uses the keys and leaves OIDC aside.`
            : `${subject} has its own keys and still the session token of the role; AWS will refuse the two together.`,
        at,
        related: [{ message: "This is the role.", at: role }],
        fixes: repair.length > 0 ? [{ title: "Remove the keys", safety: "review", edits: [...repair] }] : [],
      };
    }
  },
};
