import type { ChainRole } from "../model/chain";
import type { Reply, RoleWalk } from "../model/credentials";
import type { IdentityRequest, World } from "./world";

/** Assumes roles one after the other as Terraform does, and asks whose the last keys are. */
export async function walkRoles(
  request: IdentityRequest,
  first: Reply,
  roles: readonly ChainRole[],
  /** How many of the chain's roles the keys are of already. */
  spent: number,
  world: World,
): Promise<Reply & { readonly walk?: RoleWalk }> {
  if (first.answer.status !== "valid" || roles.length === 0) return first;
  const base = first.answer.identity;
  let { keys } = request;
  for (const [index, role] of roles.entries()) {
    const assumed = spent + index;
    const { answer, ...reply } = await world.assumeRole({ ...request, keys, role });
    if (answer.status === "unknown") return { ...reply, answer, walk: { base, assumed } };
    if (answer.status === "rejected") {
      const { refusal, ...rejected } = answer;
      return { ...reply, answer: rejected, walk: { base, assumed, ...(refusal ? { refusal } : {}) } };
    }
    if (answer.status === "fetched") keys = answer.keys;
  }
  return { ...(await world.callerIdentity({ ...request, keys })), walk: { base, assumed: spent + roles.length } };
}
