import { TransportError, type TransportFailure } from './transport-error.js';

/** What codes of Node.js (libuv) and undici stand for, and that of our own tunnels; in which words, if not in their own. */
const Failures: Readonly<Record<string, readonly [failure: TransportFailure, words?: string]>> = {
  ECONNREFUSED: ['connect', 'connection refused'],
  EHOSTUNREACH: ['connect', 'no route to host'],
  ENETUNREACH: ['connect', 'network is unreachable'],
  ENOTFOUND: ['connect', 'no such host'],
  EAI_AGAIN: ['connect', 'the host name could not be resolved'],
  ETIMEDOUT: ['connect', 'connection timed out'],
  UND_ERR_CONNECT_TIMEOUT: ['connect'],
  ERR_PROXY_TUNNEL: ['connect'],
  ECONNRESET: ['reset', 'connection reset by peer'],
  EPIPE: ['reset'],
  UND_ERR_SOCKET: ['reset'],
  UND_ERR_HEADERS_TIMEOUT: ['timeout'],
  UND_ERR_BODY_TIMEOUT: ['timeout'],
  EPROTO: ['tls'],
};

/** Codes of OpenSSL, such as `UNABLE_TO_VERIFY_LEAF_SIGNATURE`, `CERT_HAS_EXPIRED` and `DEPTH_ZERO_SELF_SIGNED_CERT`. */
const TlsCode = /CERT|UNABLE_TO|^ERR_TLS|^ERR_SSL|HOSTNAME_MISMATCH/;

/**
 * Says what stopped a request, whatever HTTP implementation it was.
 *
 * @param peer - who was called: `host:port`, without credentials.
 * @param stage - `reading` tells a body that broke off from a request that got no answer.
 */
export function toTransportError(error: unknown, peer: string, stage: 'sending' | 'reading'): TransportError {
  const root = rootCause(error);
  const failure = failureOf(root);
  const broken = failure === 'reset' || failure === 'other' || failure === 'connect';
  const kind = stage === 'reading' && broken ? 'truncated' : failure;
  return new TransportError(kind, `${peer}: ${reasonOf(root)}`, { cause: error });
}

function failureOf(error: Error): TransportFailure {
  const code = codeOf(error);
  if (TlsCode.test(code)) return 'tls';
  const [failure] = Failures[code] ?? ['other'];
  // Of a connection that there was. A request on it may have been seen.
  return failure === 'connect' && /^(read|write)/.test(String((error as { syscall?: unknown }).syscall))
    ? 'reset'
    : failure;
}

/**
 * The error that says most: wrappers say nothing. Happy eyeballs report one error for each address; the first one tells as
 * much as all of them.
 */
function rootCause(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if (codeOf(error) in Failures && error.message !== '') return error;
  const nested: unknown = error instanceof AggregateError ? error.errors[0] : error.cause;
  return nested instanceof Error ? rootCause(nested) : error;
}

function codeOf(error: Error): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

function reasonOf(error: Error): string {
  const code = codeOf(error);
  const [, words] = Failures[code] ?? [];
  if (words !== undefined) return words;
  return code === '' || error.message.includes(code) ? error.message : `${error.message} (${code})`;
}
