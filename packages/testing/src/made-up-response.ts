import type { TransportResponse } from '@client-ts/rest';

/** A complete answer that no server gave. */
export function textResponse(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = { 'content-type': 'application/json' },
): TransportResponse {
  const bytes = new TextEncoder().encode(body);
  return { status, headers, body: once(bytes), discard: () => Promise.resolve() };
}

/** An answer that begins and never goes on, until `signal` aborts. */
export function silentResponse(signal: AbortSignal | undefined): TransportResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: { [Symbol.asyncIterator]: () => ({ next: () => untilAborted(signal) }) },
    discard: () => Promise.resolve(),
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}

/** Rejects with the reason of the signal, when it aborts. */
export function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason as Error);
    else signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
