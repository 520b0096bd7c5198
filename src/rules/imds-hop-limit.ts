import type { Rule } from "./rule";

export const rule: Rule = {
  id: "imds-hop-limit",
  title: "Containers cannot reach the instance's metadata",
  severity: "info",
  why: "With a hop limit of 1 the answer of the metadata service does not get past the machine into a container, and a program in it finds no credentials (`no EC2 IMDS role found`).",
  remedy: "Set `http_put_response_hop_limit = 2`, or give the containers credentials of their own.",
  silence:
    "Machines without an instance profile, and those whose start script starts no containers or gives them the host's network. Clusters, whose tasks have roles of their own: there the limit keeps them from the machine's.",
  links: ["https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html"],
  examples: {
    "a container host": {
      "main.tf": `
resource "aws_instance" "host" {
  ami                  = "ami-0123456789abcdef0"
  instance_type        = "t3.small"
  iam_instance_profile = "app"
  user_data            = "#!/bin/sh\\ndocker run -d example/app"

  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
    #                             ^ imds-hop-limit
  }
}
`,
    },
    "no containers": {
      "main.tf": `
resource "aws_instance" "host" {
  ami                  = "ami-0123456789abcdef0"
  instance_type        = "t3.small"
  iam_instance_profile = "app"

  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }
}
`,
    },
  },
  *check({ hopLimits }) {
    for (const { address, at, repair } of hopLimits) {
      yield {
        message: `Containers on ${address} cannot reach its instance metadata with a hop limit of 1.`,
        at,
        fixes: [{ title: "Set the hop limit to 2", safety: "review", edits: repair }],
      };
    }
  },
};
