import { headerOf } from './headers.js';
import type { Middleware } from './middleware.js';
import { TransportError } from './transport-error.js';

/**
 * Asks servers for gzip, and decompresses what they send so, where the transport does not do it.
 *
 * API servers compress answers from 128 KiB on. A list of 2,000 pods is a sixteenth of its size then; even on loopback it
 * takes no longer, since the client spends as much on decompressing as it saves on decrypting (152 and 182 ms of CPU in one
 * run, 171 and 167 in another), and the server a tenth more. Over any network it is there sooner. So the configs of
 * `loadConfig` ask for it, as client-go does, unless their cluster says `disable-compression`. Watches are never compressed.
 */
export function gzip(): Middleware {
  return async (request, next) => {
    if (request.longRunning) return next(request);
    const response = await next({ ...request, headers: { 'accept-encoding': 'gzip', ...request.headers } });
    if (headerOf(response, 'content-encoding')?.toLowerCase() !== 'gzip') return response;
    const { 'content-encoding': _, 'content-length': __, ...headers } = response.headers;
    const body = gunzip(response.body, request.url.host);
    return { status: response.status, headers, body, discard: () => response.discard() };
  };
}

/** @param peer - who was called: `host:port`, for messages. */
async function* gunzip(body: AsyncIterable<Uint8Array>, peer: string): AsyncGenerator<Uint8Array, void, void> {
  const chunks = body[Symbol.asyncIterator]();
  let failure: unknown;
  const compressed = new ReadableStream<BufferSource>({
    async pull(controller) {
      try {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value as BufferSource);
      } catch (error) {
        failure = error;
        throw error;
      }
    },
    cancel: async () => void (await chunks.return?.()),
  });
  const reader = compressed.pipeThrough(new DecompressionStream('gzip')).getReader();
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) yield chunk.value;
  } catch (cause) {
    const message = `${peer}: the compressed body is damaged, or ended too early`;
    throw failure ?? new TransportError('truncated', message, { cause });
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
