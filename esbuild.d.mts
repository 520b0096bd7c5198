import type { Metafile } from "esbuild";

export function buildProduct(options?: { minify?: boolean; write?: boolean }): Promise<Metafile>;
export function bundleProblems(metafile: Metafile): string[];
