import { toTransportError, TransportError } from '@client-ts/rest';
import { TunnelError } from './tunnel-error.js';

/**
 * Alerts of a peer that does not go on with whom it sees (RFC 8446 §6.2), as OpenSSL calls them. Nothing but a handshake brings
 * them; yet with TLS 1.3 they come when that is done for the client, and its request under way. The server has seen nothing of it.
 */
const Refusal = /^ERR_SSL_\w+_ALERT_(\w*CERTIFICATE\w*|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE)$/;

/** Why a peer refused the handshake, or `undefined` for any other error. */
export function refusalOf(error: unknown): string | undefined {
  const [, alert] = Refusal.exec(String((error as { readonly code?: unknown } | undefined)?.code)) ?? [];
  return alert && `the peer refused the TLS handshake: ${alert.toLowerCase().replaceAll('_', ' ')}`;
}

/**
 * Says why there is no connection: `tls` when it was the handshake, and `connect` for anything else. The message names whom it was
 * meant for, and holds no credentials.
 */
export function connectError(cause: unknown, peer: string): TransportError {
  if (cause instanceof TunnelError) return new TransportError('connect', `${peer}: ${cause.message}`, { cause });
  const refusal = refusalOf(cause);
  if (refusal !== undefined) return new TransportError('tls', `${peer}: ${refusal}`, { cause });
  const error = toTransportError(cause, peer, 'sending');
  return error.failure === 'tls' ? error : new TransportError('connect', error.message, { cause });
}
