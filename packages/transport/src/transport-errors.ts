import { TransportError, type TransportFailure } from '@client-ts/rest';

const Failures: Readonly<Record<string, TransportFailure>> = {
  ECONNREFUSED: 'connect',
  EHOSTUNREACH: 'connect',
  ENETUNREACH: 'connect',
  ENOTFOUND: 'connect',
  EAI_AGAIN: 'connect',
  ETIMEDOUT: 'connect',
  UND_ERR_CONNECT_TIMEOUT: 'connect',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  EPROTO: 'tls',
};

/** Codes of OpenSSL's verification, such as `UNABLE_TO_VERIFY_LEAF_SIGNATURE` and `CERT_HAS_EXPIRED`. */
const TlsCode = /CERT|UNABLE_TO|^ERR_TLS|^ERR_SSL|HOSTNAME_MISMATCH/;

/** Says what stopped a request. `reading` tells a body that broke off from a request that got no answer. */
export function toTransportError(error: unknown, host: string, stage: 'sending' | 'reading'): TransportError {
  const root = rootCause(error);
  const code = codeOf(root);
  const failure = TlsCode.test(code) ? 'tls' : (Failures[code] ?? 'other');
  const kind = stage === 'reading' && (failure === 'reset' || failure === 'other') ? 'truncated' : failure;
  return new TransportError(kind, `${host}: ${reasonOf(root, code)}`, { cause: error });
}

/** Happy eyeballs report one error for each address: the first one tells as much as all of them. */
function rootCause(error: unknown): Error {
  const nested: unknown = error instanceof AggregateError ? error.errors[0] : (error as Error).cause;
  return nested instanceof Error ? rootCause(nested) : (error as Error);
}

function codeOf(error: Error): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

const Words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by peer',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the host name could not be resolved',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  ETIMEDOUT: 'connection timed out',
};

function reasonOf(error: Error, code: string): string {
  const words = Words[code];
  if (words !== undefined) return words;
  return code === '' || error.message.includes(code) ? error.message : `${error.message} (${code})`;
}
