import { isStatusError, StatusError } from '@client-ts/apimachinery/errors';
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

/** kube-apiserver opens no WebSocket for anybody who accepts nothing but objects. */
const AnyAnswer = '*/*';

/**
 * Opens a WebSocket to a subresource (`exec`, `attach`, `portforward`) with the credentials of the client. The method is
 * that of the handshake, GET; what it accepts is anything, unless the headers say otherwise.
 *
 * Rejects with a `StatusError` when the server refuses, after a renewed token was tried; with a `TransportError` when there
 * is no answer; with a `TypeError` when the transport cannot open any.
 */
export async function openWebSocket(
  sender: Sender,
  request: Omit<Request, 'method' | 'body'>,
  { protocols, heartbeat, signal }: OpenWebSocketOptions,
): Promise<WebSocketConnection> {
  const handshake: Request = { ...request, method: 'GET', headers: { accept: AnyAnswer, ...request.headers } };
  const options = { signal, protocols, heartbeat, openWebSocket: openGlobalWebSocket, longRunning: true };
  const response = await sender.send(handshake, options).catch((error: unknown) => {
    throw isStatusError(error) ? inServersWords(error) : error;
  });
  if (response.webSocket) return response.webSocket;
  await response.discard();
  throw new ResponseDecodeError(
    `${describeRequest(handshake)}: the server answered with ${response.status} instead of opening a WebSocket`,
  );
}

/**
 * Kubelets refuse in plain text, which errors keep among the causes as that of any proxy. To whoever opens a stream it is all
 * that tells why, so it is in the message, as in client-go's.
 */
function inServersWords(error: StatusError): StatusError {
  const { status } = error;
  const [cause] = status.details?.causes ?? [];
  const words = cause?.reason === 'UnexpectedServerResponse' ? cause.message : undefined;
  if (words === undefined || words === 'unknown') return error;
  const quoted = JSON.stringify(words);
  if (error.message.includes(words) || error.message.includes(quoted)) return error;
  return new StatusError({ ...status, message: `${error.message}: ${quoted}` }, { cause: error });
}
