import type { TlsConfig } from '@client-ts/rest';

/**
 * Gives the TLS identity each time one may be needed: before every request. For certificates that are renewed while the
 * process runs; the twin of `TokenSource`.
 *
 * Returns the same object for as long as nothing has changed; sources cache by themselves. Another object is a rotation: new
 * connections use it, idle ones are closed, and busy ones when their request has ended. When it cannot be used, the identity
 * of before stays.
 *
 * After a handshake failed, the source is called once more with that identity as `rejected`, and the request is sent again if
 * it gives another. Transports with the same source share their connections.
 *
 * Rejects when there is no identity at all; so does the request.
 */
export type TlsSource = (options: {
  readonly rejected?: TlsConfig | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told of a renewal that failed, when an identity of before stays in use. */
  readonly onError?: ((error: Error) => void) | undefined;
}) => TlsConfig | Promise<TlsConfig>;
