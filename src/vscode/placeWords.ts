import type { Location, TextOf } from "../model/text";
import { rangeOf } from "./diagnostics";
import { shortPath } from "./paths";

/** A place as people say it: `main.tf:3`; what stands in no file stands in the environment. */
export function placeWords(at: Location, textOf: TextOf): string {
  if (textOf(at.path) === "") return "environment";
  return `${shortPath(at.path)}:${rangeOf(at, textOf).start.line + 1}`;
}
