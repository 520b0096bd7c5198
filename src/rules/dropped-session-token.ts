import type { Rule } from "./rule";

export const rule: Rule = {
  id: "dropped-session-token",
  title: "Temporary keys exported without their session token",
  severity: "warning",
  why: "STS answers with three values. Whatever runs with the first two alone gets `InvalidClientTokenId`, or goes on with a token that was there before.",
  remedy: "Export `AWS_SESSION_TOKEN` from the same answer.",
  silence: "Scripts that name the token anywhere outside a comment.",
  links: ["https://docs.aws.amazon.com/cli/latest/reference/sts/assume-role.html"],
  examples: {
    "two of three": {
      "assume.sh": `
creds=$(aws sts assume-role --role-arn "$ROLE" --role-session-name ci)
export AWS_ACCESS_KEY_ID=$(jq -r .Credentials.AccessKeyId <<< "$creds")
export AWS_SECRET_ACCESS_KEY=$(jq -r .Credentials.SecretAccessKey <<< "$creds")
#      ^^^^^^^^^^^^^^^^^^^^^ dropped-session-token
terraform plan
`,
    },
    "in one line": {
      "assume.sh": `
export $(printf "AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s" $(aws sts get-session-token --output text --query "Credentials.[AccessKeyId,SecretAccessKey]"))
#                                     ^^^^^^^^^^^^^^^^^^^^^ dropped-session-token
`,
    },
    "all three": {
      "assume.sh": `
creds=$(aws sts assume-role --role-arn "$ROLE" --role-session-name ci)
export AWS_ACCESS_KEY_ID=$(jq -r .Credentials.AccessKeyId <<< "$creds")
export AWS_SECRET_ACCESS_KEY=$(jq -r .Credentials.SecretAccessKey <<< "$creds")
export AWS_SESSION_TOKEN=$(jq -r .Credentials.SessionToken <<< "$creds")
`,
    },
  },
  *check({ places }) {
    for (const { operation, at, askedAt, repair } of places.droppedTokens) {
      yield {
        message: `The keys come from ${operation} and are temporary, but the session token is not passed on.`,
        at,
        related: [{ message: "Here they are asked for.", at: askedAt }],
        fixes: repair.length > 0 ? [{ title: "Export the session token", safety: "review", edits: repair }] : [],
      };
    }
  },
};
