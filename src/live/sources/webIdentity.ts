import type { Fetching, FetchReply } from "../../model/fetching";
import { Secret } from "../../model/secret";
import type { WebIdentitySource } from "../../model/sources";
import type { SourceQuestion } from "../world";
import type { SourceWorld } from "./source";
import { unavailable } from "./unavailable";

/** Three parts of base64url, as every identity provider's token has; nothing else is ever sent. */
const webToken = /^[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}$/;

/** Trades the token of an identity provider for the keys of the chain's first role. */
export async function fetchWebIdentity(
  { tokenFile }: WebIdentitySource,
  world: SourceWorld,
  { role, region, endpoint, signal }: SourceQuestion,
): Promise<FetchReply> {
  const nobody = (answer: Fetching): FetchReply => ({ host: "", answer });
  if (!role) return nobody(unavailable("There is a token file, but no role to assume with it."));
  const text = world.read(tokenFile)?.trim();
  if (text === undefined) return nobody(unavailable(`The token file ${tokenFile} cannot be read.`));
  if (!webToken.test(text) || text.length > 20_000) {
    return nobody(unavailable(`What stands in ${tokenFile} is no JSON web token, so it was not sent.`));
  }
  const { assumeRoleWithWebIdentity } = await import("../sts");
  return assumeRoleWithWebIdentity({
    role,
    region,
    token: new Secret(text),
    now: () => world.now(),
    environment: world.environment,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(signal ? { signal } : {}),
    ...(world.route ? { route: world.route } : {}),
  });
}
