import type { Fetching } from "../../model/fetching";

/** Nobody was asked, and why; then what to do about it. */
export const unavailable = (because: string, ...next: readonly string[]): Fetching => ({
  status: "unavailable",
  because,
  next,
});
