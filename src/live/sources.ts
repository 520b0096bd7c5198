import type { FetchReply } from "../model/fetching";
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
    case "web-identity":
      return (await import("./sources/webIdentity")).fetchWebIdentity(source, world, question);
  }
}
