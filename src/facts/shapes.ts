import type { KeyShape, Setting } from "../model/credentials";

/** What a value is, documentation's examples counted as what they show; undefined for what is damaged or unknown. */
export function keyKind(setting: Setting): KeyShape["kind"] | undefined {
  const { shape } = setting;
  return shape?.kind === "documented" ? shape.of : shape?.kind;
}

export function isKeyId(kind: KeyShape["kind"] | undefined): boolean {
  return kind === "long-term-key-id" || kind === "temporary-key-id";
}
