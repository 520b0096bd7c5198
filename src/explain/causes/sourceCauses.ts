import type { Cause } from "./cause";

const chain =
  "Run `callerid chain` in the shell and directory where Terraform runs: it shows each place that was looked at.";

/** Where credentials come from, and what comes in between. */
export const sourceCauses = {
  "no-credentials": ({ stage }) => ({
    title:
      "Terraform found no credentials at all; EC2's metadata (IMDS) is only the last place it looks, and rarely the one that matters.",
    belief: "imds-error",
    next: [
      chain,
      "Give it a source: `AWS_PROFILE`, both key variables, or a `profile` in the block; with SSO run `aws sso login` first.",
      ...(stage === "backend" || stage === "remote-state"
        ? ["A backend and a remote state take nothing from the provider block: they need a source of their own."]
        : []),
    ],
  }),
  "partial-env": {
    title:
      "Only one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY is set: Terraform ignores half a pair without a word.",
    next: ["Set both variables in the process that starts Terraform, or unset both."],
  },
  "env-not-passed": {
    title:
      "The variables are set somewhere, but not where Terraform runs: another shell, sudo, a container, another CI step.",
    next: [
      "Print the names there with `env | grep -o '^AWS_[A-Z_]*'` and compare.",
      "Pass them on: `export` them, `sudo -E`, `docker run -e`, `env:` of the CI step that runs Terraform.",
    ],
  },
  "imds-hop-limit": {
    title: "On EC2 the answer of the metadata does not reach containers: it may pass one hop only.",
    next: [
      "Set `http_put_response_hop_limit = 2` in the instance's metadata_options, or give the container a role of its own.",
    ],
  },
  "oidc-permission-missing": {
    title: "The job may not ask GitHub for an OIDC token, so there is nothing to get credentials with.",
    next: [
      "Give the job `permissions: { id-token: write, contents: read }`; a pull request from a fork never gets it.",
    ],
  },
  "remote-execution": {
    title: "The run happens on HCP Terraform's machines, which see neither your environment nor your AWS files.",
    next: [
      "Set the AWS variables in the workspace there (mark them sensitive), or use its dynamic provider credentials.",
      "Or set the workspace's execution mode to Local.",
    ],
  },
  "no-provider-block": {
    title:
      "No provider block of this alias is there, so Terraform made one up that takes everything from the environment.",
    next: ["Write the provider block in the root module, or set AWS_PROFILE and AWS_REGION where Terraform runs."],
  },
  "provider-in-module": {
    title: "A module brings its own provider block, which takes nothing from the root's one.",
    next: ["Remove the provider block from the module and pass the root's provider with `providers = { aws = aws }`."],
  },
  "backend-missing-creds": {
    title:
      "The backend has no source of credentials of its own: `profile` and keys of the provider block do not count for it.",
    belief: "backend-inherits",
    next: [
      'Give the backend block a `profile`, or pass one with `terraform init -backend-config="profile=NAME"`.',
      "Or set `AWS_PROFILE`, which backend and provider both read.",
    ],
  },
  "backend-provider-mismatch": ({ code }) => ({
    title:
      code === "NoSuchBucket"
        ? "The backend looks in another partition or store than the one in which the bucket was made."
        : "The backend signs in as somebody else than the provider, and that identity may not use this bucket, or not see it.",
    belief: "backend-inherits",
    next: [
      "Run `callerid chain --backend` and `callerid chain --provider aws`, and compare where each takes its credentials from.",
      "Give the backend block the `profile` or role of the account that owns the bucket.",
    ],
  }),
  "remote-state-no-profile": {
    title:
      "terraform_remote_state reads the bucket with credentials of its own; what the provider or the backend says does not count for it.",
    belief: "backend-inherits",
    next: [
      "Put `profile` (or `assume_role`) into the `config` of the data source.",
      "Run `callerid chain --remote-state NAME` to see what it uses now.",
    ],
  },
  "backend-authz": ({ caller, action }) => ({
    title: caller
      ? `${caller} is not allowed ${action ?? "this"} on the state's bucket, its key or its lock table.`
      : "AWS knows the caller; no policy allows it to use the state's bucket, its key or its lock table, or one forbids it.",
    next: [
      "Check s3:ListBucket on the bucket, s3:GetObject and s3:PutObject on the key, and kms:Decrypt and kms:GenerateDataKey where the bucket is encrypted with a KMS key.",
      "Check the bucket's own policy: in another account both sides have to allow it.",
    ],
  }),
  "backend-cached-creds": {
    title:
      "`terraform init` has stored older keys in .terraform/terraform.tfstate, and the backend goes on using them.",
    next: [
      "Run `terraform init -reconfigure` after the keys have changed.",
      "Take the keys out of the backend block and of -backend-config: a profile or the environment is not stored.",
    ],
  },
  "backend-cached-config": {
    title: "`terraform init` has stored an older configuration of the backend in .terraform/terraform.tfstate.",
    next: ["Run `terraform init -reconfigure`, or `-migrate-state` when the state itself moves."],
  },
  "stale-env-override": {
    title: "Variables in the environment come before the profile you expect, and they are old or of somebody else.",
    belief: "environment-wins",
    next: [
      "Look at them with `env | grep -o '^AWS_[A-Z_]*'`, and `unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN`.",
      "Or name the profile in the block: `profile` there comes before the environment's keys (provider from 4.0, backend from 1.6).",
    ],
  },
  "env-overrides-profile": {
    title: "Keys in the environment come before AWS_PROFILE, so another identity asked than the profile's.",
    belief: "environment-wins",
    next: ["Unset the key variables, or name the profile in the block."],
  },
  "expired-session": {
    title: "The temporary credentials have expired.",
    belief: "cli-cache",
    next: [
      "Get new ones where they came from: `aws sso login`, assume the role again, or run the tool that wrote them.",
      "Replace all three values together, and also where they were exported by hand.",
      "The AWS CLI's cache plays no part: Terraform does not read it.",
    ],
  },
  "stale-profile-session": {
    title:
      "An expired session stands in a profile of ~/.aws/credentials, written there by a tool, or in variables set by hand.",
    next: ["Run `callerid scan` to find it, then renew the session or remove the three values."],
  },
  "expired-session-midrun": {
    title:
      "The session ended during the run: it was shorter than the plan, the wait for approval and the apply together.",
    next: [
      "Sign in again, and push the state that could not be saved: Terraform leaves it in errored.tfstate (`terraform state push errored.tfstate`).",
      "Use a source that Terraform can renew by itself (SSO, `assume_role`, a profile), or a longer session.",
    ],
  },
  "ci-short-session": {
    title: "The CI job's session is shorter than the job, or was made before a step that waits.",
    next: [
      "Get the credentials right before each terraform command, after any approval.",
      "Raise the session's length (`role-duration-seconds` in GitHub Actions) up to the role's maximum session duration.",
    ],
  },
  "clock-skew": ({ clocks }) => ({
    title: clocks
      ? `This machine's clock is ${clocks.minutes} minutes ${clocks.isBehind ? "behind" : "ahead of"} AWS's.`
      : "This machine's clock differs from AWS's by more than AWS accepts.",
    next: [
      "Set the clock by a time server: `sudo timedatectl set-ntp true`, `w32tm /resync`, or Date & Time in macOS.",
      "In WSL, Docker Desktop and virtual machines it drifts after sleep: `sudo hwclock -s`, or restart them.",
    ],
  }),
  "tls-interception": {
    title:
      "Whoever answered has no certificate that this machine trusts: a company proxy that inspects TLS, or a missing bundle of certificates.",
    next: [
      "Set AWS_CA_BUNDLE (or `custom_ca_bundle`) to the company's certificate for Terraform.",
      "In a container install the ca-certificates package.",
    ],
  },
  proxy: {
    title: "The proxy did not let the request through.",
    next: [
      "Check HTTPS_PROXY and the proxy's sign-in.",
      "Set NO_PROXY=169.254.169.254,169.254.170.2 so that instance and container metadata do not go through it.",
    ],
  },
  network: {
    title:
      "No answer came: the name could not be looked up, or nothing answered. That says nothing about the credentials.",
    next: [
      "Check VPN, proxy, firewall and DNS from where Terraform runs: `curl -sI https://sts.us-east-1.amazonaws.com`.",
      "In a private subnet an endpoint for STS (and one for S3) or a NAT gateway is needed.",
    ],
  },
  "emulator-not-running": {
    title: "Calls go to an address of this machine or its network, and nothing answers there.",
    next: ["Start the emulator, or correct the endpoint: inside a container localhost is the container itself."],
  },
  "tool-credential-chain": {
    title: "The tool around Terraform looks for credentials in fewer places than Terraform does.",
    next: ['Give it plain variables: `eval "$(aws configure export-credentials --format env)"` before you start it.'],
  },
} satisfies Record<string, Cause>;
