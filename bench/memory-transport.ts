import type { Transport } from '@client-ts/rest';

/** As much as a socket gives at once. */
const ChunkBytes = 64 * 1024;

/** What is sent for a request, made beforehand: answering costs next to nothing. */
export interface MemoryAnswer {
  readonly chunks: readonly Uint8Array[];
  /** The body stays open until the reader leaves. Default: false. */
  readonly open?: boolean;
}

/** Bytes as they would come from a socket: cut anywhere. */
export function chunksOf(text: string | Uint8Array): Uint8Array[] {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const count = Math.ceil(bytes.length / ChunkBytes);
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * ChunkBytes, (at + 1) * ChunkBytes));
}

/** A transport without network and server. */
export function memoryTransport(answer: (url: URL) => MemoryAnswer): Transport {
  return {
    async request({ url, signal }) {
      signal?.throwIfAborted();
      return {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: read(answer(url), signal),
        async discard() {},
      };
    },
    async [Symbol.asyncDispose]() {},
  };
}

async function* read({ chunks, open = false }: MemoryAnswer, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    // Each read of a socket is an event of its own: others have their turn in between.
    await new Promise<void>((resolve) => setImmediate(resolve));
    yield chunk;
  }
  if (!open) return;
  await new Promise<never>((_, reject) => {
    const leave = (): void => reject(signal?.reason as Error);
    if (signal?.aborted) leave();
    signal?.addEventListener('abort', leave, { once: true });
  });
}
