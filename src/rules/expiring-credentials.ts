import { expiriesInUse, momentOf } from "../facts/expiries";
import { describeSet } from "../model/describe";
import type { Rule } from "./rule";

const soonMs = 15 * 60 * 1000;

export const rule: Rule = {
  id: "expiring-credentials",
  title: "Temporary keys that end within a quarter of an hour",
  severity: "warning",
  why: "An apply that outlives its keys stops in the middle with `ExpiredToken`, and may leave the state locked.",
  remedy: "Log in again before a long run.",
  silence: "What `expired-credentials` leaves out: profiles that nothing here uses, and long-term keys.",
  links: ["https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html"],
  examples: {
    "ten minutes left": {
      "home/.aws/credentials": `
[default]
aws_access_key_id     = ASIAIOSFODNN7EXAMPLE
#                       ^^^^^^^^^^^^^^^^^^^^ placeholder-key
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
aws_session_token     = AQoEXAMPLEH4aoAH0gNCAPyJxz4BlCFFxWNE1OPTgk5TthT
aws_expiration        = 2026-06-01T12:10:00.000Z
#                       ^^^^^^^^^^^^^^^^^^^^^^^^ expiring-credentials
`,
    },
    "an hour left": {
      "home/.aws/credentials": `
[default]
aws_access_key_id     = ASIAIOSFODNN7EXAMPLE
#                       ^^^^^^^^^^^^^^^^^^^^ placeholder-key
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
aws_session_token     = AQoEXAMPLEH4aoAH0gNCAPyJxz4BlCFFxWNE1OPTgk5TthT
aws_expiration        = 2026-06-01T13:00:00.000Z
`,
    },
  },
  *check(facts) {
    const now = facts.now.getTime();
    for (const { set, setting, at } of expiriesInUse(facts)) {
      if (at.getTime() <= now || at.getTime() > now + soonMs) continue;
      yield { message: `The keys of ${describeSet(set)} expire at ${momentOf(at)}.`, at: setting.at };
    }
  },
};
