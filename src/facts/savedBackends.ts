import type { Document } from "../documents/document";
import { entryOf, nodeAt, type YamlNode } from "../documents/yaml";
import type { CredentialSet, Setting, SettingName } from "../model/credentials";
import { endpointKind } from "./environment";
import { keySetting } from "./keySetting";
import { directoryOf } from "./locations";

/** Keys of an S3 backend that `terraform init` wrote down, and that count until the next `init`. */
export interface SavedBackend {
  /** The module's, not that of `.terraform`. */
  readonly directory: string;
  readonly settings: Readonly<Partial<Record<SettingName, Setting>>>;
  readonly endpoint: CredentialSet["endpoint"];
}

const saved: readonly (readonly [SettingName, string])[] = [
  ["accessKeyId", "access_key"],
  ["secretAccessKey", "secret_key"],
  ["sessionToken", "token"],
];

export function savedBackendsIn(document: Document): readonly SavedBackend[] {
  if (document.kind !== "jsonc" || document.dialect !== "init-cache") return [];
  const { source, root } = document;
  const type = nodeAt(root, "backend", "type");
  if (type?.kind !== "scalar" || type.text !== "s3") return [];
  const config = nodeAt(root, "backend", "config");
  const settings: Partial<Record<SettingName, Setting>> = {};
  for (const [name, spelling] of saved) {
    const entry = entryOf(config, spelling);
    // `null` is written without quotes.
    if (entry?.value.kind !== "scalar" || entry.value.style !== "double" || entry.value.text === "") continue;
    const { text, contentSpan } = entry.value;
    const nameAt = { path: source.path, span: entry.key.contentSpan };
    settings[name] = keySetting({
      name,
      spelling,
      text,
      raw: source.text.slice(contentSpan.start, contentSpan.end),
      at: nameAt,
      nameAt,
      valueAt: { path: source.path, span: contentSpan },
      wholeAt: { path: source.path, span: entry.span },
      surroundings: { syntax: "json", lineEnd: undefined, indent: { start: 0, end: 0 }, newline: "\n" },
    });
  }
  const directory = directoryOf(directoryOf(source.path));
  return Object.keys(settings).length === 0 ? [] : [{ directory, settings, endpoint: endpointOf(config) }];
}

function endpointOf(config: YamlNode | undefined): CredentialSet["endpoint"] {
  const urls = [nodeAt(config, "endpoint"), nodeAt(config, "endpoints", "s3"), nodeAt(config, "endpoints", "sts")];
  const written = urls.find((one) => one?.kind === "scalar" && one.style === "double" && one.text !== "");
  return written?.kind === "scalar" ? endpointKind(written.text) : "aws";
}
