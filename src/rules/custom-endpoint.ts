import { hostOf, isAwsHost, isStsHost } from "../aws/hosts";
import type { CredentialSet, Endpoint } from "../model/credentials";
import { describeSet } from "../model/describe";
import type { Rule } from "./rule";

export const rule: Rule = {
  id: "custom-endpoint",
  title: "STS at an address that is not AWS's, or over plain HTTP",
  severity: "warning",
  why: "Whoever answers at this address gets signed requests, session tokens in clear text, and decides which credentials Terraform goes on with: AssumeRole asks there.",
  remedy:
    "Remove the endpoint: Terraform finds the region's own. A VPC endpoint is reached by AWS's own names, or by `vpce-….sts.REGION.vpce.amazonaws.com`.",
  silence:
    "AWS's hosts and VPC endpoints, addresses on this machine and names of emulators; and blocks whose other endpoints lead away from AWS too, for they mean another service altogether.",
  links: [
    "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/custom-service-endpoints",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sts_vpc_endpoint_create.html",
  ],
  examples: {
    "somebody's host": {
      "main.tf": `
provider "aws" {
  region = "eu-west-1"

  endpoints {
    sts = "https://sts.eu-west-1.aws.example.net"
    #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ custom-endpoint
  }
}
`,
    },
    "a VPC endpoint, and an emulator": {
      "main.tf": `
provider "aws" {
  region = "eu-west-1"

  endpoints {
    sts = "https://vpce-0123456789abcdef0-abcdefgh.sts.eu-west-1.vpce.amazonaws.com"
  }
}

provider "aws" {
  alias  = "local"
  region = "eu-west-1"

  endpoints {
    sts = "http://localhost:4566"
  }
}
`,
    },
  },
  *check({ sets }) {
    for (const set of sets) {
      const sts = (set.endpoints ?? []).find(({ service }) => service === "sts");
      if (sts?.url.kind !== "literal" || set.endpoint === "emulator") continue;
      const host = hostOf(sts.url.text);
      const isOpen = /^http:/i.test(sts.url.text);
      if (host === "" || (isStsHost(host) && !isOpen) || isElsewhere(set, sts)) continue;
      yield {
        message: isStsHost(host)
          ? `STS calls of ${describeSet(set)} go over plain HTTP, session tokens included.`
          : isAwsHost(host)
            ? `STS calls of ${describeSet(set)} go to a host of AWS that is not STS.`
            : `STS calls of ${describeSet(set)} go to an address that is not AWS's.`,
        at: sts.at,
      };
    }
  },
};

/** Other services of the block are not AWS's either. */
function isElsewhere({ endpoints = [] }: CredentialSet, sts: Endpoint): boolean {
  return endpoints.some(
    (one) => one !== sts && one.service !== "iam" && (one.url.kind !== "literal" || !isAwsHost(hostOf(one.url.text))),
  );
}
