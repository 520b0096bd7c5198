/** Every test/editor/*.test.ts by its name; the list is made when the suite is bundled. */
export const suites: Record<string, Record<string, () => Promise<void>>>;
