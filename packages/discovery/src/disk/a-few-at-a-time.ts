/** Files that are open at once: more are no faster, and a process may not have many more. */
const Limit = 32;

/** Does something with each item, a few at a time. Begins no more when it fails for one, and rejects as that did. */
export async function aFewAtATime<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  // All take from one iterator.
  const left = items[Symbol.iterator]();
  const workers = Array.from({ length: Limit }, async () => {
    for (let next = left.next(); !next.done; next = left.next()) await work(next.value);
  });
  await Promise.all(workers);
}
