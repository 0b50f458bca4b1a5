import type { Config } from './config.js';
import { type Transport, TransportError, type TransportRequest, type TransportResponse } from './transport.js';

/**
 * A transport on the runtime's own `fetch`: for any runtime, as far as `fetch` goes.
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

async function fetchRequest({ method, url, headers, body, signal }: TransportRequest): Promise<TransportResponse> {
  signal?.throwIfAborted();
  const init: RequestInit = { method, headers: toHeaders(headers), redirect: 'manual' };
  if (body !== undefined) init.body = body as string;
  if (signal !== undefined) init.signal = signal;
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    signal?.throwIfAborted();
    throw toTransportError(error, url, 'connect');
  }
  let taken = false;
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: {
      [Symbol.asyncIterator]() {
        if (taken) throw new TypeError('a response body can be read once');
        taken = true;
        return readBody(response, url, signal);
      },
    },
    async discard() {
      if (taken) return;
      taken = true;
      await response.body?.cancel();
    },
  };
}

async function* readBody(
  { body }: Response,
  url: URL,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, void> {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw toTransportError(error, url, 'truncated');
  } finally {
    // Nothing to do when the body has ended; otherwise the reader left early, or an error has closed it already.
    await reader.cancel().catch(() => undefined);
  }
}

function toHeaders(headers: TransportRequest['headers']): Headers {
  const result = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    for (const item of typeof value === 'string' ? [value] : value) result.append(name, item);
  }
  return result;
}

/** What `fetch` reports is a TypeError; runtimes that know more put it into the cause. */
function toTransportError(error: unknown, url: URL, failure: 'connect' | 'truncated'): TransportError {
  const { message, cause } = error as Error;
  const code = (cause as { code?: string } | undefined)?.code;
  const reason = code ?? (cause instanceof Error ? cause.message : message);
  const kind =
    code === 'ECONNRESET' || code === 'UND_ERR_SOCKET' ? (failure === 'connect' ? 'reset' : 'truncated') : failure;
  return new TransportError(kind, `${url.host}: ${reason}`, { cause: error });
}
