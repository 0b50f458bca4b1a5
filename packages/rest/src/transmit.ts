import type { Credentials } from './credentials.js';
import { layered, type Middleware, type Transmit } from './middleware.js';
import type { SendOptions } from './sender.js';
import type { Transport } from './transport.js';
import type { TransportRequest } from './transport-request.js';
import type { WebSocketResponse } from './web-socket.js';

/** The way through the middleware to the transport; with `protocols`, for what opens a WebSocket. */
export function transmitter(
  transport: Transport,
  middleware: readonly Middleware[],
  { protocols, openWebSocket }: SendOptions,
): Transmit {
  return layered(middleware, async (request) => {
    if (!protocols) return transport.request(request);
    if (transport.openWebSocket) return transport.openWebSocket({ ...request, protocols });
    if (openWebSocket) return openWebSocket({ ...request, protocols });
    throw new TypeError('config.transport cannot open WebSockets');
  });
}

/**
 * Sends a request with the client's credentials, and again with new ones when they were refused. A request that brings its
 * own is sent as it is.
 */
export async function sendAuthorized(
  request: TransportRequest,
  credentials: Credentials,
  transmit: Transmit,
): Promise<WebSocketResponse> {
  const { signal, headers } = request;
  if (headers['authorization'] !== undefined) return transmit(request);
  const authorization = await credentials.authorization({ signal });
  const response = await transmit(withAuthorization(request, authorization));
  if (response.status !== 401 || !credentials.renewable || authorization === undefined) return response;
  let renewed: string | undefined;
  try {
    renewed = await credentials.authorization({ signal, rejected: authorization });
  } catch (error) {
    await response.discard();
    throw error;
  }
  if (renewed === authorization) return response;
  await response.discard();
  return transmit(withAuthorization(request, renewed));
}

function withAuthorization(request: TransportRequest, authorization: string | undefined): TransportRequest {
  return authorization === undefined ? request : { ...request, headers: { ...request.headers, authorization } };
}
