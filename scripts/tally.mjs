// A reporter for `node --test` that writes the counts as JSON once all is over.

/** How Node 20 marks what --test-name-pattern leaves out. */
export const unasked = "test name does not match pattern";

export default async function* tally(events) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of events) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    if (data.details?.type === "suite" || data.skip === unasked) continue;
    if (data.skip !== undefined || data.todo !== undefined) counts.skipped++;
    else counts[type === "test:pass" ? "passed" : "failed"]++;
  }
  yield JSON.stringify(counts);
}
