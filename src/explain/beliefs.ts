/** Pages about advice that many users come with, each by what it explains; docs/beliefs has them. */
const beliefs = {
  "special-characters": "Why a key without + and / does not help",
  "getcalleridentity-permission": "Why no permission for sts:GetCallerIdentity is missing",
  "cli-cache": "Why clearing the AWS CLI's cache changes nothing for Terraform",
  "expired-or-invalid": "Why expired credentials do not give this error",
  "environment-wins": "When the environment's keys win, and when they do not",
  "imds-error": "Why an error about EC2 metadata is seldom about EC2",
  "backend-inherits": "Why the backend does not use the provider's credentials",
  "cli-works": "Why the AWS CLI can work where Terraform does not",
} as const;

export type Belief = keyof typeof beliefs;

/** A step that leads to the page. */
export function readingStep(belief: Belief): string {
  return `${beliefs[belief]}: https://github.com/callerid/callerid/blob/main/docs/beliefs/${belief}.md`;
}
