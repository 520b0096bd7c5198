import { createHash } from "node:crypto";
import type { Fetching } from "../../model/fetching";
import { shellWord } from "../../model/shellWord";
import type { LoginSource } from "../../model/sources";
import { jsonIn, keysIn, objectIn } from "./json";
import type { SourceWorld } from "./source";
import { unavailable } from "./unavailable";

/**
 * The keys that `aws login` keeps for a session. One that is over is not renewed here: that takes the private key of the
 * login, which stays with the AWS CLI.
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sign-in.html
 */
export function fetchLogin({ session, profile }: LoginSource, world: SourceWorld): Fetching {
  const folder = world.environment.AWS_LOGIN_CACHE_DIRECTORY || `${world.home}/.aws/login/cache`;
  const name = createHash("sha256").update(session.trim()).digest("hex");
  const keys = keysIn(objectIn(jsonIn(world.read(`${folder}/${name}.json`))?.accessToken));
  const command = `aws login --profile ${shellWord(profile)}`;
  if (!keys) return unavailable(`Nobody has logged in with aws login for profile ${profile}.`, `Log in: ${command}`);
  if (keys.expires && keys.expires <= world.now()) {
    const ended = keys.expires.toISOString();
    return unavailable(`The keys of aws login for profile ${profile} ended at ${ended}.`, `Log in again: ${command}`);
  }
  return keys;
}
