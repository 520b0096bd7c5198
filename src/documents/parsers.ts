/**
 * Parsers of others, loaded when the first text of their language comes: each is a file of its own in dist/, made by
 * `esbuild.mjs`. Only here are they named.
 */
export const parsers = {
  yaml: (): typeof import("yaml") => require("yaml"),
  dockerfile: (): typeof import("dockerfile-ast") => require("dockerfile-ast"),
  shell: (): typeof import("unbash") => require("unbash"),
};
