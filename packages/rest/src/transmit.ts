import type { TokenSource } from './config.js';
import type { Transmit } from './middleware.js';
import type { SendOptions } from './sender.js';
import type { Transport } from './transport.js';
import type { TransportRequest } from './transport-request.js';
import type { WebSocketResponse } from './web-socket.js';

/** Hands a request to the transport; with `protocols`, to what opens a WebSocket. */
export function transmitTo(
  transport: Transport,
  { protocols, heartbeat, openWebSocket }: Pick<SendOptions, 'protocols' | 'heartbeat' | 'openWebSocket'>,
): Transmit {
  if (!protocols) return (request) => transport.request(request);
  return async (request) => {
    if (openWebSocket) return openWebSocket({ ...request, protocols, heartbeat });
    if (transport.openWebSocket) return transport.openWebSocket({ ...request, protocols, heartbeat });
    throw new TypeError('config.transport cannot open WebSockets');
  };
}

/** Sends a request with a token, and again with a new one when it was refused; a token that is empty is none. */
export async function sendWithToken(
  request: TransportRequest,
  source: TokenSource,
  transmit: Transmit,
): Promise<WebSocketResponse> {
  const { signal } = request;
  const token = await source({ signal });
  const response = await transmit(withToken(request, token));
  if (response.status !== 401 || token === '') return response;
  let renewed: string;
  try {
    renewed = await source({ signal, rejected: token });
  } catch (error) {
    await response.discard();
    throw error;
  }
  if (renewed === token) return response;
  await response.discard();
  return transmit(withToken(request, renewed));
}

/** Headers that cannot change any more, with the last token that was put to them: those of many requests are then one object. */
const authorized = /* @__PURE__ */ new WeakMap<TransportRequest['headers'], TransportRequest['headers']>();

function withToken(request: TransportRequest, token: string): TransportRequest {
  if (token === '') return request;
  const authorization = `Bearer ${token}`;
  let headers = authorized.get(request.headers);
  if (headers?.['authorization'] !== authorization) {
    headers = Object.freeze({ ...request.headers, authorization });
    if (Object.isFrozen(request.headers)) authorized.set(request.headers, headers);
  }
  return { ...request, headers };
}
