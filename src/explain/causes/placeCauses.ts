import { regionInfo } from "../../aws/regions";
import type { Cause } from "./cause";

/** Regions, endpoints, and what the configuration itself says. */
export const placeCauses = {
  "region-opt-in": ({ region, code }) =>
    code === "RegionDisabledException"
      ? {
          title: `STS is switched off in ${region ?? "this region"} for the account.`,
          next: [
            "An administrator can switch it on in IAM under Account settings, Security Token Service.",
            'Or ask another region: `sts_region = "us-east-1"` in the block.',
          ],
        }
      : {
          title: `${region ?? "The region"} has to be enabled for the account; where it is not, AWS answers as if the key did not exist.`,
          next: [
            "Enable the region in the AWS console under Account, AWS Regions; it takes some minutes.",
            "If it is enabled, get a new session from a regional STS endpoint: tokens of the global one do not count there.",
            'Or ask STS elsewhere: `sts_region = "us-east-1"` in the block.',
          ],
        },
  "partition-mismatch": ({ region }) => ({
    title: `Keys of one partition do not work in another${region ? `: ${region} belongs to ${partitionOf(region)}` : " (AWS, GovCloud, China)"}.`,
    next: ["Use keys of an account in that partition, or correct the region.", "ARNs have to name the same partition."],
  }),
  "region-typo": ({ region }) => ({
    title: region ? `There is no region ${region}.` : "The region's name is not one of AWS's.",
    next: ["Correct the name; a region has no letter at its end (us-east-1a is a zone) and no blank around it."],
  }),
  "region-unset": {
    title: "No region is given where it counts: `region` in the block, AWS_REGION or AWS_DEFAULT_REGION.",
    next: ["Set `region` in the block or AWS_REGION.", "The S3 backend does not take the region of a profile."],
  },
  "quoted-reference": {
    title: 'A name in quotes is a text: "var.region" is not the variable\'s value.',
    next: [
      "Write it without quotes: region = var.region. In a backend block no variables work at all; use -backend-config.",
    ],
  },
  "provider-too-old-for-region": {
    title: "This version's list of regions is older than the region.",
    next: ["Update the provider or Terraform.", "Until then set `skip_region_validation = true`."],
  },
  "sts-region-mismatch": {
    title: "The request was signed for another region than the endpoint's.",
    next: ["Set `sts_region` to the region of the STS endpoint."],
  },
  "non-aws-endpoint": {
    title:
      "The bucket is on an S3-compatible store, but the check of the credentials goes to real AWS, which does not know them.",
    next: [
      "Set skip_credentials_validation, skip_requesting_account_id, skip_region_validation and skip_metadata_api_check to true in the backend block.",
      "Set `use_path_style` and `endpoints = { s3 = … }` as the store asks for.",
    ],
  },
  "mock-endpoint-leak": {
    title: "Some service is missing in `endpoints`, so a key made for an emulator went to real AWS.",
    next: [
      "Give every service that is used an endpoint, sts and iam too, or set AWS_ENDPOINT_URL.",
      "Set skip_credentials_validation and skip_requesting_account_id to true for the emulator.",
    ],
  },
  "bucket-missing": {
    title: "There is no bucket of that name.",
    next: [
      "Check the spelling of `bucket`; names are the same for all accounts.",
      "Create the bucket first: Terraform does not make the bucket of its own state.",
    ],
  },
  "bucket-region": {
    title: "The bucket is in another region than the block says.",
    next: [
      "Run `aws s3api get-bucket-location --bucket NAME` (null means us-east-1), write it as `region`, and run `terraform init -reconfigure`.",
    ],
  },
  "backend-variable": {
    title: "A backend block takes no variables, locals or functions.",
    next: [
      'Write the value itself, or leave it out and give `-backend-config="name=value"` or a file to terraform init.',
    ],
  },
  "backend-arg-removed": ({ argument }) => ({
    title: argument
      ? `\`${argument}\` is no argument here in this version.`
      : "The backend does not know this argument in this version.",
    next: [
      "From Terraform 1.10 on role settings of the S3 backend go into `assume_role = { role_arn = … }`, and endpoints into `endpoints = { … }`.",
      "Run `terraform init -reconfigure` afterwards.",
    ],
  }),
  "deprecated-argument": ({ argument }) => ({
    title: argument
      ? `The provider does not know \`${argument}\` (any more).`
      : "The provider does not know this argument (any more).",
    next: [
      "From provider 5 on it is shared_credentials_files (a list), use s3_use_path_style, and assume_role's duration.",
    ],
  }),
  "conflicting-arguments": {
    title: "Arguments of the block exclude each other, or one needs another that is missing.",
    next: ["Keep one of those the message names."],
  },
  "endpoint-host": {
    title: "AWS_CONTAINER_CREDENTIALS_FULL_URI names a host that the SDK does not trust with credentials.",
    next: ["Only this machine and the addresses of ECS and EKS are allowed over plain HTTP; correct or unset it."],
  },
  "account-not-signed-up": {
    title: "The account may not use the service yet.",
    next: ["Finish signing the account up in the AWS console; a new one can take a while."],
  },
} satisfies Record<string, Cause>;

function partitionOf(region: string): string {
  switch (regionInfo(region)?.partition) {
    case "aws-cn":
      return "AWS China";
    case "aws-us-gov":
      return "AWS GovCloud";
    case "aws-eusc":
      return "the AWS European Sovereign Cloud";
    case "aws":
      return "AWS's commercial partition";
    default:
      return "a partition of its own";
  }
}
