import type { Middleware } from '@client-ts/rest';
import type { TlsSource } from '@client-ts/transport';

/**
 * Looks at the files of a client certificate at once when the server refuses (401), and sends the request again when there is
 * another certificate: who renews one need not wait for all its users before the old one ends. client-go leaves such a refusal
 * to the caller, and may keep the old certificate for five minutes.
 *
 * @param source - the one that the transport takes its identity from.
 */
export function renewedCertificate(source: TlsSource): Middleware {
  return async (request, next) => {
    const { signal } = request;
    // The transport asks for the same, and fails if it cannot be had.
    const asked = Promise.resolve(source({ signal }));
    asked.catch(() => undefined);
    const response = await next(request);
    if (response.status !== 401) return response;
    const before = await asked;
    const after = await unlessAborted(Promise.resolve(source({ signal, rejected: before })), signal);
    if (after.cert === before.cert && after.key === before.key) return response;
    await response.discard();
    return next(request);
  };
}

/** Files may be somewhere that does not answer. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  let abort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal?.reason as Error);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (abort) signal?.removeEventListener('abort', abort);
  }
}
