import { accessKeyIdShape, maskKeyId } from "../aws/accessKey";
import type { Environment, Variable } from "../facts/environment";

/** Variables whose values are names, places and switches; the value of any other may be a secret. */
const plain =
  /^AWS_(?:DEFAULT_)?(?:PROFILE|REGION)$|^AWS_(?:CONFIG_FILE|SHARED_(?:CREDENTIALS|CONFIG)_FILE|CA_BUNDLE|WEB_IDENTITY_TOKEN_FILE|ROLE_ARN|ROLE_SESSION_NAME|SDK_LOAD_CONFIG|EC2_METADATA_DISABLED|USE_(?:FIPS|DUALSTACK)_ENDPOINT|CREDENTIAL_EXPIRATION|STS_REGIONAL_ENDPOINTS)$|^TF_WORKSPACE$/;

/** The variables as they may be shown, a line each, in the order of the environment's own text. */
export function environmentText({ variables }: Environment): string {
  return [...variables.values()].map((variable) => `${variable.name}=${shownValue(variable)}\n`).join("");
}

/** The line of what stands at an offset of the environment's own text. */
export function environmentLine({ variables }: Environment, offset: number): number {
  const line = [...variables.values()].findIndex(({ valueSpan }) => offset <= valueSpan.end);
  return Math.max(line, 0);
}

function shownValue({ name, value }: Variable): string {
  if (value === "") return "";
  if (plain.test(name)) return value.replace(/\p{Cc}/gu, " ");
  const shape = accessKeyIdShape(value);
  const kind = shape.kind === "documented" ? shape.of : shape.kind;
  return kind === "long-term-key-id" || kind === "temporary-key-id" ? maskKeyId(value) : "********";
}
