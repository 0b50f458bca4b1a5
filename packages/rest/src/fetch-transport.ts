import type { Config } from './config.js';
import { decodeHeaders, encodeHeaders } from './header-text.js';
import { toTransportError } from './to-transport-error.js';
import type { Transport } from './transport.js';
import type { TransportRequest, TransportResponse } from './transport-request.js';

/** A small body is worth reading for the sake of its connection; a large one is not. */
const DiscardLimitBytes = 128 * 1024;

/**
 * A transport on the runtime's own `fetch`: for any runtime, as far as `fetch` goes. It has no sockets of its own, so
 * there is nothing to dispose of.
 *
 * Node's own `fetch` ends a watch that is silent for five minutes, as a `timeout`.
 *
 * @throws TypeError for what `fetch` cannot do: client certificates, own authorities, server names, proxies.
 */
export function fetchTransport({ tls, proxyUrl }: Pick<Config, 'tls' | 'proxyUrl'> = {}): Transport {
  const [field] = Object.entries(tls ?? {}).find(([, value]) => value !== undefined && value !== false) ?? [];
  const unsupported = field === undefined ? (proxyUrl === undefined ? undefined : 'proxyUrl') : `tls.${field}`;
  if (unsupported !== undefined) {
    throw new TypeError(
      `config.${unsupported} is set, which global fetch cannot honour: set config.transport, such as newTransport() of @client-ts/transport`,
    );
  }
  return { request: fetchRequest, [Symbol.asyncDispose]: () => Promise.resolve() };
}

async function fetchRequest(request: TransportRequest): Promise<TransportResponse> {
  const { method, url, headers, body, signal, longRunning } = request;
  signal?.throwIfAborted();
  const encoded = toHeaders(headers);
  const link = linked(signal);
  const init: RequestInit = { method, headers: encoded, redirect: 'manual', signal: link.signal };
  if (body !== undefined) init.body = body as string;
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    link.release();
    signal?.throwIfAborted();
    throw toTransportError(error, url.host, 'sending');
  }
  let taken = false;
  return {
    status: response.status,
    headers: headersOf(response),
    body: {
      [Symbol.asyncIterator]() {
        if (taken) throw new TypeError('a response body can be read once');
        taken = true;
        return readBody(response, url, signal, link.release);
      },
    },
    async discard() {
      if (taken) return;
      taken = true;
      // Nobody knows when the rest of an open body comes.
      await drain(response, longRunning ? 0 : DiscardLimitBytes);
      link.release();
    },
  };
}

/** `fetch` has decoded the body, and yet says how it was encoded. */
function headersOf({ headers }: Response): TransportResponse['headers'] {
  const { 'content-encoding': encoding, 'content-length': length, ...rest } = Object.fromEntries(headers);
  const decoded = encoding !== undefined && encoding !== 'identity';
  return decodeHeaders(decoded || length === undefined ? rest : { ...rest, 'content-length': length });
}

/**
 * A signal for one request that aborts with the caller's. Runtimes leave their own listeners on a signal until it is
 * collected: the caller's may live as long as the process.
 */
function linked(signal: AbortSignal | undefined): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  const forward = (): void => controller.abort(signal?.reason);
  signal?.addEventListener('abort', forward, { once: true });
  return { signal: controller.signal, release: () => signal?.removeEventListener('abort', forward) };
}

async function* readBody(
  { body }: Response,
  url: URL,
  signal: AbortSignal | undefined,
  release: () => void,
): AsyncGenerator<Uint8Array, void, void> {
  const reader = body?.getReader();
  try {
    for (;;) {
      const chunk = await reader?.read();
      if (!chunk || chunk.done) return;
      yield chunk.value;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw toTransportError(error, url.host, 'reading');
  } finally {
    // Nothing to do when the body has ended; otherwise the reader left early, or an error has closed it already.
    await reader?.cancel().catch(() => undefined);
    release();
  }
}

async function drain({ body }: Response, limit: number): Promise<void> {
  const reader = body?.getReader();
  try {
    for (let left = limit; left > 0;) {
      const chunk = await reader?.read();
      if (!chunk || chunk.done) return;
      left -= chunk.value.length;
    }
    await reader?.cancel();
  } catch {
    // The connection broke: it is not coming back, and nobody wanted the body.
  }
}

function toHeaders(headers: TransportRequest['headers']): Headers {
  const result = new Headers();
  for (const [name, value] of Object.entries(encodeHeaders(headers))) {
    for (const item of typeof value === 'string' ? [value] : value) result.append(name, item);
  }
  return result;
}
