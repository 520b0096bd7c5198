import { accessKeyIdShape, cleanPieces, isShowableKeyId, secretKeyShape, sessionTokenShape } from "../aws/accessKey";
import type { KeyShape, Setting, SettingName, Value } from "../model/credentials";
import { Secret } from "../model/secret";
import type { Piece } from "../model/text";

type Written = Omit<Setting, "value" | "shape" | "repaired"> & {
  /** The value as its reader would deliver it. */
  readonly text: string;
  /** The characters of `valueAt`, escapes and all. */
  readonly raw: string;
};

/** A setting with a known text. Secrets disappear into `Secret` here, and what rules may know of them is their shape. */
export function keySetting({ text, raw, ...written }: Written): Setting {
  const shape = shapeOf(written.name, text);
  if (!shape) return { ...written, value: { kind: "literal", text } };
  return {
    ...written,
    value: asValue(written.name, shape, text),
    shape,
    ...repair(shape, raw, written.valueAt.span.start),
  };
}

function shapeOf(name: SettingName, text: string): KeyShape | undefined {
  if (name === "accessKeyId") return accessKeyIdShape(text);
  if (name === "secretAccessKey") return secretKeyShape(text);
  return name === "sessionToken" ? sessionTokenShape(text) : undefined;
}

function asValue(name: SettingName, shape: KeyShape, text: string): Value {
  const isShown = name === "accessKeyId" && isShowableKeyId(shape);
  return isShown ? { kind: "literal", text } : { kind: "secret", secret: new Secret(text), shape };
}

function repair(shape: KeyShape, raw: string, start: number): { repaired?: readonly Piece[] } {
  if (shape.kind !== "mangled") return {};
  return {
    repaired: cleanPieces(raw).map((piece) =>
      typeof piece === "string" ? piece : { start: start + piece.start, end: start + piece.end },
    ),
  };
}
