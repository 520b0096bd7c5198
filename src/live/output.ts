import fs from "node:fs";
import type { Readable } from "node:stream";
import { decode } from "./decode";
import type { Skipped } from "./world";

/** More than a log of an hour's run holds. */
export const maxOutputSize = 64 * 1024 * 1024;

/** What a program has printed: from a file, a pipe or a terminal, in whichever encoding its shell wrote it. */
export async function readOutput(
  path: string,
  stream: Readable = fs.createReadStream(path),
): Promise<string | Skipped | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      if (size > maxOutputSize) return { path, reason: "larger than 64 MiB" };
      chunks.push(bytes);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    return { path, reason: code === "EISDIR" ? "a directory" : "it cannot be read" };
  }
  return decode(Buffer.concat(chunks)).text;
}
