import { isUtf8 } from "node:buffer";
import type { Encoding } from "../model/text";

export interface Decoded {
  readonly text: string;
  readonly encoding: Encoding;
}

/** A file's bytes as text. No byte is dropped or replaced, so `encode` always leads back to the same bytes. */
export function decode(bytes: Buffer): Decoded {
  const wide = wideEncodingOf(bytes);
  if (wide) return { text: textOf(bytes, wide), encoding: wide };
  // Whatever is no UTF-8 is one character for each byte: at worst an umlaut looks odd.
  if (!isUtf8(bytes)) return { text: textOf(bytes, "latin-1"), encoding: "latin-1" };
  const text = textOf(bytes, "utf-8");
  return { text, encoding: text.startsWith("\ufeff") ? "utf-8-bom" : "utf-8" };
}

/** A text's bytes; undefined where the encoding lacks one of its characters. */
export function encode(text: string, encoding: Encoding = "utf-8"): Buffer | undefined {
  const bytes = bytesOf(text, encoding);
  return textOf(bytes, encoding) === text ? bytes : undefined;
}

function textOf(bytes: Buffer, encoding: Encoding): string {
  switch (encoding) {
    case "utf-16le":
      return bytes.toString("utf16le");
    case "utf-16be":
      return Buffer.from(bytes).swap16().toString("utf16le");
    case "latin-1":
      return bytes.toString("latin1");
    default:
      return bytes.toString("utf8");
  }
}

function bytesOf(text: string, encoding: Encoding): Buffer {
  switch (encoding) {
    case "utf-16le":
      return Buffer.from(text, "utf16le");
    case "utf-16be":
      return Buffer.from(text, "utf16le").swap16();
    case "latin-1":
      return Buffer.from(text, "latin1");
    default:
      return Buffer.from(text, "utf8");
  }
}

/** UTF-16 by its mark, or without one where every other byte is NUL: as Windows' PowerShell leaves ASCII. */
function wideEncodingOf(bytes: Buffer): "utf-16le" | "utf-16be" | undefined {
  if (bytes.length < 2 || bytes.length % 2 !== 0) return undefined;
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  if (bytes.length < 4 || !bytes.includes(0)) return undefined;
  const zeroes = [0, 0] as [number, number];
  for (let index = 0; index < bytes.length; index++) if (bytes[index] === 0) zeroes[(index & 1) as 0 | 1]++;
  const [even, odd] = zeroes;
  if (even === 0 && odd === bytes.length / 2) return "utf-16le";
  return odd === 0 && even === bytes.length / 2 ? "utf-16be" : undefined;
}
