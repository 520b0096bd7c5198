import type { Rule } from "./rule";

export const rule: Rule = {
  id: "credentials-after-terraform",
  title: "Terraform runs before the step that gets the credentials",
  severity: "warning",
  why: "Steps run from top to bottom. Terraform finds no credentials on a fresh runner and stops with `No valid credential sources found`.",
  remedy: "Move the step that gets the credentials above the first one that needs them.",
  silence:
    "Commands that do not ask AWS (`fmt`, `validate`, and `init` where the directory has no S3 backend), steps with a condition, self-hosted runners, jobs with keys among their variables or with another cloud's login, and jobs in which an earlier step may have brought credentials.",
  links: ["https://github.com/aws-actions/configure-aws-credentials#overview"],
  examples: {
    "the wrong order": {
      ".github/workflows/deploy.yml": `
on: push
permissions:
  id-token: write
  contents: read
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - run: |
          terraform init
          terraform apply -auto-approve
#         ^^^^^^^^^ credentials-after-terraform
      - uses: aws-actions/configure-aws-credentials@v6
        with:
          role-to-assume: arn:aws:iam::111122223333:role/deploy
          aws-region: eu-west-1
`,
    },
    "the right order": {
      ".github/workflows/deploy.yml": `
on: push
permissions:
  id-token: write
  contents: read
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - run: terraform fmt -check
      - uses: aws-actions/configure-aws-credentials@v6
        with:
          role-to-assume: arn:aws:iam::111122223333:role/deploy
          aws-region: eu-west-1
      - run: terraform apply -auto-approve
`,
    },
  },
  *check({ places, sets }) {
    // A backend that brings its own credentials asks for none.
    const backends = sets.filter(
      ({ origin, settings: { profile, accessKeyId }, endpoint }) =>
        origin.kind === "backend" && !profile && !accessKeyId && endpoint === "aws",
    );
    for (const { commands, credentials } of places.pipelines.lateCredentials) {
      const needy = commands.find(
        ({ backendOf }) => backendOf === undefined || backends.some(({ directory }) => directory === backendOf),
      );
      if (!needy) continue;
      yield {
        message: `\`${needy.command}\` runs here before the job has credentials.`,
        at: needy.at,
        related: [{ message: "They come with this step.", at: credentials }],
      };
    }
  },
};
