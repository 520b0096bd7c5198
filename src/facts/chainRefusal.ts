import { roleArnForm, sessionNameForm } from "../aws/chain";
import { regionInfo } from "../aws/regions";
import type { ChainProblem, ChainRegion, ChainRole, Spot } from "../model/chain";
import { type ChainContext, type RunBlock, refusal, stop, variableIn } from "./chainBlock";
import { isTrue, isUnknown, type Settings, wordOf } from "./chainSettings";
import type { Base } from "./chainSources";
import { endpointKind } from "./environment";

/** The refusal that can be foretold, and how many roles are asked for until then. */
export function refusalOf(
  { block, context }: Settings,
  base: Base,
  roles: readonly ChainRole[],
  region: ChainRegion | undefined,
): { readonly problem: ChainProblem; readonly reached: number } | undefined {
  const skipsBoth = isTrue(block, "skip_credentials_validation") && isTrue(block, "skip_requesting_account_id");
  const allowed = block.values.get("allowed_account_ids");
  if (skipsBoth && allowed?.kind === "list" && allowed.items.length > 0 && roles.length === 0) {
    const message = "Without asking for the account id, no account is among allowed_account_ids.";
    return { problem: stop("account_not_allowed", message, allowed.spot), reached: 0 };
  }
  if (hasOtherEndpoint(block, context)) return undefined;
  const { flaw } = base;
  if (flaw) return { problem: { ...flaw, stage: "at-aws" }, reached: 1 };
  if (base.tokenProblem && roleArnForm.test(roles[0]?.roleArn ?? "")) return { problem: base.tokenProblem, reached: 1 };
  const optIn = skipsBoth ? undefined : optInProblem(base, region);
  if (optIn) return { problem: optIn, reached: 1 };
  for (const [index, role] of roles.entries()) {
    const isWeb = role.operation === "AssumeRoleWithWebIdentity";
    const isBad = isWeb
      ? !roleArnForm.test(role.roleArn) || role.roleArn.includes('"')
      : !role.roleArn.startsWith("arn:") || role.roleArn.length < 20;
    const { at, variable: name } = role;
    const spot: Spot = { ...(at ? { at } : {}), ...(name === undefined ? {} : { variable: name }) };
    if (isBad) {
      return { problem: refusal("sts_validation_error", "It is not the ARN of a role.", spot), reached: index + 1 };
    }
    if (!isWeb && role.sessionName !== undefined && !sessionNameForm.test(role.sessionName)) {
      const message = "STS takes no such name for a session.";
      return { problem: refusal("sts_validation_error", message, spot), reached: index + 1 };
    }
  }
  return undefined;
}

/** A region that has to be enabled knows no key of an account that has not done so. */
function optInProblem({ source, hasGlobalToken }: Base, region: ChainRegion | undefined): ChainProblem | undefined {
  const isSigned = source?.kind === "static" || source?.kind === "env" || source?.kind === "profile";
  if (!isSigned || !region || !regionInfo(region.name)?.optIn) return undefined;
  const { name, via: _, ...spot } = region;
  if (hasGlobalToken) {
    const message = `The session token comes from the global endpoint, and ${name} does not take such tokens.`;
    return refusal("invalid_client_token_id", message, spot);
  }
  const message = `${name} refuses every key of an account that has not enabled the region.`;
  return { ...refusal("invalid_client_token_id", message, spot), isPossible: true };
}

const endpointVariables = ["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL", "AWS_STS_ENDPOINT", "TF_AWS_STS_ENDPOINT"];

/** Whether the requests go to something else than AWS, of which nothing can be foretold. */
function hasOtherEndpoint(block: RunBlock, context: ChainContext): boolean {
  const { values } = block;
  const named = variableIn(context, endpointVariables);
  const endpoints = values.get("endpoints");
  if (endpoints?.kind === "unknown") return true;
  const nested = (name: string) => (endpoints?.kind === "object" ? endpoints.entries.get(name) : undefined);
  // Without the calls to STS, S3 is the first to see the key.
  const isStoreFirst = isTrue(block, "skip_credentials_validation") && isTrue(block, "skip_requesting_account_id");
  const given = [nested("sts"), values.get("sts_endpoint")];
  if (isStoreFirst) given.push(nested("s3"), values.get("endpoint"));
  return [named?.text, ...given.map((one) => (isUnknown(one) ? "?" : wordOf(one)?.text))].some(
    (url) => url !== undefined && endpointKind(url) !== "aws",
  );
}
