import { GlobalWebSocket } from './global-web-socket.js';
import { encodeHeaders } from './header-text.js';
import { linkSignal } from './link-signal.js';
import { TransportError } from './transport-error.js';
import type { TransportRequest } from './transport-request.js';
import type { WebSocketRequest, WebSocketResponse } from './web-socket.js';
import { checkWebSocketRequest, webSocketOpened } from './web-socket-rules.js';

/** Servers do without them: they say nothing about who is calling. */
const Dispensable = /^(?:accept|accept-encoding|user-agent)$/;

/** API servers take a token from a subprotocol of this name, for the sake of browsers. */
const TokenProtocol = 'base64url.bearer.authorization.k8s.io.';

/**
 * Opens a WebSocket with the runtime's own `WebSocket`, which takes no headers: a bearer token goes as a subprotocol that
 * API servers know. Whatever else would have to be sent is refused with a `TypeError`.
 *
 * Runtimes tell nothing about a refusal: it is a `TransportError` (`other`), as an answer is that never came. They receive
 * whether or not somebody reads: more than 64 MiB of unread messages break the connection.
 */
export async function openGlobalWebSocket(request: WebSocketRequest): Promise<WebSocketResponse> {
  const { url, headers, protocols, signal } = request;
  signal?.throwIfAborted();
  checkWebSocketRequest(request);
  const offered = [...protocols, ...credentialsAsProtocols(headers)];
  const { WebSocket } = globalThis as Partial<typeof globalThis>;
  if (!WebSocket) throw new TypeError('this runtime has no WebSocket: set config.transport to one that has');
  const address = new URL(url);
  address.protocol = url.protocol.replace('http', 'ws');
  const socket = new WebSocket(address, offered);
  socket.binaryType = 'arraybuffer';
  await opened(socket, url.host, signal);
  if (!protocols.includes(socket.protocol)) {
    socket.close();
    throw new TransportError('other', `${url.host}: the server chose no subprotocol that was asked for`);
  }
  return webSocketOpened(new GlobalWebSocket(socket, url.host, signal), {});
}

function credentialsAsProtocols(headers: TransportRequest['headers']): string[] {
  encodeHeaders(headers);
  const protocols: string[] = [];
  for (const [name, value] of Object.entries(headers)) {
    const token = name === 'authorization' ? /^Bearer (.+)$/.exec(String(value))?.[1] : undefined;
    if (token !== undefined) protocols.push(TokenProtocol + encodeBase64Url(token));
    else if (!Dispensable.test(name)) {
      throw new TypeError(
        `the header ${name} cannot be sent: WebSockets of this runtime take none but a bearer token; set config.transport`,
      );
    }
  }
  return protocols;
}

function encodeBase64Url(text: string): string {
  const base64 = btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function opened(socket: WebSocket, peer: string, signal: AbortSignal | undefined): Promise<void> {
  const controller = new AbortController();
  const release = linkSignal(signal, controller);
  return new Promise<void>((resolve, reject) => {
    const fail = (): void => {
      const why = 'the WebSocket was refused, or there was no answer; this runtime does not tell';
      reject(new TransportError('other', `${peer}: ${why}`));
    };
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', fail);
    socket.addEventListener('close', fail);
    controller.signal.addEventListener('abort', () => {
      reject(signal?.reason as Error);
      socket.close();
    });
  }).finally(release);
}
