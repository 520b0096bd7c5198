import type { Cause } from "./cause";

const whoAmI =
  "Run `callerid chain` to see which key Terraform takes from where, and `callerid verify` to ask AWS about it.";

/** What is wrong with the key id, the secret key or the session token themselves. */
export const keyCauses = {
  "bad-key-material": ({ code }) =>
    /^(?:Signature|InvalidSignature)/.test(code)
      ? {
          title: "The secret key does not belong to this access key id.",
          belief: "special-characters",
          next: [
            "Copy key id and secret key again, both from the same place and the same moment.",
            whoAmI,
            "If the secret key is lost, make a new access key in IAM, put both its values in place and delete the old one.",
          ],
        }
      : {
          title:
            "AWS does not know this access key id: it is mistyped or cut short, or the key was deactivated or deleted, or its user was.",
          belief: "getcalleridentity-permission",
          next: [
            whoAmI,
            "Look in IAM under Security credentials whether a key of this id exists and is active, and compare the id character by character.",
            "The secret key is not the cause: AWS looks the id up before it looks at the signature.",
          ],
        },
  "session-token-missing": {
    title:
      "The key is a temporary one (ASIA…) and the session token that belongs to it is not sent, or another one is.",
    belief: "expired-or-invalid",
    next: [
      "Set all three values from one place: key id, secret key and session token (`AWS_SESSION_TOKEN`; `token` in Terraform, `aws_session_token` in the AWS files).",
      "Keys in a block take no token from the environment: give `token` there too, or take the keys out of the block.",
    ],
  },
  "session-token-wrong-arg": ({ argument }) => ({
    title:
      argument === undefined
        ? "The session token stands under a name that is not Terraform's (`token`), so it is not sent."
        : `\`${argument}\` is not Terraform's name for the session token: that is \`token\`.`,
    next: ["Rename the argument to `token`, or better: take the keys out of the file and name a profile."],
  }),
  "mixed-key-and-token": {
    title:
      "The session token does not belong to this access key id: it is of an older session, of another key, or cut short.",
    next: [
      "Copy key id, secret key and session token again, all three together and each on one line.",
      "Remove the session token where the key id starts with AKIA: such a key has none.",
    ],
  },
  "wrapping-chars": ({ code, text }) => {
    if (code === "InvalidHeader" && /Security-?Token/i.test(text))
      return {
        title: "The session token holds a line break or another character that no request header can carry.",
        next: ["Put the session token on one line, without anything before or behind it."],
      };
    if (code === "InvalidHeader")
      return {
        title: "The access key id holds a line break or another character that no request header can carry.",
        next: [
          "Look for a line break at the end of the key id: a secret stored with `echo` has one, with `printf %s` it has none.",
          "In a heredoc or file(…), wrap the value in trimspace(…).",
        ],
      };
    if (code.startsWith("Incomplete"))
      return {
        title: "The access key id holds a blank, a line break or another character that does not belong to it.",
        next: [
          "Look at both ends of the key id: it is 20 letters and digits that start with AKIA or ASIA.",
          "Store CI secrets without a line break at their end.",
        ],
      };
    return {
      title:
        "The secret key was altered on its way: quotes, blanks, a line break, a missing end, or an encoding around it.",
      belief: "special-characters",
      next: [
        "A secret key is 40 characters of A–Z, a–z, 0–9, `+` and `/`; look for anything else, and at both ends.",
        "In `docker --env-file` and CI settings write the value without quotes: there they become part of it.",
        "`+` and `/` in a secret key are normal and need neither encoding nor a new key.",
      ],
    };
  },
  "keys-swapped": {
    title: "Access key id and secret key have changed places.",
    next: [
      "Put the value that starts with AKIA or ASIA into the key id, the other into the secret key.",
      "The secret key was sent and printed in the place of the id: make a new key and delete this one.",
    ],
  },
  "keys-missing": {
    title:
      "The request reached AWS without a signature: the keys were empty, or something on the way removed the header.",
    next: [
      "Check that neither key id nor secret key is an empty text, for example a CI secret that is not set for this branch.",
      "Check proxies between this machine and AWS: they must pass the Authorization header on.",
    ],
  },
  "missing-secret-key": {
    title:
      "The block has one half of a key pair; the other half is missing or empty, and Terraform takes none from elsewhere.",
    next: [
      "Give both `access_key` and `secret_key` in the same block, or neither and a profile instead.",
      "Check variables and CI secrets that fill them: an empty one counts as missing.",
    ],
  },
  "placeholder-key": {
    title: "The key is an example or a stand-in, and real AWS was asked.",
    next: ["Put in a real key or a profile, or send the calls to your emulator."],
  },
  "iam-call-with-nonmfa-session": {
    title:
      "Only calls to IAM fail: the keys come from GetSessionToken without MFA (aws-vault does that), and such keys may call nothing in IAM.",
    belief: "cli-works",
    next: [
      "With aws-vault set `mfa_serial` in the profile, or run `aws-vault exec --no-session`.",
      "Or let the profile assume a role: a role's keys may call IAM.",
      "The keys themselves are good: GetCallerIdentity succeeds with them.",
    ],
  },
  "cloud9-managed-credentials": {
    title: "AWS Cloud9's managed temporary credentials may not call IAM and a few other services.",
    next: [
      "Switch them off in Cloud9's Preferences under AWS Settings, and attach an instance profile with the rights needed.",
    ],
  },
  "session-creds-iam-probe": {
    title: "An old provider asks IAM who it is, which temporary credentials and many roles may not do.",
    next: [
      "Update the AWS provider: it asks STS instead.",
      "Until then set `skip_requesting_account_id = true` in the provider block.",
    ],
  },
  "skip-validation-masked": {
    title:
      "The check at the start is switched off (`skip_credentials_validation`), so unusable keys fail later and less clearly.",
    next: [
      "Remove `skip_credentials_validation` where the keys are for AWS, and look at the first error then.",
      whoAmI,
    ],
  },
} satisfies Record<string, Cause>;
