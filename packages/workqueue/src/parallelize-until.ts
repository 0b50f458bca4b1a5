export interface ParallelizeOptions {
  /** Aborting it starts no further pieces; it rejects with the reason once those that were started have ended. */
  readonly signal?: AbortSignal | undefined;
  /** How many pieces a worker takes at a time, and does one after the other. Default: 1. */
  readonly chunkSize?: number | undefined;
}

/**
 * Does the pieces 0 to `pieces` - 1 with so many workers at a time: client-go's `ParallelizeUntil`.
 *
 * Resolves when all have been done. A piece that fails starts no further ones, and it rejects with the first failure once those
 * that were started have ended.
 *
 * @throws RangeError when `workers` or `chunkSize` is no positive integer.
 */
export async function parallelizeUntil(
  workers: number,
  pieces: number,
  doPiece: (piece: number) => void | Promise<void>,
  { signal, chunkSize = 1 }: ParallelizeOptions = {},
): Promise<void> {
  for (const [name, value] of Object.entries({ workers, chunkSize })) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`${name}: expected a positive integer, got ${value}`);
  }
  let next = 0;
  let failure: { readonly reason: unknown } | undefined;
  const stopped = (): boolean => {
    if (signal?.aborted) failure ??= { reason: signal.reason };
    return failure !== undefined;
  };
  const worker = async (): Promise<void> => {
    while (next < pieces) {
      const from = next;
      next += chunkSize;
      for (let piece = from; piece < Math.min(from + chunkSize, pieces); piece++) {
        if (stopped()) return;
        try {
          await doPiece(piece);
        } catch (reason) {
          failure ??= { reason };
        }
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, Math.ceil(pieces / chunkSize)) }, worker));
  if (failure) throw failure.reason;
}
