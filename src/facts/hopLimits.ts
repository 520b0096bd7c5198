import type { Attribute, Body, TerraformDocument } from "../documents/terraform";
import type { Location, TextEdit } from "../model/text";

/** A machine whose containers ask its metadata for credentials and are one hop too far away. */
export interface HopLimit {
  readonly address: string;
  readonly at: Location;
  readonly repair: readonly TextEdit[];
}

/** What in a start script says that containers run there. */
const runsContainers = /(?:\b|\\n)(?:docker|podman|nerdctl)\s+(?:container\s+)?run\b|docker[- ]compose\s+(?:.*\s)?up\b/;
/** They take the machine's own way, or the distance is kept on purpose: clusters give their tasks roles of their own. */
const isKept =
  /--net(?:work)?[= ]host\b|network_mode:\s*["']?host|ecs\.config|ECS_CLUSTER|\/etc\/eks\/|\b(?:kubeadm|k3s|nodeadm)\b/;

export function hopLimitsIn({ source, body }: TerraformDocument): readonly HopLimit[] {
  return body.blocks.flatMap((block) => {
    const [type, name] = block.labels.map(({ text }) => text);
    if (block.type !== "resource" || (type !== "aws_instance" && type !== "aws_launch_template")) return [];
    const metadata = block.body.blocks.find((one) => one.type === "metadata_options")?.body;
    const limit = metadata && attributeOf(metadata, "http_put_response_hop_limit");
    const hasRole =
      attributeOf(block.body, "iam_instance_profile") ??
      block.body.blocks.find((one) => one.type === "iam_instance_profile");
    const script = attributeOf(block.body, "user_data") ?? attributeOf(block.body, "user_data_base64");
    if (!limit || !hasRole || !script || limit.value.kind !== "number" || limit.value.value !== 1) return [];
    const written = source.text.slice(script.value.span.start, script.value.span.end);
    if (!runsContainers.test(written) || isKept.test(written) || isOff(metadata)) return [];
    const at = { path: source.path, span: limit.value.span };
    return [{ address: `${type}.${name}`, at, repair: [{ ...at, pieces: ["2"] }] }];
  });
}

function isOff(metadata: Body): boolean {
  const endpoint = attributeOf(metadata, "http_endpoint")?.value;
  return endpoint?.kind === "string" && endpoint.text === "disabled";
}

const attributeOf = (body: Body, name: string): Attribute | undefined =>
  body.attributes.find((one) => one.name === name);
