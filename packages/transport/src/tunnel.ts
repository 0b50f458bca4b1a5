import { type ClientRequest, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { buildConnector } from 'undici/index.js';
import type { Proxy } from './proxy.js';

/** How a connection is made: as undici's own connector takes it. */
export type ConnectOptions = buildConnector.BuildOptions & {
  readonly timeout: number;
  readonly keepAliveInitialDelay: number;
};

/**
 * Connects through a proxy: for any protocol it is asked for a tunnel (RFC 9110 §9.3.6), so that it sees host and port and
 * nothing else.
 *
 * undici's own ProxyAgent asks again and again, without end, when a proxy closes the connection instead of an answer.
 */
export function tunnelConnector(proxy: Proxy, options: ConnectOptions): buildConnector.connector {
  const connectTls = buildConnector(options);
  return (target, callback) => {
    const authority = `${target.host ?? target.hostname}${target.port ? '' : defaultPort(target.protocol)}`;
    openTunnel(proxy, authority, options, (error, socket) => {
      if (error) callback(error, null);
      else if (target.protocol === 'https:') connectTls({ ...target, httpSocket: socket }, callback);
      else callback(null, socket);
    });
  };
}

function defaultPort(protocol: string): string {
  return protocol === 'https:' ? ':443' : ':80';
}

type Opened = (...result: [error: null, socket: Socket] | [error: TunnelError, socket: null]) => void;

/** Whatever goes wrong, the server has seen nothing of it. */
function openTunnel(proxy: Proxy, authority: string, options: ConnectOptions, opened: Opened): void {
  const request = connectRequest(proxy, authority, options.timeout);
  let pending = true;
  const settle: Opened = (...result) => {
    if (pending) opened(...result);
    pending = false;
  };
  request.once('connect', (response, socket: Socket, head) => {
    if (response.statusCode !== 200) {
      socket.destroy();
      settle(new TunnelError(`the proxy answered ${response.statusCode} ${response.statusMessage}`), null);
      return;
    }
    if (head.length > 0) socket.unshift(head);
    socket.setTimeout(0);
    socket.setKeepAlive(true, options.keepAliveInitialDelay);
    settle(null, socket);
  });
  request.once('timeout', () => request.destroy(new Error(`no answer within ${options.timeout} ms`)));
  request.on('error', (cause) => settle(new TunnelError(cause.message, { cause }), null));
  request.end();
}

function connectRequest({ origin, authorization }: Proxy, authority: string, timeout: number): ClientRequest {
  const request = origin.startsWith('https:') ? httpsRequest : httpRequest;
  const headers = { host: authority, ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }) };
  return request(origin, { method: 'CONNECT', path: authority, headers, timeout, agent: false });
}

class TunnelError extends Error {
  override readonly name = 'TunnelError';
  readonly code = 'ERR_PROXY_TUNNEL';
}
