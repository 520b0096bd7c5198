import type { IncompleteOidc } from "../facts/gitlabOidc";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "gitlab-oidc-incomplete",
  title: "A role by GitLab's OIDC with a part missing",
  severity: "warning",
  why: "GitLab puts an id token into a variable. AWS's programs want it in a file that `AWS_WEB_IDENTITY_TOKEN_FILE` names, beside the role of `AWS_ROLE_ARN`, or exchanged for keys with `assume-role-with-web-identity`.",
  remedy:
    "Ask for the token with `id_tokens` and an `aud`, write it to the file, and name the role. The audience has to be one that the identity provider in AWS knows.",
  silence:
    "Pipelines that include files from elsewhere; jobs that run scripts or programs of the repository, which may read the token; tokens for other services. An error where the token has no audience, for which GitLab refuses the whole file.",
  links: ["https://docs.gitlab.com/ci/cloud_services/aws/", "https://docs.gitlab.com/ci/yaml/#id_tokens"],
  snippet: {
    title: "The role's trust policy",
    language: "json",
    text: `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": { "Federated": "arn:aws:iam::111122223333:oidc-provider/gitlab.com" },
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {
        "StringEquals": {
          "gitlab.com:aud": "https://gitlab.com",
          "gitlab.com:sub": "project_path:GROUP/PROJECT:ref_type:branch:ref:main"
        }
      }
    }
  ]
}`,
  },
  examples: {
    "a token without an audience": {
      ".gitlab-ci.yml": `
deploy:
  id_tokens:
    AWS_ID_TOKEN:
#   ^^^^^^^^^^^^ gitlab-oidc-incomplete
  variables:
    AWS_ROLE_ARN: arn:aws:iam::111122223333:role/deploy
    AWS_WEB_IDENTITY_TOKEN_FILE: /tmp/aws-id-token
  script:
    - echo "$AWS_ID_TOKEN" > "$AWS_WEB_IDENTITY_TOKEN_FILE"
    - terraform apply -auto-approve
`,
    },
    "a token that is not written": {
      ".gitlab-ci.yml": `
deploy:
  id_tokens:
    GITLAB_OIDC_TOKEN:
#   ^^^^^^^^^^^^^^^^^ gitlab-oidc-incomplete
      aud: https://gitlab.com
  variables:
    AWS_ROLE_ARN: arn:aws:iam::111122223333:role/deploy
    AWS_WEB_IDENTITY_TOKEN_FILE: /tmp/aws-id-token
  script:
    - terraform apply -auto-approve
`,
    },
    "no role": {
      ".gitlab-ci.yml": `
deploy:
  id_tokens:
    AWS_ID_TOKEN:
      aud: https://gitlab.com
  variables:
    AWS_WEB_IDENTITY_TOKEN_FILE: /tmp/aws-id-token
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^ gitlab-oidc-incomplete
  script:
    - echo "$AWS_ID_TOKEN" > "$AWS_WEB_IDENTITY_TOKEN_FILE"
    - terraform apply -auto-approve
`,
    },
    complete: {
      ".gitlab-ci.yml": `
deploy:
  id_tokens:
    AWS_ID_TOKEN:
      aud: https://gitlab.com
  variables:
    AWS_ROLE_ARN: arn:aws:iam::111122223333:role/deploy
    AWS_WEB_IDENTITY_TOKEN_FILE: /tmp/aws-id-token
  script:
    - echo "$AWS_ID_TOKEN" > "$AWS_WEB_IDENTITY_TOKEN_FILE"
    - terraform apply -auto-approve
`,
    },
  },
  *check({ places }) {
    for (const one of places.pipelines.incompleteOidc) {
      const repair = [...one.repair];
      yield {
        message: messageFor(one),
        at: one.at,
        ...(one.kind === "audience" ? { severity: "error" as const } : {}),
        fixes: repair.length > 0 ? [{ title: titles[one.kind], safety: "review", edits: repair }] : [],
      };
    }
  },
};

const titles: Readonly<Record<IncompleteOidc["kind"], string>> = {
  audience: "Add the audience",
  unused: "Write the token to its file",
  role: "Add AWS_ROLE_ARN",
  removed: "Ask for an id token",
  undeclared: "Ask for the id token",
};

function messageFor({ kind, job, token }: IncompleteOidc): string {
  switch (kind) {
    case "audience":
      return `The id token ${token} of ${job} has no \`aud\`; GitLab refuses the file.`;
    case "unused":
      return `GitLab gives ${job} the id token ${token}, and nothing takes it to AWS: no script writes it to a file or exchanges it.`;
    case "role":
      return `${token} is set for ${job} and no file of the pipeline names a role (AWS_ROLE_ARN) for it.`;
    case "removed":
      return `GitLab 17 and later do not set ${token}; ${job} has to ask for its token with \`id_tokens\`.`;
    case "undeclared":
      return `${job.charAt(0).toUpperCase()}${job.slice(1)} uses ${token} as an id token, and no \`id_tokens\` asks GitLab for it.`;
  }
}
