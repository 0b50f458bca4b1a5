import type { Config } from './config.js';
import { decodeHeaders, encodeHeaders } from './header-text.js';
import { DiscardLimitBytes } from './discard-limit.js';
import { linkSignal } from './link-signal.js';
import { openGlobalWebSocket } from './open-global-web-socket.js';
import { toTransportError } from './to-transport-error.js';
import type { Transport } from './transport.js';
import type { TransportRequest, TransportResponse } from './transport-request.js';

/**
 * A transport on the runtime's own `fetch` and `WebSocket`: for any runtime, as far as these go. It has no sockets of its
 * own, so there is nothing to dispose of.
 *
 * WebSockets are opened as {@link openGlobalWebSocket} does: with a bearer token, or nothing, to say who is calling.
 *
 * Node's own `fetch` ends a watch that is silent for five minutes, as a `timeout`.
 *
 * @throws TypeError for what `fetch` cannot do: client certificates, own authorities, server names, proxies.
 */
export function fetchTransport(config: Pick<Config, 'tls' | 'proxyUrl'> = {}): Transport {
  return { ...fetchOnlyTransport(config), openWebSocket: openGlobalWebSocket };
}

/** Without WebSockets, for programs that have no use for them. */
export function fetchOnlyTransport({ tls, proxyUrl }: Pick<Config, 'tls' | 'proxyUrl'>): Transport {
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
  // Runtimes leave their listeners on the signal that they are given until it is collected.
  const controller = new AbortController();
  const release = linkSignal(signal, controller);
  const init: RequestInit = { method, headers: encoded, redirect: 'manual', signal: controller.signal };
  if (body !== undefined) init.body = body as string;
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    release();
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
        const chunks = readBody(response, url, signal, release);
        return {
          next: () => chunks.next(),
          return: () => {
            // A generator takes leave once what it waits for is there.
            controller.abort();
            return chunks.return();
          },
        };
      },
    },
    async discard() {
      if (taken) return;
      taken = true;
      // Nobody knows when the rest of an open body comes.
      const rest = readBody(response, url, signal, release, longRunning ? 0 : DiscardLimitBytes);
      try {
        for await (const _ of rest) continue;
      } catch {
        // The connection broke: it is not coming back, and nobody wanted the body.
      }
    },
  };
}

/** `fetch` has decoded the body, and yet says how it was encoded. */
function headersOf({ headers }: Response): TransportResponse['headers'] {
  const { 'content-encoding': encoding, 'content-length': length, ...rest } = Object.fromEntries(headers);
  const decoded = encoding !== undefined && encoding !== 'identity';
  return decodeHeaders(decoded || length === undefined ? rest : { ...rest, 'content-length': length });
}

/** @param limit - in bytes: the chunk that reaches it is the last. */
async function* readBody(
  { body }: Response,
  url: URL,
  signal: AbortSignal | undefined,
  release: () => void,
  limit = Infinity,
): AsyncGenerator<Uint8Array, void, void> {
  const reader = body?.getReader();
  let left = limit;
  try {
    while (left > 0) {
      const chunk = await reader?.read();
      if (!chunk || chunk.done) return;
      left -= chunk.value.length;
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

function toHeaders(headers: TransportRequest['headers']): Headers {
  const result = new Headers();
  for (const [name, value] of Object.entries(encodeHeaders(headers))) {
    for (const item of typeof value === 'string' ? [value] : value) result.append(name, item);
  }
  return result;
}
