import { abortable } from '@client-ts/apimachinery';
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
    // Files may be somewhere that does not answer.
    const after = await abortable(Promise.resolve(source({ signal, rejected: before })), signal);
    if (after.cert === before.cert && after.key === before.key) return response;
    await response.discard();
    return next(request);
  };
}
