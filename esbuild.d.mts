import type { Metafile } from "esbuild";

export function buildProduct(options?: { minify?: boolean; write?: boolean; outdir?: string }): Promise<Metafile>;
/** What of esbuild's account of the bundles matters here. */
export function bundleProblems(metafile: {
  outputs: Record<string, { inputs: object; imports: { path: string }[] }>;
}): string[];
