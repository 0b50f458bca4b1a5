/**
 * Does something with each item, `limit` at a time. When it fails for one, no more is begun after that, and the promise rejects
 * as that did.
 */
export async function aFewAtATime<T>(
  items: Iterable<T>,
  limit: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  // All workers take from one iterator.
  const left = items[Symbol.iterator]();
  let isFailed = false;
  const worker = async (): Promise<void> => {
    for (let next = left.next(); !next.done; next = left.next()) {
      if (isFailed) return;
      await work(next.value);
    }
  };
  try {
    await Promise.all(Array.from({ length: limit }, worker));
  } catch (error) {
    isFailed = true;
    throw error;
  }
}
