/** Results by the things they were made of; they live as long as the first of those. */
export type Memory<T> = WeakMap<object, { readonly things: readonly unknown[]; readonly result: T }>;

/** What `make` gives, or gave before for the very same things. It may look at nothing else. */
export function remembered<T>(memory: Memory<T>, things: readonly unknown[], make: () => T): T {
  const [first] = things;
  if (typeof first !== "object" || first === null) return make();
  const known = memory.get(first);
  if (known && isSame(known.things, things)) return known.result;
  const result = make();
  memory.set(first, { things, result });
  return result;
}

export function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}

/** A function of one object alone that is worked out once for each. */
export function onceForEach<Key extends object, Result>(work: (key: Key) => Result): (key: Key) => Result {
  const memory: Memory<Result> = new WeakMap();
  return (key) => remembered(memory, [key], () => work(key));
}
