import type { EnvFileDocument } from "../documents/envFile";
import type { CredentialSet } from "../model/credentials";
import { type HostKey, hostKeyOf } from "./containers";
import { baseName, type EnvFileReaders, envFileSet, isTemplate, variablesIn } from "./envFiles";

/** What a Compose project gets: its `.env` where that has the key, else the shell's variables. */
export function composeHost(beside: readonly EnvFileDocument[], outside: HostKey): HostKey {
  const readAsCompose: EnvFileReaders = new Map(beside.map(({ source }) => [source.path, "compose"]));
  const own = beside.find(({ source }) => baseName(source.path) === ".env");
  const set = own && envFileSet(own, readAsCompose);
  if (set?.settings.accessKeyId) return hostKeyOf(set.settings.accessKeyId);
  // A template that asks for the two alone says that the keys are meant to be long-term ones.
  const template = beside.find(({ source }) => isTemplate(source.path) || own?.source === source);
  const names = template ? variablesIn(template, readAsCompose).map(({ name }) => name) : [];
  return names.includes("AWS_ACCESS_KEY_ID") && !names.includes("AWS_SESSION_TOKEN") ? "long-term" : outside;
}

/** What a script hands on: the keys it sets, else the shell's variables. */
export function scriptHost(own: readonly CredentialSet[], outside: HostKey): HostKey {
  const kinds = own.flatMap(({ origin, settings }) =>
    origin.kind === "variables" && origin.of === "script" && settings.accessKeyId
      ? [hostKeyOf(settings.accessKeyId)]
      : [],
  );
  if (kinds.length === 0) return outside;
  return kinds.includes("temporary")
    ? "temporary"
    : kinds.every((kind) => kind === "long-term")
      ? "long-term"
      : "unknown";
}
