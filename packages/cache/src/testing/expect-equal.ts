/**
 * @throws Error that shows both values, unless they are the same as JSON. Cases that are written with it run under any
 * test runner.
 */
export function expectEqual(actual: unknown, expected: unknown): void {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (got !== wanted) throw new Error(`expected ${wanted}, got ${got}`);
}

/** @throws Error unless `work` throws one whose message contains `text`. */
export function expectThrows(work: () => unknown, text: string): void {
  try {
    work();
  } catch (error) {
    if (error instanceof Error && error.message.includes(text)) return;
    throw new Error(`expected an error about ${JSON.stringify(text)}, got ${String(error)}`, { cause: error });
  }
  throw new Error(`expected an error about ${JSON.stringify(text)}, got none`);
}
