import { ResponseDecodeError } from './decode-json.js';
import { openGlobalWebSocket } from './open-global-web-socket.js';
import { describeRequest, type Request } from './request.js';
import type { Sender } from './sender.js';
import type { WebSocketConnection, WebSocketHeartbeat } from './web-socket.js';

export interface OpenWebSocketOptions {
  /** Subprotocols in the order of preference, such as `v5.channel.k8s.io`. */
  readonly protocols: readonly string[];
  /** Default: none. */
  readonly heartbeat?: WebSocketHeartbeat | undefined;
  /** Cuts the connection, at any time. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens a WebSocket to a subresource (`exec`, `attach`, `portforward`) with the credentials of the client. The method is
 * that of the handshake, GET.
 *
 * Rejects with a `StatusError` when the server refuses, after a renewed token was tried; with a `TransportError` when there
 * is no answer; with a `TypeError` when the transport cannot open any.
 */
export async function openWebSocket(
  sender: Sender,
  request: Omit<Request, 'method' | 'body'>,
  { protocols, heartbeat, signal }: OpenWebSocketOptions,
): Promise<WebSocketConnection> {
  const handshake = { ...request, method: 'GET' } as const;
  const response = await sender.send(handshake, {
    signal,
    protocols,
    heartbeat,
    openWebSocket: openGlobalWebSocket,
    longRunning: true,
  });
  if (response.webSocket) return response.webSocket;
  await response.discard();
  throw new ResponseDecodeError(
    `${describeRequest(handshake)}: the server answered with ${response.status} instead of opening a WebSocket`,
  );
}
