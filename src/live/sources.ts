import type { FetchReply } from "../model/fetching";
import { safePath } from "./programs";
import type { SourceWorld } from "./sources/source";
import type { SourceQuestion } from "./world";

/** Fetches the keys of a source; each kind stands in a module of its own. Always resolves. */
export async function fetchKeys(question: SourceQuestion, world: SourceWorld): Promise<FetchReply> {
  const { source } = question;
  switch (source.kind) {
    case "sso":
      return (await import("./sources/sso")).fetchSso(source, world, question);
    case "login":
      return { host: "", answer: (await import("./sources/login")).fetchLogin(source, world) };
    case "process": {
      const { home: directory, environment } = world;
      const { workspace = [], signal } = question;
      const safe = { ...environment, PATH: safePath(environment.PATH, workspace) };
      const options = { directory, environment: safe, now: world.now(), ...(signal ? { signal } : {}) };
      const { fetchProcess } = await import("./sources/process");
      return { host: "", answer: await fetchProcess(source.command.reveal(), options) };
    }
    case "web-identity":
      return (await import("./sources/webIdentity")).fetchWebIdentity(source, world, question);
  }
}
