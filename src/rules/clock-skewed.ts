import { standingObservations } from "../facts/observed";
import type { Rule } from "./rule";

/** Clocks get set, and nobody tells us. */
const freshMs = 30 * 60_000;

export const rule: Rule = {
  id: "clock-skewed",
  title: "A clock that differs from AWS's",
  severity: "warning",
  why: "AWS refuses requests that were signed more than five minutes before or after its own time, with `SignatureDoesNotMatch`. Terraform up to 1.13 does not correct for it.",
  remedy:
    "Set this machine's clock by a time server (`timedatectl set-ntp true`; in WSL `hwclock -s`), then verify again.",
  silence:
    "Until somebody verifies: AWS's clock is read from its answers. Differences of a minute or less, and answers that are older than half an hour.",
  links: ["https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html"],
  examples: {
    "ten minutes": {
      "main.tf": `
provider "aws" {
#         ^^^ clock-skewed
  region  = "eu-west-1"
  profile = "work"
}
`,
      "home/.aws/config": `
[profile work]
credential_process = /usr/local/bin/keys work
`,
      observations: `
provider aws: arn:aws:iam::111122223333:user/terraform, 600 seconds apart
`,
    },
    "half a minute": {
      "main.tf": `
provider "aws" {
  region  = "eu-west-1"
  profile = "work"
}
`,
      "home/.aws/config": `
[profile work]
credential_process = /usr/local/bin/keys work
`,
      observations: `
provider aws: arn:aws:iam::111122223333:user/terraform, 30 seconds apart
`,
    },
  },
  *check(facts) {
    const fresh = standingObservations(facts)
      .filter(({ observation }) => facts.now.getTime() - observation.at.getTime() <= freshMs)
      .sort((a, b) => b.observation.at.getTime() - a.observation.at.getTime());
    const [latest] = fresh.filter(({ observation }) => observation.clockSkewSeconds !== undefined);
    const seconds = latest?.observation.clockSkewSeconds ?? 0;
    if (!latest || Math.abs(seconds) <= 60) return;
    const direction = seconds > 0 ? "behind" : "ahead of";
    yield {
      message: `This machine's clock is ${Math.round(Math.abs(seconds) / 60)} min ${direction} AWS's; ${Math.abs(seconds) > 300 ? "more than five are" : "five would be"} refused.`,
      at: latest.set.at,
      ...(Math.abs(seconds) > 300 ? { severity: "error" } : {}),
    };
  },
};
